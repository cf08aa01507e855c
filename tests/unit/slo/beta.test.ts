import { describe, expect, test } from 'vitest';
import fc from 'fast-check';
import { inverseRegularisedBeta, regularisedBeta } from '#slo/beta.ts';
import cases from '../../fixtures/beta-cases.json' with { type: 'json' };

describe('regularised incomplete beta', () => {
  // a, b, x, I_x(a, b): the hypergeometric form (DLMF 8.17.7), computed with 40 digits (mpmath).
  test.each(cases)('a = %d, b = %d, x = %d', (...[a, b, x, expected]: number[]) => {
    expect(regularisedBeta(x ?? NaN, a ?? NaN, b ?? NaN) / (expected ?? NaN)).toBeCloseTo(1, 11);
  });

  test('has closed forms where one shape is 1', () => {
    for (const n of [0.3, 1, 10, 368, 1e6]) {
      expect(regularisedBeta(0.99, n, 1)).toBeCloseTo(0.99 ** n, 12);
      expect(regularisedBeta(0.01, 1, n)).toBeCloseTo(1 - 0.99 ** n, 12);
    }
  });

  test('ends at 0 and 1', () => {
    expect([regularisedBeta(0, 2, 3), regularisedBeta(1, 2, 3)]).toEqual([0, 1]);
    expect([inverseRegularisedBeta(0, 2, 3), inverseRegularisedBeta(1, 2, 3)]).toEqual([0, 1]);
  });

  test('mirrors: I_x(a, b) = 1 − I_(1−x)(b, a)', () => {
    const shape = fc.double({ min: 1e-3, max: 1e5, noNaN: true });
    fc.assert(
      fc.property(fc.double({ min: 0.001, max: 0.999, noNaN: true }), shape, shape, (x, a, b) => {
        expect(regularisedBeta(x, a, b) + regularisedBeta(1 - x, b, a)).toBeCloseTo(1, 11);
      }),
    );
  });
});

describe('inverse of the regularised incomplete beta', () => {
  test('undoes it wherever x tells apart what the shares differ in', () => {
    const p = fc.constantFrom(0.001, 0.025, 0.05, 0.5, 0.95, 0.975, 0.999);
    const shape = fc.oneof(
      fc.double({ min: 0.2, max: 50, noNaN: true }),
      fc.double({ min: 1, max: 1e4, noNaN: true }),
      fc.double({ min: 1, max: 1e6, noNaN: true }),
    );
    fc.assert(
      fc.property(p, shape, shape, (share, a, b) => {
        const x = inverseRegularisedBeta(share, a, b);
        const nextTo = 1e-12 * Math.max(x, 1e-6);
        expect(regularisedBeta(x - nextTo, a, b) - 1e-13).toBeLessThanOrEqual(share);
        expect(regularisedBeta(x + nextTo, a, b) + 1e-13).toBeGreaterThanOrEqual(share);
      }),
      { numRuns: 400 },
    );
  });

  test('shapes near zero put the quantile at an end', () => {
    expect(inverseRegularisedBeta(0.025, 1e-4, 10)).toBeCloseTo(0, 12);
    expect(inverseRegularisedBeta(0.975, 10, 1e-4)).toBeCloseTo(1, 12);
  });
});
