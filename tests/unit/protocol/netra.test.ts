import { describe, expect, test } from 'vitest';
import type { JsonValue } from '#base/json.ts';
import type { AgentEvent } from '#protocol/agent-event.ts';
import type { Decoded } from '#protocol/dialect.ts';
import { netra } from '#protocol/netra.ts';

const decode = (data: JsonValue, event?: string): Decoded => netra.createDecoder().decode(event === undefined ? { data } : { data, event });
const control = { kind: 'control' };
const rejection = (reason: string): unknown => ({ kind: 'rejected', reason });
const event = (fields: Partial<AgentEvent>): AgentEvent => ({
  type: '',
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
  ...fields,
});
const utc = (text: string): AgentEvent['sentAt'] => Date.parse(text) as unknown as AgentEvent['sentAt'];
const at = (milliseconds: number): AgentEvent['sentAt'] => milliseconds as unknown as AgentEvent['sentAt'];
const typesOf = (decoded: Decoded): unknown => (decoded.kind === 'events' ? decoded.events.map(({ type }) => type) : decoded);

describe('shapes', () => {
  const shapes: readonly (readonly [string, JsonValue, Partial<AgentEvent>])[] = [
    [
      'S1 payload, started',
      {
        type: 'agent_started',
        payload: { agent_name: 'triage', run_id: 'run_1', timestamp: 1756800000.12 },
        timestamp: '2025-09-02T08:00:00.125001+00:00',
        thread_id: 'thread_1',
      },
      { type: 'agent_started', runId: 'run_1', threadId: 'thread_1', agent: 'triage', sentAt: at(1756800000120) },
    ],
    [
      'S1 payload, thinking: no run',
      {
        type: 'agent_thinking',
        payload: { thought: '..', agent_name: 'triage', step_number: 1, total_steps: 0, timestamp: 1756800000.3, urgency: 'high_priority' },
        timestamp: '2025-09-02T08:00:00.4Z',
        thread_id: 'thread_1',
      },
      { type: 'agent_thinking', threadId: 'thread_1', agent: 'triage', sentAt: at(1756800000300) },
    ],
    [
      'S1 payload, tool: neither run nor thread',
      { type: 'tool_executing', payload: { tool_name: 'cost_query', agent_name: 'triage', timestamp: 1756800001.0, execution_phase: 'starting', category: 'general' } },
      { type: 'tool_executing', tool: 'cost_query', agent: 'triage', sentAt: at(1756800001000) },
    ],
    [
      'S1 payload without a time: the outer one',
      { type: 'agent_started', payload: { run_id: 'run_1', timestamp: null }, timestamp: '2025-09-02T08:00:00.125001+00:00' },
      { type: 'agent_started', runId: 'run_1', sentAt: utc('2025-09-02T08:00:00.125Z') },
    ],
    [
      'S2 data and critical, zone-less time',
      {
        type: 'tool_executing',
        data: { tool_name: 'cost_query', status: 'executing', run_id: 'run_1', thread_id: 't1', user_id: 'u1', metadata: {} },
        timestamp: '2025-09-08T16:50:01.447585',
        critical: true,
        attempt: 2,
      },
      { type: 'tool_executing', tool: 'cost_query', runId: 'run_1', threadId: 't1', userId: 'u1', sentAt: utc('2025-09-08T16:50:01.447Z') },
    ],
    [
      'S3 flat, seconds',
      {
        timestamp: 1758189600.41,
        critical: true,
        type: 'agent_started',
        user_id: 'u1',
        thread_id: 't1',
        agent_name: 'supervisor',
        task_description: 'Processing request',
        run_id: 'run_1',
        status: 'started',
        metadata: { user_tier: 'free' },
      },
      { type: 'agent_started', runId: 'run_1', threadId: 't1', userId: 'u1', agent: 'supervisor', sentAt: at(1758189600410) },
    ],
    [
      'S3 flat, ISO, null call id',
      { timestamp: '2025-09-18T10:00:00.41+00:00', critical: true, type: 'tool_executing', tool_name: 'q', tool_args: {}, parameters: {}, execution_id: null, user_id: 'u1', thread_id: null, run_id: 'run_1' },
      { type: 'tool_executing', tool: 'q', runId: 'run_1', userId: 'u1', sentAt: utc('2025-09-18T10:00:00.410Z') },
    ],
    [
      'S3 flat, call id, agent in the metadata',
      { type: 'tool_completed', tool_name: 'q', results: { run_id: 'not this' }, execution_id: 'x1', success: true, run_id: 'run_1', timestamp: 1758189601.2, metadata: { agent_name: 'triage', step_number: 2 } },
      { type: 'tool_completed', tool: 'q', toolCallId: 'x1', runId: 'run_1', agent: 'triage', sentAt: at(1758189601200) },
    ],
    [
      'S4 bridge',
      {
        type: 'agent_thinking',
        run_id: 'run_1',
        user_id: 'u1',
        agent_name: 'supervisor',
        timestamp: '2025-09-18T10:00:00.5+00:00',
        event_id: 'ev-1',
        data: { reasoning: '..', step_number: 1, progress_percentage: 20, status: 'thinking', business_progress: {} },
      },
      { type: 'agent_thinking', runId: 'run_1', userId: 'u1', agent: 'supervisor', eventId: 'ev-1', sentAt: utc('2025-09-18T10:00:00.500Z') },
    ],
    [
      'S5 system_message',
      {
        type: 'system_message',
        data: { event: 'agent_started', type: 'agent_started', status: '..', user_id: 'u1', turn_id: 'turn_1', timestamp: 1758189600.1 },
        timestamp: 1758189600.3,
        server_id: null,
        correlation_id: null,
      },
      { type: 'agent_started', runId: 'turn_1', userId: 'u1', sentAt: at(1758189600100) },
    ],
    [
      'S5 agent_progress, the tool in data.payload',
      {
        type: 'agent_progress',
        data: { event: 'tool_executing', type: 'tool_executing', turn_id: 'turn_1', payload: { tool_name: 'analysis_tool', agent_name: 'supervisor-agent', parameters: {} } },
        timestamp: 1758189600.3,
      },
      { type: 'tool_executing', runId: 'turn_1', tool: 'analysis_tool', agent: 'supervisor-agent', sentAt: at(1758189600300) },
    ],
    [
      'S5 agent_response_complete',
      { type: 'agent_response_complete', data: { event: 'agent_completed', type: 'agent_completed', status: 'success', turn_id: 'turn_1' }, timestamp: 1758189600.7 },
      { type: 'agent_completed', runId: 'turn_1', sentAt: at(1758189600700) },
    ],
    ['S6 wrapper with the event beside it', { type: 'system_message', event: 'agent_started', payload: { agent_name: 'a', run_id: 'run_1' } }, { type: 'agent_started', runId: 'run_1', agent: 'a' }],
    [
      'S6 data inside the payload',
      { type: 'agent_started', payload: { agent_name: 'a', data: { run_id: 'run_1', timestamp: 1758189600.1 } } },
      { type: 'agent_started', runId: 'run_1', agent: 'a', sentAt: at(1758189600100) },
    ],
    [
      'S7 demo',
      { type: 'tool_executing', timestamp: '2025-09-18T10:00:00Z', agent: 'Agent', run_id: 'uuid', tool: 'name', message: '..' },
      { type: 'tool_executing', runId: 'uuid', agent: 'Agent', tool: 'name', sentAt: utc('2025-09-18T10:00:00Z') },
    ],
    [
      'S8 placeholders are nobody',
      { type: 'agent_started', user_id: 'unknown_user', thread_id: 'unknown_thread', run_id: 'unknown_run', timestamp: '2025-09-18T10:00:00' },
      { type: 'agent_started', sentAt: utc('2025-09-18T10:00:00Z') },
    ],
    [
      'S9 event instead of type',
      { event: 'agent_started', agent_id: 'stream-agent-1', agent_type: 'triage', timestamp: '2025-09-18T10:00:00Z' },
      { type: 'agent_started', runId: 'stream-agent-1', agent: 'triage', sentAt: utc('2025-09-18T10:00:00Z') },
    ],
    [
      'S10 chat stream',
      { type: 'tool_executing', run_id: 'run_1', tool_name: 'q', tool_purpose: '..', timestamp: '2025-09-18T10:00:00Z' },
      { type: 'tool_executing', runId: 'run_1', tool: 'q', sentAt: utc('2025-09-18T10:00:00Z') },
    ],
    [
      'S13 unified schema',
      { type: 'tool_completed', event_id: 'e1', user_id: 'u1', thread_id: 't1', run_id: 'r1', agent_name: 'a', tool_name: 'q', results: {}, success: true, duration_ms: 3, data: {}, metadata: {}, timestamp: 1758189600.125 },
      { type: 'tool_completed', eventId: 'e1', userId: 'u1', threadId: 't1', runId: 'r1', agent: 'a', tool: 'q', sentAt: at(1758189600125) },
    ],
    [
      'S14 message id',
      { type: 'agent_completed', data: { run_id: 'r1' }, timestamp: '2025-09-18T10:00:00Z', thread_id: 't1', user_id: 'u1', message_id: 'msg_1758189600.1' },
      { type: 'agent_completed', runId: 'r1', threadId: 't1', userId: 'u1', eventId: 'msg_1758189600.1', sentAt: utc('2025-09-18T10:00:00Z') },
    ],
    ['S15 recovered', { type: 'agent_started', data: { run_id: 'r1' }, recovered: true }, { type: 'agent_started', runId: 'r1', recovered: true }],
    ['S15 recovered, further in', { type: 'agent_started', data: { run_id: 'r1', recovered: true } }, { type: 'agent_started', runId: 'r1', recovered: true }],
    ['S15 not recovered', { type: 'agent_started', recovered: 'true' }, { type: 'agent_started' }],
    ['mislabelled thinking', { type: 'reasoning', reasoning: '..', run_id: 'run_1' }, { type: 'agent_thinking', runId: 'run_1' }],
    ['event_type', { event_type: 'agent_started', run_id: 'run_1' }, { type: 'agent_started', runId: 'run_1' }],
    ['an unknown type', { type: 'thread_renamed', thread_id: 't1', id: 'x' }, { type: 'thread_renamed', threadId: 't1', eventId: 'x' }],
  ];
  test.each(shapes)('%s', (_, data, fields) => {
    expect(decode(data)).toStrictEqual({ kind: 'events', events: [event(fields)] });
  });
});

