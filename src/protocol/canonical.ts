import type { JsonObject, JsonValue } from '#base/json.ts';
import { isJsonObject } from '#base/json.ts';
import type { AgentEvent } from './agent-event.ts';
import { createCanonicalConversation } from './canonical-conversation.ts';
import type { Decoded, Dialect, Frame } from './dialect.ts';
import { control, decodedEvents, rejected } from './decoded.ts';
import { typeField } from './event-type.ts';
import { identifierOf } from './identifier.ts';
import { frameFault } from './parse.ts';
import { instantOf } from './time.ts';

const controlTypes: ReadonlySet<string> = new Set(['ping', 'pong', 'heartbeat', 'heartbeat_ack', 'connection_established']);

/** The project's own wire format: flat events, one name for each field. */
export const canonical: Dialect = {
  id: 'canonical',
  greets: true,
  triggerTemplate: { type: 'user_message', payload: { content: 'ping {run}' }, runId: '{run}', threadId: '{thread}' },
  abilities: { seq: true, sentAt: true, toolCalls: true, tools: true, runIds: true, eventIds: true, clock: true },
  createDecoder: () => ({ decode, shapeOf }),
  createConversation: createCanonicalConversation,
};

function decode(frame: Frame): Decoded {
  const fault = frameFault(frame);
  if (fault !== undefined) return rejected(fault);
  const data = frame.data;
  if (Array.isArray(data)) return decodeBatch(data);
  if (!isJsonObject(data)) return rejected('no-type');
  const type = typeField(data, frame.event);
  if (type === undefined) return rejected('no-type');
  if (controlTypes.has(type)) return control;
  if (type === 'event_batch' && Array.isArray(data['events'])) return decodeBatch(data['events']);
  return decodedEvents([eventOf(data, type)]);
}

function shapeOf({ data }: Frame, decoded: Decoded): string {
  if (Array.isArray(data) || (isJsonObject(data) && (data['type'] ?? data['event']) === 'event_batch')) return 'batch';
  return decoded.kind === 'control' ? 'control' : 'event';
}

/** A batch is taken whole or not at all. It does not nest: an `event_batch` in it is an event like any other. */
function decodeBatch(items: readonly JsonValue[]): Decoded {
  const events: AgentEvent[] = [];
  for (const item of items) {
    const type = isJsonObject(item) ? typeField(item) : undefined;
    if (!isJsonObject(item) || type === undefined) return rejected('no-type');
    if (!controlTypes.has(type)) events.push(eventOf(item, type));
  }
  return events.length === 0 ? control : decodedEvents(events);
}

function eventOf(data: JsonObject, type: string): AgentEvent {
  const seq = data['seq'];
  return {
    type,
    runId: identifierOf(data['runId']),
    threadId: identifierOf(data['threadId']),
    userId: identifierOf(data['userId']),
    eventId: identifierOf(data['eventId']),
    seq: typeof seq === 'number' && Number.isInteger(seq) ? seq : undefined,
    sentAt: instantOf(data['sentAt']),
    agent: identifierOf(data['agent']),
    tool: identifierOf(data['tool']),
    toolCallId: identifierOf(data['toolCallId']),
    recovered: data['recovered'] === true,
  };
}
