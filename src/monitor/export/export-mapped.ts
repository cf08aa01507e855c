import { isJsonObject, type JsonValue } from '#base/json.ts';
import { keysOfPath } from '#base/dotted-path.ts';
import type { FrameMatch, Mapping } from '#protocol/mapping.ts';
import { isList, star, type Paths } from '#protocol/mapping-path.ts';
import type { PseudonymKind } from '#record/pseudonyms.ts';
import type { ExportLeaves } from './export-leaves.ts';

/** What is read at a place of a message. */
type Reading =
  | { readonly as: 'id' | 'name'; readonly kind: PseudonymKind }
  | { readonly as: 'time' | 'seq' | 'flag' | 'condition' | 'batch' };

/** A place of a message, with the places below it. */
class Place {
  readonly below = new Map<string, Place>();
  readonly readings: Reading[] = [];

  at([key, ...rest]: readonly string[]): Place {
    if (key === undefined) return this;
    let next = this.below.get(key);
    if (next === undefined) this.below.set(key, (next = new Place()));
    return next.at(rest);
  }
}

/** The mapping that the canonical dialect would be. */
export const canonicalMapping: Mapping = {
  type: ['type', 'event'],
  names: {},
  runId: 'runId',
  threadId: 'threadId',
  userId: 'userId',
  eventId: 'eventId',
  seq: 'seq',
  sentAt: 'sentAt',
  agent: 'agent',
  tool: 'tool',
  toolCallId: 'toolCallId',
  recovered: 'recovered',
  control: [],
  batch: 'events',
  rules: [],
  answers: {},
};

/** Where a mapping reads what. */
const readingsOf = (mapping: Mapping): readonly (readonly [paths: Paths | undefined, reading: Reading])[] => [
  [mapping.type, { as: 'name', kind: 'type' }],
  [mapping.runId, { as: 'id', kind: 'run' }],
  [mapping.threadId, { as: 'id', kind: 'thread' }],
  [mapping.userId, { as: 'id', kind: 'user' }],
  [mapping.eventId, { as: 'id', kind: 'event' }],
  [mapping.seq, { as: 'seq' }],
  [mapping.sentAt, { as: 'time' }],
  [mapping.agent, { as: 'name', kind: 'agent' }],
  [mapping.tool, { as: 'name', kind: 'tool' }],
  [mapping.toolCallId, { as: 'id', kind: 'call' }],
  [mapping.recovered, { as: 'flag' }],
  [mapping.batch, { as: 'batch' }],
  [mapping.clock?.at, { as: 'time' }],
];

/** Every text that a mapping itself says: it is in the header, and has to mean in a frame what it means there. */
export function textsOfMapping(mapping: Mapping): Set<string> {
  const texts = new Set<string>([star]);
  for (const [paths] of readingsOf(mapping)) for (const path of listed(paths)) for (const key of keysOfPath(path)) texts.add(key);
  for (const [name, type] of Object.entries(mapping.names)) texts.add(name).add(type);
  for (const name of Object.keys(mapping.answers)) texts.add(name);
  for (const match of matchesOf(mapping)) {
    if (typeof match === 'string') texts.add(match);
    else for (const [path, value] of Object.entries(match)) for (const text of [...keysOfPath(path), String(value)]) texts.add(text);
  }
  for (const { type } of mapping.rules) texts.add(type);
  return texts;
}

/** Makes what leaves of the messages of a mapped dialect, out of what its mapping reads: the rest is not in it. */
export class MappedExport {
  readonly #leaves: ExportLeaves;
  readonly #root = new Place();
  readonly #spoken: ReadonlySet<string>;

  /** @param spoken texts that the header says, and that mean in a message what they mean there: they stay */
  constructor(mapping: Mapping, spoken: ReadonlySet<string>, leaves: ExportLeaves) {
    this.#leaves = leaves;
    this.#spoken = spoken;
    for (const [paths, reading] of readingsOf(mapping)) for (const path of listed(paths)) this.#root.at(keysOfPath(path)).readings.push(reading);
    for (const match of matchesOf(mapping)) {
      if (typeof match !== 'string') for (const path of Object.keys(match)) this.#root.at(keysOfPath(path)).readings.push({ as: 'condition' });
    }
  }

