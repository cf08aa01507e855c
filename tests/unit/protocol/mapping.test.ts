import { describe, expect, test } from 'vitest';
import type { JsonValue } from '#base/json.ts';
import { epochMs } from '#base/units.ts';
import { mappingSchema, type MappingInput } from '#environment/mapping-schema.ts';
import type { AgentEvent } from '#protocol/agent-event.ts';
import type { Decoded } from '#protocol/dialect.ts';
import { dialectOf } from '#protocol/dialects.ts';
import { explainFrame } from '#protocol/explain.ts';
import { mappedFormats, type ToldEvent } from '../../fixtures/mapped-formats.ts';

const dialect = (mapping: MappingInput) => dialectOf(mappingSchema.parse(mapping));
const decode = (mapping: MappingInput, data: JsonValue, event?: string): Decoded => dialect(mapping).createDecoder().decode(event === undefined ? { data } : { data, event });
const eventsOf = (decoded: Decoded): readonly AgentEvent[] => (decoded.kind === 'events' ? decoded.events : []);
const typesOf = (decoded: Decoded): unknown => (decoded.kind === 'events' ? decoded.events.map((event) => event.type) : decoded);
const control = { kind: 'control' };
const noType = { kind: 'rejected', reason: 'no-type' };

describe.each(mappedFormats)('$name', ({ mapping, write, lacks, control: frames }) => {
  test.each<ToldEvent>([
    { type: 'agent_started', runId: 'r1', userId: 'u1', seq: 0, sentAt: 1_758_189_600_125 },
    { type: 'tool_executing', runId: 'r1', userId: 'u1', seq: 2, sentAt: 1_758_189_600_250, tool: 'search', toolCallId: 'c1' },
    { type: 'final_report', runId: 'r1', userId: 'u1', seq: 3, sentAt: 1_758_189_600_500 },
  ])('says what it says: $type', (told) => {
    const frame = write(told);
    const wanted: Record<string, unknown> = { ...told };
    for (const field of lacks) wanted[field] = undefined;
    const [event, ...more] = eventsOf(decode(mapping, frame));
    expect(more).toEqual([]);
    expect(event).toMatchObject({ tool: undefined, toolCallId: undefined, threadId: undefined, eventId: undefined, agent: undefined, recovered: false, ...wanted });
    expect(explainFrame(dialect(mapping), { data: frame }).decoded).toEqual(decode(mapping, frame));
  });

  test('knows its control frames', () => {
    for (const frame of frames) expect(decode(mapping, frame), JSON.stringify(frame)).toEqual(control);
  });

  test('tells what it can know by its paths', () => {
    const { abilities } = dialect(mapping);
    expect(abilities).toEqual({ seq: !lacks.includes('seq'), sentAt: true, toolCalls: true, tools: true, runIds: true, eventIds: false, clock: false });
  });
});

describe('the name', () => {
  test('is looked for at "type" where the mapping is empty', () => {
    expect(typesOf(decode({}, { type: 'agent_started' }))).toEqual(['agent_started']);
    expect(decode({}, { kind: 'agent_started' })).toEqual(noType);
    expect(decode({}, { type: 'ping' })).toEqual(control);
  });

  test('is at the first path where something stands; what is no name is not made good by the next', () => {
    const mapping = { type: ['a.kind', 'op'] };
    expect(typesOf(decode(mapping, { a: { kind: 'x' }, op: 'y' }))).toEqual(['x']);
    expect(typesOf(decode(mapping, { a: { kind: null }, op: 'y' }))).toEqual(['y']);
    expect(typesOf(decode(mapping, { op: 'y' }))).toEqual(['y']);
    for (const kind of [5, '', true, ['x'], { x: 1 }]) expect(decode(mapping, { a: { kind }, op: 'y' })).toEqual(noType);
  });

  test('is that of the Socket.IO event where no path leads to one, or none is asked for', () => {
    expect(typesOf(decode({ names: { go: 'agent_started' } }, { run: 'r' }, 'go'))).toEqual(['agent_started']);
    expect(typesOf(decode({ type: [] }, { type: 'inner' }, 'outer'))).toEqual(['outer']);
    expect(typesOf(decode({}, { type: 'inner' }, 'outer'))).toEqual(['inner']);
    expect(decode({ type: [] }, { type: 'inner' })).toEqual(noType);
  });

  test('as a key is the one that is listed, else the only object, else the only key', () => {
    const mapping = { type: 'event.*', names: { b: 'agent_started' }, control: ['tick'], runId: 'event.*.run' };
    expect(eventsOf(decode(mapping, { event: { a: { run: '1' }, b: { run: '2' } } }))).toMatchObject([{ type: 'agent_started', runId: '2' }]);
    expect(eventsOf(decode(mapping, { event: { id: 5, c: { run: '3' } } }))).toMatchObject([{ type: 'c', runId: '3' }]);
    expect(eventsOf(decode(mapping, { event: { d: 'x' } }))).toMatchObject([{ type: 'd', runId: undefined }]);
    expect(decode(mapping, { event: { tick: 1, other: {} } })).toEqual(control);
    for (const event of [{ a: {}, c: {} }, { a: 1, c: 2 }, {}, 'x', null, { '': {} }, [{ a: {} }]]) expect(decode(mapping, { event })).toEqual(noType);
  });

  test('that is not listed stays as it is', () => {
    expect(typesOf(decode({ names: { a: 'agent_started' } }, { type: 'b' }))).toEqual(['b']);
  });
});

