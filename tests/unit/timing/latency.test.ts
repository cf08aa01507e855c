import { describe, expect, test } from 'vitest';
import { epochMs } from '#base/units.ts';
import { createClockOffset } from '#timing/clock-offset.ts';
import type { Latency } from '#timing/latency.ts';
import { LatencyTally, measureLatency } from '#timing/latency.ts';

const start = 1_760_000_000_000;
const at = (ms: number) => epochMs(start + ms);

/** A clock that asked at 10 ms and heard at 20 ms that the target's time is `serverAt`. */
function clockWith(serverAt: number) {
  const clock = createClockOffset();
  clock.add({ sentAt: at(10), serverAt: at(serverAt), receivedAt: at(20) });
  return clock;
}

const tallyOf = (...latencies: readonly Latency[]): LatencyTally => {
  const tally = new LatencyTally();
  latencies.forEach((latency) => tally.add(latency));
  return tally;
};

const nothing = { count: 0, unsynced: 0, impossible: 0, p50: null, p95: null, p99: null, max: null, uncertaintyMs: null };

describe('latency of one event', () => {
  test('is at − sentAt + offset, with the uncertainty of the clock', () => {
    expect(measureLatency(clockWith(15), at(320), at(310))).toEqual({ kind: 'counted', ms: 10, uncertaintyMs: 5.0045 });
    expect(measureLatency(clockWith(1015), at(320), at(1310))).toEqual({ kind: 'counted', ms: 10, uncertaintyMs: 5.0045 });
  });

  test('is unsynced without a clock, and before its first sample', () => {
    const raw = { kind: 'unsynced', ms: -40, uncertaintyMs: Infinity };
    expect(measureLatency(undefined, at(100), at(140))).toEqual(raw);
    expect(measureLatency(createClockOffset(), at(100), at(140))).toEqual(raw);
  });

  test('is counted as it is when it is negative within its uncertainty', () => {
    expect(measureLatency(clockWith(15), at(20), at(24))).toEqual({ kind: 'counted', ms: -4, uncertaintyMs: 5 });
    expect(measureLatency(clockWith(15), at(20), at(25))).toEqual({ kind: 'counted', ms: -5, uncertaintyMs: 5 });
  });

  test('is impossible when it is negative beyond its uncertainty', () => {
    expect(measureLatency(clockWith(15), at(20), at(26))).toEqual({ kind: 'impossible', ms: -6, uncertaintyMs: 5 });
  });

  test('is impossible when a hostile time makes it no finite number', () => {
    expect(measureLatency(clockWith(15), at(20), epochMs(-Infinity)).kind).toBe('impossible');
    expect(measureLatency(clockWith(15), at(20), epochMs(Infinity)).kind).toBe('impossible');
  });

  test('is written into the object that is handed over', () => {
    const into = measureLatency(undefined, at(1), at(0));
    expect(measureLatency(clockWith(15), at(320), at(310), into)).toBe(into);
    expect(into).toEqual({ kind: 'counted', ms: 10, uncertaintyMs: 5.0045 });
  });
});

describe('tally of latencies', () => {
  test('says null, not 0, of nothing', () => {
    expect(new LatencyTally().summary()).toEqual(nothing);
  });

  test('keeps what is unsynced and what is impossible out of the percentiles', () => {
    const tally = tallyOf(
      measureLatency(undefined, at(9000), at(0)),
      measureLatency(clockWith(15), at(20), at(5000)),
      measureLatency(clockWith(15), at(20), at(5000)),
    );
    expect(tally.summary()).toEqual({ ...nothing, unsynced: 1, impossible: 2 });
  });

  test('one healthy run: five events of 10 ms each', () => {
    const clock = clockWith(15);
    const tally = tallyOf(...[120, 170, 220, 270, 320].map((ms) => measureLatency(clock, at(ms), at(ms - 10))));
    const expected = { count: 5, unsynced: 0, impossible: 0, p50: 10, p95: 10, p99: 10, max: 10, uncertaintyMs: 5.0045 };
    expect(tally.summary()).toEqual(expected);
  });

  test('counts what a stall hides: of 10 000 events, those sent during it are late by what is left of it', () => {
    // An event each 10 ms for 100 s, 1 ms each, then a stall of 100 s: timed from their sending, 10 000 more are late.
    const clock = createClockOffset();
    clock.add({ sentAt: epochMs(0), serverAt: epochMs(0), receivedAt: epochMs(0) });
    const tally = new LatencyTally();
    for (let n = 1; n <= 10_000; n += 1) tally.add(measureLatency(clock, epochMs(n * 10 + 1), epochMs(n * 10)));
    expect(tally.summary().p99).toBe(1);
    for (let n = 0; n < 10_000; n += 1) tally.add(measureLatency(clock, epochMs(200_000), epochMs(100_000 + n * 10)));
    const { count, p50, p99, max } = tally.summary();
    expect(count).toBe(20_000);
    expect(p50).toBeCloseTo(1, 2);
    expect(Math.abs((p99 ?? 0) - 98_000)).toBeLessThanOrEqual(0.01 * 98_000);
    expect(max).toBe(100_000);
  });

  test('tells the 50th, 95th and 99th percentile', () => {
    const tally = tallyOf(...Array.from({ length: 100 }, (_, n) => measureLatency(clockWith(15), at(5000), at(5000 - 20 * n - 20))));
    const { p50, p95, p99, max } = tally.summary();
    expect([p50, p95, p99, max].map((ms) => Math.round((ms ?? NaN) / 20))).toEqual([50, 95, 99, 100]);
  });

  test('merges, and forgets', () => {
    const clock = clockWith(15);
    const counted = (ms: number): Latency => measureLatency(clock, at(1000), at(1000 - ms));
    const one = tallyOf(counted(10), measureLatency(undefined, at(1), at(0)));
    const other = tallyOf(counted(30), measureLatency(clock, at(20), at(900)), measureLatency(clock, at(2000), at(1970)));
    const all = new LatencyTally();
    all.merge(one);
    all.merge(other);
    const together = { count: 3, unsynced: 1, impossible: 1, max: 30, uncertaintyMs: 5 + 15e-6 * 1980 };
    expect(all.summary()).toMatchObject(together);
    expect(one.summary()).toMatchObject({ count: 1, unsynced: 1, impossible: 0, max: 10 });
    all.clear();
    expect(all.summary()).toEqual(nothing);
    all.merge(one);
    expect(all.summary()).toEqual(one.summary());
  });
});
