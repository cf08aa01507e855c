import { isJsonObject, type JsonObject } from '#base/json.ts';
import type { RunwatchRecord } from './record.ts';

type FieldCheck = (value: unknown) => string | undefined;

const text: FieldCheck = (value) => (typeof value === 'string' ? undefined : 'a text');
const finite: FieldCheck = (value) => (typeof value === 'number' && Number.isFinite(value) ? undefined : 'a finite number');
const flag: FieldCheck = (value) => (typeof value === 'boolean' ? undefined : 'true or false');
const oneOf =
  (...values: readonly string[]): FieldCheck =>
  (value) =>
    typeof value === 'string' && values.includes(value) ? undefined : `one of ${values.join(', ')}`;

const environment: FieldCheck = (value) => {
  if (!isJsonObject(value)) return 'an object';
  const { dialect } = value;
  return dialect === undefined || typeof dialect === 'string' || isJsonObject(dialect) ? undefined : 'an object whose "dialect" is a name or a mapping';
};

/** Per kind of record: the fields that judging relies on. Other fields, and other kinds, are ignored. */
const requiredFields: ReadonlyMap<string, Readonly<Record<string, FieldCheck>>> = new Map(
  Object.entries({
    header: { environment },
    stage: { connection: text, stage: oneOf('login', 'connection', 'handshake'), outcome: oneOf('passed', 'failed') },
    health: { ok: flag },
    'connection-open': { connection: text },
    'connection-close': { connection: text, cause: oneOf('server', 'network', 'auth', 'operator', 'monitor') },
    'clock-sample': { connection: text, sentAt: finite, serverAt: finite, receivedAt: finite },
    trigger: { connection: text },
    frame: { connection: text },
    blind: { from: finite },
    note: { text },
    end: {},
  } satisfies Record<string, Record<string, FieldCheck>>),
);

/** True for a kind of record that this version knows. */
export const isKnownKind = (kind: string): boolean => requiredFields.has(kind);

/** True for an object with which nothing is wrong that judging relies on. */
export const isRecord = (object: JsonObject): object is JsonObject & RunwatchRecord => shapeFault(object) === undefined;

/** What is wrong with the fields of a record, as `expected …`; undefined if nothing is. */
export function shapeFault(record: JsonObject): string | undefined {
  const at = finite(record['at']);
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
