import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readableJson, splitJson } from '#views/parts/json-text.ts';

describe('readableJson', () => {
  test('sets an object in lines', () => {
    expect(readableJson('{"a":1}')).toBe('{\n  "a": 1\n}');
  });

  test('leaves alone what is no object, is broken, deep or long', () => {
    expect([readableJson('5'), readableJson('{"a":'), readableJson(`{"a":"${'x'.repeat(20_000)}"}`)]).toEqual([undefined, undefined, undefined]);
    expect(readableJson('['.repeat(8000))).toBeUndefined();
  });
});

describe('splitJson', () => {
  test('tells names, strings and values apart', () => {
    const kinds = splitJson('{"a:b": "c\\"d", "n": -1.5e3, "t": true}').filter(({ kind }) => kind !== 'plain');
    expect(kinds.map(({ kind, text }) => [kind, text])).toEqual([
      ['name', '"a:b"'],
      ['string', '"c\\"d"'],
      ['name', '"n"'],
      ['value', '-1.5e3'],
      ['name', '"t"'],
      ['value', 'true'],
    ]);
  });

  test('loses nothing of any JSON', () => {
    fc.assert(
      fc.property(fc.json(), (json) => {
        const pieces = splitJson(json);
        return pieces.map(({ text }) => text).join('') === json && pieces.every(({ at, text }) => json.slice(at, at + text.length) === text);
      }),
    );
  });
});
