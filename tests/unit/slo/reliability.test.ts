import { describe, expect, test } from 'vitest';
import fc from 'fast-check';
import { assess, burnRate } from '#slo/reliability.ts';
import cases from '../../fixtures/slo-cases.json' with { type: 'json' };

const within = (actual: number | null | undefined, expected: number | null | undefined): void => {
  if (expected === null) expect(actual).toBeNull();
  else expect(Math.abs((actual ?? NaN) - (expected ?? NaN))).toBeLessThanOrEqual(1e-6);
};

describe('assessment', () => {
  test.each(cases)('as in the report of $name', ({ slo }) => {
    const { good, valid, trials, target } = slo;
    const assessment = assess({ good, valid, trials, target });
    expect([assessment.verdict, assessment.cleanRunsNeeded]).toEqual([slo.verdict, slo.cleanRunsNeeded]);
    within(assessment.ratio, slo.ratio);
    within(assessment.budgetConsumed, slo.budgetConsumed);
    for (const end of [0, 1]) {
      within(assessment.interval[end], slo.interval[end]);
      within(assessment.exact[end], slo.exact[end]);
    }
  });

  test('99 of 100 prove nothing', () => {
    expect(assess({ good: 99, valid: 100, trials: 100, target: 0.99 }).verdict).toBe('unproven');
  });

  test('runs are the trials: no number of events proves 99 % in 106 runs', () => {
    const { verdict, cleanRunsNeeded } = assess({ good: 106_000, valid: 106_000, trials: 106, target: 0.99 });
    expect([verdict, cleanRunsNeeded]).toEqual(['unproven', 262]);
  });

  test('the bounds decide to the last run', () => {
    const verdictOf = (good: number) => assess({ good, valid: 10_000, trials: 10_000, target: 0.99 }).verdict;
    const verdicts = [9878, 9879, 9880, 9881, 9918, 9919, 9920, 9921].map((good) => verdictOf(good));
    expect(verdicts).toEqual(['missed', 'missed', 'unproven', 'unproven', 'unproven', 'unproven', 'met', 'met']);
  });

  test('budget may be overspent', () => {
    expect(assess({ good: 90, valid: 100, trials: 20, target: 0.99 }).budgetConsumed).toBeCloseTo(10, 9);
    expect(burnRate(1, 0.99)).toBe(0);
    expect(burnRate(0, 0.99)).toBeCloseTo(100, 9);
  });

  test('a proof that takes more than 100 000 clean runs is out of sight', () => {
    expect(assess({ good: 0, valid: 1, trials: 1, target: 0.999_99 }).cleanRunsNeeded).toBeNull();
    expect(assess({ good: 0, valid: 0, trials: 0, target: 0.999_99 }).cleanRunsNeeded).toBeNull();
    expect(assess({ good: 0, valid: 0, trials: 0, target: 0.5 }).cleanRunsNeeded).toBe(6);
    expect(assess({ good: 0, valid: 0, trials: 0, target: 0.9999 }).cleanRunsNeeded).toBe(36_887);
  });

  test('clean runs needed are enough, and one fewer are not', () => {
    const counts = fc
      .tuple(fc.integer({ min: 1, max: 3000 }), fc.integer({ min: 0, max: 100 }), fc.constantFrom(0.9, 0.95, 0.99, 0.999))
      .map(([trials, lost, target]) => ({ good: Math.max(0, trials * 5 - lost), valid: trials * 5, trials, target }));
    fc.assert(
      fc.property(counts, (before) => {
        const { cleanRunsNeeded: needed, ratio, verdict } = assess(before);
        fc.pre(needed !== null);
        expect(needed === 0).toBe(verdict === 'met');
        const k = (ratio ?? NaN) * before.trials;
        const after = (m: number) => assess({ good: k + m, valid: before.trials + m, trials: before.trials + m, target: before.target }).verdict;
        expect(after(needed)).toBe('met');
        expect(needed > 0 && after(needed - 1) === 'met').toBe(false);
      }),
      { numRuns: 300 },
    );
  });

  test('a verdict never claims what the share itself denies', () => {
    const whole = fc.integer({ min: 1, max: 20_000 });
    fc.assert(
      fc.property(whole, whole, whole, fc.double({ min: 0.01, max: 0.9999, noNaN: true }), (a, b, trials, target) => {
        const { ratio, verdict, exact } = assess({ good: Math.min(a, b), valid: Math.max(a, b), trials, target });
        expect(exact.every((end) => end >= 0 && end <= 1)).toBe(true);
        const isAtTarget = (ratio ?? NaN) >= target;
        expect(verdict).not.toBe(isAtTarget ? 'missed' : 'met');
      }),
    );
  });

  test('refuses counts and targets that cannot be', () => {
    expect(() => assess({ good: 2, valid: 1, trials: 1, target: 0.99 })).toThrow(/part of valid/);
    expect(() => assess({ good: NaN, valid: 1, trials: 1, target: 0.99 })).toThrow(/part of valid/);
    expect(() => assess({ good: 1, valid: 1, trials: 1, target: 1 })).toThrow(/target/);
  });
});
