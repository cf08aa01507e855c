import fc from 'fast-check';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { printQuery, queryLimits, type Moment, type Query } from '#monitor/query/query.ts';
import { parseQuery } from '#monitor/query/query-parser.ts';
import { closedValues, flagWords } from '#monitor/query/query-words.ts';

/** What a text asks for, without the places where it says so. */
function read(text: string): unknown {
  const parsed = parseQuery(text);
  return parsed.ok ? plain(parsed.value) : parsed.error.message;
}
const plain = (query: Query | undefined): unknown => JSON.parse(JSON.stringify(query ?? null, (key: string, value: unknown) => (key === 'span' ? undefined : value)));
const faultOf = (text: string) => {
  const parsed = parseQuery(text);
  return parsed.ok ? undefined : parsed.error;
};

const type = (...pattern: string[]) => ({ kind: 'name', field: 'type', pattern });
const text = (...pattern: string[]) => ({ kind: 'text', pattern });

describe('a query', () => {
  test.each([
    ['', null],
    ['   ', null],
    ['type:tool_executing', type('tool_executing')],
    ['TYPE:a', type('a')],
    ['type:tool*', type('tool', '')],
    ['type:"tool*"', type('tool*')],
    ['user:"a \\"b\\" \\\\ c"', { kind: 'name', field: 'user', pattern: ['a "b" \\ c'] }],
    ['unpaired', { kind: 'flag', word: 'unpaired' }],
    ['is:lossy', { kind: 'flag', word: 'lossy' }],
    ['incomplete', { kind: 'name', field: 'status', pattern: ['incomplete'] }],
    ['"unpaired"', text('unpaired')],
    ['search_docs', text('search_docs')],
    ['text:"((((…"', text('((((…')],
    ['latency:>500ms', { kind: 'duration', field: 'latency', comparison: { operator: '>', limit: 500 } }],
    ['latency:<=1.5s', { kind: 'duration', field: 'latency', comparison: { operator: '<=', limit: 1500 } }],
    ['gap:>2', { kind: 'duration', field: 'gap', comparison: { operator: '>', limit: 2 } }],
    ['latency:200..500ms', { kind: 'duration', field: 'latency', comparison: { operator: '..', from: 200, to: 500 } }],
    ['latency:1..2s', { kind: 'duration', field: 'latency', comparison: { operator: '..', from: 1000, to: 2000 } }],
    ['latency:900ms..1min', { kind: 'duration', field: 'latency', comparison: { operator: '..', from: 900, to: 60_000 } }],
    ['at:14:21:07Z', { kind: 'time', comparison: { operator: '=', limit: { kind: 'time-of-day', ms: 51_667_000, lastsMs: 1000 } } }],
    ['at:>=2026-11-18T14:21Z', { kind: 'time', comparison: { operator: '>=', limit: { kind: 'instant', ms: Date.UTC(2026, 10, 18, 14, 21), lastsMs: 60_000 } } }],
    ['at:14:21:07.250Z..14:22Z', { kind: 'time', comparison: { operator: '..', from: { kind: 'time-of-day', ms: 51_667_250, lastsMs: 1 }, to: { kind: 'time-of-day', ms: 51_720_000, lastsMs: 60_000 } } }],
    ['type:a type:b', { kind: 'and', parts: [type('a'), type('b')] }],
    ['type:a AND type:b', { kind: 'and', parts: [type('a'), type('b')] }],
    ['type:a type:b OR type:c', { kind: 'or', parts: [{ kind: 'and', parts: [type('a'), type('b')] }, type('c')] }],
    ['type:a (type:b OR type:c)', { kind: 'and', parts: [type('a'), { kind: 'or', parts: [type('b'), type('c')] }] }],
    ['-type:a', { kind: 'not', part: type('a') }],
    ['NOT type:a', { kind: 'not', part: type('a') }],
    ['-(type:a b)', { kind: 'not', part: { kind: 'and', parts: [type('a'), text('b')] } }],
    ['or and', { kind: 'and', parts: [text('or'), text('and')] }],
    ['((type:a))', type('a')],
  ])('%j', (query, wanted) => {
    expect(read(query)).toEqual(wanted);
  });

  test('knows where its parts stand', () => {
    const parsed = parseQuery(' type:a  -(user:b OR "c d")');
    expect(parsed.ok && parsed.value).toMatchObject({
      span: { from: 1, to: 26 },
      parts: [{ span: { from: 1, to: 7 } }, { kind: 'not', span: { from: 9, to: 26 }, part: { span: { from: 11, to: 26 }, parts: [{ span: { from: 11, to: 17 } }, { span: { from: 21, to: 26 } }] } }],
    });
  });

  test.each([
    ['latency:>', 'expected-duration', 10, 'column 10: expected a duration after latency:>'],
    ['a latency:>soon', 'expected-duration', 12, 'column 12: expected a duration after latency:>'],
    ['latency:500ms', 'expected-comparison', 9, 'column 9: expected > >= < or <= before 500ms, or a range such as 200..500ms'],
    ['latency:high', 'expected-duration', 9, 'column 9: expected a duration after latency:, with > >= < or <= before it'],
    ['latency:', 'expected-value', 9, 'column 9: expected a comparison of durations such as >500ms or 200..500ms after latency:'],
    ['latency:500..200ms', 'empty-range', 9, 'column 9: this range ends before it begins'],
    ['latency:x..2', 'expected-duration', 9, 'column 9: expected a duration before ..'],
    ['latency:2..x', 'expected-duration', 12, 'column 12: expected a duration after ..'],
    ['at:>14:21', 'expected-time', 5, 'column 5: expected a time in UTC such as 14:21:07Z or 2026-11-18T14:21:07Z after at:>'],
    ['at:2026-02-30T10:00Z', 'expected-time', 4, 'column 4: expected a time in UTC such as 14:21:07Z or 2026-11-18T14:21:07Z after at:, with > >= < or <= before it'],
    ['at:14:00Z..2026-11-18T14:21Z', 'empty-range', 4, 'column 4: this range ends before it begins'],
    ['http://x', 'unknown-field', 1, expect.stringMatching(/^column 1: there is no field http:, only type: user: .* put quotes round it/)],
    ['constructor:x', 'unknown-field', 1, expect.anything()],
    ['status:broken', 'unknown-value', 8, 'column 8: status: knows no broken, only running, complete, incomplete, failed, inconclusive'],
    ['is:late*', 'unknown-value', 4, expect.stringContaining('is: takes one of its words as it is')],
    ['type:>a', 'no-comparison', 6, expect.anything()],
    ['type:a OR', 'expected-term', 10, 'column 10: expected a term after OR'],
    ['OR type:a', 'expected-term', 1, 'column 1: expected a term before OR'],
    ['-', 'expected-term', 2, 'column 2: expected a term after -'],
    ['()', 'expected-term', 2, 'column 2: expected a term before )'],
    ['(type:a', 'unclosed-parenthesis', 1, 'column 1: this parenthesis is never closed'],
    ['type:a)', 'stray-parenthesis', 7, 'column 7: this parenthesis was never opened'],
    ['text:"((((', 'unclosed-quote', 6, 'column 6: this quote is never closed'],
    ['text:"a"b', 'stray-quote', 9, 'column 9: expected a space after the closing quote'],
    ['ab"c"', 'stray-quote', 3, expect.anything()],
  ])('%j is told why it is none', (query, reason, column, message) => {
    expect(faultOf(query)).toMatchObject({ reason, column, message });
  });

  test('is bounded in length, terms and depth', () => {
    expect(faultOf('a'.repeat(queryLimits.characters))).toBeUndefined();
    expect(faultOf('a'.repeat(queryLimits.characters + 1))?.reason).toBe('too-long');
    expect(faultOf('a '.repeat(queryLimits.terms))).toBeUndefined();
    expect(faultOf('a '.repeat(queryLimits.terms + 1))?.reason).toBe('too-many-terms');
    expect(faultOf(`${'('.repeat(queryLimits.depth)}a${')'.repeat(queryLimits.depth)}`)).toBeUndefined();
    expect(faultOf(`${'('.repeat(queryLimits.depth + 1)}a`)?.reason).toBe('too-deep');
    expect(faultOf(`${'-'.repeat(queryLimits.depth + 1)}a`)?.reason).toBe('too-deep');
    expect(faultOf('('.repeat(queryLimits.characters))?.reason).toBe('too-deep');
  });
});

