import type { JsonObject } from '#base/json.ts';
import { isJsonObject } from '#base/json.ts';
import type { EpochMs } from '#base/units.ts';
import { createClockDialogue } from './clock-dialogue.ts';
import type { Conversation, Frame, Heard } from './dialect.ts';
import { firstIdentifier } from './identifier.ts';
import { partsOf } from './message-parts.ts';
import { statedType } from './netra-envelope.ts';
import { errorOf } from './netra-errors.ts';
import { eventAliases, identifiersIn } from './netra-fields.ts';
import { welcomeTypes } from './welcome-types.ts';

const nothing: Heard = {};

/** Greetings, the handshake of the newest servers, heartbeats, the clock, and refusals. */
export function createNetraConversation(): Conversation {
  const clock = createClockDialogue();
  let welcomed = false;
  let shaken = false;

  const welcome = (message: JsonObject): Heard => {
    welcomed = true;
    const parts = partsOf(message);
    const { userId, threadId } = identifiersIn(parts, eventAliases);
    const mode = firstIdentifier(parts, ['mode']);
    const heard = { ...(userId !== undefined && { user: userId }), ...(threadId !== undefined && { thread: threadId }) };
    if (mode !== undefined && mode !== 'main') {
      return { ...heard, unusable: `The target serves this connection in its mode "${mode.slice(0, 40)}", which never streams the events of agents.` };
    }
    return shaken || !announcesHandshake(message, mode) ? { ...heard, ready: true } : heard;
  };

  const handshake = (message: JsonObject, now: EpochMs): Heard => {
    shaken = true;
    const { threadId } = identifiersIn(partsOf(message), eventAliases);
    const acknowledgement = { type: 'handshake_acknowledged', thread_id: threadId ?? null, timestamp: new Date(now).toISOString() };
    return { replies: [acknowledgement], ...(threadId !== undefined && { thread: threadId }), ...(welcomed && { ready: true }) };
  };

  return {
    hear(frame: Frame, now: EpochMs): Heard {
      const message = frame.data;
      if (!isJsonObject(message)) return nothing;
      const type = statedType(message, frame.event);
      if (type === undefined) return nothing;
      if (welcomeTypes.has(type)) return welcome(message);
      switch (type) {
        case 'handshake_response':
          return handshake(message, now);
        case 'ping':
          return { replies: [{ type: 'pong', timestamp: now, original_timestamp: message['timestamp'] ?? null }] };
        case 'heartbeat':
          return { replies: [{ type: 'heartbeat_ack', timestamp: now }] };
        case 'pong': {
          const serverAt = clock.answer(message, now);
          return serverAt === undefined ? nothing : { serverAt };
        }
        case 'error':
        case 'error_message': {
          const error = errorOf(message);
          return error.topic === 'auth' ? { authRefused: error.text } : nothing;
        }
        default:
          return nothing;
      }
    },
    clockQuestion: (now) => clock.question(now),
  };
}

/**
 * Whether a handshake is still to be expected after this welcome. The newest servers shake hands, and lose what is sent before; their
 * welcome has a `data` that names neither mode nor event. A server that only looks like one of them costs the short wait for a welcome.
 */
function announcesHandshake(message: JsonObject, mode: string | undefined): boolean {
  const data = message['data'];
  return isJsonObject(data) && mode === undefined && message['type'] === 'connection_established' && data['timestamp'] === undefined;
}
