import { isJsonObject, type JsonValue } from '#base/json.ts';

/** What stands at a dotted path like `user.id` or `items.0.id`; undefined where nothing does. */
export function valueAt(value: JsonValue, path: string): JsonValue | undefined {
  let here: JsonValue | undefined = value;
  for (const key of path.split('.')) {
    if (Array.isArray(here)) here = /^\d+$/.test(key) ? (here as readonly JsonValue[])[Number(key)] : undefined;
    else here = isJsonObject(here) && Object.hasOwn(here, key) ? here[key] : undefined;
  }
  return here;
}
