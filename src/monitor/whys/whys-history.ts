import { isJsonObject } from '#base/json.ts';
import type { EpochMs } from '#base/units.ts';
import type { CloseCause, RunwatchRecord, StageName } from '#record/record.ts';
import { isRecord } from '#record/record-shape.ts';
import { withoutSecrets } from '#record/secrets.ts';
import type { Recording } from '#monitor/recording.ts';

export interface Opening {
  readonly at: EpochMs;
  readonly connection: string;
  readonly transport: string;
}

export interface Closing {
  readonly at: EpochMs;
  readonly connection: string;
  readonly cause: CloseCause;
  readonly code: string | undefined;
}

export interface StageEnd {
  readonly at: EpochMs;
  readonly connection: string;
  readonly stage: StageName;
  readonly passed: boolean;
  /** Code and reason, in words. */
  readonly why: string | undefined;
}

export interface VersionChange {
  readonly at: EpochMs;
  readonly version: string;
  readonly before: string | undefined;
}

/** What the records tell beside their frames, in the order in which they came. */
export interface WhysHistory {
  readonly openings: readonly Opening[];
  readonly closings: readonly Closing[];
  readonly stages: readonly StageEnd[];
  /** Each version that the target's health named, from when on. */
  readonly versions: readonly VersionChange[];
  /** How often it was asked how it is, and how often it was not well. */
  readonly health: { readonly asked: number; readonly bad: number };
  /** Every connection that was heard of. */
  readonly connections: readonly string[];
  /** The openings of each connection. */
  readonly openingsOf: ReadonlyMap<string, readonly Opening[]>;
  /** False where older lines had to make room for newer ones. */
  readonly whole: boolean;
}

const frameLine = '{"record":"frame"';

/** What tells how connections and versions went: a capture of an hour has few of these, and a million of the others. */
export const isHistory = ({ record }: RunwatchRecord): boolean => record === 'connection-open' || record === 'connection-close' || record === 'stage' || record === 'health';

/** @param records what tells it, where more is known than the recording keeps */
export function historyOf(recording: Recording, to: EpochMs, records?: readonly RunwatchRecord[]): WhysHistory {
  const openings: Opening[] = [];
  const closings: Closing[] = [];
  const stages: StageEnd[] = [];
  const versions: VersionChange[] = [];
  const health = { asked: 0, bad: 0 };
  const connections = new Set(recording.lanes);
  const openingsOf = new Map<string, Opening[]>();
  for (const record of records ?? recordsBesideFrames(recording)) {
    if (record.at > to) continue;
    if ('connection' in record) connections.add(record.connection);
    if (record.record === 'connection-open') {
      const opening = { at: record.at, connection: record.connection, transport: textOf(record.transport) ?? 'unknown' };
      openings.push(opening);
      openingsOf.set(opening.connection, [...(openingsOf.get(opening.connection) ?? []), opening]);
    } else if (record.record === 'connection-close') closings.push({ at: record.at, connection: record.connection, cause: record.cause, code: textOf(record.code) });
    else if (record.record === 'stage') {
      const why = [textOf(record.code), textOf(record.reason)].filter((part) => part !== undefined).join(' ');
      stages.push({ at: record.at, connection: record.connection, stage: record.stage, passed: record.outcome === 'passed', why: why === '' ? undefined : withoutSecrets(why) });
    } else if (record.record === 'health') {
      health.asked += 1;
      if (!record.ok) health.bad += 1;
      const version = textOf(record.version);
      const before = versions.at(-1)?.version;
      if (version !== undefined && version !== before) versions.push({ at: record.at, version, before });
    }
  }
  return { openings, closings, stages, versions, health, connections: [...connections], openingsOf, whole: records !== undefined || recording.store.evictedTexts === 0 };
}

/** The transport of a connection at a time; undefined where no opening before it is known. */
export const transportAt = ({ openingsOf }: WhysHistory, connection: string, at: EpochMs): string | undefined => openingsOf.get(connection)?.findLast((opening) => opening.at <= at)?.transport;

/** What a recording still keeps of its records, frames left out. */
function* recordsBesideFrames(recording: Recording): Iterable<RunwatchRecord> {
  for (const piece of recording.store.texts()) {
    for (let begin = 0; begin < piece.length; ) {
      const end = piece.indexOf('\n', begin);
      const next = end < 0 ? piece.length : end + 1;
      // Nearly all lines are frames, and none of them need be read.
      const record = piece.startsWith(frameLine, begin) ? undefined : recordOf(piece.slice(begin, next));
      if (record !== undefined) yield record;
      begin = next;
    }
  }
}

/** Undefined of a line that was longer than what is kept, and so is cut. */
function recordOf(line: string): RunwatchRecord | undefined {
  try {
    const record: unknown = JSON.parse(line);
    return isJsonObject(record) && isRecord(record) ? record : undefined;
  } catch {
    return undefined;
  }
}

/** A capture may hold anything in the fields that judging does not rely on. */
const textOf = (value: unknown): string | undefined => (typeof value === 'string' || typeof value === 'number' ? String(value) : undefined);