describe('types', () => {
  test.each([
    ['agent_start', 'agent_started'],
    ['tool_started', 'tool_executing'],
    ['tool_execute', 'tool_executing'],
    ['tool_call', 'tool_executing'],
    ['mcp_tool_started', 'tool_executing'],
    ['mcp_tool_execution', 'tool_executing'],
    ['tool_complete', 'tool_completed'],
    ['tool_result', 'tool_completed'],
    ['mcp_tool_completed', 'tool_completed'],
    ['mcp_tool_result', 'tool_completed'],
    ['tool_error', 'tool_completed'],
    ['mcp_tool_failed', 'tool_completed'],
    ['agent_complete', 'agent_completed'],
    ['agent_response_complete', 'agent_completed'],
    ['agent_error', 'agent_error'],
    ['agent_failed', 'agent_error'],
    ['agent_death', 'agent_error'],
    ['agent_timeout_failure', 'agent_error'],
    ['agent_cancelled', 'agent_error'],
    ['agent_stopped', 'agent_error'],
    ['timeout_error', 'agent_error'],
    ['streaming_error', 'agent_error'],
    ['stream_error', 'agent_error'],
    ['subagent_started', 'subagent_started'],
    ['subagent_completed', 'subagent_completed'],
    ['sub_agent_update', 'sub_agent_update'],
    ['agent_progress', 'agent_progress'],
    ['agent_update', 'agent_update'],
    ['agent_response', 'agent_response'],
    ['agent_timeout_warning', 'agent_timeout_warning'],
    ['agent_fallback', 'agent_fallback'],
    ['final_report', 'final_report'],
    ['connection_error', 'connection_error'],
    ['system_error', 'system_error'],
    ['system_message', 'system_message'],
    ['event_batch', 'event_batch'],
    ['constructor', 'constructor'],
    ['__proto__', '__proto__'],
  ])('%s is %s', (type, canonicalType) => {
    expect(typesOf(decode({ type }))).toEqual([canonicalType]);
  });

  test('only a wrapper is looked through, and only for an agent\'s event or a greeting', () => {
    expect(typesOf(decode({ type: 'agent_started', data: { type: 'agent_completed', event: 'agent_completed' } }))).toEqual(['agent_started']);
    expect(typesOf(decode({ type: 'system_message', data: { event: 'maintenance', type: 'notice' } }))).toEqual(['system_message']);
    expect(typesOf(decode({ type: 'system_message', data: { event: 5, type: 'agent_thinking' } }))).toEqual(['agent_thinking']);
    expect(typesOf(decode({ type: 'agent_update', payload: { type: 'subagent_started' } }))).toEqual(['subagent_started']);
    expect(typesOf(decode({ type: 'agent_update', payload: { event: 'agent_progress' } }))).toEqual(['agent_update']);
    expect(decode({ type: 'system_message', data: { event: 'connection_established' } })).toEqual(control);
  });

  test.each<JsonValue>([{}, { type: '' }, { type: 4, event: 'agent_started' }, { event: '' }, { event_type: 3 }, { message_type: 'other' }, null, 'agent_started', 7])(
    'without a type it is rejected: %j',
    (data) => {
      expect(decode(data)).toEqual(rejection('no-type'));
    },
  );

  test("Socket.IO's event name is the last that is asked, and of an object alone", () => {
    expect(typesOf(decode({ run_id: 'r' }, 'agent_start'))).toEqual(['agent_started']);
    expect(typesOf(decode({ event_type: 'agent_thinking' }, 'agent_start'))).toEqual(['agent_thinking']);
    expect(decode('text', 'agent_start')).toEqual(rejection('no-type'));
    expect(decode([{ run_id: 'r' }], 'agent_start')).toEqual(rejection('no-type'));
  });

  test('text and binary are rejected', () => {
    expect(netra.createDecoder().decode({ text: 'hello' })).toEqual(rejection('not-json'));
    expect(netra.createDecoder().decode({ base64: 'AA==' })).toEqual(rejection('binary'));
    expect(netra.createDecoder().decode({})).toEqual(rejection('no-type'));
  });
});

