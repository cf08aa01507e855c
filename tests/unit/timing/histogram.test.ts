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

  test('a value that came several times at once is the same as one by one', () => {
    const atOnce = new Histogram();
    const oneByOne = new Histogram();
    for (const [value, times] of [[-2, 3], [0, 2], [7.5, 5], [1e300, 1]] as const) {
      atOnce.add(value, times);
      for (let n = 0; n < times; n += 1) oneByOne.add(value);
    }
    expect([atOnce.count, atOnce.min, atOnce.max]).toEqual([11, -2, 1e300]);
    expect(everyQuantile(atOnce)).toEqual(everyQuantile(oneByOne));
  });

  test('what is taken out again leaves the rest, as exact as it was; its ends within 1 %', () => {
    fc.assert(
      fc.property(values, values, (gone, rest) => {
        const window = histogramOf([...gone, ...rest]);
        gone.forEach((value) => window.remove(value));
        expect(window.count).toBe(rest.length);
        expect(worstError(window, rest)).toBeLessThanOrEqual(1);
        const [min, max] = [Math.min(...rest), Math.max(...rest)];
        const slack = (value: number) => Math.max(2e-6, Math.abs(value) * (0.01 + 1e-9));
        expect(window.min).toBeLessThanOrEqual(min);
        expect(window.min).toBeGreaterThanOrEqual(min - slack(min));
        expect(window.max).toBeGreaterThanOrEqual(max);
        expect(window.max).toBeLessThanOrEqual(max + slack(max));
      }),
      { numRuns: 500 },
    );
  });

  test('a window that rolls over many values holds to its bound all the way', () => {
    const random = seededRandom(3);
    const all = Array.from({ length: 2000 }, () => 5 * (1 - random()) ** -1.5 - 6);
    const window = new Histogram();
    const errors = all.map((value, n) => {
      window.add(value);
      if (n >= 50) window.remove(all[n - 50] ?? NaN);
      return worstError(window, all.slice(Math.max(0, n - 49), n + 1));
    });
    expect(Math.max(...errors)).toBeLessThanOrEqual(1);
  });

  test('an end whose bucket is left empty moves to the next one, not beyond', () => {
    const up = histogramOf([1, 100, 100.5]);
    up.remove(1);
    expect(up.min).toBeGreaterThan(98.9);
    expect(up.min).toBeLessThanOrEqual(100);
    const down = histogramOf([-1, -100, -100.5]);
    down.remove(-1);
    expect(down.max).toBeLessThan(-98.9);
    expect(down.max).toBeGreaterThanOrEqual(-100);
  });

  test('an end between the buckets that stays is kept as it was', () => {
    const window = histogramOf([50, 100, 100, 200]);
    window.remove(100);
    expect([window.min, window.max]).toEqual([50, 200]);
  });

  test('taking out everything leaves nothing, and what comes next is exact again', () => {
    const window = histogramOf([-1, 0, 5]);
    [-1, 0, 5].forEach((value) => window.remove(value));
    expect([window.count, window.min, window.max, window.quantile(0.5)]).toEqual([0, undefined, undefined, undefined]);
    window.add(3);
    expect([window.min, window.max, window.quantile(0.5)]).toEqual([3, 3, 3]);
  });

  test('what was never counted cannot be taken out', () => {
    expect(() => histogramOf([1]).remove(2)).toThrow(/taken out/);
    expect(() => histogramOf([1]).remove(0)).toThrow(/taken out/);
    expect(() => histogramOf([1]).remove(NaN)).toThrow(/finite/);
  });

  test('merging with a window that has rolled keeps the bound', () => {
    const rolled = histogramOf([1, 100.1, 300]);
    rolled.remove(1);
    const merged = histogramOf([500]);
    merged.merge(rolled);
    expect(worstError(merged, [100.1, 300, 500])).toBeLessThanOrEqual(1);
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
    rest.remove(1e300);
    expect([rest.min, rest.max]).toEqual([-1e308, 1e308]);
  });

  test('counts numbers only', () => {
    expect(() => new Histogram().add(NaN)).toThrow(/finite/);
    expect(() => new Histogram().add(Infinity)).toThrow(/finite/);
  });
});
