import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { epochMs } from '#base/units.ts';
import { classOf, classes, flaggedClass } from '#store/cells.ts';
import { eventFlags, flaggedMask } from '#store/event-flags.ts';
import { EventStore } from '#store/event-store.ts';
import type { EventStoreOptions } from '#store/event-store.ts';
import type { WindowAnswer } from '#store/window-query.ts';
import { utf8 } from './text-codec.ts';

interface Row {
  readonly at: number;
  readonly lane: number;
  readonly type: number;
  readonly run: number;
  readonly flags: number;
  readonly latencyMs: number;
  /** The text that is written before it; undefined: it came in the same text as the row before. */
  readonly text: string | undefined;
}

const start = 1_790_000_000_000;
const lanes = 4;

const create = (options: Partial<EventStoreOptions>): EventStore =>
  new EventStore({ capacity: 100, lanes, textBytes: 2048, slabBytes: 512, codec: utf8, ...options });
function append(store: EventStore, row: Row): number {
  if (row.text !== undefined) store.write(row.text);
  return store.append(row.at, row.lane, row.type, row.run, row.flags, row.latencyMs);
}
const plain = (row: Partial<Row>): Row => ({ at: start, lane: 0, type: 0, run: -1, flags: 0, latencyMs: NaN, text: undefined, ...row });

/** Rows whose times mostly grow, sometimes step back a little, and now and then are far off. */
const rowList = fc
  .array(
    fc.record({
      wait: fc.oneof({ weight: 8, arbitrary: fc.double({ min: -30, max: 200, noNaN: true }) }, fc.constantFrom(-5000, 20_000)),
      lane: fc.nat({ max: lanes - 1 }),
      type: fc.nat({ max: 8 }),
      run: fc.integer({ min: -1, max: 5 }),
      flags: fc.nat({ max: 63 }),
      latencyMs: fc.float({ noDefaultInfinity: true }),
      text: fc.option(fc.string({ unit: 'grapheme', maxLength: 20 }), { nil: undefined }),
    }),
    { maxLength: 300 },
  )
  .map((list) => {
    let at = start;
    return list.map(({ wait, ...row }): Row => ({ ...row, at: (at += wait) }));
  });

/** An answer as lines that compare; of a density those that it says are complete. */
function linesOf(answer: WindowAnswer): string[] {
  if (answer.mode === 'events') {
    const { times, lanes: eventLanes, types, flags, runs, rows } = answer;
    return Array.from(rows, (row, n) => `${row}: ${times[n]} ${eventLanes[n]} ${types[n]} ${flags[n]} ${runs[n]}`);
  }
  const first = Math.round(answer.from / answer.bucketMs);
  return Array.from(answer.buckets, (bucket, n) => ({ bucket: bucket + first, n }))
    .filter(({ bucket }) => bucket * answer.bucketMs >= answer.completeFrom)
    .map(({ bucket, n }) => `${answer.lanes[n]}/${bucket}: ${answer.counts.subarray(n * classes, (n + 1) * classes)}`)
    .sort();
}

/** The same lines, from a plain list of everything that was ever appended. */
function naiveLines(answer: WindowAnswer, all: readonly Row[], from: number, to: number, shown: readonly number[]): string[] {
  const rows = all.map((row, n) => ({ ...row, n })).filter((row) => shown.includes(row.lane));
  if (answer.mode === 'events') {
    const hits = rows.filter((row) => row.at >= from && row.at < to);
    return hits.map((row) => `${row.n}: ${row.at - from} ${row.lane} ${row.type} ${row.flags} ${row.run}`);
  }
  const { bucketMs, completeFrom } = answer;
  const cells = new Map<string, number[]>();
  for (const row of rows) {
    if (row.at < completeFrom || row.at >= Math.ceil(to / bucketMs) * bucketMs) continue;
    const key = `${row.lane}/${Math.floor(row.at / bucketMs)}`;
    const counts = cells.get(key) ?? Array.from({ length: classes }, () => 0);
    counts[classOf(row.type)] = (counts[classOf(row.type)] ?? 0) + 1;
    if ((row.flags & flaggedMask) !== 0) counts[flaggedClass] = (counts[flaggedClass] ?? 0) + 1;
    cells.set(key, counts);
  }
  return [...cells].map(([key, counts]) => `${key}: ${counts}`).sort();
}

