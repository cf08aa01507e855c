import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { durationMs, epochMs } from '#base/units.ts';
import { connectionErrors } from '#connection/connection-error.ts';
import type { Heartbeat, LinkProbe } from '#connection/connection.ts';
import { livenessNow, livenessOf, type LivenessFacts, type LivenessReading } from '#monitor/liveness.ts';

const heardAt = 1_000_000;
const at = (ms: number) => epochMs(heardAt + ms);
const beat = (intervalMs: number, timeoutMs: number): Heartbeat => ({ intervalMs: durationMs(intervalMs), timeoutMs: durationMs(timeoutMs) });
const probe = (askedAfterMs?: number): LinkProbe => ({ ...beat(4500, 3500), askedAt: askedAfterMs === undefined ? undefined : at(askedAfterMs) });

type Changes = Partial<Omit<LivenessFacts, 'status'>> & { readonly status?: Partial<LivenessFacts['status']> };

/** How an open connection stands `ms` after something, and an event, was heard last. */
function reading(ms: number, { status, ...changes }: Changes = {}): LivenessReading {
  const known = { state: 'open', lastHeardAt: at(0), heartbeat: undefined, probe: undefined, error: undefined, ...status } as const;
  return livenessOf({ status: known, lastEventAt: at(0), expectedIntervalMs: 2000, blindUntil: undefined, ...changes }, at(ms));
}

const words = (changes: Changes, ...ages: readonly number[]) => ages.map((ms) => reading(ms, changes).state);

describe('a connection whose transport promises a heartbeat', () => {
  test('is live, quiet, late from 1.2 intervals, silent after interval and timeout', () => {
    const status = { heartbeat: beat(5000, 3000) };
    expect(words({ status }, 0, 2000, 2001, 6000, 6001, 8000, 8001)).toEqual(['live', 'live', 'quiet', 'quiet', 'late', 'late', 'silent']);
    expect(reading(7000, { status })).toEqual({ state: 'late', ageMs: 7000, lateAfterMs: 6000, silentAfterMs: 8000 });
    expect(words({ status: { heartbeat: beat(25_000, 20_000) } }, 30_000, 30_001, 45_000, 45_001)).toEqual(['quiet', 'late', 'late', 'silent']);
  });

  test('is quiet where no event ever came', () => {
    expect(words({ status: { heartbeat: beat(5000, 3000) }, lastEventAt: undefined }, 100)).toEqual(['quiet']);
  });

  test('is never live with an age that is late, however rarely events are expected', () => {
    expect(words({ status: { heartbeat: beat(5000, 3000) }, expectedIntervalMs: 60_000 }, 6000, 6001, 9000)).toEqual(['live', 'late', 'silent']);
  });
});

describe('a connection whose target answers the monitor’s questions', () => {
  test('is silent when the answer is not there in 3.5 s', () => {
    expect(words({ status: { probe: probe(4500) } }, 4500, 6250, 6251, 8000, 8001)).toEqual(['quiet', 'quiet', 'late', 'late', 'silent']);
  });

  test('is silent sooner where a question was open already when the link died', () => {
    expect(words({ status: { probe: probe(200) } }, 1950, 1951, 3700, 3701)).toEqual(['live', 'late', 'late', 'silent']);
  });

  test('is given the whole time of a question that left late', () => {
    expect(words({ status: { probe: probe(6000) } }, 7750, 7751, 9500, 9501)).toEqual(['quiet', 'late', 'late', 'silent']);
  });

  test('is judged by the promise that notices first', () => {
    expect(words({ status: { probe: probe(4500), heartbeat: beat(25_000, 20_000) } }, 8001)).toEqual(['silent']);
    expect(words({ status: { probe: probe(4500), heartbeat: beat(1000, 1000) } }, 1500, 2001)).toEqual(['late', 'silent']);
  });
});

test('without any promise it is what is expected: silent when that was missed twice', () => {
  expect(words({ expectedIntervalMs: 15_000 }, 15_000, 18_001, 30_000, 30_001)).toEqual(['live', 'late', 'late', 'silent']);
});

describe('a connection that is not open', () => {
  test('is down, with the age of what was heard last; nothing is expected of it', () => {
    expect(reading(12_000, { status: { state: 'retrying' } })).toEqual({ state: 'down', ageMs: 12_000, lateAfterMs: null, silentAfterMs: null });
    expect(reading(0, { status: { state: 'connecting', lastHeardAt: undefined } })).toMatchObject({ state: 'down', ageMs: null });
  });

  test('is silent where it was given up for its silence, until it is known to be otherwise', () => {
    const error = connectionErrors.fellSilent('ws://target.example');
    expect(words({ status: { state: 'connecting', error } }, 9000)).toEqual(['silent']);
    expect(words({ status: { state: 'failed', error } }, 9000)).toEqual(['down']);
    expect(words({ status: { state: 'retrying', error: connectionErrors.unreachable('ws://target.example') } }, 9000)).toEqual(['down']);
  });
});

