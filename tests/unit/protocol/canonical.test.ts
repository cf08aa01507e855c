import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { JsonValue } from '#base/json.ts';
import type { AgentEvent } from '#protocol/agent-event.ts';
import { canonical } from '#protocol/canonical.ts';
import type { Decoded } from '#protocol/dialect.ts';

const decode = (data: JsonValue, event?: string): Decoded => canonical.createDecoder().decode(event === undefined ? { data } : { data, event });
const control = { kind: 'control' };
const noType = { kind: 'rejected', reason: 'no-type' };

/** The only event in a frame. */
function only(decoded: Decoded): AgentEvent | undefined {
  return decoded.kind === 'events' && decoded.events.length === 1 ? decoded.events[0] : undefined;
}

const typesOf = (decoded: Decoded): unknown => (decoded.kind === 'events' ? decoded.events.map((event) => event.type) : decoded);

const bare = {
  runId: undefined,
  threadId: undefined,
  userId: undefined,
  eventId: undefined,
  seq: undefined,
  sentAt: undefined,
  agent: undefined,
  tool: undefined,
  toolCallId: undefined,
  recovered: false,
};

describe('one event', () => {
  test('all its fields', () => {
    const data = {
      type: 'tool_executing',
      runId: 'r1',
      threadId: 't1',
      userId: 'u1',
      eventId: 'e1',
      seq: 12,
      sentAt: 1758189600125,
      agent: 'supervisor',
      tool: 'search',
      toolCallId: 'c1',
      recovered: true,
      payload: { anything: 1 },
    };
    const { payload: _, ...event } = data;
    expect(only(decode(data))).toStrictEqual(event);
  });

  test('nothing but its type', () => {
    expect(only(decode({ type: 'agent_thinking' }))).toStrictEqual({ type: 'agent_thinking', ...bare });
  });

  test.each(['anything at all', 'Agent_Started', 'unknown_type', ' ', 'constructor', '__proto__', 'PING', 'handshake_response', 'error'])(
    'an unknown type is an event all the same: %s',
    (type) => {
      expect(only(decode({ type }))).toStrictEqual({ ...bare, type });
    },
  );

  test("ids: a safe integer is its decimal text, and a placeholder is nobody's", () => {
    const event = only(decode({ type: 'x', runId: 7, threadId: 'unknown_thread', userId: 1.5, eventId: '', agent: null, tool: true, toolCallId: ['c'] }));
    expect(event).toStrictEqual({ ...bare, type: 'x', runId: '7' });
  });

  test('fields by other names, or further in, are not read', () => {
    const event = only(decode({ type: 'x', run_id: 'r', thread_id: 't', user_id: 'u', timestamp: 1758189600, tool_name: 'q', payload: { runId: 'r', sentAt: 1 } }));
    expect(event).toStrictEqual({ ...bare, type: 'x' });
  });

  test.each([
    [0, 0],
    [-2, -2],
    [12, 12],
    [12.0, 12],
    [1e15, 1e15],
    [2 ** 60, 2 ** 60],
    [1.5, undefined],
    ['12', undefined],
    [null, undefined],
    [true, undefined],
    [[1], undefined],
  ])('seq %j is %j', (seq, expected) => {
    expect(only(decode({ type: 'x', seq }))?.seq).toBe(expected);
  });

  test.each([
    [1758189600.125, 1758189600125],
    ['2025-09-18T10:00:00.125999+00:00', 1758189600125],
    ['soon', undefined],
    [null, undefined],
    [true, undefined],
    [{ at: 1 }, undefined],
  ])('sentAt %j is %j', (sentAt, expected) => {
    expect(only(decode({ type: 'x', sentAt }))?.sentAt).toBe(expected);
  });

  test.each([
    [true, true],
    [false, false],
    ['true', false],
    [1, false],
    [null, false],
    [{}, false],
  ])('recovered %j is %j', (recovered, expected) => {
    expect(only(decode({ type: 'x', recovered }))?.recovered).toBe(expected);
  });
});

describe('control', () => {
  test.each(['ping', 'pong', 'heartbeat', 'heartbeat_ack', 'connection_established'])('%s', (type) => {
    expect(decode({ type, runId: 'r1', data: { timestamp: 1 } })).toEqual(control);
    expect(decode({ event: type })).toEqual(control);
    expect(decode({ runId: 'r1' }, type)).toEqual(control);
  });
});

describe('the type', () => {
  test('is `event` where `type` is missing or null', () => {
    expect(typesOf(decode({ event: 'agent_started' }))).toEqual(['agent_started']);
    expect(typesOf(decode({ type: null, event: 'agent_started' }))).toEqual(['agent_started']);
    expect(typesOf(decode({ type: 'a', event: 'b' }))).toEqual(['a']);
  });

  test.each([
    ['no type', { hello: 1 }],
    ['an empty object', {}],
    ['null', { type: null }],
    ['an empty type', { type: '' }],
    ['a number', { type: 5 }],
    ['true', { type: true }],
    ['a list', { type: ['agent_started'] }],
    ['an object', { type: { name: 'agent_started' } }],
    ['an empty type is not made good by `event`', { type: '', event: 'agent_started' }],
    ['nor is a number', { type: 0, event: 'agent_started' }],
    ['nor false', { type: false, event: 'agent_started' }],
    ['an empty event', { event: '' }],
    ['an event that is a number', { type: null, event: 3 }],
    ['both null', { type: null, event: null }],
  ])('%s is rejected', (_, data) => {
    expect(decode(data)).toEqual(noType);
  });

  test.each([[null], [true], [0], [42], ['agent_started'], ['']])('JSON that is no object has none: %j', (data) => {
    expect(decode(data)).toEqual(noType);
    expect(decode(data, 'agent_started')).toEqual(noType);
  });
});