const plainPart = fc.string({ minLength: 1, maxLength: 6, unit: fc.constantFrom('a', 'B', '7', '_', '-', '#', ':', '.', 'é', 'ß') });
const anyText = fc.string({ minLength: 1, maxLength: 8, unit: fc.constantFrom('a', ' ', '"', '\\', '(', ')', '*', '-', '<', '=', '.', 'O', 'R', '\u0001', '\u2028', '😀') });
const pattern = fc.oneof(anyText.map((one) => [one]), fc.array(fc.oneof(plainPart, fc.constant('')), { minLength: 2, maxLength: 4 }).filter((parts) => !(parts[0] ?? '').startsWith('.')));
const ms = fc.integer({ min: 0, max: 10_000_000 }).map((value) => value / 1000);
const moment = fc.record({ kind: fc.constantFrom('instant', 'time-of-day'), lastsMs: fc.constantFrom(60_000, 1000, 1), tick: fc.integer({ min: 0, max: 86_399_999 }), day: fc.integer({ min: 0, max: 30_000 }) }).map(
  ({ kind, lastsMs, tick, day }) => ({ kind, ms: (kind === 'instant' ? day * 86_400_000 : 0) + tick - (tick % lastsMs), lastsMs }) as Moment,
);
const limitOf = <T>(value: fc.Arbitrary<T>) => fc.record({ operator: fc.constantFrom('>', '>=', '<', '<='), limit: value });
const span = fc.constant({ from: 0, to: 0 });
const term = fc.oneof(
  fc.record({ kind: fc.constant('name'), field: fc.constantFrom('type', 'user', 'connection', 'run', 'thread', 'tool', 'agent'), pattern, span }),
  fc.constantFrom(...(['status', 'violation', 'fault', 'disposition'] as const).flatMap((field) => (closedValues.get(field) ?? []).map((value) => ({ kind: 'name', field, pattern: [value], span: { from: 0, to: 0 } })))),
  fc.record({ kind: fc.constant('text'), pattern, span }),
  fc.record({ kind: fc.constant('duration'), field: fc.constantFrom('latency', 'gap'), comparison: fc.oneof(limitOf(ms), fc.tuple(ms, ms).map(([one, other]) => ({ operator: '..', from: Math.min(one, other), to: Math.max(one, other) }))), span }),
  fc.record({ kind: fc.constant('time'), comparison: fc.oneof(limitOf(moment), fc.record({ operator: fc.constant('='), limit: moment })), span }),
  fc.record({ kind: fc.constant('flag'), word: fc.constantFrom(...flagWords), span }),
);
const query = fc.letrec<{ query: Query }>((tie) => ({
  query: fc.oneof(
    { maxDepth: 4, depthSize: 'small' },
    term as fc.Arbitrary<Query>,
    fc.record({ kind: fc.constantFrom('and', 'or'), parts: fc.array(tie('query'), { minLength: 2, maxLength: 3 }), span }) as fc.Arbitrary<Query>,
    fc.record({ kind: fc.constant('not'), part: tie('query'), span }) as fc.Arbitrary<Query>,
  ),
})).query;

