import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { JsonValue } from '#base/json.ts';
import { epochMs } from '#base/units.ts';
import { mappingSchema } from '#environment/mapping-schema.ts';
import { CaptureReader } from '#record/capture-reader.ts';
import type { FrameRecord, RunwatchRecord } from '#record/record.ts';
import { frame } from '../../../fixtures/drawing.ts';
import { mappedFormats, type ToldEvent } from '../../../fixtures/mapped-formats.ts';
import { hostileNames, plainNames, randomCapture } from '../../../fixtures/random-capture.ts';
import { redactedCapture, renamed, reportOf } from '../../../fixtures/redacted-replay.ts';

const folder = new URL('../../../fixtures/vectors/', import.meta.url);
const vectors = readdirSync(folder).filter((file) => file.endsWith('.jsonl'));

function recordsOf(file: string): RunwatchRecord[] {
  const records: RunwatchRecord[] = [];
  const reader = new CaptureReader((record) => records.push(record));
  reader.push(readFileSync(new URL(file, folder), 'utf8'));
  reader.finish();
  return records;
}

/** The same report but for the names, with payloads and without. */
function expectSameReport(records: readonly RunwatchRecord[]): void {
  for (const payloads of [false, true]) {
    const redacted = redactedCapture(records, payloads);
    expect(plain(reportOf(redacted.records))).toEqual(plain(renamed(records, redacted.redaction)));
  }
}

/** Counts by name stand in objects without a prototype. */
const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

const withDialect = (records: readonly RunwatchRecord[], dialect: string | object): RunwatchRecord[] =>
  records.map((record) =>
    record.record === 'header' ? { ...record, environment: { ...record.environment, dialect: typeof dialect === 'string' ? dialect : mappingSchema.parse(dialect) } } : record,
  );

describe('a redacted capture gives the same report but for the names', () => {
  test.each(vectors)('%s', (file) => {
    const records = recordsOf(file);
    expect(records.length).toBeGreaterThan(2);
    expectSameReport(records);
  });

  test('any capture in the canonical dialect', () => {
    fc.assert(fc.property(randomCapture(plainNames), expectSameReport), { numRuns: 300 });
  });

  test('names that every object has', () => {
    fc.assert(fc.property(randomCapture({ ...hostileNames, connections: ['toString', 'hasOwnProperty', 'local#0'] }), expectSameReport), { numRuns: 100 });
  });

  test.each(mappedFormats)('a mapped format: $name', ({ mapping, write, control }) => {
    const told = (records: readonly RunwatchRecord[]): RunwatchRecord[] =>
      withDialect(records, mapping).map((record) => {
        if (record.record !== 'frame' || record.data === undefined) return record;
        const event = record.data as unknown as ToldEvent;
        return typeof event === 'object' && event !== null && typeof event.type === 'string' && typeof event.sentAt === 'number' ? { ...record, data: write(event) } : record;
      });
    fc.assert(fc.property(randomCapture(plainNames), fc.nat(), (records, n) => {
      const stray = control[n % Math.max(1, control.length)];
      expectSameReport([...told(records).filter(({ record }) => record !== 'end'), ...(stray === undefined ? [] : [{ ...frame(0, 'local#0', stray), at: records.at(-1)?.at ?? frame(0, '', {}).at }])]);
    }), { numRuns: 60 });
  });

  test('any capture in the dialect netra, in each of its envelopes', () => {
    fc.assert(fc.property(randomCapture(plainNames), fc.infiniteStream(fc.nat({ max: envelopes.length - 1 })), (records, choices) => {
      const told = withDialect(records, 'netra').map((record) => {
        if (record.record !== 'frame' || record.data === undefined) return record;
        return { ...record, data: (envelopes[choices.next().value] ?? same)(record.data) };
      });
      expectSameReport(told);
    }), { numRuns: 300 });
  });
});

