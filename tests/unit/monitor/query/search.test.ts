import { describe, expect, test } from 'vitest';
import { invariant } from '#base/assert.ts';
import { durationMs, epochMs } from '#base/units.ts';
import { answerAtDesk } from '#monitor/desk.ts';
import { Monitor } from '#monitor/monitor.ts';
import { createPace, type Pace } from '#monitor/pace.ts';
import type { Recording } from '#monitor/recording.ts';
import { search } from '#monitor/query/search.ts';
import type { Found, SearchAnswer } from '#monitor/query/search-answer.ts';
import { draw, frame, start } from '../../../fixtures/drawing.ts';
import { recordingOf } from '../../../fixtures/drawn-recording.ts';
import { environmentOf, liveWorld } from '../../../fixtures/live-world.ts';
import { ManualClock } from '../../../fixtures/manual-clock.ts';

/** Never tires. */
const unhurried: Pace = { now: () => 0, isDue: () => false, rest: () => Promise.resolve() };

const drawing = `
  u1: >S T E R C
  u2: ..>S T E   C
`;

async function found(recording: Recording, query: string, more: { from?: number; to?: number; limit?: number } = {}): Promise<Found> {
  const { from, to, limit = 100 } = more;
  const answer: SearchAnswer = await search(recording, { query, limit, from: from === undefined ? undefined : epochMs(start + from), to: to === undefined ? undefined : epochMs(start + to) }, unhurried);
  invariant(answer.kind === 'found', 'this is a query');
  return answer;
}

