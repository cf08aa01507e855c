import { describe, expect, test } from 'vitest';
import { durationMs, epochMs } from '#base/units.ts';
import { Minutes } from '#monitor/minutes.ts';
import type { Latency } from '#timing/latency.ts';

const latency = (ms: number): Latency => ({ kind: 'counted', ms: durationMs(ms), uncertaintyMs: durationMs(1) });
const minute = (n: number, seconds = 0) => epochMs(n * 60_000 + seconds * 1000);
const hour = 3_600_000;

describe('sums by minute', () => {
  test('hold what came in each; a minute in which nothing came is absent', () => {
    const minutes = new Minutes(hour);
    minutes.addLatency(minute(10, 0), latency(5));
    minutes.addLatency(minute(10, 59.999), latency(7));
    minutes.addLatency(minute(12), latency(9));
    minutes.addCrossTalk(minute(12, 1));
    minutes.addCrossTalk(minute(13));
    expect(minutes.after(minute(0)).map(({ at, latency: tally, crossTalk }) => [at, tally.summary().count, crossTalk])).toEqual([
      [600_000, 2, 0],
      [720_000, 1, 1],
      [780_000, 0, 1],
    ]);
  });

  test('stay in order though connections are heard a little out of it', () => {
    const minutes = new Minutes(hour);
    for (const at of [minute(3), minute(5), minute(4, 59), minute(3, 1), minute(2)]) minutes.addLatency(at, latency(1));
    expect(minutes.after(minute(0)).map(({ at, latency: tally }) => [at / 60_000, tally.summary().count])).toEqual([[2, 1], [3, 2], [4, 1], [5, 1]]);
  });

  test('of a window are those that reach into it', () => {
    const minutes = new Minutes(hour);
    for (const n of [1, 2, 3]) minutes.addCrossTalk(minute(n));
    expect(minutes.after(minute(2)).map(({ at }) => at / 60_000)).toEqual([2, 3]);
    expect(minutes.after(minute(1, 59)).map(({ at }) => at / 60_000)).toEqual([1, 2, 3]);
    expect(minutes.after(minute(4)).length).toBe(0);
  });

  test('are dropped when the window has passed, however long nothing came in between', () => {
    const minutes = new Minutes(hour);
    minutes.addLatency(minute(0), latency(1000));
    minutes.addLatency(minute(500), latency(10));
    expect(minutes.after(epochMs(minute(500, 30) - hour)).map(({ at }) => at / 60_000)).toEqual([500]);
  });

  test('are bounded', () => {
    const minutes = new Minutes(5 * 60_000);
    for (let n = 0; n < 1000; n += 1) minutes.addCrossTalk(minute(n));
    expect(minutes.after(minute(0)).map(({ at }) => at / 60_000)).toEqual([994, 995, 996, 997, 998, 999]);
  });
});