describe('blindness', () => {
  test('covers what the target may have done, as long as it lasts', () => {
    expect(reading(60_000, { blindUntil: at(60_000), status: { heartbeat: beat(5000, 3000) } })).toEqual({ state: 'blind', ageMs: 60_000, lateAfterMs: null, silentAfterMs: null });
    expect(words({ blindUntil: at(100), status: { state: 'retrying' } }, 100)).toEqual(['blind']);
    expect(words({ blindUntil: at(100), status: { state: 'closed' } }, 100)).toEqual(['down']);
  });

  test('excuses what was not heard in it: the promise runs from its end', () => {
    const changes = { blindUntil: at(60_000), status: { heartbeat: beat(5000, 3000) } };
    expect(words(changes, 60_001, 66_000, 66_001, 68_000, 68_001)).toEqual(['blind', 'blind', 'late', 'late', 'silent']);
    expect(reading(61_000, changes)).toMatchObject({ lateAfterMs: 66_000, silentAfterMs: 68_000 });
    expect(words({ ...changes, status: { probe: probe(4500) } }, 61_750, 61_751, 63_500, 63_501)).toEqual(['blind', 'late', 'late', 'silent']);
  });

  test('is over with the first thing heard', () => {
    expect(words({ blindUntil: at(-1), status: { heartbeat: beat(5000, 3000) } }, 1)).toEqual(['live']);
  });
});

describe('between snapshots', () => {
  const memory = { liveness: 'live', lastHeardAt: at(0), lateAfterMs: 6000, silentAfterMs: 8000 } as const;

  test('a word holds only as long as its age allows', () => {
    const seen = [5999, 6001, 8001].map((ms) => livenessNow(memory, at(ms - 1000), at(ms)));
    expect(seen).toEqual([
      { state: 'live', ageMs: 5999 },
      { state: 'late', ageMs: 6001 },
      { state: 'silent', ageMs: 8001 },
    ]);
  });

  test('without snapshots it is the monitor that stands still', () => {
    expect(livenessNow(memory, at(0), at(5001))).toEqual({ state: 'blind', ageMs: 5001 });
  });

  test('what nothing is expected of stays as it is, with its age', () => {
    const down = { ...memory, liveness: 'down', lateAfterMs: null, silentAfterMs: null } as const;
    expect(livenessNow(down, at(60_000), at(60_000))).toEqual({ state: 'down', ageMs: 60_000 });
    expect(livenessNow({ ...down, lastHeardAt: null }, at(0), at(0))).toEqual({ state: 'down', ageMs: null });
  });
});

test('whatever is promised: no word of life with an age beyond it, and the page says what the monitor would', () => {
  const ms = fc.double({ min: 1, max: 60_000, noNaN: true });
  const link = fc.record({ intervalMs: ms, timeoutMs: ms }).map(({ intervalMs, timeoutMs }) => beat(intervalMs, timeoutMs));
  const asked = fc.option(ms, { nil: undefined });
  fc.assert(
    fc.property(fc.option(link, { nil: undefined }), fc.option(fc.tuple(link, asked), { nil: undefined }), fc.option(ms, { nil: undefined }), ms, ms, ms, (heartbeat, probed, blind, expectedIntervalMs, age, later) => {
      const changes = {
        expectedIntervalMs,
        blindUntil: blind === undefined ? undefined : at(blind),
        status: { heartbeat, probe: probed === undefined ? undefined : { ...probed[0], askedAt: probed[1] === undefined ? undefined : at(probed[1]) } },
      };
      const told = reading(age, changes);
      if (told.silentAfterMs === null || told.lateAfterMs === null) return told.state === 'blind';
      const promised = told.state === 'silent' ? age > told.silentAfterMs : told.state === 'late' ? age > told.lateAfterMs : age <= told.lateAfterMs;
      const memory = { liveness: told.state, lastHeardAt: at(0), lateAfterMs: told.lateAfterMs, silentAfterMs: told.silentAfterMs };
      const page = livenessNow(memory, at(age + later), at(age + later)).state;
      const isOld = age + later > told.lateAfterMs || age + later > told.silentAfterMs;
      return promised && (!isOld || page === 'late' || page === 'silent');
    }),
  );
});
