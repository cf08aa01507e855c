import type { RunwatchRecord } from './record.ts';
import { redacted, withoutForms } from './secret-forms.ts';

/**
 * One record as a line of a capture, line feed included, with everything that looks like a secret taken out.
 * Tokens never reach a record by our own doing; a target may echo one in a frame.
 */
export function captureLine(record: RunwatchRecord): string {
  return redactLine(recordLine(record));
}

/**
 * One record as a line, just as it is: for memory alone. `redactLine` makes it fit to leave.
 *
 * @param wireText the valid JSON out of which a frame's `data` was parsed: writing it down again would only cost time
 */
export function recordLine(record: RunwatchRecord, wireText?: string): string {
  if (wireText === undefined || record.record !== 'frame' || !isOneLine(wireText)) return `${JSON.stringify(record)}\n`;
  return `{"record":"frame","at":${record.at},"connection":${JSON.stringify(record.connection)},"data":${wireText}}\n`;
}

/** False of JSON that has line breaks between its tokens. */
export const isOneLine = (json: string): boolean => !(json.includes('\n') || json.includes('\r'));

/** A line of `recordLine` as `captureLine` makes it. */
export function redactLine(line: string): string {
  // A target's own text may hide a name or a token behind escapes that JSON.stringify does not make.
  return redact(/\\[u/]/.test(line) ? `${JSON.stringify(JSON.parse(line))}\n` : line);
}

const secretField =
  /"(?:access_?token|refresh_?token|id_?token|session_?token|token|api_?key|apikey|password|passwd|secret|client_?secret|authorization|cookie|ticket(?:_?id)?)"\s*:\s*"/gi;

/**
 * A JSON text without what looks like a token, a key or a password. A text that is cut short is taken to go on as it ends.
 * The time it takes grows with the text and no faster, whatever a target makes up: each pattern is read once.
 */
export function redact(json: string): string {
  return withoutForms(withoutSecretFields(json));
}

function withoutSecretFields(json: string): string {
  let clean = '';
  let from = 0;
  for (const { 0: start, index } of json.matchAll(secretField)) {
    const value = index + start.length;
    clean += json.slice(from, value) + redacted;
    from = endOfString(json, value);
  }
  return from === 0 ? json : clean + json.slice(from);
}

/** Where the string that begins at `from` has its closing quote, or the end of the text. A pattern would overflow on long ones. */
function endOfString(json: string, from: number): number {
  let at = from;
  while (at < json.length && json[at] !== '"') at += json[at] === '\\' ? 2 : 1;
  return at;
}
