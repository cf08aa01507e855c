import { describe, expect, test } from 'vitest';
import { fittingSpan } from '#views/parts/timeline/fitting-span.ts';

const runs = (durationMs: number, count = 5) => Array.from({ length: count }, () => ({ durationMs, delivered: 5, status: 'complete' as const }));

describe('fittingSpan', () => {
  test('runs of some seconds leave the screen its own span', () => {
    expect(fittingSpan(runs(4000), 60_000, 100)).toBe(60_000);
    expect(fittingSpan(runs(4000), 20_000, 35)).toBe(20_000);
  });

  test('short runs are looked at more closely, to a limit', () => {
    expect(fittingSpan(runs(800), 60_000, 100)).toBe(20_000);
    expect(fittingSpan(runs(4), 60_000, 100)).toBe(10_000);
  });

  test('says nothing from too few runs, nor from runs that were not complete', () => {
    expect(fittingSpan(runs(800, 4), 60_000, 100)).toBeUndefined();
    expect(fittingSpan(runs(800).map((run) => ({ ...run, status: 'incomplete' as const })), 60_000, 100)).toBeUndefined();
  });
});
