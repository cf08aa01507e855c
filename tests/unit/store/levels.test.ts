import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Cells, classOf, classes, flaggedClass } from '#store/cells.ts';
import type { CellTable } from '#store/cells.ts';
import { bucketWidth, Levels } from '#store/levels.ts';

interface Seen {
  readonly at: number;
  readonly lane: number;
  readonly type: number;
  readonly flagged: boolean;
}

/** Cells as text lines, `lane/bucket: counts`, so that two tables compare whatever their order. */
const lines = (table: CellTable): string[] =>
  Array.from(table.buckets, (bucket, n) => `${table.lanes[n]}/${bucket}: ${table.counts.slice(n * classes, (n + 1) * classes)}`).sort();

const naive = (seen: readonly Seen[], width: number, first: number, last: number, lanes: readonly number[]): string[] => {
  const cells = new Map<string, number[]>();
  for (const { at, lane, type, flagged } of seen) {
    const bucket = Math.floor(at / width);
    if (bucket < first || bucket > last || !lanes.includes(lane)) continue;
    const key = `${lane}/${bucket - first}`;
    const counts = cells.get(key) ?? Array.from({ length: classes }, () => 0);
    cells.set(key, counts.with(classOf(type), (counts[classOf(type)] ?? 0) + 1));
    if (flagged) cells.set(key, (cells.get(key) ?? []).with(flaggedClass, (counts[flaggedClass] ?? 0) + 1));
  }
  return [...cells].map(([key, counts]) => `${key}: ${counts}`).sort();
};

const seenEvents = fc.array(
  fc.record({
    at: fc.oneof(
      { weight: 3, arbitrary: fc.double({ min: 1_790_000_000_000, max: 1_790_000_060_000, noNaN: true }) },
      fc.double({ min: -1e6, max: 8e15, noNaN: true }),
    ),
    lane: fc.nat({ max: 3 }),
    type: fc.nat({ max: 9 }),
    flagged: fc.boolean(),
  }),
  { maxLength: 200 },
);

describe('levels of detail', () => {
  test('every level counts like a naive count wherever it claims to be complete', () => {
    fc.assert(
      fc.property(seenEvents, fc.integer({ min: 1, max: 1 << 20 }), fc.nat({ max: 300 }), (seen, rows, reach) => {
        const levels = new Levels(rows, 4);
        for (const { at, lane, type, flagged } of seen) levels.add(at, lane, classOf(type), flagged);
        for (let width = 250; width <= 1_024_000; width *= 4) {
          const first = Math.floor(1_790_000_000_000 / width);
          const level = levels.finest(width, first * width);
          if (level?.bucketMs !== width) continue;
          const lanes = [0, 2, 3];
          expect(lines(level.cells.read(lanes, first, first + reach))).toEqual(naive(seen, width, first, first + reach, lanes));
        }
      }),
    );
  });

  test('in order, nothing is lost within the reach of the ring', () => {
    const cells = new Cells(10);
    for (let bucket = 0; bucket < 25; bucket += 1) cells.add(0, bucket, bucket % 6, bucket === 20);
    expect(cells.dropped).toBe(14);
    const table = cells.read([0], 0, 24);
    expect([...table.buckets].sort((a, b) => a - b)).toEqual([15, 16, 17, 18, 19, 20, 21, 22, 23, 24]);
    expect(table.counts.reduce((sum, count) => sum + count)).toBe(11);
  });

  test('an event that is too old for a ring spoils nothing newer, and is not claimed', () => {
    const cells = new Cells(4);
    cells.add(0, 9, 0, false);
    cells.add(0, 5, 1, true);
    expect(cells.dropped).toBe(5);
    expect(lines(cells.read([0], 0, 20))).toEqual(['0/9: 1,0,0,0,0,0,0,0']);
    cells.add(1, 2, 0, false);
    expect(lines(cells.read([0, 1], 0, 20))).toEqual(['0/9: 1,0,0,0,0,0,0,0', '1/2: 1,0,0,0,0,0,0,0']);
  });

  test('the coarse levels reach back when the fine ones do not', () => {
    const levels = new Levels(16_000, 1);
    const start = 1_790_000_000_000;
    for (let n = 0; n < 4000; n += 1) levels.add(start + n * 1000, 0, 0, false);
    expect(levels.finest(250, start)?.bucketMs).toBe(16_000);
    expect(levels.finest(250, start + 3_990_000)?.bucketMs).toBe(250);
    const table = levels.finest(250, start)?.cells.read([0], Math.floor(start / 16_000), Math.floor((start + 4_000_000) / 16_000));
    expect(table?.counts.reduce((sum, count) => sum + count)).toBe(4000);
  });

  test('says so when all levels have forgotten, or none is so coarse', () => {
    const levels = new Levels(1, 1);
    levels.add(0, 0, 0, false);
    levels.add(1e12, 0, 0, false);
    expect(levels.finest(250, 0)).toBeUndefined();
    expect(levels.finest(1e9, 1e12)).toBeUndefined();
    expect(levels.finest(1e6, 1e12)).toBe(levels.coarsest);
    expect(levels.coarsest.bucketMs).toBe(1_024_000);
  });

  test('stays within 9 bytes a row when all lanes are in use', () => {
    for (const [rows, lanes] of [[1 << 20, 10], [1 << 20, 100], [1 << 20, 255], [100_000, 40]] as const) {
      const levels = new Levels(rows, lanes);
      expect(levels.bytes).toBe(0);
      for (let lane = 0; lane < lanes; lane += 1) levels.add(1e12, lane, 0, false);
      expect(levels.bytes / rows).toBeLessThanOrEqual(9);
      expect(levels.bytes / rows).toBeGreaterThan(4);
    }
  });

  test('the narrowest bucket is one to four columns wide', () => {
    expect(bucketWidth(250)).toBe(250);
    expect(bucketWidth(251)).toBe(1000);
    expect(bucketWidth(60_000 / 1200)).toBe(62.5);
    expect(bucketWidth(1e-9)).toBe(250 / 256);
    fc.assert(
      fc.property(fc.double({ min: 1, max: 1e12, noNaN: true }), (columnMs) => {
        const width = bucketWidth(columnMs);
        expect(width >= columnMs && width < 4 * columnMs).toBe(true);
      }),
    );
  });
});
