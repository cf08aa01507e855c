import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { BlockIndex } from '#store/block-index.ts';

const covers = (stretches: readonly number[], row: number): boolean =>
  stretches.some((first, n) => n % 2 === 0 && row >= first && row < (stretches[n + 1] ?? 0));

describe('block index', () => {
  test('never misses a row, whatever the order of times', () => {
    const input = fc.record({
      capacity: fc.integer({ min: 1, max: 3000 }),
      rows: fc.integer({ min: 0, max: 9000 }),
      seed: fc.integer({ min: 1, max: 1000 }),
      from: fc.integer({ min: -10, max: 10_000 }),
      length: fc.integer({ min: 1, max: 2000 }),
    });
    fc.assert(
      fc.property(input, ({ capacity, rows, seed, from, length }) => {
        const index = new BlockIndex(capacity);
        const times = Array.from({ length: rows }, (_, row) => row + ((row * seed * 7919) % 500) - 250);
        times.forEach((time, row) => index.add(row, time));
        const first = Math.max(0, rows - capacity);
        const stretches = index.stretches(first, rows, from, from + length);
        const missed = times.filter((time, row) => row >= first && time >= from && time < from + length && !covers(stretches, row));
        expect(missed).toEqual([]);
        expect(stretches.every((edge, n) => edge >= first && edge <= rows && edge > (stretches[n - 1] ?? -1))).toBe(true);
      }),
      { numRuns: 60 },
    );
  });

  test('leaves out the blocks that are elsewhere in time, and joins neighbours', () => {
    const index = new BlockIndex(10_240);
    for (let row = 0; row < 10_240; row += 1) index.add(row, row);
    expect(index.stretches(0, 10_240, 3000, 4200)).toEqual([2048, 5120]);
    expect(index.stretches(0, 10_240, 1024, 2048)).toEqual([1024, 2048]);
    expect(index.stretches(2100, 4096, 0, 10_240)).toEqual([2100, 4096]);
    expect(index.stretches(0, 10_240, 20_000, 30_000)).toEqual([]);
  });

  test('a row that has not ended reaches into every later window', () => {
    const index = new BlockIndex(4096);
    for (let row = 0; row < 3000; row += 1) index.add(row, row, row !== 7);
    expect(index.stretches(0, 3000, 1e9, 2e9)).toEqual([0, 1024]);
    index.end(7, 5000);
    expect(index.stretches(0, 3000, 1e9, 2e9)).toEqual([]);
    expect(index.stretches(0, 3000, 5000, 5001)).toEqual([0, 1024]);
  });
});