describe('rules', () => {
  const mapping: MappingInput = {
    type: 'kind',
    names: { tool: 'tool_executing' },
    rules: [
      { when: { kind: 'tool', phase: 2 }, type: 'tool_completed' },
      { when: { 'done.ok': true }, type: 'agent_completed' },
      { when: { error: '*' }, type: 'agent_error' },
    ],
    control: ['noise', { ack: '*' }],
  };
  test('decide before names and control, the first that fits', () => {
    expect(typesOf(decode(mapping, { kind: 'tool', phase: 2 }))).toEqual(['tool_completed']);
    expect(typesOf(decode(mapping, { kind: 'tool', phase: '2' }))).toEqual(['tool_executing']);
    expect(typesOf(decode(mapping, { done: { ok: true }, error: 'x' }))).toEqual(['agent_completed']);
    expect(typesOf(decode(mapping, { kind: 'noise', error: { any: 1 } }))).toEqual(['agent_error']);
    expect(decode(mapping, { kind: 'noise', error: null })).toEqual(control);
    expect(decode(mapping, { ack: 0 })).toEqual(control);
    expect(decode(mapping, { ack: null })).toEqual(noType);
  });
  test('name the shape of what fits them', () => {
    const shape = (data: JsonValue) => explainFrame(dialect(mapping), { data }).shape;
    expect(shape({ kind: 'tool', phase: 2 })).toBe('rule 1: kind=tool, phase=2');
    expect(shape({ kind: 'tool' })).toBe('name listed');
    expect(shape({ kind: 'other' })).toBe('name not listed');
    expect(shape({ ack: 1 })).toBe('control');
    expect(shape([{ kind: 'tool' }])).toBe('batch');
    expect(shape({ nothing: 1 })).toBeUndefined();
  });
});

describe('batches', () => {
  test('are taken whole or not at all, in order', () => {
    const mapping = { batch: 'items' };
    expect(typesOf(decode(mapping, { items: [{ type: 'b' }, { type: 'ping' }, { type: 'a' }] }))).toEqual(['b', 'a']);
    expect(decode(mapping, { items: [{ type: 'b' }, {}] })).toEqual(noType);
    expect(decode(mapping, { items: [{ type: 'b' }, 'x'] })).toEqual(noType);
    expect(decode(mapping, { items: [{ type: 'ping' }] })).toEqual(control);
    expect(typesOf(decode(mapping, { items: 'none', type: 'single' }))).toEqual(['single']);
  });

  test('that are grouped are put in the order of their times; one without goes last', () => {
    const mapping = { batch: '*', sentAt: 't' };
    expect(typesOf(decode(mapping, { b: [{ t: 3 }, {}], a: [{ t: 2 }, { t: 4 }] }))).toEqual(['a', 'b', 'a', 'b']);
    expect(decode(mapping, { b: [{ t: 3 }], a: 5 })).toEqual(noType);
    expect(decode(mapping, {})).toEqual(noType);
    expect(decode(mapping, { '': [] })).toEqual(noType);
    expect(explainFrame(dialect(mapping), { data: { a: [{}] } }).shape).toBe('batch by name');
  });

  test('say for their items what these do not say, but no id of an event or a call, and no number', () => {
    const mapping = { batch: 'items', runId: 'run', threadId: 'ctx.thread', userId: 'user', agent: 'agent', sentAt: 'at', eventId: 'id', toolCallId: 'call', tool: 'tool', seq: 'n' };
    const around = { run: 'r', ctx: { thread: 't' }, user: 'u', agent: 'a', at: 1, id: 'i', call: 'c', tool: 'q', n: 7 };
    expect(eventsOf(decode(mapping, { ...around, items: [{ type: 'x', user: 'own' }] }))).toEqual([
      { type: 'x', runId: 'r', threadId: 't', userId: 'own', agent: 'a', sentAt: 1000, eventId: undefined, toolCallId: undefined, tool: undefined, seq: undefined, recovered: false },
    ]);
  });
});

