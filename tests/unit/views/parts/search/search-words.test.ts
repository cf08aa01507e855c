import { describe, expect, test } from 'vitest';
import type { Found } from '#monitor/query/search-answer.ts';
import { parseQuery } from '#monitor/query/query-parser.ts';
import { filterFor, gapWords, shownWords, withTerm } from '#views/parts/search/search-words.ts';

const found: Found = { kind: 'found', matches: 12, of: 5310, undecided: 0, evicted: 0, complete: true, rows: [], runs: [], runCount: 0, facets: [], known: { types: [], users: [], connections: [] }, tookMs: 1 };

describe('a query made by hand', () => {
  test.each([
    [{ run: 'r-e72b38', connection: 'local#1' }, 'run:r-e72b38'],
    [{ run: 'a "b"' }, 'run:"a \\"b\\""'],
    [{ connection: 'local#1' }, 'connection:local#1'],
    [{}, undefined],
  ])('of a selection: %j', (selection, query) => {
    expect(filterFor(selection)).toBe(query);
    expect(parseQuery(query ?? '').ok).toBe(true);
  });

  test.each([
    ['', 'type:a'],
    ['lossy', 'lossy type:a'],
    ['lossy OR late', '(lossy OR late) type:a'],
    ['(lossy OR late) x', '(lossy OR late) x type:a'],
  ])('of %j and one thing more', (before, query) => {
    expect(withTerm(before, 'type', 'a')).toBe(query);
  });
});

test('how many are shown, and what was not looked at', () => {
  expect(shownWords(found)).toBe('12 of 5,310 shown');
  expect(gapWords(found)).toBe('');
  expect(gapWords({ ...found, undecided: 1, evicted: 1200 })).toBe('1 event could not be judged: what came, or its run, is no longer stored. 1,200 older events have made room for newer ones and were not looked at.');
});
