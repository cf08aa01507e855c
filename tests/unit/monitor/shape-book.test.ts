import { expect, test } from 'vitest';
import { epochMs } from '#base/units.ts';
import { ShapeBook } from '#monitor/shape-book.ts';

test('counts each name, and tells since when and when last', () => {
  const book = new ShapeBook();
  for (const [name, at] of [['a', 10], ['a', 20], ['b', 15], ['a', 18]] as const) book.add(name, epochMs(at));
  expect(book.rows()).toEqual([
    { name: 'a', firstAt: 10, lastAt: 20, count: 3 },
    { name: 'b', firstAt: 15, lastAt: 15, count: 1 },
  ]);
});

test('has its rows copied', () => {
  const book = new ShapeBook();
  book.add('a', epochMs(1));
  const rows = book.rows();
  book.add('a', epochMs(2));
  expect(rows).toEqual([{ name: 'a', firstAt: 1, lastAt: 1, count: 1 }]);
});

test('counts what is too much together, and loses nothing', () => {
  const book = new ShapeBook();
  for (let n = 0; n < 1000; n += 1) book.add(`name ${n}`, epochMs(n));
  book.add('name 0', epochMs(2000));
  const rows = book.rows();
  expect(rows.length).toBe(201);
  expect(rows.at(-1)).toEqual({ name: '(other)', firstAt: 200, lastAt: 999, count: 800 });
  expect(rows.reduce((sum, row) => sum + row.count, 0)).toBe(1001);
});

test('keeps no more than the beginning of a long name', () => {
  const book = new ShapeBook();
  book.add(`${'x'.repeat(80)}a`, epochMs(1));
  book.add(`${'x'.repeat(80)}b`, epochMs(2));
  book.add('__proto__', epochMs(3));
  expect(book.rows()).toMatchObject([{ name: 'x'.repeat(80), count: 2 }, { name: '__proto__', count: 1 }]);
});
