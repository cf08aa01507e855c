import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { differenceInterval, type Proportion } from '#slo/difference.ts';
import type { Interval } from '#slo/interval.ts';

const of = (k: number, n: number): Proportion => ({ ratio: n === 0 ? 0 : k / n, trials: n });

// R. G. Newcombe, Stat. Med. 17 (1998) 873, table II, method 10: the difference is the first share minus the second.
const published: readonly (readonly [k1: number, n1: number, k2: number, n2: number, interval: Interval])[] = [
  [56, 70, 48, 80, [0.0524, 0.3339]],
  [9, 10, 3, 10, [0.1705, 0.809]],
  [6, 7, 2, 7, [0.0582, 0.8062]],
  [5, 56, 0, 29, [-0.0381, 0.1926]],
  [0, 10, 0, 20, [-0.1611, 0.2775]],
  [0, 10, 0, 10, [-0.2775, 0.2775]],
  [10, 10, 0, 20, [0.6791, 1]],
  [10, 10, 0, 10, [0.6075, 1]],
];

describe('the interval of a difference', () => {
  test.each(published)('%d of %d against %d of %d, as published', (k1, n1, k2, n2, interval) => {
    const [lower, upper] = differenceInterval(of(k2, n2), of(k1, n1));
    expect(lower).toBeCloseTo(interval[0], 4);
    expect(upper).toBeCloseTo(interval[1], 4);
  });

  test('of no trial is everything', () => {
    expect(differenceInterval(of(0, 0), of(5, 5))).toEqual([-1, 1]);
    expect(differenceInterval(of(5, 5), of(0, 0))).toEqual([-1, 1]);
  });

  test('holds the difference, stays within −1 and 1, mirrors when the sides change places, and of a side with itself holds 0', () => {
    const share = fc.record({ n: fc.integer({ min: 1, max: 100_000 }), p: fc.double({ min: 0, max: 1, noNaN: true }) });
    fc.assert(
      fc.property(share, share, (one, other) => {
        const left = { ratio: one.p, trials: one.n };
        const right = { ratio: other.p, trials: other.n };
        const [lower, upper] = differenceInterval(left, right);
        expect(lower).toBeGreaterThanOrEqual(-1);
        expect(upper).toBeLessThanOrEqual(1);
        expect(lower).toBeLessThanOrEqual(right.ratio - left.ratio + 1e-12);
        expect(upper).toBeGreaterThanOrEqual(right.ratio - left.ratio - 1e-12);
        const [mirroredLower, mirroredUpper] = differenceInterval(right, left);
        expect(mirroredLower).toBeCloseTo(-upper, 12);
        expect(mirroredUpper).toBeCloseTo(-lower, 12);
        const [selfLower, selfUpper] = differenceInterval(left, left);
        expect(selfLower <= 1e-12 && selfUpper >= -1e-12).toBe(true);
      }),
    );
  });
});

/** How often, of all outcomes of two sides with this share each, the interval would claim a difference. */
function falseClaims(n: number, p: number): number {
  const weights = [(1 - p) ** n];
  for (let k = 1; k <= n; k += 1) weights.push(((weights[k - 1] ?? 0) * (n - k + 1) * p) / (k * (1 - p)));
  let claimed = 0;
  for (let a = 0; a <= n; a += 1) {
    for (let b = 0; b <= n; b += 1) {
      const [lower, upper] = differenceInterval(of(a, n), of(b, n));
      if (lower > 0 || upper < 0) claimed += (weights[a] ?? 0) * (weights[b] ?? 0);
    }
  }
  return claimed;
}

test('two sides that are alike are told apart in about 5 % of cases and no more than 7 %, all outcomes enumerated', () => {
  for (const n of [10, 30, 60]) for (const p of [0.5, 0.7, 0.9, 0.95, 0.99]) expect(falseClaims(n, p)).toBeLessThanOrEqual(0.07);
  // It does claim some, or it would be of no use.
  expect(falseClaims(60, 0.5)).toBeGreaterThan(0.02);
});