describe('control', () => {
  test.each([
    'ping',
    'pong',
    'heartbeat',
    'heartbeat_ack',
    'factory_heartbeat',
    'connection_established',
    'legacy_connection_established',
    'connected',
    'welcome',
    'authentication_success',
    'handshake_response',
    'handshake_acknowledged',
    'handshake_complete',
    'stream_start',
    'stream_end',
    'user_message',
    'backend_log',
    'cleanup_complete',
    'server_shutdown',
  ])('%s', (type) => {
    expect(decode({ type, data: { run_id: 'r1' } })).toEqual(control);
  });
});

describe('errors', () => {
  test.each<JsonValue>([
    { type: 'error_message', error_code: 'AUTH_FAILED', error_message: '..', details: {}, timestamp: 1758189600.1, recovery_suggestions: null },
    { type: 'error_message', data: { error_code: 'TOKEN_EXPIRED', error_message: '..' } },
    { type: 'error', error: { code: 401, message: '..' }, request_id: 'q' },
    { type: 'error', error_code: 'CONNECTION_LIMIT', message: '..' },
    { type: 'error', payload: { error: { code: 'handshake_timeout' } } },
    { type: 'error', message: 'Invalid token' },
  ])('of the connection are control: %j', (data) => {
    expect(decode(data)).toEqual(control);
  });

  test.each<JsonValue>([
    { type: 'error_message', error_code: 'AGENT_REQUEST_ERROR', error_message: '..' },
    { type: 'error', message: 'name is not defined' },
    { type: 'error', payload: { error: 'the tool said: authentication failed' } },
    { type: 'error', message: 'Authentication failed at the tool', run_id: 'r1' },
    { type: 'error', error: { code: 'RATE_LIMIT', message: '..' } },
    { type: 'error' },
  ])('of the work are the failure of a run: %j', (data) => {
    expect(typesOf(decode(data))).toEqual(['agent_error']);
  });
});

