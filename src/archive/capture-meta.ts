import type { EpochMs } from '#base/units.ts';

/** An opening that named a user, without secrets: the users of later lines are known by it. */
export interface Opening {
  readonly connection: string;
  readonly line: string;
}

/** Some of a capture's records, in a file of its own. Times are those of its records. */
export interface Segment {
  /** From 1, in the order in which they were written. */
  readonly n: number;
  bytes: number;
  records: number;
  /** Nothing more is written into it, and its figures are right. */
  sealed: boolean;
  from: EpochMs;
  to: EpochMs;
  /** Of each connection the last one in it. */
  openings: readonly Opening[];
  /** The same of the segments before it that are evicted, since the last one that is not. */
  before: readonly Opening[];
}

/** A stretch of time whose segments are evicted last. */
export interface Pin {
  readonly from: EpochMs;
  readonly to: EpochMs;
  readonly because: string;
}

/** What is known of a capture beside its records. */
export interface CaptureMeta {
  readonly version: 1;
  readonly id: string;
  readonly environmentId: string;
  readonly environmentName: string;
  readonly kind: string;
  /** What its runs are judged by, as text: it goes on only where this is the same. */
  readonly terms: string;
  /** Its first line, without secrets. */
  readonly header: string;
  readonly from: EpochMs;
  /** Counts how often this was written. */
  revision: number;
  /** What somebody called it. */
  name: string | null;
  /** Those that are there, the oldest first. */
  segments: Segment[];
  /** The last segment that was begun. */
  lastSegment: number;
  /** Records that made room for newer ones; that never were stored; lines that a crash tore. */
  evicted: number;
  lost: number;
  tornLines: number;
  /** When nobody watched between a reload or a crash and the start after it. */
  gaps: readonly { readonly from: EpochMs; readonly to: EpochMs }[];
  pins: readonly Pin[];
  /** Somebody keeps all of it. */
  kept: boolean;
  /** The line that ends it; null while nobody ended it. It stands last, whatever is written afterwards. */
  end: string | null;
}

const mostGaps = 1000;
const mostPins = 200;

export const addGap = (meta: CaptureMeta, from: EpochMs, to: EpochMs): void => void (meta.gaps = [...meta.gaps, { from, to }].slice(-mostGaps));
export const addPin = (meta: CaptureMeta, pin: Pin): void => void (meta.pins = [...meta.pins, pin].slice(-mostPins));

/** Undefined of anything but the text that `JSON.stringify` makes of one of this version. */
export function readMeta(text: string): CaptureMeta | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isMeta(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

const isMetaObject = (value: unknown): value is Readonly<Record<string, unknown>> => typeof value === 'object' && value !== null;

function isMeta(value: unknown): value is CaptureMeta {
  return isMetaObject(value) && value['version'] === 1 && ['id', 'header', 'terms'].every((field) => typeof value[field] === 'string') && ['segments', 'gaps', 'pins'].every((field) => Array.isArray(value[field]));
}

/** Why a segment is evicted last; nothing where it is not. */
export function pinnedBecause(meta: CaptureMeta, segment: Segment): readonly string[] {
  const reasons = meta.pins.filter(({ from, to }) => from <= segment.to && to >= segment.from).map(({ because }) => because);
  return meta.kept ? ['kept', ...reasons] : reasons;
}

/** When its newest record was written. */
export const newestAt = (meta: CaptureMeta): EpochMs => meta.segments.at(-1)?.to ?? meta.from;

/** The last opening of each connection, in the order in which they came. */
export function latestOpenings(lists: readonly (readonly Opening[])[]): readonly Opening[] {
  const latest = new Map<string, Opening>();
  for (const opening of lists.flat()) {
    latest.delete(opening.connection);
    latest.set(opening.connection, opening);
  }
  return Array.from(latest.values());
}

/** Takes a segment out; the next one remembers what it said of users. */
export function evict(meta: CaptureMeta, segment: Segment): void {
  const index = meta.segments.indexOf(segment);
  const next = meta.segments[index + 1];
  if (next !== undefined) next.before = latestOpenings([segment.before, segment.openings, next.before]);
  meta.segments.splice(index, 1);
  meta.evicted += segment.records;
}

/** A capture from one of its segments on: lines that belong before it, and the numbers of segments in between. */
export function partsFrom(meta: CaptureMeta, first: number): readonly (string | Segment)[] {
  const earlier = meta.segments.slice(0, first).flatMap(({ before, openings }) => [before, openings]);
  const parts: (string | Segment)[] = [];
  meta.segments.slice(first).forEach((segment, index) => {
    const older = meta.segments[first + index - 1];
    if (index === 0) parts.push(latestOpenings([...earlier, segment.before]).map(({ line }) => line).join(''));
    // What was evicted in the middle was not seen by whoever reads this.
    else if (older !== undefined && older.n + 1 !== segment.n) parts.push(blindLine(older.to, segment.from), segment.before.map(({ line }) => line).join(''));
    parts.push(segment);
  });
  return parts;
}

const blindLine = (from: EpochMs, to: EpochMs): string => `${JSON.stringify({ record: 'blind', at: Math.max(from, to), from, cause: 'stalled' })}\n`;
