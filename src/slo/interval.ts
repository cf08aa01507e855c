import { inverseRegularisedBeta } from './beta.ts';

/** Lower and upper end of a confidence interval of a share, both between 0 and 1. */
export type Interval = readonly [lower: number, upper: number];

/** The two-sided 95 % point of the normal distribution, with the digits of the contract. */
const z = 1.959_963_985;
/** What a two-sided 95 % interval leaves out on each side. */
export const tail = 0.025;

/**
 * Wilson's score interval, 95 % (E. B. Wilson, J. Am. Stat. Assoc. 22, 1927): the one that is drawn.
 *
 * @param k successes, a real number between 0 and n
 * @param n trials; none give [0, 1]
 */
export function wilson(k: number, n: number): Interval {
  if (n <= 0) return [0, 1];
  const p = k / n;
  const scale = 1 + (z * z) / n;
  const centre = (p + (z * z) / (2 * n)) / scale;
  const half = (z * Math.sqrt((p * (1 - p)) / n + (z * z) / (4 * n * n))) / scale;
  return [k <= 0 ? 0 : Math.max(0, centre - half), k >= n ? 1 : Math.min(1, centre + half)];
}

/**
 * The exact interval, 95 % two-sided (C. J. Clopper, E. S. Pearson, Biometrika 26, 1934): the one that decides.
 * For real k it is the same pair of beta quantiles.
 *
 * @param k successes, a real number between 0 and n
 * @param n trials; none give [0, 1]
 */
export function clopperPearson(k: number, n: number): Interval {
  return [
    k <= 0 ? 0 : inverseRegularisedBeta(tail, k, n - k + 1),
    k >= n ? 1 : inverseRegularisedBeta(1 - tail, k + 1, n - k),
  ];
}
