import { describe, expect, test } from 'vitest';
import type { JsonValue } from '#base/json.ts';
import { mappingSchema, type MappingInput } from '#environment/mapping-schema.ts';
import { canonical } from '#protocol/canonical.ts';
import { dialectOf } from '#protocol/dialects.ts';
import { explainFrame } from '#protocol/explain.ts';
import { netra } from '#protocol/netra.ts';

const explain = (mapping: MappingInput, data: JsonValue, event?: string) => explainFrame(dialectOf(mappingSchema.parse(mapping)), event === undefined ? { data } : { data, event });
const texts = (mapping: MappingInput, data: JsonValue): readonly string[] => explain(mapping, data).remarks.map((remark) => remark.text);

const frame = { payload: { kind: 'tool.begin', tool: 'search', at: '2026-01-31T12:00:00Z' }, meta: { run: 'r1', n: 3 } };
const right: MappingInput = { type: 'payload.kind', names: { 'tool.begin': 'tool_executing' }, runId: 'meta.run', seq: 'meta.n', sentAt: 'payload.at', tool: 'payload.tool' };

test('nothing is remarked on where the mapping fits', () => {
  expect(explain(right, frame)).toMatchObject({ decoded: { kind: 'events', events: [{ type: 'tool_executing', runId: 'r1', seq: 3, tool: 'search' }] }, shape: 'name listed', remarks: [] });
});

describe('a wrong mapping', () => {
  test('whose name stands where something else does', () => {
    const explained = explain({ ...right, type: ['meta.n', 'payload.kind'] }, frame);
    expect(explained.decoded).toEqual({ kind: 'rejected', reason: 'no-type' });
    expect(explained.shape).toBeUndefined();
    expect(explained.remarks[0]).toEqual({ kind: 'no-type', path: 'meta.n', text: 'meta.n: expected a text, found a number' });
  });

  test.each<[string, string]>([
    ['payload.type', 'payload.type: expected a text, found nothing: payload has kind, tool, at'],
    ['kind', 'kind: expected a text, found nothing: the message has payload, meta'],
    ['payload.kind.name', 'payload.kind.name: expected a text, found nothing: payload.kind is a text'],
    ['body.kind', 'body.kind: expected a text, found nothing: the message has payload, meta'],
    ['payload', 'payload: expected a text, found an object'],
    ['*', '*: expected one key that is a name, found an object that has payload, meta'],
    ['body.*', 'body.*: expected one key that is a name, found nothing: the message has payload, meta'],
    ['meta.n.*', 'meta.n.*: expected one key that is a name, found nothing: meta.n is a number'],
  ])('whose name is looked for at %s', (type, text) => {
    expect(explain({ ...right, type }, frame)).toMatchObject({ decoded: { kind: 'rejected' }, remarks: [{ kind: 'no-type', path: type, text }] });
  });

  test('that has no entry for a name', () => {
    const { names: _, ...without } = right;
    expect(explain(without, frame)).toMatchObject({
      decoded: { kind: 'events' },
      shape: 'name not listed',
      remarks: [{ kind: 'no-entry', path: 'names', text: 'no entry for the event name "tool.begin": counted as type tool.begin' }],
    });
    expect(texts({}, { type: 'agent_started' })).toEqual([]);
  });

  test('whose fields are elsewhere, or of another kind', () => {
    const wrong = { ...right, runId: ['meta.run_id', 'run'], seq: 'payload.tool', sentAt: 'payload.kind', userId: 'meta', eventId: 'gone' };
    expect(explain(wrong, { ...frame, gone: null }).remarks).toEqual([
      { kind: 'not-there', path: 'meta.run_id', text: 'meta.run_id: expected a text or a whole number, found nothing: meta has run, n' },
      { kind: 'not-there', path: 'run', text: 'run: expected a text or a whole number, found nothing: the message has payload, meta, gone' },
      { kind: 'wrong-kind', path: 'meta', text: 'meta: expected a text or a whole number, found an object' },
      { kind: 'not-there', path: 'gone', text: 'gone: expected a text or a whole number, found null' },
      { kind: 'wrong-kind', path: 'payload.tool', text: 'payload.tool: expected a whole number, found a text' },
      { kind: 'wrong-kind', path: 'payload.kind', text: 'payload.kind: expected a time (a number since 1970, or a text like 2026-01-31T12:00:00Z), found a text' },
    ]);
  });

  test.each([
    ['', 'an empty text'],
    ['unknown_run', 'a placeholder for a missing id (unknown_…)'],
    [1.5, 'a fraction'],
    [false, 'true or false'],
    [[1], 'a list'],
  ])('says what is found: %j is %s', (run, found) => {
    expect(texts({ runId: 'run' }, { type: 'agent_started', run })).toEqual([`run: expected a text or a whole number, found ${found}`]);
  });

  test('says which item of a batch, and what the batch says for it is not missing', () => {
    const mapping = { batch: 'items', runId: 'run', tool: 'tool' };
    expect(texts(mapping, { run: 'r', items: [{ type: 'agent_started', tool: 'x' }, { type: 5 }] })).toEqual(['item 2 of the batch: type: expected a text, found a number']);
    expect(texts(mapping, { items: ['x'] })).toEqual(['item 1 of the batch: expected an object, found a text']);
    expect(texts({ batch: '*' }, { foo: [{}] })).toEqual(['item 1 of the batch: no entry for the event name "foo": counted as type foo']);
  });

  test('is not said where there is a name for the key, or a Socket.IO event', () => {
    expect(texts({ type: '*', runId: '*.run' }, { agent_started: {} })).toEqual(['*.run: expected a text or a whole number, found nothing: agent_started has no fields']);
    expect(texts({ type: [] }, {})).toEqual(['expected a Socket.IO event name, found none']);
    expect(explain({ type: [] }, {}, 'agent_started').remarks).toEqual([]);
  });
});

