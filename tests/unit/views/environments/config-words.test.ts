import { describe, expect, test } from 'vitest';
import type { FileCheck } from '#environment/file-check.ts';
import { namesSentence, standingOf } from '#views/environments/config-words.ts';

const fine: FileCheck = { faults: [], secrets: [], names: [], environments: 2 };
const faulty = (count: number): FileCheck => ({ ...fine, environments: 0, faults: Array.from({ length: count }, (_, n) => ({ path: `p${n}`, found: '1', expected: '2', line: n + 1 })) });

describe('where a text stands', () => {
  test('with faults it is not applied, and what is in use stays', () => {
    expect(standingOf({ kind: 'served' }, faulty(4), '08:41:55')).toEqual({ tone: 'faulty', title: '4 faults, so the changed file is not applied.', text: 'The file of 08:41:55 stays in use, whole.' });
    expect(standingOf({ kind: 'local', name: 'mine.json' }, faulty(1), '08:41:55').title).toBe('1 fault, so mine.json is not applied.');
    expect(standingOf({ kind: 'written' }, faulty(1), '08:41:55').title).toBe('1 fault, so this text is not applied.');
  });

  test('without faults it says how it gets into use', () => {
    expect(standingOf({ kind: 'in-use' }, fine, '08:41:55')).toEqual({ tone: 'in-use', title: 'In use, and without a fault.', text: 'The file of 08:41:55, 2 environments.' });
    expect(standingOf({ kind: 'served' }, fine, '08:41:55').text).toContain('until the page is loaded anew');
    for (const origin of [{ kind: 'written' }, { kind: 'local', name: 'x' }] as const) {
      expect(standingOf(origin, { ...fine, environments: 1 }, '08:41:55')).toMatchObject({ tone: 'ready', title: 'No fault in 1 environment. It is not in use yet.', text: expect.stringContaining('Export it') });
    }
  });

  test('the values that are asked for are counted and named', () => {
    expect(namesSentence(['A'])).toEqual(['1 value is asked for:', '${A}']);
    expect(namesSentence(['A', 'B'])).toEqual(['2 values are asked for:', '${A}, ${B}']);
  });
});
