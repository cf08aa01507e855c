import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { findAll, markPieces } from '#views/parts/text-search.ts';

/** What the search must find, by looking at every place. */
function byLooking(text: string, query: string): { from: number; to: number }[] {
  const matches = [];
  for (let at = 0; at + query.length <= text.length; at += 1) {
    if (text.slice(at, at + query.length) !== query) continue;
    matches.push({ from: at, to: at + query.length });
    at += query.length - 1;
  }
  return matches;
}

describe('findAll', () => {
  test.each([
    ['abcabc', 'bc', [1, 4]],
    ['aaaa', 'aa', [0, 2]],
    ['ababac', 'abac', [2]],
    ['Run r-1, RUN r-2', 'run', [0, 9]],
    ['abc', '', []],
    ['abc', 'abcd', []],
    ['', 'a', []],
    ['a.c abc', 'a.c', [0]],
  ])('%j in which %j is looked for', (text, query, places) => {
    expect(findAll(text, query)).toEqual(places.map((from) => ({ from, to: from + query.length })));
  });

  test('a letter whose small form is longer moves nothing: the text is then taken as it is', () => {
    expect(findAll('İİ needle', 'needle')).toEqual([{ from: 3, to: 9 }]);
  });

  test('finds what looking at every place finds', () => {
    const letters = fc.string({ unit: fc.constantFrom('a', 'b', 'c'), maxLength: 40 });
    const queries = fc.string({ unit: fc.constantFrom('a', 'b', 'c'), minLength: 1, maxLength: 5 });
    fc.assert(
      fc.property(letters, queries, (text, query) => {
        expect(findAll(text, query)).toEqual(byLooking(text, query));
      }),
    );
  });

  test('takes no longer for a text that was made to be slow', () => {
    const text = 'a'.repeat(400_000);
    const started = performance.now();
    expect(findAll(text, `${'a'.repeat(199)}b`)).toEqual([]);
    expect(performance.now() - started).toBeLessThan(1000);
  });
});

describe('markPieces', () => {
  test('cuts where matches begin and end, also across pieces', () => {
    const pieces = [{ at: 0, text: 'abc' }, { at: 3, text: 'def' }];
    expect(markPieces(pieces, [{ from: 1, to: 5 }])).toEqual([
      { at: 0, text: 'a', match: undefined },
      { at: 1, text: 'bc', match: 0 },
      { at: 3, text: 'de', match: 0 },
      { at: 5, text: 'f', match: undefined },
    ]);
  });

  test('put together again they are the text, and what is marked is what was found', () => {
    const letters = fc.string({ unit: fc.constantFrom('a', 'b'), maxLength: 30 });
    fc.assert(
      fc.property(fc.array(letters, { maxLength: 6 }), fc.constantFrom('a', 'ab', 'bb'), (texts, query) => {
        let at = 0;
        const pieces = texts.map((text) => ({ at: (at += text.length) - text.length, text }));
        const matches = findAll(texts.join(''), query);
        const marked = markPieces(pieces, matches, 5);
        expect(marked.map(({ text }) => text).join('')).toBe(texts.join(''));
        for (const [n, match] of matches.entries()) {
          const own = marked.filter((piece) => piece.match === n + 5);
          expect(own.map(({ text }) => text).join('')).toBe(query);
          expect(own[0]?.at).toBe(match.from);
        }
        expect(marked.filter(({ match }) => match !== undefined).length > 0).toBe(matches.length > 0);
      }),
    );
  });
});
