import type { JsonObject, JsonValue } from '#base/json.ts';
import { isJsonObject } from '#base/json.ts';
import type { AgentEvent } from './agent-event.ts';
import { control, decodedEvents, inSendingOrder, rejected } from './decoded.ts';
import type { Decoded, Decoder, Dialect } from './dialect.ts';
import { controlTypes } from './netra-aliases.ts';
import { createReassembly } from './netra-chunks.ts';
import type { Reassembly } from './netra-chunks.ts';
import { createNetraConversation } from './netra-conversation.ts';
import type { BatchEnvelope } from './netra-envelope.ts';
import { batchEnvelope, eventOf, statedType } from './netra-envelope.ts';
import { errorOf } from './netra-errors.ts';
import { netraShape } from './netra-shape.ts';
import { frameFault, frameOfText } from './parse.ts';

/** The wire of Netra's backend in all its versions: flat events, `payload` or `data` envelopes, wrappers, batches and chunks. */
export const netra: Dialect = {
  id: 'netra',
  greets: true,
  triggerTemplate: { type: 'user_message', payload: { content: 'ping {run}', run_id: '{run}', thread_id: '{thread}' } },
  // Nothing on this wire counts events; ids of calls and events are there in some versions.
  abilities: { seq: false, sentAt: true, toolCalls: true, tools: true, runIds: true, eventIds: true, clock: true },
  createDecoder: createNetraDecoder,
  createConversation: createNetraConversation,
};

function createNetraDecoder(): Decoder {
  const reassembly = createReassembly();
  return {
    decode(frame) {
      const fault = frameFault(frame);
      if (fault !== undefined || frame.data === undefined) return rejected(fault ?? 'no-type');
      return decodeData(frame.data, frame.event, reassembly);
    },
    shapeOf: netraShape,
  };
}

/** `reassembly` is missing inside a large message: chunks do not nest. */
function decodeData(data: JsonValue, event: string | undefined, reassembly?: Reassembly): Decoded {
  if (isList(data)) return decodeBatch(data.map((item) => [item, undefined]));
  if (!isJsonObject(data)) return rejected('no-type');
  const messageType = data['message_type'];
  if (messageType !== undefined && typeof data['type'] !== 'string') {
    const decoded = decodePiece(data, messageType, reassembly);
    if (decoded !== undefined) return decoded;
  }
  const type = statedType(data, event);
  if (type === undefined) return rejected('no-type');
  if (type === 'event_batch') {
    const events = data['events'];
    if (isList(events)) return decodeBatch(events.map((item) => [item, undefined]), batchEnvelope(data));
    if (isJsonObject(events)) return decodeGroups(events, batchEnvelope(data));
  }
  return isControl(data, type) ? control : decodedEvents([eventOf(data, type)]);
}

/** One item of a batch, and the type of the group it stands in. */
type BatchItem = readonly [item: JsonValue, group: string | undefined];

/** A batch is taken whole or not at all, and does not nest. */
function decodeBatch(items: readonly BatchItem[], batch?: BatchEnvelope): Decoded {
  const events: AgentEvent[] = [];
  for (const [item, group] of items) {
    const type = isJsonObject(item) ? statedType(item, group) : undefined;
    if (!isJsonObject(item) || type === undefined) return rejected('no-type');
    if (!isControl(item, type)) events.push(eventOf(item, type, batch));
  }
  return events.length === 0 ? control : decodedEvents(events);
}

/** A batch that groups its events by type has lost their order across types: their times give it back. An event without one goes last. */
function decodeGroups(groups: JsonObject, batch: BatchEnvelope): Decoded {
  const items: BatchItem[] = [];
  for (const [group, list] of Object.entries(groups)) {
    if (!isList(list)) return rejected('no-type');
    for (const item of list) items.push([item, group]);
  }
  const decoded = decodeBatch(items, batch);
  return decoded.kind === 'events' ? decodedEvents(inSendingOrder(decoded.events)) : decoded;
}

/** A message that goes by `message_type`: a piece of a large one, or one in a form that is not JSON inside. Undefined where it is neither. */
function decodePiece(message: JsonObject, messageType: JsonValue, reassembly: Reassembly | undefined): Decoded | undefined {
  if (messageType === 'upload_progress') return control;
  if (messageType === 'binary' || messageType === 'compressed') return rejected('binary');
  if (reassembly === undefined) return undefined;
  const outcome = reassembly.take(messageType, message);
  if (outcome === undefined) return undefined;
  if (outcome.kind === 'held') return control;
  return outcome.kind === 'whole' ? decodeWhole(outcome.text) : rejected('broken-chunks');
}

function decodeWhole(text: string): Decoded {
  const frame = frameOfText(text);
  if (frame.data !== undefined) return decodeData(frame.data, undefined);
  const fault = frameFault(frame);
  return rejected(fault === undefined || fault === 'not-json' ? 'broken-chunks' : fault);
}

function isControl(message: JsonObject, type: string): boolean {
  if (type === 'error' || type === 'error_message') return errorOf(message).topic !== 'run';
  return controlTypes.has(type);
}

const isList = (value: JsonValue | undefined): value is readonly JsonValue[] => Array.isArray(value);
