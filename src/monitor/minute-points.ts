import { epochMs, type EpochMs } from '#base/units.ts';
import type { BlindRecord } from '#record/record.ts';
import type { Run } from '#runs/run.ts';
import { wilson } from '#slo/interval.ts';
import { minuteMs, type Minute } from './minutes.ts';
import type { MinutePoint } from './snapshot.ts';

/** Points a chart may have where several stand on a screen. */
const mostPoints = 60;
/** Minutes that one point of the reliability line looks back on. */
const lookBack = 5;
/** Fewer events in a minute give no such percentile. */
const fewestForP95 = 20;
const fewestForP99 = 100;

interface Sums {
  runs: number;
  expected: number;
  delivered: number;
}

/**
 * What the charts and strips draw: a point a minute over the last hour, of what was counted by then.
 * @param runs closed in the window
 * @param target the promised share, for the error budget of the whole window
 */
export function minutePoints(now: EpochMs, since: EpochMs, runs: Iterable<Run>, minutes: readonly Minute[], blinds: readonly BlindRecord[], target: number): MinutePoint[] {
  const newest = Math.floor(now / minuteMs);
  const oldest = Math.max(newest - mostPoints + 1, Math.floor(since / minuteMs));
  const sums = Array.from({ length: newest - oldest + 1 }, (): Sums => ({ runs: 0, expected: 0, delivered: 0 }));
  for (const run of runs) {
    if (run.status !== 'complete' && run.status !== 'incomplete') continue;
    const sum = sums[Math.floor((run.closedAt ?? 0) / minuteMs) - oldest];
    if (sum === undefined) continue;
    sum.runs += 1;
    sum.expected += run.delivery.expected;
    sum.delivered += run.delivery.delivered;
  }
  const byMinute = new Map(minutes.map((minute) => [minute.at / minuteMs, minute]));
  const budget = (1 - target) * total(sums, 'expected');
  let lost = 0;
  return sums.map((sum, index) => {
    const number = oldest + index;
    const at = epochMs(number * minuteMs);
    const recent = sums.slice(Math.max(0, index - lookBack + 1), index + 1);
    const expected = total(recent, 'expected');
    const trials = total(recent, 'runs');
    const ratio = expected === 0 ? null : total(recent, 'delivered') / expected;
    lost += sum.expected - sum.delivered;
    const latency = byMinute.get(number)?.latency.summary();
    const count = latency?.count ?? 0;
    return {
      at,
      ...sum,
      ratio,
      interval: ratio === null ? null : wilson(ratio * trials, trials),
      budgetLeft: budget === 0 ? null : 1 - lost / budget,
      latencyCount: count,
      p50: latency?.p50 ?? null,
      p95: count >= fewestForP95 ? (latency?.p95 ?? null) : null,
      p99: count >= fewestForP99 ? (latency?.p99 ?? null) : null,
      uncertaintyMs: latency?.uncertaintyMs ?? null,
      blind: blinds.some((blind) => blind.from < at + minuteMs && blind.at >= at),
    };
  });
}

const total = (sums: readonly Sums[], field: keyof Sums): number => sums.reduce((sum, each) => sum + each[field], 0);
