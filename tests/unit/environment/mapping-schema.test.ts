import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { JsonValue } from '#base/json.ts';
import { epochMs } from '#base/units.ts';
import { parseEnvironments } from '#environment/environments-file.ts';
import { mappingSchema, type MappingInput } from '#environment/mapping-schema.ts';
import { dialectOf } from '#protocol/dialects.ts';
import { explainFrame } from '#protocol/explain.ts';

const parse = (dialect: unknown, fields: object = {}) =>
  parseEnvironments(JSON.stringify({ version: 1, environments: [{ id: 'a', eventsUrl: 'ws://localhost:1/ws', transport: 'websocket', dialect, probe: { message: { go: '{run}' } }, ...fields }] }));
const faults = (dialect: unknown, fields: object = {}) => {
  const parsed = parse(dialect, fields);
  return parsed.ok ? [] : parsed.error.map(({ path, found, expected }) => `${path}: found ${found}, expected ${expected}`);
};

test('a mapping may be as short as its format is plain', () => {
  const parsed = parse({ runId: 'run_id' });
  expect(parsed.ok && parsed.value[0]?.dialect).toEqual({ type: 'type', names: {}, runId: 'run_id', control: ['ping', 'pong', 'heartbeat', 'heartbeat_ack', 'connection_established'], rules: [], answers: {} });
});

describe('a wrong mapping is told by the path of what is wrong', () => {
  test.each<[string, unknown, string]>([
    ['a misspelt field', { runid: 'x' }, 'environments[0].dialect.runid: found a field that is not known here, expected no such field; look for a misspelt name'],
    ['a path that is none', { runId: 'a..b' }, 'environments[0].dialect.runId: found "a..b", expected a dotted path like payload.run_id'],
    ['a number for a path', { runId: 5 }, 'environments[0].dialect.runId: found 5, expected a value of type string or a value of type array'],
    ['no path at all', { runId: [] }, 'environments[0].dialect.runId: found [], expected a length of array of at least 1'],
    ['a path in a list', { runId: ['a', ''] }, 'environments[0].dialect.runId[1]: found "", expected a dotted path like payload.run_id'],
    ['a path that is too long', { runId: 'a.'.repeat(16) + 'b' }, 'environments[0].dialect.runId: found "a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.b", expected a path of at most 16 keys'],
    ['a name for nothing', { names: { a: '' } }, 'environments[0].dialect.names.a: found "", expected a length of string of at least 1'],
    ['a rule without conditions', { rules: [{ when: {}, type: 'x' }] }, 'environments[0].dialect.rules[0].when: found {}, expected at least one path and its value'],
    ['a rule without a type', { rules: [{ when: { a: 1 } }] }, 'environments[0].dialect.rules[0].type: found nothing, expected a value of type string'],
    ['a * that stands for nothing', { runId: '*.run' }, 'environments[0].dialect.runId: found "*.run", expected a path without *, which stands for the key that is the name: no type ends in * here'],
    ['a placeholder', { runId: '${RUN}' }, 'environments[0].dialect: found {"runId":"${RUN}"}, expected a mapping without ${NAME}: captures carry it, and no secret'],
    ['a placeholder in an answer', { answers: { ping: { token: '${TOKEN}' } } }, 'environments[0].dialect: found {"answers":{"ping":{"token":"${TOKEN}"}}}, expected a mapping without ${NAME}: captures carry it, and no secret'],
    ['another dialect', 'klingon', 'environments[0].dialect: found "klingon", expected one of "canonical", "netra" or a value of type object'],
    ['another kind of value', 5, 'environments[0].dialect: found 5, expected one of "canonical", "netra" or a value of type object'],
  ])('%s', (_, dialect, fault) => {
    expect(faults(dialect)).toEqual([fault]);
  });

  test('one that is too large', () => {
    const names = Object.fromEntries(Array.from({ length: 2000 }, (_, n) => [`name-${n}-${'x'.repeat(40)}`, 'agent_started']));
    expect(faults({ names })[0]).toMatch(/expected a mapping of at most 65536 characters of JSON$/);
  });
});

test('a mapping has no trigger of its own: the probe needs its message, but not where it only listens', () => {
  const [fault] = faults({}, { probe: {} });
  expect(fault).toBe('environments[0].probe.message: found nothing, expected the message that starts a run: a mapping has none of its own; or the mode observe');
  expect(faults({}, { probe: {}, mode: 'observe' })).toEqual([]);
  expect(faults({}, { probe: {}, kind: 'production' })).toEqual([]);
  expect(faults('netra', { probe: {} })).toEqual([]);
});

test('the name as a key', () => {
  const mapping: MappingInput = { type: ['event.*', 'kind'], runId: 'event.*.run' };
  expect(faults(mapping)).toEqual([]);
});

describe('the example of docs/mapping.md', () => {
  const page = readFileSync(new URL('../../../docs/mapping.md', import.meta.url), 'utf8');
  const blocks = [...page.matchAll(/^```json\n(.*?)^```$/gms)].map((match) => match[1] ?? '');
  const file = parseEnvironments(blocks.at(-1) ?? '');
  const dialect = file.ok ? dialectOf(file.value[0]?.dialect ?? '') : undefined;
  if (dialect === undefined) throw new Error(JSON.stringify(file));

  test('reads the frames that are shown', () => {
    const explained = blocks.slice(0, -1).map((text) => explainFrame(dialect, { data: JSON.parse(text) as JsonValue }));
    expect(explained.map(({ decoded, shape }) => (decoded.kind === 'events' ? decoded.events[0]?.type : shape))).toEqual(['control', 'agent_started', 'tool_executing', 'control']);
    expect(explained[2]).toMatchObject({ decoded: { events: [{ runId: 'r-1', threadId: 's-81', tool: 'search', toolCallId: '17', sentAt: Date.UTC(2026, 0, 31, 12, 0, 2, 500) }] } });
    expect(explained.flatMap(({ remarks }) => remarks).filter(({ kind }) => kind !== 'not-there')).toEqual([]);
  });

  test('knows its greeting', () => {
    expect(dialect.createConversation().hear({ data: JSON.parse(blocks[0] ?? '') as JsonValue }, epochMs(0))).toEqual({ ready: true, thread: 's-81' });
  });

  test.each([...page.matchAll(/^\| `([[{].*?[\]}])`[^|]*\| `([^|]*?)`[^|]*\|$/gm)].map(([, frame = '', fields = '']) => [frame, fields]))('reads %s by its line of the table', (frame, fields) => {
    const mapping = mappingSchema.parse(JSON.parse(`{${fields.replace('…', '"at"')}}`));
    const { decoded } = explainFrame(dialectOf(mapping), { data: JSON.parse(frame) as JsonValue });
    expect(decoded.kind).toBe(frame.includes('heartbeat') ? 'control' : 'events');
    const runs = decoded.kind === 'events' ? decoded.events.map(({ runId }) => runId) : [];
    expect(runs.every((runId) => runId === (frame.includes('"r-1"') ? 'r-1' : undefined))).toBe(true);
  });
});
