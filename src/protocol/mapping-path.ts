import { keysOfPath, valueUnder } from '#base/dotted-path.ts';
import { isJsonObject, type JsonValue } from '#base/json.ts';

/** One path, or several of which the first that leads to something holds. */
export type Paths = string | readonly string[];

/** Stands in a path for the key that is the event's name. */
export const star = '*';

/** A path of a mapping, ready to be walked for every frame. */
export interface MappedPath {
  /** As the mapping writes it. */
  readonly text: string;
  readonly keys: readonly string[];
  /** For a path that ends in `*`: the keys before it. */
  readonly keysOfNames: readonly string[] | undefined;
}

export function mappedPaths(paths: Paths | undefined): readonly MappedPath[] {
  const texts = paths === undefined ? [] : typeof paths === 'string' ? [paths] : paths;
  return texts.map((text) => {
    const keys = keysOfPath(text);
    return { text, keys, keysOfNames: keys.at(-1) === star ? keys.slice(0, -1) : undefined };
  });
}

/** What stands at the end of `keys`, with `nameKey` for every `*`; undefined where nothing does. */
export function valueAtKeys(message: JsonValue, keys: readonly string[], nameKey?: string): JsonValue | undefined {
  let here: JsonValue | undefined = message;
  for (const key of keys) {
    if (here === undefined) return undefined;
    here = valueUnder(here, key === star ? (nameKey ?? star) : key);
  }
  return here;
}

/** The lists of a batch that groups its events by their names; undefined where an object is none. */
export function groupsOf(value: JsonValue | undefined): ReadonlyMap<string, readonly JsonValue[]> | undefined {
  if (!isJsonObject(value)) return undefined;
  const groups = new Map<string, readonly JsonValue[]>();
  for (const name of Object.keys(value)) {
    const list = value[name];
    if (name === '' || !isList(list)) return undefined;
    groups.set(name, list);
  }
  return groups.size === 0 ? undefined : groups;
}

export const isList = (value: JsonValue | undefined): value is readonly JsonValue[] => Array.isArray(value);
