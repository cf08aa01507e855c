import { isJsonObject, type JsonValue } from '#base/json.ts';
import { typeText } from './event-type.ts';
import type { Conditions, FrameMatch, Mapping } from './mapping.ts';
import { isList, mappedPaths, star, valueAtKeys, type MappedPath } from './mapping-path.ts';

/** The fields of an event that a mapping may have paths for. */
export type MappedField = 'runId' | 'threadId' | 'userId' | 'eventId' | 'seq' | 'sentAt' | 'agent' | 'tool' | 'toolCallId' | 'recovered';

interface Condition {
  readonly keys: readonly string[];
  readonly value: string | number | boolean;
}

/** Frames of certain names, or that fit certain conditions. */
export interface Matcher {
  readonly names: ReadonlySet<string>;
  readonly conditions: readonly (readonly Condition[])[];
}

/** A mapping made ready: paths are taken apart, and names are keys of maps. */
export interface MappingPlan {
  readonly type: readonly MappedPath[];
  readonly fields: Readonly<Record<MappedField, readonly MappedPath[]>>;
  readonly names: ReadonlyMap<string, string>;
  readonly rules: readonly { readonly when: readonly Condition[]; readonly type: string; readonly shape: string }[];
  readonly control: Matcher;
  readonly batch: readonly MappedPath[];
  readonly welcome: Matcher;
  readonly answers: ReadonlyMap<string, JsonValue>;
  readonly clock: { readonly ask: JsonValue; readonly answer: Matcher; readonly keys: readonly string[] } | undefined;
  /** Every name that the mapping speaks of. */
  readonly spoken: ReadonlySet<string>;
}

export function mappingPlan(mapping: Mapping): MappingPlan {
  const { welcome, answers, clock, names } = mapping;
  const signals = [...mapping.control, ...(welcome === undefined ? [] : [welcome]), ...(clock === undefined ? [] : [clock.answer]), ...Object.keys(answers)];
  const control = matcherOf(signals);
  return {
    type: mappedPaths(mapping.type),
    fields: {
      runId: mappedPaths(mapping.runId),
      threadId: mappedPaths(mapping.threadId),
      userId: mappedPaths(mapping.userId),
      eventId: mappedPaths(mapping.eventId),
      seq: mappedPaths(mapping.seq),
      sentAt: mappedPaths(mapping.sentAt),
      agent: mappedPaths(mapping.agent),
      tool: mappedPaths(mapping.tool),
      toolCallId: mappedPaths(mapping.toolCallId),
      recovered: mappedPaths(mapping.recovered),
    },
    names: new Map(Object.entries(names)),
    rules: mapping.rules.map(({ when, type }, index) => ({ when: conditionsOf(when), type, shape: `rule ${index + 1}: ${conditionsText(when)}` })),
    control,
    batch: mappedPaths(mapping.batch),
    welcome: matcherOf(welcome === undefined ? [] : [welcome]),
    answers: new Map(Object.entries(answers)),
    clock: clock && { ask: clock.ask, answer: matcherOf([clock.answer]), keys: mappedPaths(clock.at)[0]?.keys ?? [] },
    spoken: new Set([...Object.keys(names), ...control.names]),
  };
}

function matcherOf(matches: readonly FrameMatch[]): Matcher {
  return {
    names: new Set(matches.filter((each) => typeof each === 'string')),
    conditions: matches.filter((each) => typeof each !== 'string').map(conditionsOf),
  };
}

const conditionsOf = (conditions: Conditions): readonly Condition[] =>
  Object.entries(conditions).map(([path, value]) => ({ keys: mappedPaths(path)[0]?.keys ?? [], value }));

const longestShape = 80;
const conditionsText = (conditions: Conditions): string =>
  Object.entries(conditions)
    .map(([path, value]) => `${path}=${value}`)
    .join(', ')
    .slice(0, longestShape);

/** The name that a message goes by, and the key that it was, where it was one. */
export interface Named {
  readonly name: string;
  readonly key: string | undefined;
}

/**
 * The name of a message: the first of the type's paths at which something stands has to have it, else it is `fallback`, the name of its Socket.IO event.
 * Undefined where there is none, or something that is no name.
 */
export function nameOf(plan: MappingPlan, message: JsonValue, fallback: string | undefined): Named | undefined {
  for (const { keys, keysOfNames } of plan.type) {
    if (keysOfNames !== undefined) {
      const key = nameAmong(plan, valueAtKeys(message, keysOfNames));
      if (key !== undefined) return { name: key, key };
      continue;
    }
    const value = valueAtKeys(message, keys);
    if (value === undefined || value === null) continue;
    const name = typeText(value);
    return name === undefined ? undefined : { name, key: undefined };
  }
  const name = typeText(fallback);
  return name === undefined ? undefined : { name, key: undefined };
}

/** Which key of an object is a name: one that the mapping speaks of, else the only one with an object under it, else the only one. */
function nameAmong(plan: MappingPlan, value: JsonValue | undefined): string | undefined {
  if (!isJsonObject(value)) return undefined;
  const keys = Object.keys(value);
  const spoken = keys.find((key) => plan.spoken.has(key));
  if (spoken !== undefined) return spoken;
  const outer = keys.filter((key) => isJsonObject(value[key]));
  const [only] = outer.length === 1 ? outer : keys.length === 1 ? keys : [];
  return only === '' ? undefined : only;
}

/** What a mapping makes of one message. `shape` is one of a few constant texts. */
export type Reading =
  | { readonly kind: 'control' }
  | { readonly kind: 'unnamed' }
  | { readonly kind: 'event'; readonly type: string; readonly key: string | undefined; readonly shape: string; readonly isListed: boolean };

const control: Reading = { kind: 'control' };
const unnamed: Reading = { kind: 'unnamed' };

/** Reads a message that goes by `named`; rules come before control, and both before the list of names. */
export function readMessage(plan: MappingPlan, message: JsonValue, named: Named | undefined): Reading {
  if (!isJsonObject(message) && !isList(message)) return unnamed;
  const key = named?.key;
  for (const rule of plan.rules) {
    if (fits(rule.when, message, key)) return { kind: 'event', type: rule.type, key, shape: rule.shape, isListed: true };
  }
  if (matches(plan.control, message, named)) return control;
  if (named === undefined) return unnamed;
  const type = plan.names.get(named.name);
  return { kind: 'event', type: type ?? named.name, key, shape: type === undefined ? 'name not listed' : 'name listed', isListed: type !== undefined };
}

/** Whether a message has one of the names, or fits one of the sets of conditions. */
export const matches = (matcher: Matcher, message: JsonValue, named: Named | undefined): boolean =>
  (named !== undefined && matcher.names.has(named.name)) || matcher.conditions.some((conditions) => fits(conditions, message, named?.key));

const fits = (conditions: readonly Condition[], message: JsonValue, key: string | undefined): boolean =>
  conditions.every(({ keys, value }) => {
    const found = valueAtKeys(message, keys, key);
    return value === star ? found !== undefined && found !== null : found === value;
  });