describe('a search', () => {
  test('counts what matches, of all that is there', async () => {
    const recording = recordingOf(drawing);
    expect(await found(recording, 'type:tool_executing unpaired')).toMatchObject({ matches: 1, of: 9, undecided: 0, evicted: 0, complete: true, runCount: 1, runs: ['u2-1'] });
    expect(await found(recording, '')).toMatchObject({ matches: 9, of: 9, runCount: 2, runs: ['u2-1', 'u1-1'] });
    expect(await found(recording, 'type:nothing')).toMatchObject({ matches: 0, of: 9, rows: [], runs: [], facets: [{ values: [] }, { values: [] }, { values: [] }, { values: [] }, { values: [] }] });
  });

  test('finds a run that brought nothing by what is said of it', async () => {
    const recording = recordingOf(`${drawing}  u3: >`);
    expect(await found(recording, 'violation:missing')).toMatchObject({ matches: 4, runs: ['u2-1', 'u3-1'], runCount: 2 });
    expect(await found(recording, 'violation:missing', { from: 300 })).toMatchObject({ runs: ['u2-1'] });
    expect(await found(recording, 'violation:missing type:agent_started')).toMatchObject({ runs: ['u2-1'] });
  });

  test('gives the newest matches first, as many as are wanted, with the beginning of what came', async () => {
    const recording = recordingOf(drawing);
    const { rows, matches } = await found(recording, 'user:u2', { limit: 3 });
    expect(matches).toBe(4);
    expect(rows.map(({ type }) => type)).toEqual(['agent_completed', 'tool_executing', 'agent_thinking']);
    expect(rows[0]).toEqual({ row: 8, at: start + 1200, connection: 'local#1', user: 'u2', type: 'agent_completed', run: 'u2-1', disposition: 'attributed', latencyMs: null, excerpt: '{"type":"agent_completed","runId":"u2-1"}' });
    expect((await found(recording, 'user:u2', { limit: 0 })).rows).toEqual([]);
  });

  test('shows the part of a long text with what was looked for, and no secret', async () => {
    const recording = recordingOf([...draw('u1: >'), frame(2, 'local#0', { type: 'agent_started', runId: 'u1-1', content: `${'a'.repeat(500)} needle ${'b'.repeat(500)}`, token: 'hush-hush' })]);
    const { rows } = await found(recording, 'text:NEEDLE');
    expect(rows[0]?.excerpt).toMatch(/^…a{39} needle b+…$/);
    expect((await found(recording, '')).rows[0]?.excerpt).toMatch(/^\{"type":"agent_started".*a…$/);
    expect(JSON.stringify(await found(recording, 'text:redacted'))).not.toContain('hush');
  });

  test('keeps to a stretch of time: from its beginning to before its end', async () => {
    const recording = recordingOf(drawing);
    expect(await found(recording, 'user:u1', { from: 400, to: 800 })).toMatchObject({ matches: 2, of: 4 });
    expect(await found(recording, '', { from: 800 })).toMatchObject({ matches: 4, of: 4 });
    expect(await found(recording, '', { to: 200 })).toMatchObject({ matches: 0, of: 0 });
  });

  test('tells how the matches are spread, the most frequent first, and what could be asked for', async () => {
    const { facets, known } = await found(recordingOf(drawing), 'type:tool_* OR type:agent_completed');
    expect(facets).toEqual([
      { field: 'type', values: [{ value: 'tool_executing', count: 2 }, { value: 'agent_completed', count: 2 }, { value: 'tool_completed', count: 1 }] },
      { field: 'user', values: [{ value: 'u1', count: 3 }, { value: 'u2', count: 2 }] },
      { field: 'connection', values: [{ value: 'local#0', count: 3 }, { value: 'local#1', count: 2 }] },
      { field: 'status', values: [{ value: 'complete', count: 3 }, { value: 'incomplete', count: 2 }] },
      { field: 'violation', values: [{ value: 'missing', count: 2 }] },
    ]);
    expect(known).toEqual({ types: ['agent_started', 'agent_thinking', 'tool_executing', 'tool_completed', 'agent_completed', 'agent_error'], users: ['u1', 'u2'], connections: ['local#0', 'local#1'] });
  });

  test('tells why a text is no query', async () => {
    expect(await search(recordingOf(drawing), { query: 'latency:>', limit: 1 }, unhurried)).toEqual({ kind: 'fault', fault: { reason: 'expected-duration', column: 10, length: 1, message: 'column 10: expected a duration after latency:>' } });
  });

  test('counts what it could not judge', async () => {
    const recording = recordingOf(drawing);
    // A text that fills the memory for texts: those before it had to make room.
    const filler = 'x'.repeat(1024 * 1024);
    for (let n = 0; n < 65; n += 1) recording.store.write(filler);
    expect(await found(recording, 'text:needle')).toMatchObject({ matches: 0, of: 9, undecided: 9, complete: false });
    expect(await found(recording, 'text:needle type:tool_*')).toMatchObject({ matches: 0, of: 9, undecided: 3, complete: false });
    const { rows, complete } = await found(recording, 'type:tool_*');
    expect([rows[0]?.excerpt, complete]).toEqual([null, true]);
  });
});

describe('in slices', () => {
  /** A recording with so many events that nobody looks at them in one go. */
  function long(events: number): Recording {
    const recording = recordingOf('u1: >S');
    for (let n = 1; n < events; n += 1) recording.store.append(start + n, 0, n % 6, -1, 0, n % 1000);
    return recording;
  }

  test('it rests whenever that is due, and a few events later at the most', async () => {
    const recording = long(10_000);
    let looked = 0;
    let longest = 0;
    let rests = 0;
    const event = recording.store.event.bind(recording.store);
    recording.store.event = (row) => {
      looked += 1;
      return event(row);
    };
    const pace: Pace = {
      now: () => 0,
      isDue: () => looked >= 100,
      rest: async () => {
        longest = Math.max(longest, looked);
        rests += 1;
        looked = 0;
        await Promise.resolve();
      },
    };
    expect(await search(recording, { query: 'latency:>500ms', limit: 10 }, pace)).toMatchObject({ kind: 'found', of: 10_000 });
    expect(longest).toBeLessThanOrEqual(116);
    expect(rests).toBeGreaterThanOrEqual(85);
  });

  test('a newer question drops an older one of the same recording, and no other', async () => {
    const [one, other] = [long(1000), long(1000)];
    let ended = 0;
    const slow: Pace = {
      now: () => 0,
      isDue: () => true,
      rest: async () => {
        await Promise.resolve();
        ended += 1;
      },
    };
    const first = search(one, { query: 'type:agent_*', limit: 10 }, slow);
    const elsewhere = search(other, { query: 'type:agent_*', limit: 10 }, slow);
    const second = search(one, { query: 'type:tool_*', limit: 10 }, slow);
    expect((await Promise.all([first, elsewhere, second])).map(({ kind }) => kind)).toEqual(['dropped', 'found', 'found']);
    expect(ended).toBeGreaterThan(2);
  });

  test('a text that is no query drops the older one too', async () => {
    const recording = long(1000);
    const first = search(recording, { query: '', limit: 10 }, { ...unhurried, isDue: () => true });
    const second = search(recording, { query: '(', limit: 10 }, unhurried);
    expect([(await first).kind, (await second).kind]).toEqual(['dropped', 'fault']);
  });

  test('what is evicted meanwhile is counted', async () => {
    const recording = recordingOf('u1: >S');
    const { store } = recording;
    for (let n = store.stored; n < 1_000_000; n += 1) store.append(start + n, 0, 0, -1, 0, Number.NaN);
    let evicts = true;
    const pace: Pace = {
      now: () => 0,
      isDue: () => evicts,
      rest: async () => {
        evicts = false;
        for (let n = 0; n < 100; n += 1) store.append(start + 2_000_000, 0, 0, -1, 0, Number.NaN);
        await Promise.resolve();
      },
    };
    const answer = await search(recording, { query: 'type:agent_started', from: epochMs(start), limit: 1 }, pace);
    // The first was looked at, the 99 after it were gone; what came meanwhile is for the next question.
    expect(answer).toMatchObject({ kind: 'found', of: 999_901, matches: 999_901, evicted: 100, complete: false });
  });
});

test('is asked at the desk, of what is known as of now', async () => {
  const { clock, platform } = liveWorld();
  const environment = environmentOf({ probe: { everyMs: 1000 } });
  const monitor = new Monitor([environment], platform);
  const ask = (query: string) => answerAtDesk(monitor, 'search', { environmentId: 'local', query, limit: 10 });
  expect(await ask('')).toEqual({ kind: 'dropped' });
  monitor.watch(environment);
  await clock.advance(4000);
  const decoded = monitor.counts().environments['local']?.events.decoded ?? 0;
  expect(decoded).toBeGreaterThan(5);
  expect(await ask('')).toMatchObject({ kind: 'found', matches: decoded, of: decoded });
  await Promise.all([monitor.stop(), clock.advance(2000)]);
});

test('a slice lasts 12 ms', async () => {
  const clock = new ManualClock();
  const pace = createPace(clock);
  await clock.advance(11);
  expect(pace.isDue()).toBe(false);
  await clock.advance(1);
  expect(pace.isDue()).toBe(true);
  const rested = pace.rest();
  await clock.advance(durationMs(1));
  await rested;
  expect(pace.isDue()).toBe(false);
  expect(pace.now()).toBe(clock.now());
});