describe('fields', () => {
  const only = (data: JsonValue): AgentEvent | undefined => {
    const decoded = decode(data);
    return decoded.kind === 'events' ? decoded.events[0] : undefined;
  };

  test('a payload does not rename its envelope', () => {
    expect(only({ type: 'agent_started', run_id: 'a', user_id: 'u1', payload: { type: 'agent_completed', run_id: 'b', user_id: 'u2' }, data: { run_id: 'c' } })).toStrictEqual(
      event({ type: 'agent_started', runId: 'a', userId: 'u1' }),
    );
  });

  test('the name that says most wins, wherever it stands', () => {
    expect(only({ type: 'x', correlation_id: 'c', task_id: 'k', data: { turn_id: 'n', payload: { run_id: 'r' } } })?.runId).toBe('r');
    expect(only({ type: 'x', task_id: 'k', data: { turn_id: 'n' } })?.runId).toBe('n');
    expect(only({ type: 'x', conversation_id: 'c' })?.threadId).toBe('c');
    expect(only({ type: 'x', data: { metadata: { run_id: 'r', thread_id: 't' } } })).toMatchObject({ runId: 'r', threadId: 't' });
  });

  test('an agent_id names an agent, and a run only where there is no type', () => {
    expect(only({ type: 'agent_started', agent_id: 'g' })).toMatchObject({ runId: undefined, agent: 'g' });
    expect(only({ event: 'agent_started', agent_id: 'g' })).toMatchObject({ runId: 'g', agent: undefined });
    expect(only({ event: 'agent_started', agent_id: 'g', run_id: 'r' })?.runId).toBe('r');
    expect(only({ event_type: 'agent_started', agent_id: 'g' })?.runId).toBeUndefined();
  });

  test("a bare name is the tool's on its events alone", () => {
    expect(only({ type: 'tool_call', payload: { name: 'q' } })?.tool).toBe('q');
    expect(only({ type: 'tool_call', payload: { name: 'q', tool: 'p' } })?.tool).toBe('p');
    expect(only({ type: 'agent_started', payload: { name: 'q' } })?.tool).toBeUndefined();
  });

  test('event ids', () => {
    expect(only({ type: 'x', id: 'i', message_id: 'm', data: { event_id: 'e' } })?.eventId).toBe('e');
    expect(only({ type: 'x', id: 'i', message_id: 'm' })?.eventId).toBe('m');
    expect(only({ type: 'x', id: 'i' })?.eventId).toBe('i');
    expect(only({ type: 'x', data: { id: 'i', message_id: 'm' } })?.eventId).toBeUndefined();
    expect(only({ type: 'stream_chunk', message_id: 'm', chunk_id: 1 })?.eventId).toBeUndefined();
    expect(only({ type: 'stream_chunk', message_id: 'm', event_id: 'e' })?.eventId).toBe('e');
  });

  test.each(['execution_id', 'tool_call_id', 'call_id'])('%s names a tool call', (name) => {
    expect(only({ type: 'tool_executing', data: { [name]: 'c1' } })?.toolCallId).toBe('c1');
  });

  test('a time is the innermost that is one', () => {
    expect(only({ type: 'x', timestamp: 1758189600, data: { timestamp: 1758189601, payload: { timestamp: 'soon' } } })?.sentAt).toBe(1758189601000);
    expect(only({ type: 'x', timestamp: 1758189600123, payload: { timestamp: null, data: { timestamp: '2025-09-18T10:00:01' } } })?.sentAt).toBe(utc('2025-09-18T10:00:01Z'));
    expect(only({ type: 'x', timestamp: 1758189600123 })?.sentAt).toBe(1758189600123);
    expect(only({ type: 'x', metadata: { timestamp: 1758189600123 } })?.sentAt).toBeUndefined();
  });
});

