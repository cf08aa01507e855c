import { expect, test } from 'vitest';
import type { JsonValue } from '#base/json.ts';
import { valueAt } from '#base/dotted-path.ts';

const value: JsonValue = { a: { b: [{ c: 1 }, 'x'] }, n: null, 'd.e': { '.': 2 } };

test.each([
  ['a.b.0.c', 1],
  ['a.b.1', 'x'],
  ['n', null],
  [String.raw`d\.e.\.`, 2],
  ['d.e', undefined],
  ['a.b.length', undefined],
  ['a.b.-1', undefined],
  ['n.x', undefined],
  ['toString', undefined],
  ['__proto__', undefined],
  ['a.b.9.c', undefined],
])('%s is %j', (path, expected) => {
  expect(valueAt(value, path)).toEqual(expected);
});
