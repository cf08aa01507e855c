import { isJsonObject } from '#base/json.ts';
import { epochMs } from '#base/units.ts';
import { environmentSchema, type Environment } from '#environment/schema.ts';
import type { Conversation, Dialect, Heard } from '#protocol/dialect.ts';

/** An environment with its defaults filled in. */
export function environmentOf(fields: object = {}): Environment {
  return environmentSchema.parse({ id: 'local', eventsUrl: 'ws://target.example/ws', transport: 'websocket', ...fields });
}

/** A dialect as small as can be: a frame says itself what should be heard in it. */
export function tinyDialect(options: { readonly hasClock?: boolean } = {}): Dialect {
  const conversation: Conversation = {
    hear(frame): Heard {
      const { data } = frame;
      if (!isJsonObject(data)) return {};
      const { type, user, thread, why, time } = { ...data };
      switch (type) {
        case 'welcome':
          return { ready: true, ...(typeof user === 'string' && { user }), ...(typeof thread === 'string' && { thread }) };
        case 'ping':
          return { replies: [{ type: 'pong' }] };
        case 'time':
          return typeof time === 'number' ? { serverAt: epochMs(time) } : {};
        case 'refused':
          return { authRefused: String(why) };
        case 'unusable':
          return { unusable: String(why) };
        default:
          return {};
      }
    },
    clockQuestion: (now) => (options.hasClock === true ? { type: 'time?', now } : undefined),
  };
  return {
    id: 'tiny',
    greets: true,
    triggerTemplate: { type: 'go', run: '{run}' },
    abilities: { seq: true, sentAt: true, toolCalls: true, tools: true, runIds: true, eventIds: true, clock: true },
    createDecoder: () => ({ decode: () => ({ kind: 'control' }) }),
    createConversation: () => conversation,
  };
}
