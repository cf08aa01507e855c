import type { JsonObject } from '#base/json.ts';
import { isJsonObject } from '#base/json.ts';

/** How deep JSON may nest: an array or object in no other has depth 1. */
export const maxDepth = 64;
/** How long a message may be, in UTF-16 code units. Netra's own client takes 5 MiB at the most. */
export const maxLength = 8 * 1024 * 1024;

export type GateFault = 'too-deep' | 'too-large' | 'bad-number';

const tooDeep = -1;
const badNumber = -2;

/**
 * Why a parsed message may not come in, or undefined where it may.
 * `JSON.parse` takes what everything after it cannot handle: at a few thousand levels `JSON.stringify` and `structuredClone` overflow the
 * stack, and `1e400` becomes Infinity, which no JSON can carry on. Looks no deeper than `maxDepth`, so it cannot overflow itself.
 * What came from a text within `maxLength` is never too large here: every value counts less than the text that wrote it.
 */
export function gateFault(value: unknown): GateFault | undefined {
  const length = lengthAfter(value, 0, 0);
  if (length >= 0) return length > maxLength ? 'too-large' : undefined;
  return length === tooDeep ? 'too-deep' : 'bad-number';
}

/** `length` plus about as many code units as `value` takes in JSON, or a negative fault. Numbers alone, because every field of every event passes here. */
function lengthAfter(value: unknown, depth: number, length: number): number {
  switch (typeof value) {
    case 'string':
      return length + value.length;
    case 'number':
      return Number.isFinite(value) ? length + 1 : badNumber;
    case 'object':
      if (Array.isArray(value)) return lengthAfterList(value, depth + 1, length + 1);
      return isJsonObject(value) ? lengthAfterFields(value, depth + 1, length + 1) : length + 1;
    default:
      return length + 1;
  }
}

function lengthAfterList(list: readonly unknown[], depth: number, start: number): number {
  if (depth > maxDepth) return tooDeep;
  let length = start;
  for (const item of list) {
    length = lengthAfter(item, depth, length);
    if (length < 0) return length;
  }
  return length;
}

function lengthAfterFields(fields: JsonObject, depth: number, start: number): number {
  if (depth > maxDepth) return tooDeep;
  let length = start;
  for (const key in fields) {
    length = lengthAfter(fields[key], depth, length + key.length);
    if (length < 0) return length;
  }
  return length;
}

/** A text up to this length (in code units) is parsed at once: however deep, it takes a few milliseconds. */
const quicklyParsed = 16 * 1024;

const quote = 0x22;
const backslash = 0x5c;

/**
 * What can be told of a text before it is parsed: that it is too large, and of a long one that it is too deep.
 * Megabytes of brackets take `JSON.parse` seconds, during which nothing else is heard; counting them takes milliseconds.
 */
export function textFault(text: string): GateFault | undefined {
  if (text.length > maxLength) return 'too-large';
  return text.length > quicklyParsed && nestsTooDeep(text) ? 'too-deep' : undefined;
}

function nestsTooDeep(text: string): boolean {
  let depth = 0;
  for (let at = 0; at < text.length; at += 1) {
    switch (text.charCodeAt(at)) {
      case quote:
        at = endOfString(text, at + 1);
        break;
      case 0x5b: // [
      case 0x7b: // {
        depth += 1;
        if (depth > maxDepth) return true;
        break;
      case 0x5d: // ]
      case 0x7d: // }
        depth -= 1;
        break;
      default:
    }
  }
  return false;
}

/** Where the string that begins at `from` has its closing quote, or the end of the text. */
function endOfString(text: string, from: number): number {
  let at = from;
  while (at < text.length && text.charCodeAt(at) !== quote) at += text.charCodeAt(at) === backslash ? 2 : 1;
  return at;
}
