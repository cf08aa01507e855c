import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Pseudonyms } from '#record/pseudonyms.ts';

describe('pseudonyms', () => {
  test('are the same for the same id, and say what it is of', () => {
    const names = new Pseudonyms();
    expect([names.id('alice', 'user'), names.id('r-17', 'run'), names.id('bob', 'user'), names.id('alice', 'user')]).toEqual(['user-1', 'run-1', 'user-2', 'user-1']);
    // An id is one id, wherever it is named.
    expect(names.id('alice', 'thread')).toBe('user-1');
    expect(names.given('r-17')).toBe('run-1');
    expect(names.given('carol')).toBeUndefined();
    expect(names.counts).toEqual({ user: 2, run: 1 });
  });

  test('are not given to what names nobody, nor to what the header says', () => {
    const names = new Pseudonyms(new Set(['agent_started', 'user-1']));
    expect([names.id('', 'user'), names.id('unknown_alice', 'user'), names.id('agent_started', 'run')]).toEqual(['', 'unknown_user', 'agent_started']);
    // Nothing else is called what the header says.
    expect(names.id('alice', 'user')).toBe('user-2');
  });

  test('let plain words stay as names of types, tools and agents, and nothing that may be more', () => {
    const names = new Pseudonyms();
    for (const name of ['agent_started', 'web.search', 'Triage-Agent', 'unknown_type', '__proto__']) expect(names.name(name, 'type')).toBe(name);
    const others = ['bob@example.com', 'what is the weather', 'tool-3', 'AKIAIOSFODNN7EXAMPLE', 'a1b2c3d4e5f6a1b2c3d4e5f6', '4155552671', 'F7wx43fJiiuVrp', 'x'.repeat(65), 'ghp_abcdefghijklmnopqrst'];
    for (const [n, name] of others.entries()) expect(names.name(name, 'tool')).toBe(`tool-${n + 1}`);
    expect(names.name('unknown_tool_of_bob', 'tool')).toBe('unknown_tool');
  });

  test('keep which ids begin with one that is cut short', () => {
    const id = fc.oneof(fc.constantFrom('abcd1234', 'abcd1235', 'abcd', 'user-1', 'user-10', 'x'), fc.string({ minLength: 1, maxLength: 6, unit: fc.constantFrom('a', 'b') }));
    const cut = id.map((text) => `${text.slice(0, 4)}...`);
    fc.assert(
      fc.property(fc.array(fc.oneof(id, cut), { minLength: 2, maxLength: 12 }), (ids) => {
        const names = new Pseudonyms();
        for (const each of ids) names.foresee(JSON.stringify({ user: each }));
        const isCutOf = (a: string, b: string): boolean => a.endsWith('...') && b.startsWith(a.slice(0, -3));
        const named = ids.map((each) => names.id(each, 'user'));
        ids.forEach((a, n) =>
          ids.forEach((b, m) => {
            expect(named[n] === named[m]).toBe(a === b);
            expect(isCutOf(named[n] ?? '', named[m] ?? '')).toBe(isCutOf(a, b));
          }),
        );
      }),
      { numRuns: 1000 },
    );
  });

  test('are found in text of any size without holding anybody up', () => {
    const names = new Pseudonyms();
    const began = performance.now();
    names.foresee('"a...'.repeat(400_000));
    names.foresee(`"${'a'.repeat(2_000_000)}..."`);
    expect(performance.now() - began).toBeLessThan(2000);
  });
});
