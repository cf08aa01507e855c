import { wilson, type Interval } from './interval.ts';

/** A share of trials: `ratio` of `trials` came good. */
export interface Proportion {
  /** Between 0 and 1. */
  readonly ratio: number;
  readonly trials: number;
}

/**
 * The 95 % interval of `right.ratio − left.ratio`, two independent shares: Newcombe's hybrid of two Wilson score intervals, without
 * continuity correction (R. G. Newcombe, "Interval estimation for the difference between independent proportions: comparison of
 * eleven methods", Stat. Med. 17, 1998, 873–890, method 10). Of no trial the share may be anything, and so the difference.
 */
export function differenceInterval(left: Proportion, right: Proportion): Interval {
  if (left.trials === 0 || right.trials === 0) return [-1, 1];
  const [leftLow, leftHigh] = wilson(left.ratio * left.trials, left.trials);
  const [rightLow, rightHigh] = wilson(right.ratio * right.trials, right.trials);
  const difference = right.ratio - left.ratio;
  const down = Math.hypot(right.ratio - rightLow, leftHigh - left.ratio);
  const up = Math.hypot(rightHigh - right.ratio, left.ratio - leftLow);
  return [Math.max(-1, difference - down), Math.min(1, difference + up)];
}
