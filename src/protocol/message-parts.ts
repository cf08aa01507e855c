import type { JsonObject, JsonValue } from '#base/json.ts';
import { isJsonObject } from '#base/json.ts';

/**
 * The parts of a message in which a field may stand, the outermost first. They are looked into one by one and never merged: a merge lets a
 * payload overwrite the sender's own envelope, and is how a key like `__proto__` gets to act.
 */
export function partsOf(message: JsonObject): JsonObject[] {
  const parts = [message];
  const payload = message['payload'];
  const data = message['data'];
  const hasPayload = isJsonObject(payload);
  const hasData = isJsonObject(data);
  if (hasPayload) parts.push(payload);
  if (hasData) parts.push(data);
  if (hasPayload) addPart(parts, payload['data']);
  if (hasData) addPart(parts, data['payload']);
  return parts;
}

/** Adds what is a part, and nothing else. */
export function addPart(parts: JsonObject[], part: JsonValue | undefined): void {
  if (isJsonObject(part)) parts.push(part);
}
