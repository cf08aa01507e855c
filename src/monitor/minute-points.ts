import { epochMs, type EpochMs } from '#base/units.ts';
import type { Slo } from '#environment/schema.ts';
import type { BlindRecord } from '#record/record.ts';
import { wilson } from '#slo/interval.ts';
import type { Counts } from '#slo/reliability.ts';
import { minuteMs, type Minute } from './minutes.ts';
import { emptySums, sloCounts, type RunSums } from './run-totals.ts';
import type { MinutePoint } from './snapshot.ts';

/** Points a chart may have where several stand on a screen. */
const mostPoints = 60;
/** Minutes that one point of the reliability line looks back on. */
const lookBack = 5;
/** Fewer events in a minute give no such percentile. */
const fewestForP95 = 20;
const fewestForP99 = 100;

/**
 * What the charts and strips draw: a point a minute over the last hour, of what was counted by then.
 * @param since when the watch began
 * @param runs sums over those closed in the window, all of them and by the number of the minute; those before the last hour count for what was left of the budget then
 * @param slo the promise, whose budget of the whole window is spent down
 */
export function minutePoints(
  now: EpochMs,
  since: EpochMs,
  runs: { readonly sums: RunSums; readonly byMinute: ReadonlyMap<number, RunSums> },
  minutes: readonly Minute[],
  blinds: readonly BlindRecord[],
  { target, sli }: Pick<Slo, 'target' | 'sli'>,
): MinutePoint[] {
  const newest = Math.floor(now / minuteMs);
  const oldest = Math.max(newest - mostPoints + 1, Math.floor(since / minuteMs));
  const sums = Array.from({ length: newest - oldest + 1 }, (_, index) => runs.byMinute.get(oldest + index) ?? emptySums());
  const counts = sums.map((sum) => sloCounts(sum, sli));
  const whole = sloCounts(runs.sums, sli);
  const budget = (1 - target) * whole.valid;
  // What was lost before the first point is what no point shows.
  let lost = whole.valid - whole.good - (total(counts, 'valid') - total(counts, 'good'));
  const latencies = new Map(minutes.map((minute) => [minute.at / minuteMs, minute.latency]));
  return sums.map(({ complete, incomplete, expected, delivered }, index) => {
    const number = oldest + index;
    const at = epochMs(number * minuteMs);
    const recent = counts.slice(Math.max(0, index - lookBack + 1), index + 1);
    const valid = total(recent, 'valid');
    const trials = total(recent, 'trials');
    const ratio = valid === 0 ? null : total(recent, 'good') / valid;
    lost += (counts[index]?.valid ?? 0) - (counts[index]?.good ?? 0);
    const latency = latencies.get(number)?.summary();
    const count = latency?.count ?? 0;
    return {
      at,
      runs: complete + incomplete,
      expected,
      delivered,
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

const total = (counts: readonly Counts[], field: keyof Counts): number => counts.reduce((sum, each) => sum + each[field], 0);
