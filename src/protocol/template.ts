import type { JsonValue } from '#base/json.ts';
import type { TriggerValues } from './dialect.ts';

/** A message that is ready to be sent, and which of its trigger's ids it carries: a trigger record names those alone. */
export interface FilledTemplate {
  readonly message: JsonValue;
  readonly names: { readonly run: boolean; readonly thread: boolean };
}

const placeholder = /\{(run|thread|user|n)\}/g;

/**
 * Puts values for `{run}`, `{thread}`, `{user}` and `{n}` into every string of a probe message. Keys and other braces stay as they are,
 * and a value that itself looks like a placeholder is not filled again.
 */
export function fillTemplate(message: JsonValue, values: TriggerValues): FilledTemplate {
  const names = { run: false, thread: false };
  const fill = (value: JsonValue): JsonValue => {
    if (typeof value === 'string') return value.replace(placeholder, (_, name: string) => filled(name));
    if (typeof value !== 'object' || value === null) return value;
    if (isList(value)) return value.map(fill);
    // fromEntries defines its keys: a key like `__proto__` stays a key.
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, fill(item)]));
  };
  const filled = (name: string): string => {
    if (name === 'run') names.run = true;
    if (name === 'thread') names.thread = true;
    return name === 'run' ? values.run : name === 'thread' ? values.thread : name === 'user' ? values.user : String(values.n);
  };
  return { message: fill(message), names };
}

const isList = (value: JsonValue): value is readonly JsonValue[] => Array.isArray(value);
