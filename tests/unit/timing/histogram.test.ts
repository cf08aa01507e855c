import { describe, expect, test } from 'vitest';
import fc from 'fast-check';
import { seededRandom } from '#base/random.ts';
import { Histogram } from '#timing/histogram.ts';

const histogramOf = (values: readonly number[]): Histogram => {
  const histogram = new Histogram();
  values.forEach((value) => histogram.add(value));
  return histogram;
};

/** The definition, over all values. */
function nearestRank(values: readonly number[], q: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.max(1, Math.ceil(q * sorted.length)) - 1] ?? NaN;
}

const quantiles = [0, 0.01, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99, 0.999, 1];
const everyQuantile = (histogram: Histogram): readonly (number | undefined)[] => quantiles.map((q) => histogram.quantile(q));

/** The worst error of all quantiles, in units of what is allowed: relative, and near zero absolute. */
function worstError(histogram: Histogram, values: readonly number[], relative = 0.005, nearZero = 1e-6): number {
  const errors = quantiles.map((q) => {
    const exact = nearestRank(values, q);
    return Math.abs((histogram.quantile(q) ?? NaN) - exact) / Math.max(nearZero, Math.abs(exact) * relative);
  });
  return Math.max(...errors);
}

const magnitude = fc.oneof(
  fc.double({ min: 0, max: 1e-3, noNaN: true }),
  fc.double({ min: 0, max: 1000, noNaN: true }),
  fc.double({ min: 0, max: 1e15, noNaN: true }),
  fc.integer({ min: 0, max: 5 }),
);
const value = fc.tuple(magnitude, fc.boolean()).map(([size, isNegative]) => (isNegative ? -size : size));
const values = fc.array(value, { minLength: 1, maxLength: 300 });

