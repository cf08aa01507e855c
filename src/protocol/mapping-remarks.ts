import { isJsonObject, type JsonValue } from '#base/json.ts';
import type { Frame, Remark } from './dialect.ts';
import { batchIn } from './mapping-decoder.ts';
import { eventAt } from './mapping-fields.ts';
import { isList, star, valueAtKeys, type MappedPath } from './mapping-path.ts';
import { nameOf, readMessage, type MappingPlan } from './mapping-plan.ts';
import { frameFault } from './parse.ts';

/** Of a batch so many items are remarked on: a person reads it. */
const mostItems = 20;

/** The types that the contract names of itself, which need no entry. */
const contractTypes: ReadonlySet<string> = new Set(['agent_started', 'agent_thinking', 'tool_executing', 'tool_completed', 'agent_completed', 'agent_error']);

/** Of `recovered` alone nothing says more than that it is not so. */
const remarkedFields = ['runId', 'threadId', 'userId', 'eventId', 'seq', 'sentAt', 'agent', 'tool', 'toolCallId'] as const;
const identifier = 'a text or a whole number';
const expectations: Readonly<Record<(typeof remarkedFields)[number], string>> = {
  runId: identifier,
  threadId: identifier,
  userId: identifier,
  eventId: identifier,
  seq: 'a whole number',
  sentAt: 'a time (a number since 1970, or a text like 2026-01-31T12:00:00Z)',
  agent: identifier,
  tool: identifier,
  toolCallId: identifier,
};

/** Where a mapping does not fit a frame. Nothing where the frame is control, or no JSON: the reason for its rejection says it all. */
export function remarksOn(plan: MappingPlan, frame: Frame): readonly Remark[] {
  const { data } = frame;
  if (frameFault(frame) !== undefined || data === undefined) return [];
  const batch = batchIn(plan, data);
  if (batch === undefined) return remarksOnMessage(plan, data, frame.event, undefined, undefined);
  return batch.items.slice(0, mostItems).flatMap(({ item, group }, index) =>
    remarksOnMessage(plan, item, undefined, group, data).map((remark) => ({ ...remark, text: `item ${index + 1} of the batch: ${remark.text}` })),
  );
}

function remarksOnMessage(plan: MappingPlan, message: JsonValue, event: string | undefined, group: string | undefined, around: JsonValue | undefined): readonly Remark[] {
  const named = group === undefined ? nameOf(plan, message, event) : { name: group, key: undefined };
  const reading = readMessage(plan, message, named);
  if (reading.kind === 'control') return [];
  if (reading.kind === 'unnamed') return remarksOnType(plan, message);
  const remarks: Remark[] = [];
  if (!reading.isListed && !contractTypes.has(reading.type)) {
    const text = `no entry for the event name ${JSON.stringify(cut(reading.type))}: counted as type ${cut(reading.type)}`;
    remarks.push({ kind: 'no-entry', path: 'names', text });
  }
  const found = eventAt(plan, reading.type, { message, key: reading.key, around });
  for (const field of remarkedFields) {
    if (found[field] !== undefined) continue;
    for (const path of plan.fields[field]) remarks.push(remarkOn(path, message, reading.key, expectations[field]));
  }
  return remarks;
}

/** Why a message has no name. */
function remarksOnType(plan: MappingPlan, message: JsonValue): readonly Remark[] {
  if (!isJsonObject(message) && !isList(message)) return [{ kind: 'no-type', path: '', text: `expected an object, found ${kindOf(message)}` }];
  if (plan.type.length === 0) return [{ kind: 'no-type', path: '', text: 'expected a Socket.IO event name, found none' }];
  return plan.type.map((path): Remark => {
    if (path.keysOfNames === undefined) return { ...remarkOn(path, message, undefined, 'a text'), kind: 'no-type' };
    const parent = valueAtKeys(message, path.keysOfNames);
    const found = isJsonObject(parent) ? `an object that has ${keysText(parent)}` : reached(message, path.keysOfNames, undefined);
    return { kind: 'no-type', path: path.text, text: `${path.text}: expected one key that is a name, found ${found}` };
  });
}

function remarkOn(path: MappedPath, message: JsonValue, key: string | undefined, expected: string): Remark {
  const value = valueAtKeys(message, path.keys, key);
  const isThere = value !== undefined && value !== null;
  const found = value === undefined ? reached(message, path.keys, key) : kindOf(value);
  return { kind: isThere ? 'wrong-kind' : 'not-there', path: path.text, text: `${path.text}: expected ${expected}, found ${found}` };
}

/** `nothing`, and what is there as far as the path leads. */
function reached(message: JsonValue, keys: readonly string[], nameKey: string | undefined): string {
  let way = keys.length;
  while (way > 0 && valueAtKeys(message, keys.slice(0, way), nameKey) === undefined) way -= 1;
  const last = valueAtKeys(message, keys.slice(0, way), nameKey) ?? null;
  const place = way === 0 ? 'the message' : keys.slice(0, way).map((key) => (key === star ? cut(nameKey ?? star) : key)).join('.');
  return `nothing: ${place} ${isJsonObject(last) ? `has ${keysText(last)}` : `is ${kindOf(last)}`}`;
}

const mostKeys = 12;
const longest = 40;

/** The keys of an object, never its values: enough to see which path was meant. */
function keysText(object: Readonly<Record<string, unknown>>): string {
  const keys = Object.keys(object);
  if (keys.length === 0) return 'no fields';
  return `${keys.slice(0, mostKeys).map(cut).join(', ')}${keys.length > mostKeys ? ', …' : ''}`;
}

const cut = (text: string): string => (text.length > longest ? `${text.slice(0, longest)}…` : text);

function kindOf(value: JsonValue): string {
  if (value === null) return 'null';
  if (isList(value)) return 'a list';
  switch (typeof value) {
    case 'string':
      return value === '' ? 'an empty text' : value.startsWith('unknown_') ? 'a placeholder for a missing id (unknown_…)' : 'a text';
    case 'number':
      return Number.isInteger(value) ? 'a number' : 'a fraction';
    case 'boolean':
      return 'true or false';
    default:
      return 'an object';
  }
}