describe('frames that are told by more than their JSON', () => {
  const base = (frames: readonly Partial<FrameRecord>[], dialect: string): RunwatchRecord[] => [
    ...withDialect(recordsOf('healthy-one-run.jsonl').slice(0, 2), dialect),
    ...frames.map((content, n): RunwatchRecord => ({ ...frame(0, 'local#0', null), data: undefined, at: epochMs(1_790_000_000_000 + n), ...content }) as FrameRecord),
  ];
  const chunks = (whole: JsonValue, id = 'm1', size = 40): JsonValue[] => {
    const text = Buffer.from(JSON.stringify(whole));
    const count = Math.ceil(text.length / size);
    return [
      { message_type: 'chunked_start', message_id: id, total_chunks: count },
      ...Array.from({ length: count }, (_, n) => ({ message_type: 'chunked_data', message_id: id, chunk_index: n, data: text.subarray(n * size, (n + 1) * size).toString('base64') })),
      { message_type: 'chunked_end', message_id: id },
    ];
  };

  test('are rejected for the same reasons', () => {
    const texts = ['no JSON', '['.repeat(100) + ']'.repeat(100), '{"a":1e999}', '{"type":"memo"}', 'x'.repeat(8 * 2 ** 20 + 1)];
    const records = base([...texts.map((text) => ({ text })), { base64: 'AAEC' }, {}, { data: 'text' }, { data: null }, { data: 7 }], 'canonical');
    expect(reportOf(records).frames.rejectedBy).toEqual({ 'not-json': 2, 'too-deep': 1, 'bad-number': 1, 'too-large': 1, binary: 1, 'no-type': 4 });
    expectSameReport(records);
  });

  test('say the same where they are pieces of a large message, whose base64 hides nothing', () => {
    const told = { type: 'agent_started', run_id: 'r1', user_id: 'alice@example.com', payload: { words: 'a private thought, and some more of it', message_type: 'chunked_end' } };
    const frames = [
      ...chunks(told),
      ...chunks([told, { type: 'agent_completed', run_id: 'r1' }], 'm2'),
      ...chunks({ message_type: 'chunked_start', message_id: 'x', type: null }, 'm3'),
      ...chunks({ message_type: 'binary' }, 'm4'),
      // One piece is lost, one is no base64, and one belongs to nothing.
      ...chunks(told, 'm5').toSpliced(2, 1),
      ...chunks(told, 'm6').toSpliced(1, 1, { message_type: 'chunked_data', message_id: 'm6', chunk_index: 0, data: '!' }),
      ...chunks(told, 'm7').slice(1),
      ...chunks('['.repeat(5), 'm8'),
      { message_type: 'upload_progress' },
      { message_type: 'compressed' },
    ];
    const records = base(frames.map((data) => ({ data, event: 'agent_event' })), 'netra');
    expect(reportOf(records).frames).toMatchObject({ eventful: 2 });
    expect(reportOf(records).frames.rejectedBy).toMatchObject({ 'broken-chunks': expect.any(Number), binary: 2 });
    expectSameReport(records);
    for (const payloads of [false, true]) {
      const text = JSON.stringify(redactedCapture(records, payloads).records);
      expect(text.includes('private thought')).toBe(payloads);
      expect(text).not.toContain(Buffer.from('private').toString('base64').slice(0, 8));
      expect(text).not.toContain('alice');
    }
  });

  test('keep what an error is of, and lose its words', () => {
    const errors: JsonValue[] = ['AUTH_EXPIRED', 'ws_closed', 'tool_failed', 'token of bob expired', 'connection to bob lost', 'bob failed', 401, 1008, 5].map((code) => ({ type: 'error', code, message: `said bob ${code}` }));
    const worded: JsonValue[] = ['Token expired for bob', 'unauthorized bob', 'bob failed', ''].map((message) => ({ type: 'error', payload: { message, error: 'of bob' } }));
    const records = base([...errors, ...worded].map((data) => ({ data })), 'netra');
    expect(reportOf(records).frames.control).toBe(8);
    expectSameReport(records);
    expect(JSON.stringify(redactedCapture(records).records)).not.toContain('bob');
  });
});

const same = (data: JsonValue): JsonValue => data;

const snake: Readonly<Record<string, string>> = { runId: 'run_id', threadId: 'thread_id', userId: 'user_id', eventId: 'event_id', agent: 'agent_name', tool: 'tool_name', toolCallId: 'tool_call_id', sentAt: 'timestamp' };
const snaked = (data: JsonValue): Record<string, JsonValue> =>
  typeof data !== 'object' || data === null || Array.isArray(data) ? { odd: data } : Object.fromEntries(Object.entries(data).map(([key, value]) => [snake[key] ?? key, value]));
const split = (data: JsonValue): [type: JsonValue, rest: Record<string, JsonValue>] => {
  const { type, ...rest } = snaked(data);
  return [type ?? null, rest];
};

const envelopes: readonly ((data: JsonValue) => JsonValue)[] = [
  same,
  snaked,
  (data) => ({ type: split(data)[0], payload: { ...split(data)[1], question: 'what is the password of u3?' } }),
  (data) => ({ type: split(data)[0], data: split(data)[1], critical: true }),
  (data) => ({ event: split(data)[0], agent_id: 'r1', message: 'words', data: split(data)[1] }),
  (data) => ({ type: 'system_message', event: split(data)[0], payload: { data: split(data)[1] } }),
  (data) => ({ type: 'event_batch', user_id: 'user-0', timestamp: 1_760_000_000, events: [snaked(data), snaked(data)] }),
  (data) => ({ type: 'event_batch', events: { tool_started: [split(data)[1]], agent_started: [snaked(data)], 7: [] } }),
  (data) => ({ type: 'error', error_code: 'AUTH_FAILED', payload: split(data)[1] }),
  (data) => ({ type: 'error', message: 'Token expired', data: split(data)[1] }),
  (data) => ({ type: 'error', payload: { error: { code: 'bob@example.com said no', message: 'no' }, ...split(data)[1] } }),
  (data) => ({ type: 'error_message', error: 'no token for alice', ...split(data)[1] }),
  (data) => ({ type: 'tool_completed', name: 'web search for alice', id: 5, metadata: split(data)[1] }),
];
