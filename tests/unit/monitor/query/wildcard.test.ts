import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Wildcard } from '#monitor/query/wildcard.ts';

describe('a pattern with wildcards', () => {
  test.each([
    ['tool_executing', 'tool_executing', true],
    ['tool', 'tool_executing', false],
    ['tool*', 'tool_executing', true],
    ['*ing', 'tool_executing', true],
    ['t*_*g', 'tool_executing', true],
    ['ab*ba', 'aba', false],
    ['*', '', true],
    ['a**b', 'ab', true],
    ['TOOL*', 'tool_x', true],
  ])('%s on all of %s: %s', (pattern, name, matches) => {
    expect(new Wildcard(pattern.split('*'), 'whole').matches(name)).toBe(matches);
  });

  test.each([
    ['ool', true],
    ['o*x', true],
    ['x*o', false],
    ['', true],
  ])('%s somewhere in a text: %s', (pattern, matches) => {
    expect(new Wildcard(pattern.split('*'), 'within').matches('tool_executing')).toBe(matches);
  });

  test('finds what the platform finds', () => {
    const letters = fc.string({ unit: fc.constantFrom('a', 'b'), maxLength: 8 });
    fc.assert(
      fc.property(fc.array(letters, { minLength: 1, maxLength: 4 }), fc.string({ unit: fc.constantFrom('a', 'b'), maxLength: 24 }), (parts, text) => {
        const pattern = parts.join('.*');
        expect(new Wildcard(parts, 'whole').matches(text)).toBe(new RegExp(`^${pattern}$`, 's').test(text));
        expect(new Wildcard(parts, 'within').matches(text)).toBe(new RegExp(pattern, 's').test(text));
      }),
      { numRuns: 2000 },
    );
  });

  test('looks at each character of a text a few times at the most', () => {
    let looks = 0;
    const counted = (text: string) => ({
      length: text.length,
      charCodeAt: (place: number) => {
        looks += 1;
        return text.charCodeAt(place);
      },
    });
    const text = counted(`${'a'.repeat(50_000)}c`);
    for (const pattern of [[`${'a'.repeat(1000)}b`], ['a'.repeat(500), 'a'.repeat(500), 'b'], Array.from({ length: 500 }, () => 'a'), ['', ...Array.from({ length: 500 }, () => 'ab'), '']]) {
      for (const where of ['whole', 'within'] as const) {
        looks = 0;
        new Wildcard(pattern, where).matches(text);
        expect(looks).toBeLessThanOrEqual(2 * text.length);
      }
    }
  });
});
