import type { JsonObject } from '#base/json.ts';
import { isJsonObject } from '#base/json.ts';
import type { EpochMs } from '#base/units.ts';
import type { AgentEvent } from './agent-event.ts';
import { typeText } from './event-type.ts';
import { identifierOf } from './identifier.ts';
import { addPart, partsOf } from './message-parts.ts';
import { canonicalTypeOf, controlTypes, isAgentEvent, streamedTypes, wrapperTypes } from './netra-aliases.ts';
import { eventAliases, identifiersIn, toolEventAliases, typelessAliases } from './netra-fields.ts';
import type { Aliases } from './netra-fields.ts';
import { instantOf } from './time.ts';

/** What a batch says for those of its events that do not say it themselves. */
export interface BatchEnvelope {
  readonly userId: string | undefined;
  readonly threadId: string | undefined;
  readonly sentAt: EpochMs | undefined;
}

/** The parts, then the `metadata` of each. */
function partsWithMetadata(parts: readonly JsonObject[]): readonly JsonObject[] {
  const all = [...parts];
  for (const part of parts) addPart(all, part['metadata']);
  return all;
}

/**
 * The type under which Netra sent a message, before it is given its canonical name: what the message states (`event_type` being the last
 * field asked), unless that is a mere wrapper and an event's or the welcome's name stands in or beside its data. `fallback` as in `typeField`.
 */
export function statedType(message: JsonObject, fallback?: string): string | undefined {
  const stated = typeText(message['type'] ?? message['event'] ?? message['event_type'] ?? fallback);
  if (stated === undefined || !wrapperTypes.has(stated)) return stated;
  return innerType(message) ?? stated;
}

function innerType(message: JsonObject): string | undefined {
  const payload = message['payload'];
  const data = message['data'];
  const names = [message['event']];
  if (isJsonObject(data)) names.push(data['event'], data['type']);
  if (isJsonObject(payload)) names.push(payload['event'], payload['type']);
  return names.filter((name) => typeof name === 'string').find((name) => !wrapperTypes.has(name) && (isAgentEvent(name) || controlTypes.has(name)));
}

/**
 * The event that a message of `type` (as `statedType` gave it) carries.
 * An id stands on the outside before the inside, so that no payload renames its envelope; a time on the inside before the outside, since
 * the emitter writes the inner one and the sender the outer.
 */
export function eventOf(message: JsonObject, type: string, batch?: BatchEnvelope): AgentEvent {
  const canonicalType = canonicalTypeOf(type);
  const parts = partsOf(message);
  const named = identifiersIn(partsWithMetadata(parts), aliasesFor(message, canonicalType));
  return {
    type: canonicalType,
    runId: named.runId,
    threadId: named.threadId ?? batch?.threadId,
    userId: named.userId ?? batch?.userId,
    // Further in, `message_id` and `id` are the ids of what the event speaks of.
    eventId: named.eventId ?? (streamedTypes.has(type) ? undefined : (identifierOf(message['message_id']) ?? identifierOf(message['id']))),
    // Nothing on this wire counts events.
    seq: undefined,
    sentAt: innermostTime(parts) ?? batch?.sentAt,
    agent: named.agent,
    tool: named.tool,
    toolCallId: named.toolCallId,
    recovered: parts.some((part) => part['recovered'] === true),
  };
}

function aliasesFor(message: JsonObject, canonicalType: string): Aliases {
  if (canonicalType === 'tool_executing' || canonicalType === 'tool_completed') return toolEventAliases;
  return (message['type'] ?? null) === null && typeof message['event'] === 'string' ? typelessAliases : eventAliases;
}

/** The envelope of a batch, as its events inherit it. */
export function batchEnvelope(message: JsonObject): BatchEnvelope {
  const parts = partsOf(message);
  const { userId, threadId } = identifiersIn(parts, eventAliases);
  return { userId, threadId, sentAt: innermostTime(parts) };
}

function innermostTime(parts: readonly JsonObject[]): EpochMs | undefined {
  for (let at = parts.length - 1; at >= 0; at -= 1) {
    const time = instantOf(parts[at]?.['timestamp']);
    if (time !== undefined) return time;
  }
  return undefined;
}
