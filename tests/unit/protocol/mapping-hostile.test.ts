import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { epochMs } from '#base/units.ts';
import { mappingSchema, type MappingInput } from '#environment/mapping-schema.ts';
import type { AgentEvent } from '#protocol/agent-event.ts';
import { rejectReasons, type Decoded } from '#protocol/dialect.ts';
import { dialectOf } from '#protocol/dialects.ts';
import { explainFrame } from '#protocol/explain.ts';
import { frameOfText } from '#protocol/parse.ts';
import { mappedFormats } from '../../fixtures/mapped-formats.ts';

const dialect = (mapping: MappingInput) => dialectOf(mappingSchema.parse(mapping));

const keys = ['type', 'kind', 'envelope', 'payload', 'meta', 'run', 'items', 'by_name', 'at', 'n', 'tick', 'toolStarted', 'event_type', '__proto__', 'constructor', 'toString', '0', '2', '3', '*', ''];
const anything = fc.letrec<{ value: string }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.oneof(fc.constantFrom('agent_started', 'tool', 'hello', '__proto__', 'constructor', 'unknown_run', '2025-09-18T10:00:00Z', ''), fc.string()).map((text) => JSON.stringify(text)),
    fc.constantFrom('0', '-1', '1.5', '1758189600125', '1e300', 'null', 'true', 'false'),
    fc.array(tie('value'), { maxLength: 4 }).map((items) => `[${items.join(',')}]`),
    fc.array(fc.tuple(fc.constantFrom(...keys), tie('value')), { maxLength: 6 }).map((fields) => `{${fields.map(([name, value]) => `${JSON.stringify(name)}:${value}`).join(',')}}`),
  ),
})).value;

/** What is not plain, not finite, or not of the one shape that all events share. */
function faultsOf(decoded: Decoded): readonly unknown[] {
  if (decoded.kind === 'rejected') return rejectReasons.includes(decoded.reason) ? [] : [decoded];
  if (decoded.kind === 'control') return [];
  return decoded.events.length === 0 ? [decoded] : decoded.events.filter((event) => !isPlain(event));
}

const isPlain = (event: AgentEvent): boolean =>
  Object.keys(event).length === 11 &&
  event.type !== '' &&
  (event.seq === undefined || Number.isInteger(event.seq)) &&
  (event.sentAt === undefined || Number.isFinite(event.sentAt));

const objectPrototype = Object.getOwnPropertyNames(Object.prototype).join();

describe.each(mappedFormats)('$name', ({ mapping }) => {
  test('never throws, and gives plain events, whatever comes', () => {
    const mapped = dialect(mapping);
    const decoder = mapped.createDecoder();
    const conversation = mapped.createConversation();
    fc.assert(
      fc.property(anything, (text) => {
        const frame = frameOfText(text);
        const decoded = decoder.decode(frame);
        expect(faultsOf(decoded)).toEqual([]);
        const explained = explainFrame(mapped, frame);
        expect(explained.decoded).toEqual(decoded);
        // What is rejected for its shape is never left without a word why; and nothing else has one.
        const isShapeless = decoded.kind === 'rejected' && decoded.reason === 'no-type';
        expect(explained.remarks.some((remark) => remark.kind === 'no-type')).toBe(isShapeless);
        expect(() => JSON.stringify(conversation.hear(frame, epochMs(1_758_189_600_000)))).not.toThrow();
      }),
      { numRuns: 1500 },
    );
    expect(Object.getOwnPropertyNames(Object.prototype).join()).toBe(objectPrototype);
  });
});

describe('keys of the language', () => {
  test.each(['__proto__', 'constructor', 'toString', 'hasOwnProperty', 'length'])('%s is data like any other, in a frame and in a path', (key) => {
    const decode = (mapping: MappingInput, text: string) => dialect(mapping).createDecoder().decode(frameOfText(text));
    expect(decode({}, `{"${key}":{"type":"agent_started"}}`)).toEqual({ kind: 'rejected', reason: 'no-type' });
    expect(decode({ type: key }, '{}')).toEqual({ kind: 'rejected', reason: 'no-type' });
    expect(decode({ type: `${key}.name` }, '{"a":[]}')).toEqual({ kind: 'rejected', reason: 'no-type' });
    expect(decode({ type: '*' }, `{"${key}":{}}`)).toMatchObject({ kind: 'events', events: [{ type: key }] });
    expect(decode({ names: { a: 'b' } }, `{"type":"${key}"}`)).toMatchObject({ kind: 'events', events: [{ type: key }] });
    expect(decode({ runId: `${key}.name` }, '{"type":"x"}')).toMatchObject({ kind: 'events', events: [{ runId: undefined }] });
  });
});

test('frames that are too deep or too large are rejected before any path is walked', () => {
  const decode = (text: string) => dialect({ type: 'a.a.a' }).createDecoder().decode(frameOfText(text));
  expect(decode(`${'{"a":'.repeat(100_000)}1${'}'.repeat(100_000)}`)).toEqual({ kind: 'rejected', reason: 'too-deep' });
  expect(decode(`{"a":"${'x'.repeat(9_000_000)}"}`)).toEqual({ kind: 'rejected', reason: 'too-large' });
});

test('a frame of very many keys costs no more than its size', () => {
  const text = `{${Array.from({ length: 200_000 }, (_, n) => `"k${n}":{}`).join(',')}}`;
  expect(dialect({ type: '*' }).createDecoder().decode(frameOfText(text))).toEqual({ kind: 'rejected', reason: 'no-type' });
});
