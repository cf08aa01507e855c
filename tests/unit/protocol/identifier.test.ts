import { describe, expect, test } from 'vitest';
import { firstIdentifier, identifierOf } from '#protocol/identifier.ts';

describe('identifierOf', () => {
  test.each([
    ['r1', 'r1'],
    [' ', ' '],
    ['unknown', 'unknown'],
    ['Unknown_run', 'Unknown_run'],
    ['an_unknown_run', 'an_unknown_run'],
    ['null', 'null'],
    ['abcd1234...', 'abcd1234...'],
    ['__proto__', '__proto__'],
    [7, '7'],
    [0, '0'],
    [-0, '0'],
    [-3, '-3'],
    [Number.MAX_SAFE_INTEGER, '9007199254740991'],
  ])('%j names %j', (value, name) => {
    expect(identifierOf(value)).toBe(name);
  });

  test.each([undefined, null, '', 'unknown_', 'unknown_user', 'unknown_run', true, false, 1.5, 2 ** 53, 1e300, Infinity, NaN])('%s names nobody', (value) => {
    expect(identifierOf(value)).toBeUndefined();
  });

  test.each([[[]], [['r1']], [{}], [{ id: 'r1' }]])('%j names nobody', (value) => {
    expect(identifierOf(value)).toBeUndefined();
  });
});

describe('firstIdentifier', () => {
  test('the earlier name wins over the earlier part', () => {
    expect(firstIdentifier([{ turn: 't' }, { run: 'r' }], ['run', 'turn'])).toBe('r');
  });
  test('of one name the earlier part wins, and a part that names nobody is passed over', () => {
    expect(firstIdentifier([{ run: null }, { run: 'unknown_run' }, { run: 'a' }, { run: 'b' }], ['run'])).toBe('a');
  });
  test('nobody', () => {
    expect(firstIdentifier([], ['run'])).toBeUndefined();
    expect(firstIdentifier([{}], ['run'])).toBeUndefined();
  });
});
