import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseQuery } from '#monitor/query/query-parser.ts';
import { suggest, type SuggestionSource } from '#monitor/query/query-suggestions.ts';

const source: SuggestionSource = {
  known: { types: ['agent_started', 'tool_executing', 'tool_completed', 'my tool'], users: ['ann', 'bob'], connections: ['local#0', 'local#1'] },
  facets: [
    { field: 'type', values: [{ value: 'tool_completed', count: 1200 }, { value: 'tool_executing', count: 3 }] },
    { field: 'status', values: [{ value: 'incomplete', count: 7 }] },
  ],
};
/** What is offered where the cursor stands, which is the bar. */
function offered(text: string, known: SuggestionSource | undefined = source) {
  const cursor = text.indexOf('|');
  return suggest(text.replace('|', ''), cursor, known);
}
const labels = (text: string): string[] => offered(text).map(({ label }) => label);

describe('what could be written next', () => {
  test('at the beginning: fields, then words', () => {
    expect(labels('|').slice(0, 3)).toEqual(['type:', 'user:', 'connection:']);
    expect(labels('un|')).toEqual(['unpaired', 'run:', 'running']);
    expect(labels('type:a -la|')).toEqual(['latency:', 'late', 'violation:']);
    expect(labels('(lo|')).toEqual(['lossy']);
    expect(labels('lossy|')).toEqual([]);
  });

  test('behind a colon: the values that are known, the most frequent first, and those that begin so before those that hold it', () => {
    expect(offered('type:|').map(({ label, hint }) => [label, hint])).toEqual([
      ['type:tool_completed', '1,200 events'],
      ['type:tool_executing', '3 events'],
      ['type:agent_started', ''],
      ['type:my tool', ''],
    ]);
    expect(labels('type:tool|')).toEqual(['type:tool_completed', 'type:tool_executing', 'type:my tool']);
    expect(labels('status:in|')).toEqual(['status:incomplete', 'status:inconclusive', 'status:running']);
    expect(labels('is:l|')).toEqual(['is:lossy', 'is:late', 'is:leaked', 'is:duplicate']);
    expect(labels('user:b|')).toEqual(['user:bob']);
    expect(labels('connection:1|')).toEqual(['connection:local#1']);
    expect(labels('latency:|')).toEqual([]);
    expect(labels('nothing:|')).toEqual([]);
  });

  test('knows the closed values before the first answer', () => {
    expect(suggest('violation:', 10, undefined).map(({ label }) => label)).toEqual(['violation:missing', 'violation:out_of_order', 'violation:sequence_gap', 'violation:duplicate', 'violation:late', 'violation:dumped']);
    expect(suggest('type:', 5, undefined)).toEqual([]);
  });

  test('is put in the place of the word, which the cursor then stands behind', () => {
    expect(offered('a typ| b')[0]).toMatchObject({ text: 'a type:b', cursor: 7 });
    expect(offered('-type:tool_e|xyz user:a')[0]).toMatchObject({ label: 'type:tool_executing', text: '-type:tool_executing user:a', cursor: 21 });
    expect(offered('type:my|')[0]).toMatchObject({ label: 'type:my tool', text: 'type:"my tool" ', cursor: 15 });
  });

  test('says nothing within quotes', () => {
    expect(labels('text:"typ|"')).toEqual([]);
    expect(labels('text:"a \\" typ|')).toEqual([]);
    expect(labels('text:"a" typ|').length).toBeGreaterThan(0);
  });

  test('never breaks, and a value that is taken makes a query', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom('type:', 'is:', 'user:', '"', '(', '-', ' ', 'a', '\\', 'OR') }), fc.nat(40), (text, at) => {
        const cursor = Math.min(at, text.length);
        for (const { cursor: next, text: whole } of suggest(text, cursor, source)) expect(next).toBeLessThanOrEqual(whole.length);
      }),
    );
    for (const field of ['type', 'user', 'connection', 'status', 'violation', 'fault', 'disposition', 'is']) {
      for (const { text } of offered(`${field}:|`)) expect(parseQuery(text), text).toMatchObject({ ok: true });
    }
  });
});
