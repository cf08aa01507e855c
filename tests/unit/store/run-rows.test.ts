import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { RunRows } from '#store/run-rows.ts';

interface Bar {
  readonly id: string;
  readonly lane: number;
  readonly openedAt: number;
  endedAt: number;
  status: number;
}

const step = fc.oneof(
  { weight: 3, arbitrary: fc.record({ open: fc.constant(true), lane: fc.nat({ max: 3 }), at: fc.nat({ max: 1000 }), pick: fc.constant(0) }) },
  fc.record({ open: fc.constant(false), lane: fc.constant(0), at: fc.nat({ max: 500 }), pick: fc.nat() }),
);

describe('run rows', () => {
  test('agrees with a plain list, whatever opens, ends and is evicted', () => {
    const input = fc.record({
      steps: fc.array(step, { maxLength: 120 }),
      capacity: fc.integer({ min: 1, max: 60 }),
      from: fc.integer({ min: -50, max: 1500 }),
      length: fc.integer({ min: 1, max: 400 }),
      most: fc.nat({ max: 30 }),
    });
    fc.assert(
      fc.property(input, ({ steps, capacity, from, length, most }) => {
        const rows = new RunRows(capacity);
        const bars: Bar[] = [];
        const ordinals: number[] = [];
        for (const { open, lane, at, pick } of steps) {
          if (open) {
            ordinals.push(rows.open(`r${bars.length}`, lane, at, 1));
            bars.push({ id: `r${bars.length}`, lane, openedAt: at, endedAt: NaN, status: 1 });
            continue;
          }
          const ordinal = bars.length === 0 ? 3 : pick % bars.length;
          const bar = bars[ordinal];
          rows.end(ordinal, (bar?.openedAt ?? 0) + at, 2);
          if (bar !== undefined) Object.assign(bar, { endedAt: bar.openedAt + at, status: 2 });
        }
        expect(ordinals).toEqual([...bars.keys()]);
        const gone = Math.max(0, bars.length - capacity);
        expect([rows.stored, rows.evicted]).toEqual([bars.length - gone, gone]);
        bars.forEach((bar, n) => expect(rows.id(n)).toBe(n < gone ? undefined : bar.id));
        const lanes = [0, 1, 3];
        const all = bars
          .map((bar, ordinal) => ({ ...bar, ordinal }))
          .slice(gone)
          .filter((bar) => lanes.includes(bar.lane) && bar.openedAt < from + length && !(bar.endedAt < from));
        const kept = all.slice(Math.max(0, all.length - most));
        const answer = rows.query(from, from + length, lanes, most);
        expect([...answer.ordinals]).toEqual(kept.map((bar) => bar.ordinal));
        expect([...answer.lanes]).toEqual(kept.map((bar) => bar.lane));
        expect([...answer.openedAt]).toEqual(kept.map((bar) => bar.openedAt));
        expect([...answer.endedAt]).toEqual(kept.map((bar) => bar.endedAt));
        expect([...answer.statuses]).toEqual(kept.map((bar) => bar.status));
        expect(answer.leftOut).toBe(all.length - kept.length);
      }),
      { numRuns: 300 },
    );
  });

  test('finds an old run that is still open among thousands that are not', () => {
    const rows = new RunRows(10_000);
    for (let n = 0; n < 9000; n += 1) {
      rows.open(`r${n}`, 0, n * 100, 0);
      if (n !== 5) rows.end(n, n * 100 + 50, 1);
    }
    expect([...rows.query(899_900, 900_000, [0], 10).ordinals]).toEqual([5, 8999]);
    rows.end(5, 700, 1);
    expect([...rows.query(899_900, 900_000, [0], 10).ordinals]).toEqual([8999]);
    rows.end(5, 899_950, 2);
    expect([...rows.query(899_900, 900_000, [0], 10).ordinals]).toEqual([5, 8999]);
  });

  test('ids of any length take bounded room', () => {
    const rows = new RunRows(4);
    expect(rows.id(rows.open('x'.repeat(1_000_000), 0, 0, 0))).toBe('x'.repeat(256));
    expect(rows.id(1)).toBeUndefined();
    expect(rows.id(-1)).toBeUndefined();
  });
});
