import { welcomeTypes } from './welcome-types.ts';

/** Netra's names for one kind of event, as seen over its versions, and the contract's name for it. Other types keep their names. */
const canonicalNames: ReadonlyMap<string, string> = new Map(
  Object.entries({
    agent_started: ['agent_started', 'agent_start'],
    // One emitter lets its data overwrite the type: what reaches the client is `reasoning`, and no agent_thinking at all.
    agent_thinking: ['agent_thinking', 'reasoning'],
    tool_executing: ['tool_executing', 'tool_started', 'tool_execute', 'tool_call', 'mcp_tool_started', 'mcp_tool_execution'],
    // A failed call has ended too.
    tool_completed: ['tool_completed', 'tool_complete', 'tool_result', 'mcp_tool_completed', 'mcp_tool_result', 'tool_error', 'mcp_tool_failed'],
    agent_completed: ['agent_completed', 'agent_complete', 'agent_response_complete'],
    agent_error: [
      'agent_error',
      'agent_failed',
      'agent_death',
      'agent_timeout_failure',
      'agent_cancelled',
      'agent_stopped',
      'error',
      'error_message',
      'timeout_error',
      'streaming_error',
      'stream_error',
    ],
  }).flatMap(([canonicalName, names]) => names.map((name) => [name, canonicalName] as const)),
);

export const canonicalTypeOf = (type: string): string => canonicalNames.get(type) ?? type;

/** Types under which an agent's event may travel with its own type further in. */
export const wrapperTypes: ReadonlySet<string> = new Set(['system_message', 'agent_progress', 'agent_response_complete', 'agent_update']);

const agentPrefix = /^(agent|tool|mcp_tool|subagent|sub_agent)_/;

/** Whether a name is one of an agent's events, so that a wrapper around it is looked through. */
export const isAgentEvent = (name: string): boolean => canonicalNames.has(name) || agentPrefix.test(name);

/** What is said about the connection or the stream itself, and about no run. */
export const controlTypes: ReadonlySet<string> = new Set([
  ...welcomeTypes,
  'ping',
  'pong',
  'heartbeat',
  'heartbeat_ack',
  'factory_heartbeat',
  'isolated_heartbeat',
  'handshake_response',
  'handshake_acknowledged',
  'handshake_complete',
  'stream_start',
  'stream_end',
  // The user's own message, sent back.
  'user_message',
  // The server's own state and log. They follow runs and name none: as events they would seem to come after the end of one.
  'backend_log',
  'cleanup_started',
  'cleanup_duration_estimate',
  'cleanup_complete',
  'server_shutdown',
  'service_degraded',
  'service_unavailable',
  'service_recovered',
  'agent_manager_shutdown',
]);

/** Types whose `message_id` is that of the answer being streamed, the same in every piece of it, and so no event's own id. */
export const streamedTypes: ReadonlySet<string> = new Set(['stream_chunk', 'response_chunk', 'agent_response_chunk', 'partial_result']);