describe("Socket.IO's event name", () => {
  test('is the type of an object that has neither type nor event', () => {
    expect(only(decode({ runId: 'r1' }, 'agent_started'))).toStrictEqual({ ...bare, type: 'agent_started', runId: 'r1' });
    expect(typesOf(decode({}, 'agent_started'))).toEqual(['agent_started']);
    expect(typesOf(decode({ type: null, event: null }, 'agent_started'))).toEqual(['agent_started']);
  });
  test('gives way to either of them', () => {
    expect(typesOf(decode({ type: 'agent_thinking' }, 'agent_event'))).toEqual(['agent_thinking']);
    expect(typesOf(decode({ event: 'agent_thinking' }, 'agent_event'))).toEqual(['agent_thinking']);
  });
  test.each([{ type: '' }, { type: 5 }, { event: '' }, { type: null, event: 7 }])('does not make good a wrong one: %j', (data) => {
    expect(decode(data, 'agent_started')).toEqual(noType);
  });
  test('is no type where it is empty', () => {
    expect(decode({ runId: 'r1' }, '')).toEqual(noType);
  });
  test('is not the type of the items of a batch', () => {
    expect(decode([{ runId: 'r1' }], 'agent_started')).toEqual(noType);
    expect(decode({ type: 'event_batch', events: [{ runId: 'r1' }] }, 'agent_started')).toEqual(noType);
    expect(typesOf(decode([{ type: 'a' }], 'agent_event'))).toEqual(['a']);
  });
});

describe('batches', () => {
  const batch = (events: JsonValue): JsonValue => ({ type: 'event_batch', events });
  describe.each([
    ['a list', (items: readonly JsonValue[]): Decoded => decode(items)],
    ['an event_batch', (items: readonly JsonValue[]): Decoded => decode(batch(items))],
  ])('%s', (_, decodeItems) => {
    test('keeps its order', () => {
      expect(typesOf(decodeItems([{ type: 'b', sentAt: 2 }, { event: 'a', sentAt: 1 }, { type: 'c' }]))).toEqual(['b', 'a', 'c']);
    });
    test('skips control items', () => {
      expect(typesOf(decodeItems([{ type: 'ping' }, { type: 'a' }, { type: 'heartbeat' }]))).toEqual(['a']);
    });
    test('is control where none is left, or none was there', () => {
      expect(decodeItems([{ type: 'ping' }, { type: 'pong' }])).toEqual(control);
      expect(decodeItems([])).toEqual(control);
    });
    test.each<{ wrong: JsonValue }>([
      { wrong: {} },
      { wrong: { type: '' } },
      { wrong: { type: 5, event: 'a' } },
      { wrong: { hello: 1 } },
      { wrong: null },
      { wrong: 'a' },
      { wrong: 5 },
      { wrong: [] },
      { wrong: [{ type: 'a' }] },
    ])(
      'is rejected whole for one item without a type: $wrong',
      ({ wrong }) => {
        expect(decodeItems([{ type: 'a' }, wrong, { type: 'b' }])).toEqual(noType);
        expect(decodeItems([{ type: 'ping' }, wrong])).toEqual(noType);
      },
    );
    test('does not nest', () => {
      expect(typesOf(decodeItems([{ type: 'a' }, batch([{ type: 'b' }]), batch([])]))).toEqual(['a', 'event_batch', 'event_batch']);
    });
  });

  test('an event_batch without a list is an event like any other', () => {
    for (const events of [undefined, null, {}, { a: [] }, 'a', 3]) {
      const data = events === undefined ? { type: 'event_batch', runId: 'r1' } : { type: 'event_batch', runId: 'r1', events };
      expect(only(decode(data))).toStrictEqual({ ...bare, type: 'event_batch', runId: 'r1' });
    }
  });
  test('event_batch is known by `event` and by the event name too', () => {
    expect(typesOf(decode({ event: 'event_batch', events: [{ type: 'a' }] }))).toEqual(['a']);
    expect(typesOf(decode({ events: [{ type: 'a' }] }, 'event_batch'))).toEqual(['a']);
  });
  test('the fields of a batch are not those of its events', () => {
    expect(decode({ type: 'event_batch', runId: 'r1', userId: 'u1', events: [{ type: 'a' }] })).toStrictEqual({ kind: 'events', events: [{ ...bare, type: 'a' }] });
  });
});

test('text and binary are rejected', () => {
  const decoder = canonical.createDecoder();
  expect(decoder.decode({ text: '{oops' })).toEqual({ kind: 'rejected', reason: 'not-json' });
  expect(decoder.decode({ base64: 'AAEC' })).toEqual({ kind: 'rejected', reason: 'binary' });
  expect(decoder.decode({ base64: 'AAEC', event: 'agent_started' })).toEqual({ kind: 'rejected', reason: 'binary' });
});

test('any list is a batch of all or none', () => {
  const item = fc.oneof(
    fc.constantFrom<JsonValue>({ type: 'ping' }, { type: 'a' }, { event: 'b' }),
    fc.jsonValue().map((value) => value as JsonValue),
  );
  fc.assert(
    fc.property(fc.array(item), (items) => {
      const alone = items.map((value) => (Array.isArray(value) ? noType : decode(value)));
      const decoded = decode(items);
      const all = { kind: 'events', events: alone.flatMap((one) => ('events' in one ? one.events : [])) };
      const rejected = alone.some((one) => one.kind === 'rejected');
      const expected = rejected ? noType : all.events.length === 0 ? control : all;
      expect(decoded).toEqual(expected);
    }),
  );
});
