import { isJsonObject, type JsonObject } from '#base/json.ts';
import type { RunwatchRecord } from './record.ts';

type FieldCheck = (value: unknown) => string | undefined;

const text: FieldCheck = (value) => (typeof value === 'string' ? undefined : 'a text');
const optionalText: FieldCheck = (value) => (value === undefined || typeof value === 'string' ? undefined : 'a text, or nothing,');
const optionalTime: FieldCheck = (value) => (value === undefined ? undefined : time(value));
const finite: FieldCheck = (value) => (typeof value === 'number' && Number.isFinite(value) ? undefined : 'a finite number');
/** What a `Date` can stand for (ECMA-262, 21.4.1.1): beyond it no clock time could be shown. */
const furthestTime = 8.64e15;
const time: FieldCheck = (value) => finite(value) ?? (Math.abs(Number(value)) <= furthestTime ? undefined : 'a time in milliseconds since 1970');
const flag: FieldCheck = (value) => (typeof value === 'boolean' ? undefined : 'true or false');
const oneOf =
  (...values: readonly string[]): FieldCheck =>
  (value) =>
    typeof value === 'string' && values.includes(value) ? undefined : `one of ${values.join(', ')}`;

const environment: FieldCheck = (value) => {
  if (!isJsonObject(value)) return 'an object';
  const { dialect, id, name } = value;
  if (optionalText(id) !== undefined || optionalText(name) !== undefined) return 'an object whose "id" and "name" are texts';
  return dialect === undefined || typeof dialect === 'string' || isJsonObject(dialect) ? undefined : 'an object whose "dialect" is a name or a mapping';
};

/** Per kind of record: the fields that judging relies on. Other fields, and other kinds, are ignored. */
const requiredFields: ReadonlyMap<string, Readonly<Record<string, FieldCheck>>> = new Map(
  Object.entries({
    header: { environment },
    stage: { connection: text, stage: oneOf('login', 'connection', 'handshake'), outcome: oneOf('passed', 'failed'), reason: optionalText },
    health: { ok: flag, version: optionalText, reason: optionalText },
    'connection-open': { connection: text },
    'connection-close': { connection: text, cause: oneOf('server', 'network', 'auth', 'operator', 'monitor'), reason: optionalText },
    'clock-sample': { connection: text, sentAt: finite, serverAt: finite, receivedAt: finite },
    trigger: { connection: text },
    frame: { connection: text, event: optionalText },
    blind: { from: time },
    note: { text, author: optionalText, time: optionalTime, run: optionalText, acknowledges: optionalText },
    end: {},
  } satisfies Record<string, Record<string, FieldCheck>>),
);

/** True for a kind of record that this version knows. */
export const isKnownKind = (kind: string): boolean => requiredFields.has(kind);

/** True for an object with which nothing is wrong that judging relies on. */
export const isRecord = (object: JsonObject): object is JsonObject & RunwatchRecord => shapeFault(object) === undefined;

/** What is wrong with the fields of a record, as `expected …`; undefined if nothing is. */
export function shapeFault(record: JsonObject): string | undefined {
  const at = time(record['at']);
  if (at !== undefined) return `expected ${at} in "at"`;
  const kind = record['record'];
  const fields = (typeof kind === 'string' ? requiredFields.get(kind) : undefined) ?? {};
  for (const [field, check] of Object.entries(fields)) {
    const wanted = check(record[field]);
    if (wanted !== undefined) return `expected ${wanted} in "${field}"`;
  }
  if (kind === 'frame' && record['data'] === undefined && typeof record['text'] !== 'string' && typeof record['base64'] !== 'string') {
    return 'expected one of "data", "text" and "base64"';
  }
  return undefined;
}
