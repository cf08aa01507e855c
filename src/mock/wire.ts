import type { JsonObject } from '#base/json.ts';
import type { ScriptedEvent } from './agent-script.ts';
import type { GarbageForm } from './faults.ts';
import type { LedgerEvent } from './ledger.ts';

/** The frames of the target, spelt by hand: a codec shared with the monitor would hide the same mistake on both sides. */

/** A frame that says what it is. */
export interface TypedMessage extends JsonObject {
  readonly type: string;
}

/** The greeting. A user who gave no name is told none. */
export const welcome = (user: string | undefined, connectionId: string): TypedMessage => ({
  type: 'connection_established',
  data: { user_id: user ?? null, connection_id: connectionId, mode: 'main' },
});

/** `now` in milliseconds since the epoch; the wire has seconds with microseconds. */
export const pong = (user: string | undefined, now: number): TypedMessage => ({
  type: 'pong',
  data: { timestamp: seconds(now), user_id: user ?? null },
  timestamp: seconds(now),
});

export const heartbeat = (connectionId: string, now: number): TypedMessage => ({
  type: 'heartbeat',
  data: { connection_id: connectionId, timestamp: new Date(now).toISOString() },
  timestamp: seconds(now),
});

export const heartbeatAck = (now: number): TypedMessage => ({ type: 'heartbeat_ack', data: { status: 'healthy' }, timestamp: seconds(now) });

/** Said before a connection is closed for its sign-in, so that a client can tell why (Socket.IO has no close codes). */
export const authError = (code: 'AUTH_FAILED' | 'AUTH_EXPIRED', now: number): TypedMessage => ({
  type: 'error_message',
  error_code: code,
  error_message: code === 'AUTH_FAILED' ? 'authentication failed' : 'token expired',
  details: {},
  timestamp: seconds(now),
});

/** What a frame will say of an event, as the ledger keeps it. `sentAt` in milliseconds since the epoch. */
export const eventTruth = (event: ScriptedEvent, sentAt: number): LedgerEvent => ({
  type: event.type,
  runId: event.runId,
  threadId: event.threadId,
  userId: event.userId ?? null,
  eventId: event.eventId,
  seq: event.seq,
  sentAt,
  tool: event.tool ?? null,
  toolCallId: event.toolCallId ?? null,
});

/** The canonical event; with `mixedTimes` its sentAt takes another unit at every seq. */
export const eventMessage = (event: ScriptedEvent, sentAt: number, how: { readonly mixedTimes: boolean; readonly recovered: boolean }): JsonObject => ({
  type: event.type,
  runId: event.runId,
  threadId: event.threadId,
  ...(event.userId === undefined ? {} : { userId: event.userId }),
  eventId: event.eventId,
  seq: event.seq,
  sentAt: how.mixedTimes ? mixedTime(sentAt, event.seq) : sentAt,
  agent: event.agent,
  ...(event.tool === undefined ? {} : { tool: event.tool }),
  ...(event.toolCallId === undefined ? {} : { toolCallId: event.toolCallId }),
  ...(how.recovered ? { recovered: true } : {}),
  ...event.content,
});

export const batchMessage = (events: readonly JsonObject[]): JsonObject => ({ type: 'event_batch', events });

/** A frame that no dialect can read. */
export function garbage(form: GarbageForm): JsonObject | string | Uint8Array {
  if (form === 'text') return '{"type":"agent_thinking","runId":';
  if (form === 'binary') return Uint8Array.of(0x00, 0xff, 0x13, 0x37);
  // A type that is no text, and not a missing one: over Socket.IO the event's name would stand in for that.
  return { type: 42, note: 'no agent says this' };
}

const seconds = (ms: number): number => Math.round(ms * 1000) / 1_000_000;

/** The same instant, a whole millisecond, in seconds, milliseconds, microseconds, and ISO 8601 with Z, with another zone, and with none (which means UTC). */
function mixedTime(ms: number, seq: number): number | string {
  const iso = new Date(ms).toISOString();
  switch (seq % 6) {
    case 1:
      return ms / 1000;
    case 2:
      return ms * 1000;
    case 3:
      return iso;
    case 4:
      return new Date(ms + 7_200_000).toISOString().replace('Z', '+02:00');
    case 5:
      return iso.slice(0, -1);
    default:
      return ms;
  }
}
