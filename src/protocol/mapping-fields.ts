import type { JsonValue } from '#base/json.ts';
import type { EpochMs } from '#base/units.ts';
import type { AgentEvent } from './agent-event.ts';
import { identifierOf } from './identifier.ts';
import { valueAtKeys, type MappedPath } from './mapping-path.ts';
import type { MappedField, MappingPlan } from './mapping-plan.ts';
import { instantOf } from './time.ts';

/** Where the fields of one event are looked for. */
interface Place {
  readonly message: JsonValue;
  /** The key that is the event's name, where it is one. */
  readonly key: string | undefined;
  /** The batch around the message. */
  readonly around: JsonValue | undefined;
}

/** What a batch says for those of its events that do not say it themselves. Ids of its own and numbers are not its events'. */
const inherited: ReadonlySet<MappedField> = new Set<MappedField>(['runId', 'threadId', 'userId', 'agent', 'sentAt']);

/** The event of `type` that stands at a place. */
export function eventAt(plan: MappingPlan, type: string, place: Place): AgentEvent {
  return {
    type,
    runId: find(plan, 'runId', identifierOf, place),
    threadId: find(plan, 'threadId', identifierOf, place),
    userId: find(plan, 'userId', identifierOf, place),
    eventId: find(plan, 'eventId', identifierOf, place),
    seq: find(plan, 'seq', wholeNumberOf, place),
    sentAt: find(plan, 'sentAt', timeOf, place),
    agent: find(plan, 'agent', identifierOf, place),
    tool: find(plan, 'tool', identifierOf, place),
    toolCallId: find(plan, 'toolCallId', identifierOf, place),
    recovered: find(plan, 'recovered', flagOf, place) ?? false,
  };
}

type Read<T> = (value: JsonValue | undefined) => T | undefined;

function find<T>(plan: MappingPlan, field: MappedField, read: Read<T>, { message, key, around }: Place): T | undefined {
  const paths = plan.fields[field];
  const own = firstOf(paths, read, message, key);
  return own !== undefined || around === undefined || !inherited.has(field) ? own : firstOf(paths, read, around, undefined);
}

function firstOf<T>(paths: readonly MappedPath[], read: Read<T>, message: JsonValue, key: string | undefined): T | undefined {
  for (const path of paths) {
    const value = read(valueAtKeys(message, path.keys, key));
    if (value !== undefined) return value;
  }
  return undefined;
}

/** A whole number, or the decimal text of one: JSON that was made from 64-bit numbers writes them as texts. */
function wholeNumberOf(value: JsonValue | undefined): number | undefined {
  const number = typeof value === 'string' && /^-?\d{1,16}$/.test(value) ? Number(value) : value;
  return typeof number === 'number' && Number.isInteger(number) ? number : undefined;
}

/** A time as in every dialect, or the decimal text of a number that is one. */
export function timeOf(value: JsonValue | undefined): EpochMs | undefined {
  return instantOf(typeof value === 'string' && /^\d{1,20}(\.\d{1,9})?$/.test(value) ? Number(value) : value);
}

const flagOf = (value: JsonValue | undefined): boolean | undefined => (typeof value === 'boolean' ? value : undefined);
