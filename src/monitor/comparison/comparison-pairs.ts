import { differenceInterval } from '#slo/difference.ts';
import { wilson } from '#slo/interval.ts';
import type { ComparedDurations, ComparedShare, Difference, DurationPair, SharePair } from './comparison-report.ts';

/** Two percentiles differ where the longer one is more than this many times the other. */
const longer = 1.25;

/**
 * A share with its interval. The events of one run fail together, so the evidence is the number of runs.
 *
 * @param trials runs that `valid` rests on
 */
export function shareOf(good: number, valid: number, trials: number): ComparedShare {
  const ratio = valid === 0 ? null : good / valid;
  return { good, valid, trials, ratio, interval: ratio === null ? [0, 1] : wilson(ratio * trials, trials) };
}

export const sharePair = (left: ComparedShare, right: ComparedShare): SharePair => ({ left, right, difference: differenceOf(left, right) });

function differenceOf(left: ComparedShare, right: ComparedShare): Difference {
  if (left.ratio === null || right.ratio === null) return { word: 'no-data', by: null, interval: [-1, 1] };
  const by = right.ratio - left.ratio;
  const interval = differenceInterval({ ratio: left.ratio, trials: left.trials }, { ratio: right.ratio, trials: right.trials });
  return { word: by === 0 ? 'same' : interval[0] > 0 ? 'higher' : interval[1] < 0 ? 'lower' : 'untold', by, interval };
}

/** True where the figures differ, whether or not chance may have done it, and where only one side has any. */
export const sharesDiffer = ({ left, right, difference }: SharePair): boolean => (difference.word === 'no-data' ? left.valid !== right.valid : difference.word !== 'same');

/** @param errorMs how wrong the two may be together */
export function durationPair(left: ComparedDurations, right: ComparedDurations, errorMs = 0): DurationPair {
  const differs = (['p50', 'p95'] as const).some((rank) => isLonger(left[rank], right[rank], errorMs) || isLonger(right[rank], left[rank], errorMs));
  return { left, right, differs };
}

const isLonger = (one: number | null, other: number | null, errorMs: number): boolean => one !== null && other !== null && one > longer * other && one - other > errorMs;
