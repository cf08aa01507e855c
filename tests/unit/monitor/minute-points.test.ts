import { describe, expect, test } from 'vitest';
import { durationMs, epochMs } from '#base/units.ts';
import { minutePoints } from '#monitor/minute-points.ts';
import { Minutes } from '#monitor/minutes.ts';
import type { MinutePoint } from '#monitor/snapshot.ts';
import type { Run } from '#runs/run.ts';
import { wilson } from '#slo/interval.ts';
import type { RunwatchRecord } from '#record/record.ts';
import { draw, fold, frame, start } from '../../fixtures/drawing.ts';
import { tallyOf } from '../../fixtures/tally-of.ts';

const types = { S: 'agent_started', T: 'agent_thinking', E: 'tool_executing', R: 'tool_completed', C: 'agent_completed', X: 'agent_error' };
/** `start` is 40 s into its minute; minute 0 of these tests is the first whole one after it. */
const zero = Math.ceil(start / 60_000) * 60_000;

/** Runs that are closed 2 s into a minute, each with the letters that it brought. */
function closedRuns(plan: readonly (readonly [minute: number, letters: string])[]): Run[] {
  const records: RunwatchRecord[] = draw('u0: -', { contract: { rememberMs: 1e12 } });
  plan.forEach(([minute, letters], n) => {
    const column = (zero + minute * 60_000 + 1000 - start) / 100;
    records.push({ record: 'trigger', at: epochMs(start + column * 100), connection: `local#${n}`, run: `r${n}` });
    for (const letter of letters) records.push(frame(column, `local#${n}`, { type: types[letter as keyof typeof types], runId: `r${n}` }));
  });
  const runs = [...fold(records, 1e9).tracker.runs()];
  expect(runs.every((run, n) => Math.floor(((run.closedAt ?? 0) - zero) / 60_000) === plan[n]?.[0])).toBe(true);
  return runs;
}

function points(nowMinute: number, runs: readonly Run[], options: { sli?: 'events' | 'runs'; minutes?: Minutes; sinceMinute?: number; blinds?: readonly (readonly [number, number])[] } = {}): MinutePoint[] {
  const at = (minute: number) => epochMs(zero + minute * 60_000);
  const blinds = (options.blinds ?? []).map(([from, to]) => ({ record: 'blind', from: at(from), at: at(to), cause: 'offline' }) as const);
  const minutes = options.minutes?.after(epochMs(0)) ?? [];
  return minutePoints(epochMs(at(nowMinute) + 30_000), at(options.sinceMinute ?? 0), tallyOf(runs), minutes, blinds, { target: 0.9, sli: options.sli ?? 'events' });
}

describe('a point a minute', () => {
  test('from the beginning of the watch, later over the last hour', () => {
    expect(points(0, []).map((point) => point.at - zero)).toEqual([0]);
    expect(points(3, []).length).toBe(4);
    const hour = points(200, []);
    expect([hour.length, hour[0]?.at, hour.at(-1)?.at]).toEqual([60, zero + 141 * 60_000, zero + 200 * 60_000]);
  });

  test('counts the runs that were closed in it, complete or incomplete', () => {
    const runs = closedRuns([[0, 'STERC'], [2, 'STERC'], [2, 'STEC'], [2, 'SX']]);
    expect(points(3, runs).map(({ runs: count, expected, delivered }) => [count, expected, delivered])).toEqual([[1, 5, 5], [0, 0, 0], [2, 10, 9], [0, 0, 0]]);
  });

  test('leaves a gap where nothing was counted', () => {
    const [point] = points(0, []);
    expect(point).toMatchObject({ ratio: null, interval: null, budgetLeft: null, latencyCount: 0, p50: null, p95: null, p99: null, uncertaintyMs: null });
  });
});

