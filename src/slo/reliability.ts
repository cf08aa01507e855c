import { invariant } from '#base/assert.ts';
import { regularisedBeta } from './beta.ts';
import type { Interval } from './interval.ts';
import { clopperPearson, tail, wilson } from './interval.ts';

/** What was counted over a stretch of time. */
export interface Counts {
  /** What came good: delivered events, or good runs. */
  readonly good: number;
  /** What could have come good. */
  readonly valid: number;
  /** Runs that `valid` rests on: the events of one run fail together, so a run is one trial. */
  readonly trials: number;
}

export type SloVerdict =
  /** Nothing was counted. */
  | 'no-data'
  /** Proven: the exact interval lies at or above the target. */
  | 'met'
  /** Refuted: the exact interval lies below the target. */
  | 'missed'
  /** Too few runs to say. */
  | 'unproven';

export interface Assessment {
  /** good / valid; null if nothing was counted. */
  readonly ratio: number | null;
  /** Wilson's interval, to be drawn. */
  readonly interval: Interval;
  /** Clopper–Pearson's interval, which decides. */
  readonly exact: Interval;
  readonly verdict: SloVerdict;
  /** How many more runs without any loss would make the verdict `met`; null beyond 100 000. */
  readonly cleanRunsNeeded: number | null;
  /** Share of the error budget that is used up: (1 − ratio) / (1 − target), above 1 when overspent. */
  readonly budgetConsumed: number | null;
}

/** Beyond this many clean runs the question how many are missing has no useful answer. */
const mostCleanRuns = 100_000;

/**
 * Judges what was counted against a target (contract.md, "Reliability against the target").
 *
 * @param target the promised share, above 0 and below 1
 */
export function assess({ good, valid, trials, target }: Counts & { readonly target: number }): Assessment {
  invariant(good >= 0 && good <= valid && trials >= 0, 'good is a part of valid');
  invariant(target > 0 && target < 1, 'a target lies between 0 and 1');
  if (valid === 0) {
    return {
      ratio: null,
      interval: [0, 1],
      exact: [0, 1],
      verdict: 'no-data',
      cleanRunsNeeded: cleanRunsUntilMet(0, 0, target),
      budgetConsumed: null,
    };
  }
  const ratio = good / valid;
  const k = ratio * trials;
  const exact = clopperPearson(k, trials);
  const verdict = exact[0] >= target ? 'met' : exact[1] < target ? 'missed' : 'unproven';
  return {
    ratio,
    interval: wilson(k, trials),
    exact,
    verdict,
    cleanRunsNeeded: verdict === 'met' ? 0 : cleanRunsUntilMet(k, trials, target),
    budgetConsumed: burnRate(ratio, target),
  };
}

/** How many times faster than allowed the error budget is spent: (1 − ratio) / (1 − target). */
export const burnRate = (ratio: number, target: number): number => (1 - ratio) / (1 - target);

/**
 * The smallest m ≥ 1 for which k + m of n + m would be `met`.
 * The lower end is at or above the target exactly when the beta distribution whose quantile it is has at most 2.5 % below
 * the target: one evaluation instead of an inversion. That share falls with every clean run, so halving finds the first.
 */
function cleanRunsUntilMet(k: number, n: number, target: number): number | null {
  const isMetAfter = (m: number): boolean => regularisedBeta(target, k + m, n - k + 1) <= tail;
  if (!isMetAfter(mostCleanRuns)) return null;
  let notYet = 0;
  let met = mostCleanRuns;
  while (met - notYet > 1) {
    const middle = Math.floor((met + notYet) / 2);
    if (isMetAfter(middle)) met = middle;
    else notYet = middle;
  }
  return met;
}
