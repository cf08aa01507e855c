import { describe, expect, test } from 'vitest';
import fc from 'fast-check';
import { inverseRegularisedBeta, regularisedBeta } from '#slo/beta.ts';
import type { Interval } from '#slo/interval.ts';
import { clopperPearson, wilson } from '#slo/interval.ts';

// The first four: Newcombe, Stat. Med. 17 (1998), table I; all computed anew with another library.
const vectors: readonly (readonly [k: number, n: number, wilson: Interval, exact: Interval])[] = [
  [81, 263, [0.255289, 0.36621], [0.252737, 0.367622]],
  [15, 148, [0.062386, 0.160487], [0.057844, 0.16165]],
  [0, 20, [0, 0.161125], [0, 0.168433]],
  [1, 29, [0.006113, 0.171755], [0.000873, 0.177644]],
  [10, 10, [0.722467, 1], [0.691503, 1]],
  [99, 100, [0.945514, 0.998233], [0.945541, 0.999747]],
  [100, 100, [0.963007, 1], [0.963783, 1]],
  [297, 300, [0.971017, 0.996593], [0.971055, 0.997933]],
  [990, 1000, [0.981691, 0.994559], [0.981687, 0.995194]],
  [999, 1000, [0.994357, 0.999823], [0.994441, 0.999975]],
  [9920, 10_000, [0.990055, 0.993567], [0.990053, 0.993652]],
];

const distance = (one: Interval, other: Interval): number => Math.max(Math.abs(one[0] - other[0]), Math.abs(one[1] - other[1]));

describe('intervals', () => {
  test.each(vectors)('%d of %d', (k, n, drawn, exact) => {
    expect(distance(wilson(k, n), drawn)).toBeLessThanOrEqual(1e-6);
    expect(distance(clopperPearson(k, n), exact)).toBeLessThanOrEqual(1e-6);
  });

  test('no trial says nothing', () => {
    expect([wilson(0, 0), clopperPearson(0, 0)]).toEqual([[0, 1], [0, 1]]);
  });

  test('the ends are exact where nothing or everything came', () => {
    for (const n of [1, 7, 368, 1e6]) {
      expect([wilson(0, n)[0], clopperPearson(0, n)[0], wilson(n, n)[1], clopperPearson(n, n)[1]]).toEqual([0, 0, 1, 1]);
      expect(clopperPearson(n, n)[0]).toBeCloseTo(0.025 ** (1 / n), 12);
    }
    for (let n = 1; n <= 1000; n += 1) expect([wilson(0, n)[0], wilson(n, n)[1]]).toEqual([0, 1]);
  });

  test('both hold the observed share, mirror, and lie within 0 and 1, for real k', () => {
    const events = fc.integer({ min: 1, max: 10_000_000 });
    fc.assert(
      fc.property(events, events, fc.integer({ min: 1, max: 100_000 }), (some, others, n) => {
        const p = Math.min(some, others) / Math.max(some, others);
        const k = p * n;
        for (const interval of [wilson, clopperPearson]) {
          const [lower, upper] = interval(k, n);
          expect(lower).toBeGreaterThanOrEqual(0);
          expect(upper).toBeLessThanOrEqual(1);
          expect(lower).toBeLessThanOrEqual(p + 1e-12);
          expect(upper).toBeGreaterThanOrEqual(p - 1e-12);
          expect(interval(n - k, n)[0]).toBeCloseTo(1 - upper, 9);
        }
      }),
    );
  });
});

describe('how many runs prove 99 %', () => {
  test('one-sided at 95 %: 299 clean ones, and so many for one to five losses', () => {
    expect(inverseRegularisedBeta(0.05, 299, 1)).toBeCloseTo(0.990031, 6);
    expect(inverseRegularisedBeta(0.05, 298, 1)).toBeCloseTo(0.989998, 6);
    [299, 473, 628, 773, 913, 1049].forEach((n, lost) => {
      expect(regularisedBeta(0.99, n - lost, lost + 1)).toBeLessThanOrEqual(0.05);
      expect(regularisedBeta(0.99, n - 1 - lost, lost + 1)).toBeGreaterThan(0.05);
    });
  });

  test('two-sided: 368 clean ones; by the interval that is drawn, 381', () => {
    expect(clopperPearson(368, 368)[0]).toBeGreaterThanOrEqual(0.99);
    expect(clopperPearson(367, 367)[0]).toBeLessThan(0.99);
    [381, 563, 726, 878].forEach((n, lost) => {
      expect(wilson(n - lost, n)[0]).toBeGreaterThanOrEqual(0.99);
      expect(wilson(n - 1 - lost, n - 1)[0]).toBeLessThan(0.99);
    });
  });
});

/** How often, at a true share of exactly `target`, n runs would be said to have met and to have missed it. */
function wrongVerdicts(interval: (k: number, n: number) => Interval, n: number, target: number): { met: number; missed: number } {
  const firstWhere = (holds: (k: number) => boolean): number => {
    let low = 0;
    let high = n + 1;
    while (low < high) {
      const middle = Math.floor((low + high) / 2);
      if (holds(middle)) high = middle;
      else low = middle + 1;
    }
    return low;
  };
  const firstMet = firstWhere((k) => interval(k, n)[0] >= target);
  const firstNotMissed = firstWhere((k) => interval(k, n)[1] >= target);
  let logProbability = n * Math.log(1 - target);
  let met = 0;
  let missed = 0;
  for (let k = 0; k <= n; k += 1) {
    if (k > 0) logProbability += Math.log((n - k + 1) / k) + Math.log(target / (1 - target));
    if (k >= firstMet) met += Math.exp(logProbability);
    if (k < firstNotMissed) missed += Math.exp(logProbability);
  }
  return { met, missed };
}

describe('wrong verdicts at a true 99 %, all outcomes enumerated', () => {
  test('the exact interval errs in at most 2.5 % on each side, for 20 to 2000 runs', () => {
    for (let n = 20; n <= 2000; n += 7) {
      const { met, missed } = wrongVerdicts(clopperPearson, n, 0.99);
      expect(met).toBeLessThanOrEqual(0.025);
      expect(missed).toBeLessThanOrEqual(0.025);
    }
  });

  test('the interval that is drawn does not: it would refute wrongly in 10.5 % of cases at 55 runs', () => {
    expect(wrongVerdicts(wilson, 55, 0.99).missed).toBeCloseTo(0.105, 3);
  });
});