describe('batches', () => {
  test('S11 grouped by type: sorted by their times, with the ids of the batch', () => {
    const data = {
      type: 'event_batch',
      user_id: 'u1',
      thread_id: 't1',
      batch_id: 'batch_1',
      timestamp: '2025-09-18T10:00:09Z',
      batch_size: 4,
      events: {
        agent_completed: [{ run_id: 'r1', timestamp: 1758189605.0 }],
        reasoning: [{ run_id: 'r1', timestamp: '2025-09-18T10:00:02' }, { run_id: 'r1', user_id: 'u2', timestamp: 1758189601.0 }],
        agent_started: [{ run_id: 'r1', data: { timestamp: 1758189600.0 } }],
        final_report: [{ run_id: 'r1' }],
        heartbeat: [{}],
      },
    };
    const base = { runId: 'r1', threadId: 't1', userId: 'u1' };
    expect(decode(data)).toStrictEqual({
      kind: 'events',
      events: [
        event({ ...base, type: 'agent_started', sentAt: at(1758189600000) }),
        event({ ...base, type: 'agent_thinking', userId: 'u2', sentAt: at(1758189601000) }),
        event({ ...base, type: 'agent_thinking', sentAt: at(1758189602000) }),
        event({ ...base, type: 'agent_completed', sentAt: at(1758189605000) }),
        event({ ...base, type: 'final_report', sentAt: at(1758189609000) }),
      ],
    });
  });

  test('without any time they stay as they came', () => {
    const events = { b: [{ n: 1 }, { n: 2 }], a: [{ timestamp: 'soon' }], c: [{ timestamp: 1758189600 }] };
    expect(typesOf(decode({ type: 'event_batch', events }))).toEqual(['c', 'b', 'b', 'a']);
  });

  test('a list keeps its order, whatever the times', () => {
    const items = [
      { type: 'agent_start', timestamp: 1758189605 },
      { type: 'system_message', data: { event: 'agent_thinking', timestamp: 1758189600 } },
      { type: 'ping' },
    ];
    expect(typesOf(decode(items))).toEqual(['agent_started', 'agent_thinking']);
    expect(typesOf(decode({ type: 'event_batch', events: items }))).toEqual(['agent_started', 'agent_thinking']);
  });

  test.each<JsonValue>([
    [{ type: 'a' }, {}],
    [{ type: 'a' }, 5],
    { type: 'event_batch', events: [{ type: 'a' }, { type: '' }] },
    { type: 'event_batch', events: { a: [{}], b: [3] } },
    { type: 'event_batch', events: { a: {} } },
    { type: 'event_batch', events: { '': [{}] } },
  ])('are taken whole or not at all: %j', (data) => {
    expect(decode(data)).toEqual(rejection('no-type'));
  });

  test.each<JsonValue>([[], [{ type: 'ping' }], { type: 'event_batch', events: {} }, { type: 'event_batch', events: { ping: [{}], a: [] } }])('of nothing are control: %j', (data) => {
    expect(decode(data)).toEqual(control);
  });

  test('do not nest', () => {
    expect(typesOf(decode([{ type: 'event_batch', events: [{ type: 'a' }] }]))).toEqual(['event_batch']);
    expect(typesOf(decode({ type: 'event_batch', events: 'none' }))).toEqual(['event_batch']);
  });
});