describe('event store', () => {
  test('rows, counters, texts and runs agree with a plain list', () => {
    fc.assert(
      fc.property(rowList, fc.integer({ min: 1, max: 200 }), (list, capacity) => {
        const store = create({ capacity, textBytes: 1_048_576, slabBytes: 131_072 });
        list.forEach((row, n) => expect(append(store, row)).toBe(n));
        const oldest = Math.max(0, list.length - capacity);
        expect(store.stored + store.evicted).toBe(list.length);
        expect(store.evicted).toBe(oldest);
        const fields = list.map((row, n) => (n < oldest ? undefined : { ...row, text: undefined }));
        expect(list.map((_, n) => store.event(n))).toEqual(fields);
        let last: string | undefined;
        const texts = list.map((row) => (last = row.text ?? last));
        expect(list.map((_, n) => store.text(n))).toEqual(texts.map((text, n) => (n < oldest ? undefined : text)));
        expect([...store.texts()].join('')).toBe(list.map((row) => row.text ?? '').join(''));
        for (let run = -1; run <= 5; run += 1) {
          const rows = list.flatMap((row, n) => (row.run === run && n >= oldest ? [n] : []));
          expect(store.rowsOfRun(run, 10)).toEqual(rows.slice(0, 10));
        }
        expect([store.event(list.length), store.event(-1), store.text(list.length)]).toEqual([undefined, undefined, undefined]);
      }),
      { numRuns: 200 },
    );
  });

  test('any window, of events or of densities, agrees with a plain list', () => {
    const modes = new Set<string>();
    const input = fc.record({
      list: rowList,
      capacity: fc.integer({ min: 1, max: 400 }),
      offset: fc.double({ min: -2000, max: 30_000, noNaN: true }),
      length: fc.oneof(fc.double({ min: 1, max: 40_000, noNaN: true }), fc.constantFrom(1e7, 1e10)),
      columns: fc.integer({ min: 1, max: 2000 }),
      maxEvents: fc.nat({ max: 300 }),
      shown: fc.subarray([0, 1, 2, 3]),
    });
    fc.assert(
      fc.property(input, ({ list, capacity, offset, length, columns, maxEvents, shown }) => {
        const store = create({ capacity });
        for (const row of list) append(store, row);
        const from = epochMs(start + offset);
        const to = epochMs(from + length);
        const answer = store.query({ from, to, lanes: shown, columns, maxEvents });
        modes.add(answer.mode);
        expect(answer.from).toBeLessThanOrEqual(from);
        expect(linesOf(answer)).toEqual(naiveLines(answer, list, from, to, shown));
        const hits = list.filter((row) => row.at >= from && row.at < to && shown.includes(row.lane));
        const busiest = Math.max(0, ...shown.map((lane) => hits.filter((row) => row.lane === lane).length));
        const allStored = list.slice(0, store.evicted).every((row) => row.at < from);
        expect(answer.mode === 'events').toBe(allStored && hits.length <= maxEvents && busiest * 8 <= columns);
      }),
      { numRuns: 500 },
    );
    expect(modes).toEqual(new Set(['events', 'density']));
  });

  test('a dense window is read from the level that suits the screen', () => {
    const store = create({ capacity: 20_000, lanes: 2 });
    for (let n = 0; n < 20_000; n += 1) append(store, plain({ at: start + n, lane: n % 2 }));
    const answer = store.query({ from: epochMs(start), to: epochMs(start + 20_000), lanes: [0, 1], columns: 80, maxEvents: 1000 });
    expect(answer).toMatchObject({ mode: 'density', from: start, bucketMs: 250, completeFrom: start });
    if (answer.mode !== 'density') return;
    expect(answer.buckets).toHaveLength(160);
    expect(answer.counts.reduce((sum, count) => sum + count)).toBe(20_000);
  });

  test('zoomed in where no level is fine enough, the rows are counted afresh', () => {
    const store = create({ capacity: 20_000, lanes: 2 });
    for (let n = 0; n < 20_000; n += 1) append(store, plain({ at: start + n, flags: n === 0 ? eventFlags.late : eventFlags.echo }));
    const answer = store.query({ from: epochMs(start), to: epochMs(start + 1000), lanes: [0], columns: 250, maxEvents: 1000 });
    expect(answer).toMatchObject({ mode: 'density', bucketMs: 15.625, completeFrom: start });
    if (answer.mode !== 'density') return;
    const of = (eventClass: number): number => answer.counts.filter((_, n) => n % classes === eventClass).reduce((sum, count) => sum + count);
    expect([of(0), of(flaggedClass)]).toEqual([1000, 1]);
  });

  test('what is evicted is still shown, as density, and says from when it is complete', () => {
    const store = create({ capacity: 300, lanes: 1 });
    for (let n = 0; n < 3000; n += 1) append(store, plain({ at: start + n * 100_000 }));
    const to = epochMs(start + 300_000_000);
    const all = store.query({ from: epochMs(start), to, lanes: [0], columns: 1000, maxEvents: 1000 });
    expect(all).toMatchObject({ mode: 'density', bucketMs: 1_024_000 });
    if (all.mode !== 'density') return;
    expect(all.completeFrom).toBeGreaterThan(start);
    const recent = store.query({ from: epochMs(to - 10_000_000), to, lanes: [0], columns: 1000, maxEvents: 1000 });
    expect(recent.mode).toBe('events');
  });

  test('more rows than one frame may look at are not looked at', () => {
    const store = create({ capacity: 80_000, lanes: 2 });
    for (let n = 0; n < 80_000; n += 1) append(store, plain({ at: start + n / 10, lane: n === 40_000 ? 1 : 0 }));
    const request = { from: epochMs(start), lanes: [1], columns: 800, maxEvents: 1000 };
    expect(store.query({ ...request, to: epochMs(start + 8000) })).toMatchObject({ mode: 'density', bucketMs: 250 });
    expect(store.query({ ...request, to: epochMs(start + 5000) }).mode).toBe('events');
  });

  test('costs 48 bytes an event or less, whatever the number of lanes', () => {
    for (const [capacity, laneCount] of [[1 << 20, 1], [1 << 20, 10], [1 << 20, 255], [100_000, 100], [50_000, 255]] as const) {
      const store = create({ capacity, lanes: laneCount });
      for (let lane = 0; lane < laneCount; lane += 1) append(store, plain({ lane }));
      expect(store.bytesPerEvent()).toBeLessThanOrEqual(48);
      expect(store.bytesPerEvent()).toBeGreaterThan(28);
    }
  });

  test('texts leave before their events when their budget is used up first, and both are counted', () => {
    const store = create({ capacity: 1000, textBytes: 1024, slabBytes: 512 });
    for (let n = 0; n < 100; n += 1) append(store, plain({ text: `${n}`.padStart(50, '.') }));
    expect([store.stored, store.evicted, store.textBytes, store.writtenTexts]).toEqual([100, 0, 1024, 100]);
    const kept = Array.from({ length: 100 }, (_, row) => store.text(row)).filter((text) => text !== undefined);
    expect(kept.length + store.evictedTexts).toBe(100);
    expect(kept.at(-1)).toBe('99'.padStart(50, '.'));
    expect([...store.texts()].join('')).toBe(kept.join(''));
  });

  test('the events of one batch share its text, and an event before any text has none', () => {
    const store = create({});
    append(store, plain({}));
    store.write('a batch\n');
    for (let n = 0; n < 3; n += 1) append(store, plain({}));
    store.write('no event\n');
    expect([0, 1, 2, 3].map((row) => store.text(row))).toEqual([undefined, 'a batch\n', 'a batch\n', 'a batch\n']);
    expect(store.text(1, 3)).toBe('a b');
    expect(store.writtenTexts).toBe(2);
  });

  test('a frame as long as one may be is kept whole', () => {
    const store = create({ textBytes: 64 * 1_048_576, slabBytes: 1_048_576 });
    append(store, plain({ text: 'before\n' }));
    const long = `${'€'.repeat(8 * 1_048_576)}\n`;
    append(store, plain({ text: long }));
    append(store, plain({ text: 'after\n' }));
    expect([0, 2].map((row) => store.text(row))).toEqual(['before\n', 'after\n']);
    expect(store.text(1) === long).toBe(true);
    expect(store.textBytes).toBeLessThanOrEqual(64 * 1_048_576);
  });

  test('buffers of an answer are its own: sent away, they leave the store whole', () => {
    const store = create({});
    append(store, plain({ lane: 1 }));
    const ask = () => store.query({ from: epochMs(start), to: epochMs(start + 10), lanes: [1], columns: 100, maxEvents: 10 });
    const answer = ask();
    if (answer.mode !== 'events') throw new Error('expected single events');
    structuredClone(answer, { transfer: [answer.times.buffer, answer.lanes.buffer, answer.rows.buffer] });
    expect(answer.times).toHaveLength(0);
    expect(ask()).toMatchObject({ rows: new Float64Array([0]) });
  });

  test('developers’ mistakes are refused', () => {
    expect(() => append(create({}), plain({ lane: lanes }))).toThrow('lane');
    expect(() => append(create({}), plain({ at: NaN }))).toThrow('time');
    expect(() => create({ lanes: 70_000 })).toThrow('lane');
    const window = { from: epochMs(5), to: epochMs(5), lanes: [0], columns: 1, maxEvents: 1 };
    expect(() => create({}).query(window)).toThrow('length');
  });
});
