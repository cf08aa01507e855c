import type { JsonObject, JsonValue } from '#base/json.ts';

/**
 * Whom a field names (a user, run, thread, event, agent, tool or call): a text, or a safe integer as its decimal text.
 * Anything else names nobody, and so do an empty text and the placeholders `unknown_*` that some targets write for a missing id.
 */
export function identifierOf(value: JsonValue | undefined): string | undefined {
  if (typeof value === 'string') return value === '' || isPlaceholder(value) ? undefined : value;
  if (typeof value === 'number') return Number.isSafeInteger(value) ? String(value) : undefined;
  return undefined;
}

/** The first letter tells of nearly every text that it is none. */
const isPlaceholder = (text: string): boolean => text[0] === 'u' && text.startsWith('unknown_');

/** The first identifier under one of `names`, the earlier name before the earlier part: a field's own name says more than where it stands. */
export function firstIdentifier(parts: readonly JsonObject[], names: readonly string[]): string | undefined {
  for (const name of names) {
    for (const part of parts) {
      const identifier = identifierOf(part[name]);
      if (identifier !== undefined) return identifier;
    }
  }
  return undefined;
}
