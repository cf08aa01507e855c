import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { scanJson } from '#environment/json-scan.ts';

/** Every value's path with the text that begins at its place. */
function visited(text: string): Map<string, string> {
  const found = new Map<string, string>();
  expect(scanJson(text, (path, offset) => found.set(path, text.slice(offset)))).toBeUndefined();
  return found;
}

const parses = (text: string): boolean => {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
};

describe('scanJson', () => {
  test('tells where each value begins, by its path', () => {
    const text = ' { "a": [1, {"b" : null}], "c": {"d": "x,]}", "d e": true}, "e": [] }\n';
    expect([...visited(text)].map(([path, rest]) => [path, rest.slice(0, 3)])).toEqual([
      ['', '{ "'],
      ['a', '[1,'],
      ['a[0]', '1, '],
      ['a[1]', '{"b'],
      ['a[1].b', 'nul'],
      ['c', '{"d'],
      ['c.d', '"x,'],
      ['c.d e', 'tru'],
      ['e', '[] '],
    ]);
  });

  test.each([
    ['', 0],
    ['{"a": 1,}', 8],
    ['{"a" 1}', 5],
    ['{a: 1}', 1],
    ['[1 2]', 3],
    ['[1', 2],
    ['{"a": "x', 8],
    ['{"a": "\\x"}', 7],
    ['"line\nbreak"', 5],
    ['[01]', 2],
    ['[1] x', 4],
    ['{"a": tru}', 6],
    ['{"a', 3],
  ])('%j stops being JSON at %d', (text, at) => {
    expect(parses(text)).toBe(false);
    expect(scanJson(text, () => undefined)).toBe(at);
  });

  test('agrees with JSON.parse on any JSON, and on JSON in which something was changed', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.constantFrom(0, 2), fc.nat(), fc.constantFrom('', ',', '}', ']', '"', '\\', 'x', '0', ' '), (value, indent, place, put) => {
        const text = JSON.stringify(value, null, indent);
        expect(scanJson(text, () => undefined)).toBeUndefined();
        const at = place % (text.length + 1);
        const changed = text.slice(0, at) + put + text.slice(at + 1);
        expect(scanJson(changed, () => undefined) === undefined).toBe(parses(changed));
      }),
      { numRuns: 500 },
    );
  });

  test('the text at each place parses to the value at its path', () => {
    fc.assert(
      fc.property(fc.array(fc.dictionary(fc.stringMatching(/^[a-z]{1,3}$/), fc.jsonValue({ maxDepth: 2 }), { noNullPrototype: true }), { maxLength: 4 }), (list) => {
        const text = JSON.stringify(list, null, 1);
        const found = visited(text);
        list.forEach((item, index) => {
          for (const [key, value] of Object.entries(item)) expect(found.get(`[${index}].${key}`)?.startsWith(JSON.stringify(value, null, 1).slice(0, 1))).toBe(true);
        });
      }),
    );
  });

  test('is not overcome by depth or length', () => {
    const depth = 100_000;
    const paths: string[] = [];
    expect(scanJson(`${'['.repeat(depth)}${']'.repeat(depth)}`, (path) => paths.push(path))).toBeUndefined();
    expect(paths.length).toBeLessThan(100);
    expect(scanJson(`["${'x'.repeat(2_000_000)}"]`, () => undefined)).toBeUndefined();
    expect(scanJson('['.repeat(depth), () => undefined)).toBe(depth);
  });
});
