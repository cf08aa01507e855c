import type { JsonObject, JsonValue } from '#base/json.ts';

/**
 * The type that a message states: its `type`, else (missing or null) its `event`, else `fallback`, the name of its Socket.IO event.
 * Undefined where the first of these that is there is no text, or an empty one: a wrong type is not made good by the next field.
 */
export function typeField(message: JsonObject, fallback?: string): string | undefined {
  return typeText(message['type'] ?? message['event'] ?? fallback);
}

/** A value as the name of a type: any text but the empty one. */
export function typeText(value: JsonValue | undefined): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}
