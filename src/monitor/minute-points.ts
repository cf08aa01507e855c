import { epochMs, type EpochMs } from '#base/units.ts';
import type { Slo } from '#environment/schema.ts';
import type { BlindRecord } from '#record/record.ts';
import type { Run } from '#runs/run.ts';
import { wilson } from '#slo/interval.ts';
import type { Counts } from '#slo/reliability.ts';
import { minuteMs, type Minute } from './minutes.ts';
import { addRun, emptySums, type RunSums } from './run-totals.ts';
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
 * @param runs closed in the window; those before the last hour count for what was left of the budget then
 * @param slo the promise, whose budget of the whole window is spent down
 */
export function minutePoints(
  now: EpochMs,
  since: EpochMs,
  runs: Iterable<Run>,
  minutes: readonly Minute[],
  blinds: readonly BlindRecord[],
  { target, sli }: Pick<Slo, 'target' | 'sli'>,
): MinutePoint[] {
  const newest = Math.floor(now / minuteMs);
  const oldest = Math.max(newest - mostPoints + 1, Math.floor(since / minuteMs));
  const sums = Array.from({ length: newest - oldest + 1 }, emptySums);
  const before = emptySums();
  for (const run of runs) addRun(sums[Math.floor((run.closedAt ?? 0) / minuteMs) - oldest] ?? before, run);

  const counts = sums.map((sum) => countsOf(sum, sli));
  const earlier = countsOf(before, sli);
  const budget = (1 - target) * (earlier.valid + total(counts, 'valid'));
  let lost = earlier.valid - earlier.good;
  const byMinute = new Map(minutes.map((minute) => [minute.at / minuteMs, minute]));
  return sums.map(({ complete, incomplete, expected, delivered }, index) => {
    const number = oldest + index;
    const at = epochMs(number * minuteMs);
    const recent = counts.slice(Math.max(0, index - lookBack + 1), index + 1);
    const valid = total(recent, 'valid');
    const trials = total(recent, 'trials');
    const ratio = valid === 0 ? null : total(recent, 'good') / valid;
    lost += (counts[index]?.valid ?? 0) - (counts[index]?.good ?? 0);
    const latency = byMinute.get(number)?.latency.summary();
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

/** What sums over runs count for the promise (contract.md, "Reliability against the target"). */
function countsOf({ complete, incomplete, failed, good, expected, delivered }: RunSums, sli: Slo['sli']): Counts {
  const judged = complete + incomplete;
  return sli === 'events' ? { good: delivered, valid: expected, trials: judged } : { good, valid: judged + failed, trials: judged + failed };
}

const total = (counts: readonly Counts[], field: keyof Counts): number => counts.reduce((sum, each) => sum + each[field], 0);