describe('histogram', () => {
  test('says nothing of nothing', () => {
    const histogram = new Histogram();
    expect([histogram.count, histogram.min, histogram.max, histogram.quantile(0.5)]).toEqual([0, undefined, undefined, undefined]);
  });

  test('every quantile is within 0.5 % of the exact nearest rank; count, smallest and largest are exact', () => {
    fc.assert(
      fc.property(values, (all) => {
        const histogram = histogramOf(all);
        expect(histogram.count).toBe(all.length);
        expect(histogram.min).toBeCloseTo(Math.min(...all), 12);
        expect(histogram.max).toBeCloseTo(Math.max(...all), 12);
        expect(histogram.quantile(1)).toBe(histogram.max);
        expect(worstError(histogram, all)).toBeLessThanOrEqual(1);
      }),
      { numRuns: 500 },
    );
  });

  test('the bound is not an idle one: a tenth of it is exceeded', () => {
    const random = seededRandom(7);
    const all = Array.from({ length: 1000 }, () => 1 + 1000 * random());
    expect(worstError(histogramOf(all), all, 0.0005)).toBeGreaterThan(1);
  });

  test('holds on a long tail of many', () => {
    const random = seededRandom(1);
    const all = Array.from({ length: 20_000 }, () => 5 * (1 - random()) ** -1.5 - 6);
    expect(worstError(histogramOf(all), all)).toBeLessThanOrEqual(1);
  });

  test('the rank is the nearest one: of 20 values the 95th percentile is the 19th', () => {
    const all = Array.from({ length: 20 }, (_, n) => 2 ** n);
    expect(histogramOf(all).quantile(0.95)).toBeCloseTo(2 ** 18, -4);
    expect(histogramOf(all).quantile(0.951)).toBe(2 ** 19);
    expect(histogramOf([...all, 0]).quantile(0.95)).toBeCloseTo(2 ** 18, -4);
  });

  test('the ends are exact, however near the others are', () => {
    const up = histogramOf([100.1, 100.2, 100.3, 100.4]);
    expect([0, 0.25, 1].map((q) => up.quantile(q))).toEqual([100.1, 100.1, 100.4]);
    const down = histogramOf([-100.1, -100.2, -100.3, -100.4]);
    expect([0, 0.25, 1].map((q) => down.quantile(q))).toEqual([-100.4, -100.4, -100.1]);
  });

  test('loses none while its range grows bucket by bucket, up or down', () => {
    const all = Array.from({ length: 400 }, (_, n) => 1.01 ** (n - 200));
    for (const order of [all, all.toReversed()]) {
      const histogram = new Histogram();
      const counted = order.map((next, n) => {
        histogram.add(next);
        return worstError(histogram, order.slice(0, n + 1));
      });
      expect(Math.max(...counted)).toBeLessThanOrEqual(1);
    }
  });

  test('merging is the same as counting together, in any order', () => {
    fc.assert(
      fc.property(values, values, (some, others) => {
        const together = histogramOf([...some, ...others]);
        const forth = histogramOf(some);
        forth.merge(histogramOf(others));
        const back = histogramOf(others);
        back.merge(histogramOf(some));
        for (const merged of [forth, back]) {
          expect([merged.count, merged.min, merged.max]).toEqual([together.count, together.min, together.max]);
          expect(everyQuantile(merged)).toEqual(everyQuantile(together));
        }
      }),
    );
  });

  test('merging an empty one changes nothing', () => {
    const histogram = histogramOf([1, 2, 3]);
    histogram.merge(new Histogram());
    expect(everyQuantile(histogram)).toEqual(everyQuantile(histogramOf([1, 2, 3])));
  });

  test('what is taken out again leaves the rest, within 1 %', () => {
    fc.assert(
      fc.property(values, values, (gone, rest) => {
        const window = histogramOf([...gone, ...rest]);
        window.subtract(histogramOf(gone));
        expect(window.count).toBe(rest.length);
        expect(worstError(window, rest, 0.01 + 1e-9, 2e-6)).toBeLessThanOrEqual(1);
      }),
      { numRuns: 500 },
    );
  });

  test('an end whose bucket is left empty moves to the next one, not beyond', () => {
    const up = histogramOf([1, 100, 100.5]);
    up.subtract(histogramOf([1]));
    expect(up.min).toBeGreaterThan(98.9);
    expect(up.min).toBeLessThanOrEqual(100);
    const down = histogramOf([-1, -100, -100.5]);
    down.subtract(histogramOf([-1]));
    expect(down.max).toBeLessThan(-98.9);
    expect(down.max).toBeGreaterThanOrEqual(-100);
  });

  test('taking out everything leaves nothing', () => {
    const window = histogramOf([-1, 0, 5]);
    window.subtract(histogramOf([-1, 0, 5]));
    expect([window.count, window.min, window.max, window.quantile(0.5)]).toEqual([0, undefined, undefined, undefined]);
    window.add(3);
    expect([window.min, window.max]).toEqual([3, 3]);
  });

  test('what was never counted cannot be taken out', () => {
    expect(() => histogramOf([1]).subtract(histogramOf([2]))).toThrow(/taken out/);
    expect(() => histogramOf([1]).subtract(histogramOf([0]))).toThrow(/taken out/);
  });

  test('forgets', () => {
    const histogram = histogramOf([-5, 0, 1e9]);
    histogram.clear();
    expect([histogram.count, histogram.min, histogram.max, histogram.quantile(0.5)]).toEqual([0, undefined, undefined, undefined]);
    histogram.add(2);
    expect(histogram.quantile(0.5)).toBe(2);
  });

  test('hostile magnitudes are counted, and keep the smallest and largest exact', () => {
    const histogram = histogramOf([-1e308, -1e300, 5e-324, 1e300, 1e308]);
    expect([histogram.count, histogram.min, histogram.max, histogram.quantile(0.5)]).toEqual([5, -1e308, 1e308, 0]);
    const beyond = histogram.quantile(0.8) ?? NaN;
    expect(Math.abs(beyond / 1e15 - 1)).toBeLessThan(0.011);
    const rest = histogramOf([-1e308, 1e300, 1e308]);
    rest.subtract(histogramOf([1e300]));
    expect([rest.min, rest.max]).toEqual([-1e308, 1e308]);
  });

  test('counts numbers only', () => {
    expect(() => new Histogram().add(NaN)).toThrow(/finite/);
    expect(() => new Histogram().add(Infinity)).toThrow(/finite/);
  });
});