describe('for any text', () => {
  afterEach(() => {
    vi.restoreAllMocks();
  });

  test('what a query prints is read as the same query', () => {
    fc.assert(
      fc.property(query, (wanted) => {
        const printed = printQuery(wanted);
        fc.pre((printed.match(/[^\s()]+/g) ?? []).length <= queryLimits.terms);
        expect(read(printed)).toEqual(plain(wanted));
      }),
      { numRuns: 500 },
    );
  });

  test('it never throws, and a fault lies within the text or right behind it', () => {
    const pieces = fc.constantFrom('type:', 'latency:', 'at:', 'is:', '"', '\\', '(', ')', '-', 'OR', 'AND', 'NOT', ' ', '*', '>', '>=', '..', '5ms', '14:21Z', 'a', ':', '\u0000', '😀');
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.array(pieces, { maxLength: 30 }).map((parts) => parts.join(''))), (any) => {
        const fault = faultOf(any);
        if (fault === undefined) return;
        expect(fault.column).toBeGreaterThanOrEqual(1);
        expect(fault.column).toBeLessThanOrEqual(any.length + 1);
        expect(fault.message).toBe(`column ${fault.column}: ${fault.message.slice(`column ${fault.column}: `.length)}`);
      }),
      { numRuns: 1000 },
    );
  });

  test('its characters are looked at a few times each, whatever they are', () => {
    const looks = vi.spyOn(String.prototype, 'charCodeAt');
    const length = queryLimits.characters;
    for (const hostile of ['(', '"', '\\', '-', '*', 'a', 'a*', 'a ', '()', 'text:"', 'type:*', 'latency:>', '..', '((((…'].map((part) => part.repeat(Math.floor(length / part.length)))) {
      looks.mockClear();
      parseQuery(hostile);
      expect(looks.mock.calls.length, hostile.slice(0, 10)).toBeLessThanOrEqual(12 * length);
    }
  });
});
