import type { RunwatchRecord } from './record.ts';

/**
 * One record as a line of a capture, line feed included, with everything that looks like a secret taken out.
 * Tokens never reach a record by our own doing; a target may echo one in a frame.
 */
export function captureLine(record: RunwatchRecord): string {
  return `${redact(JSON.stringify(record))}\n`;
}

const jsonWebToken = /eyJ[\w-]{4,}\.[\w-]{4,}\.[\w-]*/g;
const bearer = /\b(Bearer|Basic)\s+[\w~+/.=-]{8,}/gi;
const secretField =
  /("(?:access_?token|refresh_?token|id_?token|session_?token|token|api_?key|apikey|password|passwd|secret|client_?secret|authorization|cookie|ticket(?:_?id)?)"\s*:\s*)"(?:[^"\\]|\\.)*"/gi;

/** A serialised JSON text without what looks like a token, a key or a password. */
export function redact(json: string): string {
  return json.replace(secretField, '$1"[redacted]"').replace(jsonWebToken, '[redacted]').replace(bearer, '$1 [redacted]');
}