describe('fields', () => {
  const one = (mapping: MappingInput, data: JsonValue) => eventsOf(decode(mapping, data))[0];
  test.each([
    [12, 12],
    ['12', 12],
    ['-3', -3],
    [1.5, undefined],
    ['1.5', undefined],
    ['12345678901234567', undefined],
    ['', undefined],
    [null, undefined],
  ])('seq %j is %j', (n, seq) => {
    expect(one({ seq: 'n' }, { type: 'x', n })?.seq).toBe(seq);
  });
  test.each([
    [1_758_189_600.125, 1_758_189_600_125],
    [1_758_189_600_125_000, 1_758_189_600_125],
    ['1758189600125', 1_758_189_600_125],
    ['1758189600.125', 1_758_189_600_125],
    ['1758189600125000000', 1_758_189_600_125],
    ['2025-09-18T12:00:00.125+02:00', 1_758_189_600_125],
    ['2025-09-18 10:00:00.125', 1_758_189_600_125],
    ['soon', undefined],
    [true, undefined],
  ])('sentAt %j is %j', (at, sentAt) => {
    expect(one({ sentAt: 'at' }, { type: 'x', at })?.sentAt).toBe(sentAt);
  });
  test('the first of several paths at which it can be read holds', () => {
    const mapping = { runId: ['run_id', 'payload.run.id'], recovered: ['replayed', 'meta.again'] };
    expect(one(mapping, { type: 'x', run_id: 'unknown_run', payload: { run: { id: 7 } }, meta: { again: true } })).toMatchObject({ runId: '7', recovered: true });
    expect(one(mapping, { type: 'x', run_id: 'r', replayed: false, meta: { again: true } })).toMatchObject({ runId: 'r', recovered: false });
    expect(one(mapping, { type: 'x', meta: { again: 'true' } })).toMatchObject({ runId: undefined, recovered: false });
  });
});

describe('the conversation', () => {
  const at = epochMs(1_758_189_600_000);
  const mapping: MappingInput = {
    type: 'op',
    userId: 'd.user',
    threadId: 'd.thread',
    welcome: 'ready',
    answers: { beat: { op: 'beat_ack' } },
    clock: { ask: { op: 'time' }, answer: { op: 'time_is' }, at: 'd.now' },
    control: [],
  };

  test('knows the greeting, with its user and thread', () => {
    const conversation = dialect(mapping).createConversation();
    expect(conversation.hear({ data: { op: 'ready', d: { user: 'u1', thread: 't1' } } }, at)).toEqual({ ready: true, user: 'u1', thread: 't1' });
    expect(conversation.hear({ data: { op: 'ready' } }, at)).toEqual({ ready: true });
    expect(conversation.hear({ data: { op: 'other', d: { user: 'u1' } } }, at)).toEqual({});
    expect(conversation.hear({ text: 'ready' }, at)).toEqual({});
  });

  test('gives the answers that are owed', () => {
    expect(dialect(mapping).createConversation().hear({ data: { op: 'beat' } }, at)).toEqual({ replies: [{ op: 'beat_ack' }] });
  });

  test('asks for the time, and takes the answer to the newest question', () => {
    const conversation = dialect(mapping).createConversation();
    const answer = { data: { op: 'time_is', d: { now: '2025-09-18T10:00:01Z' } } };
    expect(conversation.hear(answer, at)).toEqual({});
    expect(conversation.clockQuestion(at)).toEqual({ op: 'time' });
    expect(conversation.hear(answer, epochMs(at + 20))).toEqual({ serverAt: at + 1000 });
    conversation.clockQuestion(at);
    expect(conversation.hear({ data: { op: 'time_is', d: {} } }, at)).toEqual({});
  });

  test('has no clock and no greeting where the mapping tells none', () => {
    const plain = dialect({});
    expect(plain.createConversation().clockQuestion(at)).toBeUndefined();
    expect(plain.createConversation().hear({ data: { type: 'connection_established' } }, at)).toEqual({});
    expect([plain.greets, dialect(mapping).greets, plain.abilities.clock, dialect(mapping).abilities.clock]).toEqual([false, true, false, true]);
  });

  test('is control for the runs', () => {
    for (const op of ['ready', 'beat', 'time_is']) expect(decode(mapping, { op })).toEqual(control);
  });
});

test('text and binary are rejected as in every dialect', () => {
  const decoder = dialect({}).createDecoder();
  expect(decoder.decode({ text: '{oops' })).toEqual({ kind: 'rejected', reason: 'not-json' });
  expect(decoder.decode({ base64: 'AAEC' })).toEqual({ kind: 'rejected', reason: 'binary' });
  expect(decoder.decode({})).toEqual(noType);
  for (const data of [null, 5, 'agent_started', true]) expect(decoder.decode({ data })).toEqual(noType);
});