test('shows keys of a frame and none of its values, and only so many', () => {
  const secret = 's3cret-value';
  const many = Object.fromEntries(Array.from({ length: 50 }, (_, n) => [`key${n}`.padEnd(60, 'x'), secret]));
  const [text] = texts({ type: 'gone' }, many);
  expect(text).not.toContain(secret);
  expect(text).toMatch(/, …$/);
  expect(text?.length).toBeLessThan(700);
  expect(texts({}, { type: 'n'.repeat(5000) })[0]?.length).toBeLessThan(200);
  expect(explain({ runId: 'r' }, Array.from({ length: 5000 }, () => ({ type: 'agent_started' }))).remarks.length).toBe(20);
});

test('control, and what is no JSON, needs no words', () => {
  expect(explain(right, { payload: { kind: 'ping' } })).toEqual({ decoded: { kind: 'control' }, shape: 'control', remarks: [] });
  const dialect = dialectOf(mappingSchema.parse(right));
  expect(explainFrame(dialect, { text: '{oops' })).toEqual({ decoded: { kind: 'rejected', reason: 'not-json' }, shape: undefined, remarks: [] });
  expect(explainFrame(dialect, {}).remarks).toEqual([]);
});

test('the dialects that are built in are explained too, without remarks', () => {
  expect(explainFrame(canonical, { data: { type: 'agent_started' } })).toMatchObject({ decoded: { kind: 'events' }, shape: 'event', remarks: [] });
  expect(explainFrame(canonical, { data: [{ type: 'agent_started' }] }).shape).toBe('batch');
  expect(explainFrame(canonical, { data: { type: 'event_batch', events: [] } }).shape).toBe('batch');
  expect(explainFrame(canonical, { data: { type: 'ping' } }).shape).toBe('control');
  expect(explainFrame(netra, { data: { type: 5 } })).toEqual({ decoded: { kind: 'rejected', reason: 'no-type' }, shape: undefined, remarks: [] });
});
