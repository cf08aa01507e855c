import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { JsonValue } from '#base/json.ts';
import { gateFault, maxDepth, maxLength, textFault } from '#protocol/gate.ts';

const nested = (depth: number, open = '[', close = ']'): unknown => JSON.parse(open.repeat(depth) + close.repeat(depth));

describe('depth', () => {
  test('as deep as allowed passes, one deeper does not', () => {
    expect(gateFault(nested(maxDepth))).toBeUndefined();
    expect(gateFault(nested(maxDepth + 1))).toBe('too-deep');
  });

  test('objects count like lists', () => {
    const objects = (depth: number): unknown => JSON.parse('{"a":'.repeat(depth) + '0' + '}'.repeat(depth));
    expect(gateFault(objects(maxDepth))).toBeUndefined();
    expect(gateFault(objects(maxDepth + 1))).toBe('too-deep');
  });

  test('a million levels do not overflow the stack', () => {
    expect(gateFault(nested(1_000_000))).toBe('too-deep');
    expect(gateFault({ type: 'agent_started', payload: nested(1_000_000) })).toBe('too-deep');
  });
});

describe('numbers', () => {
  test.each(['1e400', '-1e400', '[1,[2,1e999]]', '{"seq":1e400}', '{"a":{"b":[-1e400]}}'])('%s', (text) => {
    expect(gateFault(JSON.parse(text))).toBe('bad-number');
  });
  test.each(['-0', '1e308', '9007199254740993', '5e-324'])('%s passes', (text) => {
    expect(gateFault(JSON.parse(text))).toBeUndefined();
  });
});

describe('size', () => {
  test('a text of the largest length passes, and not a longer one', () => {
    expect(gateFault('x'.repeat(maxLength))).toBeUndefined();
    expect(gateFault('x'.repeat(maxLength + 1))).toBe('too-large');
  });
  test('many small values add up', () => {
    const half = 'x'.repeat(maxLength / 2);
    expect(gateFault({ a: half, b: half })).toBe('too-large');
    expect(gateFault([half, half.slice(2)])).toBeUndefined();
    expect(gateFault({ [half]: half })).toBe('too-large');
    expect(gateFault(Array.from({ length: maxLength }, () => null))).toBe('too-large');
  });
});

test('whatever JSON writes within the limits passes, and is no larger for the gate than as text', () => {
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 20 }), (value) => {
      expect(gateFault(JSON.parse(JSON.stringify(value)) as JsonValue)).toBeUndefined();
    }),
  );
});

describe('textFault', () => {
  const padding = ' '.repeat(20_000);
  const brackets = (depth: number): string => '[{"a":'.repeat(depth / 2) + '0' + '}]'.repeat(depth / 2);

  test('a long text that nests too deep is told before it is parsed', () => {
    expect(textFault(padding + brackets(maxDepth))).toBeUndefined();
    expect(textFault(padding + brackets(maxDepth + 2))).toBe('too-deep');
    expect(textFault('['.repeat(maxLength))).toBe('too-deep');
  });
  test('a short one is left to the parser', () => {
    expect(textFault(brackets(maxDepth + 2))).toBeUndefined();
  });
  test('levels side by side do not add up', () => {
    expect(textFault(`${padding}[${`${brackets(40)},`.repeat(100)}0]`)).toBeUndefined();
  });
  test('brackets in strings do not count, whatever is escaped there', () => {
    const many = '['.repeat(maxDepth + 1);
    expect(textFault(padding + JSON.stringify({ [`${many}"`]: '{'.repeat(100), b: `\\"${many}\\`, c: '\\' }))).toBeUndefined();
    // The quote is escaped: the string goes on.
    expect(textFault(`${padding}["\\"${many}"]`)).toBeUndefined();
    // The backslash is escaped: the string has ended.
    expect(textFault(`${padding}["\\\\",${many}`)).toBe('too-deep');
    expect(textFault(`${padding}["\\`)).toBeUndefined();
  });
  test('a text that is too large', () => {
    expect(textFault('x'.repeat(maxLength))).toBeUndefined();
    expect(textFault('x'.repeat(maxLength + 1))).toBe('too-large');
  });
  test('agrees with the gate on whatever JSON writes', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.nat(90), (value, levels) => {
        const text = `${padding}${'['.repeat(levels)}${JSON.stringify(value)}${']'.repeat(levels)}`;
        expect(textFault(text)).toBe(gateFault(JSON.parse(text)));
      }),
    );
  });
});
