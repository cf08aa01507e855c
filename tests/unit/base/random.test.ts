import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { seededRandom } from '#base/random.ts';

const take = (count: number, seed: number): number[] => {
  const random = seededRandom(seed);
  return Array.from({ length: count }, () => random());
};

describe('seededRandom', () => {
  test('gives the numbers of mulberry32', () => {
    // From the published C function, compiled and run with these seeds; each is a multiple of 2^-32.
    expect(take(3, 0).map((number) => number * 2 ** 32)).toEqual([1_144_304_738, 1_416_247, 958_946_056]);
    expect(take(3, 1).map((number) => number * 2 ** 32)).toEqual([2_693_262_067, 11_749_833, 2_265_367_787]);
  });

  test('gives the same again for the same seed, and others for another', () => {
    expect(take(100, 7)).toEqual(take(100, 7));
    expect(take(100, 7)).not.toEqual(take(100, 8));
  });

  test('stays in [0, 1) for any seed', () => {
    fc.assert(
      fc.property(fc.integer({ min: -(2 ** 40), max: 2 ** 40 }), (seed) => take(50, seed).every((number) => number >= 0 && number < 1)),
    );
  });

  test('is spread evenly: 100,000 numbers over 100 equal parts', () => {
    const parts = Array.from({ length: 100 }, () => 0);
    for (const number of take(100_000, 42)) parts[Math.floor(number * 100)] = (parts[Math.floor(number * 100)] ?? 0) + 1;
    // Chi squared with 99 degrees of freedom is above 149 once in a thousand.
    const chiSquared = parts.reduce((sum, count) => sum + (count - 1000) ** 2 / 1000, 0);
    expect(chiSquared).toBeLessThan(149);
  });
});
