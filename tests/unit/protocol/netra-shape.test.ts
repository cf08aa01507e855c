import { expect, test } from 'vitest';
import type { JsonValue } from '#base/json.ts';
import { netra } from '#protocol/netra.ts';

function shapeOf(data: JsonValue, event?: string): string | undefined {
  const decoder = netra.createDecoder();
  const frame = event === undefined ? { data } : { data, event };
  return decoder.shapeOf?.(frame, decoder.decode(frame));
}

test.each<[string, JsonValue]>([
  ['S1 payload', { type: 'agent_started', payload: { agent_name: 'triage', run_id: 'r', timestamp: 1756800000.12 }, timestamp: '2025-09-02T08:00:00.125001+00:00', thread_id: 't' }],
  ['S2 data + critical', { type: 'tool_executing', data: { tool_name: 'q', run_id: 'r' }, timestamp: '2025-09-08T16:50:01.447585', critical: true }],
  ['S3 flat + critical', { timestamp: 1758189600.41, critical: true, type: 'agent_started', user_id: 'u', thread_id: 't', run_id: 'r' }],
  ['S4 flat ids + data', { type: 'agent_thinking', run_id: 'r', user_id: 'u', agent_name: 's', timestamp: '2025-09-18T10:00:00.5+00:00', data: { reasoning: '..' } }],
  ['S5 data in wrapper', { type: 'agent_progress', data: { event: 'tool_executing', type: 'tool_executing', turn_id: 't', payload: { tool_name: 'q' } } }],
  ['S6 event in wrapper', { type: 'system_message', event: 'agent_started', payload: { agent_name: 's', run_id: 'r' } }],
  ['S7 flat, agent and tool', { type: 'tool_executing', timestamp: '2025-09-18T10:00:00Z', agent: 'Agent', run_id: 'r', tool: 'q' }],
  ['S8 flat, all ids', { type: 'agent_started', user_id: 'unknown_user', thread_id: 't', run_id: 'r', timestamp: '2025-09-18T10:00:00Z' }],
  ['S9 event, no type', { event: 'agent_started', agent_id: 'stream-agent-1', agent_type: 'triage' }],
  ['S10 flat', { type: 'response_complete', run_id: 'r', timestamp: '2025-09-18T10:00:00Z' }],
  ['S11 batch', { type: 'event_batch', user_id: 'u', events: { agent_started: [{}] }, batch_size: 1 }],
  ['S12 chunks', { message_type: 'chunked_start', message_id: 'm', total_chunks: 2 }],
  ['S13 flat + event_id', { type: 'agent_started', event_id: 'e', user_id: 'u', thread_id: 't', run_id: 'r', timestamp: 1758189600.1 }],
  ['S14 data + message_id', { type: 'agent_started', data: {}, timestamp: '2025-09-18T10:00:00Z', message_id: 'msg_1' }],
  ['S15 recovered', { type: 'agent_started', run_id: 'r', recovered: true }],
  ['S16 data', { type: 'agent_started', data: { run_id: 'r' } }],
  ['W1 welcome with mode', { type: 'connection_established', data: { mode: 'main', user_id: 'e2e-user...' }, timestamp: 1 }],
  ['W2 welcome in wrapper', { type: 'system_message', data: { event: 'connection_established', connection_id: '1' } }],
  ['W3 flat welcome', { type: 'connection_established', connection_id: '1', server_time: '2025-09-18T10:00:00Z' }],
  ['W4 welcome in payload', { type: 'connection_established', payload: { connection_id: '1' } }],
  ['W4 welcome by another name', { type: 'connected' }],
  ['W5 welcome', { type: 'connection_established', data: { connection_id: 'conn-1', user_id: 'u1' } }],
  ['W5 handshake', { type: 'handshake_response', thread_id: 't' }],
  ['W5 handshake', { type: 'handshake_complete' }],
  ['ping', { type: 'pong', data: { timestamp: 1 } }],
  ['heartbeat', { type: 'heartbeat' }],
  ['error of the connection', { type: 'error', error: { code: 'AUTH_FAILED' } }],
  ['control', { type: 'stream_start' }],
  ['wrapper alone', { type: 'agent_update', status: 'x' }],
  ['list', [{ type: 'agent_started' }]],
  ['event_type, no type', { event_type: 'agent_started' }],
])('%s', (name, data) => {
  expect(shapeOf(data)).toBe(name);
});

test('what only Socket.IO names, and what is no object', () => {
  expect(shapeOf({ run_id: 'r' }, 'agent_started')).toBe('Socket.IO event, no type');
  expect(shapeOf('text')).toBe('other');
});