describe('the share', () => {
  test('looks back on five minutes, and no further', () => {
    const runs = closedRuns([[0, 'STEC'], [1, 'STERC'], [3, 'STERC']]);
    const shares = points(9, runs).map((point) => point.ratio);
    expect(shares).toEqual([0.8, 0.9, 0.9, 14 / 15, 14 / 15, 1, 1, 1, null, null]);
  });

  test('has the interval of its runs, not of its events', () => {
    const runs = closedRuns([[0, 'STEC'], [1, 'STERC']]);
    expect(points(1, runs)[1]?.interval).toEqual(wilson(0.9 * 2, 2));
  });

  test('is of good runs where runs are promised: a failed one counts, one with a duplicate is not good', () => {
    const runs = closedRuns([[0, 'STERC'], [0, 'STEC'], [1, 'SX'], [1, 'STERC']]);
    const [first, second] = points(1, runs, { sli: 'runs' });
    expect([first?.ratio, second?.ratio]).toEqual([0.5, 0.5]);
    expect(second?.interval).toEqual(wilson(2, 4));
    expect(second).toMatchObject({ runs: 1, expected: 5, delivered: 5 });
  });
});

describe('the error budget', () => {
  test('is that of all runs, and is spent down from one end to the other', () => {
    // 40 expected events at 90 % allow 4 to be lost.
    const runs = closedRuns([[0, 'STERC'], [1, 'STEC'], [1, 'STERC'], [2, 'STERC'], [3, 'STEC'], [3, 'STERC'], [4, 'SEC'], [4, 'STERC']]);
    const left = points(5, runs).map((point) => point.budgetLeft);
    const wanted = [1, 0.75, 0.75, 0.5, 0, 0];
    expect(left.length).toBe(wanted.length);
    left.forEach((share, minute) => expect(share).toBeCloseTo(wanted[minute] ?? Number.NaN, 9));
  });

  test('goes below 0 when it is overspent', () => {
    const runs = closedRuns([[0, 'SC']]);
    expect(points(0, runs)[0]?.budgetLeft).toBeCloseTo(1 - 3 / 0.5, 9);
  });

  test('is spent already by what was lost in the window before the first point', () => {
    const runs = closedRuns([[0, 'STEC'], [100, 'STERC'], [130, 'STEC']]);
    const left = points(130, runs).map((point) => point.budgetLeft);
    expect(left[0]).toBeCloseTo(1 - 1 / 1.5, 9);
    expect(left.at(-1)).toBeCloseTo(1 - 2 / 1.5, 9);
  });

  test('is one of runs where runs are promised', () => {
    const runs = closedRuns([...Array.from({ length: 19 }, () => [0, 'STERC'] as const), [1, 'SX']]);
    expect(points(1, runs, { sli: 'runs' }).map((point) => Number(point.budgetLeft?.toFixed(9)))).toEqual([1, 0.5]);
  });
});

describe('latency', () => {
  const withEvents = (count: number, kind: 'counted' | 'unsynced' = 'counted'): Minutes => {
    const minutes = new Minutes(3_600_000);
    for (let n = 1; n <= count; n += 1) minutes.addLatency(epochMs(zero + 60_000 + n), { kind, ms: durationMs(n), uncertaintyMs: durationMs(2) });
    return minutes;
  };

  test.each([
    [1, true, false, false],
    [19, true, false, false],
    [20, true, true, false],
    [99, true, true, false],
    [100, true, true, true],
  ])('of %i events has percentiles p50 %s, p95 %s, p99 %s', (count, p50, p95, p99) => {
    const point = points(1, [], { minutes: withEvents(count) })[1];
    expect([point?.p50 !== null, point?.p95 !== null, point?.p99 !== null]).toEqual([p50, p95, p99]);
    expect(point).toMatchObject({ latencyCount: count, uncertaintyMs: 2 });
  });

  test('stands in its own minute, within 1 %', () => {
    const [before, point] = points(1, [], { minutes: withEvents(100) });
    expect(before?.p50).toBeNull();
    expect(point?.p50).toBeGreaterThan(49.5);
    expect(point?.p50).toBeLessThan(50.5);
    expect(point?.p99).toBeGreaterThan(98);
  });

  test('that no clock vouches for is none', () => {
    expect(points(1, [], { minutes: withEvents(200, 'unsynced') })[1]).toMatchObject({ latencyCount: 0, p50: null, p95: null, p99: null });
  });
});

test('minutes that a blind interval touches are marked', () => {
  expect(points(5, [], { blinds: [[1.5, 3], [4.2, 4.3]] }).map((point) => point.blind)).toEqual([false, true, true, true, true, false]);
});
