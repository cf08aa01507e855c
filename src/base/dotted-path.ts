import { isJsonObject, type JsonValue } from './json.ts';

/** The keys of a dotted path like `user.id` or `items.0.id`. A dot that belongs to a key is written `\.`. */
export const keysOfPath = (path: string): readonly string[] => path.split(/(?<!\\)\./).map((key) => key.replaceAll(String.raw`\.`, '.'));

/** What stands in a value under one key, a list's being its indices; undefined where nothing does. What objects inherit is nothing. */
export function valueUnder(value: JsonValue | undefined, key: string): JsonValue | undefined {
  if (Array.isArray(value)) return /^\d+$/.test(key) ? (value as readonly JsonValue[])[Number(key)] : undefined;
  return isJsonObject(value) && Object.hasOwn(value, key) ? value[key] : undefined;
}

/** What stands at a dotted path; undefined where nothing does. */
export function valueAt(value: JsonValue, path: string): JsonValue | undefined {
  let here: JsonValue | undefined = value;
  for (const key of keysOfPath(path)) here = valueUnder(here, key);
  return here;
}
