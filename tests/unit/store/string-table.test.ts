import { describe, expect, test } from 'vitest';
import { cutText, StringTable } from '#store/string-table.ts';

describe('string table', () => {
  test('gives the same number to the same string, known ones first', () => {
    const table = new StringTable(['agent_started', 'agent_thinking'], '(other)', 10);
    expect(table.intern('agent_thinking')).toBe(1);
    expect(table.overflow).toBe(2);
    expect(table.intern('custom')).toBe(3);
    expect(table.intern('custom')).toBe(3);
    expect(table.intern('__proto__')).toBe(4);
    expect(table.names).toEqual(['agent_started', 'agent_thinking', '(other)', 'custom', '__proto__']);
  });

  test('a flood of distinct strings shares one number and takes no memory', () => {
    const table = new StringTable(['known'], '(other)', 5);
    const numbers = Array.from({ length: 10_000 }, (_, n) => table.intern(`type-${n}`));
    expect(numbers.slice(0, 3)).toEqual([2, 3, 4]);
    expect(new Set(numbers.slice(3))).toEqual(new Set([table.overflow]));
    expect(table.names).toHaveLength(5);
    expect(table.intern('known')).toBe(0);
    expect(table.intern('type-1')).toBe(3);
  });

  test('long strings are told apart by their first 128 characters', () => {
    const table = new StringTable([], '(other)', 10);
    const long = 'x'.repeat(128);
    expect(table.intern(`${long}a`)).toBe(table.intern(`${long}b`));
    expect(table.names.at(-1)).toBe(long);
    expect(cutText('abc', 3)).toBe('abc');
    expect(cutText('abcd', 3)).toBe('abc');
  });
});