  /** A message as it leaves: read by the same mapping, it says the same. */
  message(data: JsonValue): JsonValue {
    return isList(data) ? this.#items(data, [this.#root], true) : this.#value(data, [this.#root]);
  }

  #value(value: JsonValue, places: readonly Place[]): JsonValue {
    if (isList(value)) return this.#items(value, places, places.some((place) => place.readings.some(({ as }) => as === 'batch')));
    if (isJsonObject(value)) return this.#fields(value, places);
    return value === null ? null : this.#scalar(value, places);
  }

  /** @param asMessages each item is a message of a batch; a list may be both that and a message itself, whose places are numbers */
  #items(list: readonly JsonValue[], places: readonly Place[], asMessages: boolean): JsonValue {
    return list.map((item, index) => {
      const below = belowOf(places, String(index));
      return this.#value(item, asMessages ? [...below, this.#root] : below);
    });
  }

  #fields(object: Readonly<Record<string, JsonValue>>, places: readonly Place[]): JsonValue {
    // Where a key may be a name, it matters how many keys there are and what stands under each.
    const keysAreNames = places.some(({ below }) => below.has(star));
    const fields: [string, JsonValue][] = [];
    for (const [key, value] of Object.entries(object)) {
      const below = belowOf(places, key);
      if (below.length > 0) fields.push([keysAreNames && !this.#spoken.has(key) ? this.#leaves.key(key) : key, this.#value(value, below)]);
      else {
        const kept = this.#leaves.rest(key, value);
        if (kept !== undefined) fields.push([this.#leaves.restKey(key), kept]);
      }
    }
    return Object.fromEntries(fields);
  }

  #scalar(value: string | number | boolean, places: readonly Place[]): JsonValue {
    const [only] = places;
    const found = only !== undefined && places.length === 1 ? only.readings : places.flatMap((place) => place.readings);
    if (typeof value === 'boolean') return isReadAs(found, 'condition') || isReadAs(found, 'flag') ? value : this.#leaves.unread(value);
    if (found.length > 0 && this.#spoken.has(String(value))) return value;
    if (isReadAs(found, 'time')) {
      const time = this.#leaves.time(value);
      if (time === value) return value;
    }
    if (isReadAs(found, 'seq')) {
      const seq = this.#leaves.sequenceNumber(value);
      if (seq === value) return value;
    }
    for (const reading of found) {
      if (reading.as === 'name' && (typeof value === 'string' || reading.kind !== 'type')) return this.#leaves.name(value, reading.kind);
    }
    for (const reading of found) if (reading.as === 'id') return this.#leaves.id(value, reading.kind);
    return isReadAs(found, 'time') ? this.#leaves.time(value) : this.#leaves.unread(value);
  }
}

const isReadAs = (found: readonly Reading[], as: Reading['as']): boolean => found.some((reading) => reading.as === as);

/** The places below some for a key; a `*` stands for any. */
function belowOf(places: readonly Place[], key: string): readonly Place[] {
  const below: Place[] = [];
  for (const place of places) {
    if (place.below.size === 0) continue;
    const own = place.below.get(key);
    if (own !== undefined) below.push(own);
    const any = key === star ? undefined : place.below.get(star);
    if (any !== undefined) below.push(any);
  }
  return below;
}

/** In which conditions, or under which names, a mapping recognises a frame. */
const matchesOf = ({ control, welcome, clock, rules }: Mapping): readonly FrameMatch[] => [
  ...control,
  ...(welcome === undefined ? [] : [welcome]),
  ...(clock === undefined ? [] : [clock.answer]),
  ...rules.map(({ when }) => when),
];

const listed = (paths: Paths | undefined): readonly string[] => (paths === undefined ? [] : typeof paths === 'string' ? [paths] : paths);
