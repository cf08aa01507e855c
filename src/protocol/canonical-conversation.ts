import { isJsonObject } from '#base/json.ts';
import { createClockDialogue } from './clock-dialogue.ts';
import type { Conversation, Heard } from './dialect.ts';
import { typeField } from './event-type.ts';
import { firstIdentifier } from './identifier.ts';

const nothing: Heard = {};

/** Greeted by `connection_established`, answers a `ping`, and asks for the time with a `ping` of its own. */
export function createCanonicalConversation(): Conversation {
  const clock = createClockDialogue();
  return {
    hear(frame, now) {
      const message = frame.data;
      if (!isJsonObject(message)) return nothing;
      switch (typeField(message, frame.event)) {
        case 'connection_established': {
          const parts = [message, message['data'], message['payload']].filter(isJsonObject);
          const user = firstIdentifier(parts, ['userId', 'user_id']);
          const thread = firstIdentifier(parts, ['threadId', 'thread_id']);
          return { ready: true, ...(user !== undefined && { user }), ...(thread !== undefined && { thread }) };
        }
        case 'ping':
          return { replies: [{ type: 'pong', timestamp: now }] };
        case 'pong': {
          const serverAt = clock.answer(message, now);
          return serverAt === undefined ? nothing : { serverAt };
        }
        default:
          return nothing;
      }
    },
    clockQuestion: (now) => clock.question(now),
  };
}
