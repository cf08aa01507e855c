import { describe, expect, test } from 'vitest';
import { epochMs } from '#base/units.ts';
import type { MinutePoint } from '#monitor/snapshot.ts';
import { beginningOf, budgetAxisFrom, budgetTickLabel, hourDomain, hourTicks, lastOf, latencyTickLabel, latencyTicks, shareAxisFrom, shareTicks } from '#views/parts/charts/chart-axes.ts';
import { spread } from '#views/parts/charts/chart-marks.tsx';
import { axisFor, axisFrom, placeOnAxis } from '#views/parts/share-axis.ts';

const minute = (change: Partial<MinutePoint>): MinutePoint => ({ at: epochMs(0), runs: 0, expected: 0, delivered: 0, ratio: null, interval: null, budgetLeft: null, latencyCount: 0, p50: null, p95: null, p99: null, uncertaintyMs: null, blind: false, ...change });
const m = 60_000;

describe('the hour', () => {
  test('ends with the newest minute and has ticks on full tens', () => {
    expect(hourDomain([])).toBeUndefined();
    const domain = hourDomain([minute({ at: epochMs(100 * m) })]);
    expect(domain).toEqual([41 * m, 100 * m]);
    expect(domain === undefined ? [] : hourTicks(domain, 500).map((at) => at / m)).toEqual([50, 60, 70, 80, 90, 100]);
    expect(domain === undefined ? [] : hourTicks(domain, 150).map((at) => at / m)).toEqual([60, 80, 100]);
  });

  test('says where a series begins, but not for the first minute', () => {
    const minutes = [minute({ at: epochMs(0) }), minute({ at: epochMs(5 * m), p50: 3 })];
    expect(beginningOf(minutes, (each) => each.p50 !== null, epochMs(0))).toBe(5 * m);
    expect(beginningOf(minutes, (each) => each.p50 !== null, epochMs(4 * m))).toBeUndefined();
  });
});

describe('the latency axis', () => {
  test('holds all values in steps of a logarithm', () => {
    expect(latencyTicks([6.2, 24, 70, null, 100])).toEqual([3, 10, 30, 100]);
    expect(latencyTicks([])).toHaveLength(3);
    expect(latencyTicks([-4, 0, 5])).toEqual([3, 10, 30]);
  });

  test('names its unit once', () => {
    const steps = [3, 10, 30, 100];
    expect(steps.map((step) => latencyTickLabel(step, steps))).toEqual(['3', '10', '30', '100 ms']);
    const long = [300, 1000, 3000];
    expect(long.map((step) => latencyTickLabel(step, long))).toEqual(['300 ms', '1 s', '3 s']);
  });
});

describe('share axes', () => {
  test('begin below the target, and lower where the shares are', () => {
    expect(axisFrom(0.99)).toBeCloseTo(0.98);
    expect(axisFor([0.995], 0.99)).toBeCloseTo(0.98);
    expect(axisFor([0.97], 0.99)).toBeCloseTo(0.96);
    expect(axisFor([0.2], 0.99)).toBe(0);
    expect(shareAxisFrom([minute({ ratio: 0.999 })], 0.99)).toBeCloseTo(0.975);
    expect(shareAxisFrom([minute({ ratio: 0.1 })], 0.99)).toBe(0);
  });

  test('have ticks that do not stand on one another', () => {
    expect(shareTicks(0.975, 0.99, 90).map((tick) => Math.round(tick * 1000))).toEqual([980, 990, 1000]);
    expect(shareTicks(0.95, 0.99, 90)).toEqual([0.95, 0.99, 1]);
    expect(shareTicks(0.95, 0.99, 50)).toEqual([0.95, 0.99]);
    expect(shareTicks(0, 0.99, 90)).toEqual([0, 0.99]);
  });

  test('hold at their ends', () => {
    expect([placeOnAxis(0.5, 0.98), placeOnAxis(0.99, 0.98), placeOnAxis(1, 0.98)].map((place) => Math.round(place * 100))).toEqual([0, 50, 100]);
  });

  test('the budget axis goes below 0 when overspent', () => {
    expect(budgetAxisFrom([minute({ budgetLeft: 0.4 })])).toBe(0);
    expect(budgetAxisFrom([minute({ budgetLeft: -0.28 })])).toBe(-0.5);
    expect(budgetTickLabel(-0.5)).toBe('\u221250\u202f%');
  });
});

test('the last value of a series is not its last minute', () => {
  expect(lastOf([minute({ p95: 4 }), minute({})], (each) => each.p95)).toBe(4);
  expect(lastOf([minute({})], (each) => each.p95)).toBeNull();
});

test('labels are pushed apart and kept inside', () => {
  expect(spread([10, 12, 60], 0, 100)).toEqual([10, 25, 60]);
  expect(spread([90, 95, 99], 0, 100)).toEqual([70, 85, 100]);
});
