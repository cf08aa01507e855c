import { isJsonObject, type JsonValue } from '#base/json.ts';
import type { Frame } from '#protocol/dialect.ts';

/** What stands where a secret stood. */
const redacted = '[redacted]';
/** Shorter texts are too likely to be part of something else, and are no secrets worth the name. */
const shortestSecret = 6;
const longestReason = 200;

/** Takes one sign-in's secrets out of whatever a target sends back, before anybody else sees it. */
export interface Redactor {
  text(text: string): string;
  /** A target's text as a reason: without secrets and control characters, and of bounded length. */
  reason(text: string): string;
  frame(frame: Frame): Frame;
  /** True where neither a JSON text nor what was parsed out of it holds a secret. */
  isClean(json: string, data: JsonValue): boolean;
}

export function createRedactor(secrets: readonly string[]): Redactor {
  const needles = [...new Set(secrets.flatMap((secret) => [secret, encodeURIComponent(secret)]))]
    .filter((needle) => needle.length >= shortestSecret)
    // The longer first: a shaped token holds the bare one.
    .sort((a, b) => b.length - a.length);
  const shortest = needles.at(-1)?.length ?? Infinity;
  /** As they stand in JSON that escapes no more than it must, too. */
  const written = [...new Set(needles.flatMap((needle) => [needle, JSON.stringify(needle).slice(1, -1)]))];
  const text = (raw: string): string => needles.reduce((clean, needle) => clean.replaceAll(needle, redacted), raw);
  const isCleanValue = (value: JsonValue): boolean => {
    if (typeof value === 'string') return value.length < shortest || !needles.some((needle) => value.includes(needle));
    if (isJsonObject(value)) return Object.entries(value).every(([key, item]) => isCleanValue(key) && isCleanValue(item));
    return !Array.isArray(value) || (value as readonly JsonValue[]).every(isCleanValue);
  };
  const json = (value: JsonValue): JsonValue => {
    if (typeof value === 'string') return text(value);
    if (isJsonObject(value)) return Object.fromEntries(Object.entries(value).map(([key, item]) => [text(key), json(item)]));
    return Array.isArray(value) ? (value as readonly JsonValue[]).map(json) : value;
  };
  return {
    text,
    reason(raw) {
      const clean = text(raw).replace(/\p{Cc}+/gu, ' ').trim();
      return clean.length > longestReason ? `${clean.slice(0, longestReason - 1)}…` : clean;
    },
    frame(frame) {
      if (needles.length === 0) return frame;
      if (frame.text !== undefined) return { ...frame, text: text(frame.text) };
      // `data` has passed the protocol's gate, so it is not deep.
      return frame.data === undefined || isCleanValue(frame.data) ? frame : { ...frame, data: json(frame.data) };
    },
    isClean(json, data) {
      if (needles.length === 0) return true;
      if (written.some((needle) => json.includes(needle))) return false;
      // Only behind these can a text hide what is not read in it: without them its values need not be looked at one by one.
      return !(json.includes('\\u') || json.includes('\\/')) || isCleanValue(data);
    },
  };
}
