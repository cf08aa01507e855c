import { invariant } from '#base/assert.ts';
import { epochMs } from '#base/units.ts';
import type { EpochMs } from '#base/units.ts';
import type { BlockIndex } from './block-index.ts';
import { Cells, classOf } from './cells.ts';
import type { CellTable } from './cells.ts';
import type { EventColumns } from './columns.ts';
import { flaggedMask } from './event-flags.ts';
import { bucketWidth } from './levels.ts';
import type { Level, Levels } from './levels.ts';

/** A glyph is 10 px wide in a bar of 15: nearer than this on average, and glyphs are no longer told apart. */
const pixelsPerEvent = 8;
/** A bar may be this many columns wide before its counts are worth another look at the rows. */
const columnsPerBar = 8;
/** Rows that may be looked at for one answer: 5 ns each to select, 15 to count. */
const mostScanned = 65_536;

export interface WindowRequest {
  /** The stretch [`from`, `to`). */
  readonly from: EpochMs;
  readonly to: EpochMs;
  /** The lanes on the screen, each once. */
  readonly lanes: readonly number[];
  /** Pixel columns that the stretch takes on the screen, 1 or more. */
  readonly columns: number;
  /** Most single events in the answer. */
  readonly maxEvents: number;
}

export type WindowAnswer = EventWindow | DensityWindow;

/** Every event of the stretch, one index an event, in the order in which they were appended. All buffers may be transferred. */
export interface EventWindow {
  readonly mode: 'events';
  readonly from: EpochMs;
  /** Milliseconds after `from`. */
  readonly times: Float64Array;
  readonly lanes: Uint16Array;
  readonly types: Uint16Array;
  /** Bits of event-flags.ts. */
  readonly flags: Uint8Array;
  /** Ordinals of runs; −1: none. */
  readonly runs: Int32Array;
  readonly rows: Float64Array;
}

/**
 * Counts per lane and bucket. Buckets are one to eight columns wide, wider where only a coarse level reaches back that far; they are
 * whole, so the first and the last may stick out of the stretch. Bucket n covers `bucketMs` from `from` + n × `bucketMs`. All buffers may be transferred.
 */
export interface DensityWindow extends CellTable {
  readonly mode: 'density';
  /** Start of the first bucket. */
  readonly from: EpochMs;
  readonly bucketMs: number;
  /** From here on the counts are complete; what came earlier may be forgotten. */
  readonly completeFrom: EpochMs;
}

/** What a window is read from. */
export interface WindowSource {
  readonly columns: EventColumns;
  readonly blocks: BlockIndex;
  readonly levels: Levels;
  /** Lanes are numbered below this. */
  readonly laneLimit: number;
  /** Latest time of an evicted row: single events are known only after it. */
  readonly evictedUntil: number;
}

/**
 * What a timeline draws. Single events when all of the stretch are stored still, `maxEvents` or fewer, and 8 columns or more apart
 * on average in every lane; density otherwise. Either way the answer is bounded by the screen, and so is the work: a stretch
 * that is too dense is given up as soon as that shows, and its density is read from the levels. Only where these have no bucket
 * so fine, or have lost it, are rows counted afresh. No answer looks at more than 65,536 rows; where more lie in the stretch
 * (of hidden lanes, mostly) density it is.
 * Throws when `to` is not after `from` or there is no column.
 */
export function queryWindow(source: WindowSource, request: WindowRequest): WindowAnswer {
  invariant(request.to > request.from && request.columns >= 1, 'a window has a length and a column');
  return singleEvents(source, request) ?? density(source, request);
}

function singleEvents(source: WindowSource, request: WindowRequest): EventWindow | undefined {
  const { from, to, lanes, maxEvents } = request;
  const { columns } = source;
  if (from <= source.evictedUntil) return undefined;
  const slots = select(source, from, to, lanes, Math.floor(request.columns / pixelsPerEvent), maxEvents);
  if (slots === undefined) return undefined;
  const answer = {
    mode: 'events',
    from,
    times: new Float64Array(slots.length),
    lanes: new Uint16Array(slots.length),
    types: new Uint16Array(slots.length),
    flags: new Uint8Array(slots.length),
    runs: new Int32Array(slots.length),
    rows: new Float64Array(slots.length),
  } as const;
  for (let n = 0; n < slots.length; n += 1) {
    const slot = slots[n] ?? 0;
    answer.times[n] = (columns.at[slot] ?? 0) - from;
    answer.lanes[n] = columns.lane[slot] ?? 0;
    answer.types[n] = columns.type[slot] ?? 0;
    answer.flags[n] = columns.flags[slot] ?? 0;
    answer.runs[n] = columns.run[slot] ?? 0;
    answer.rows[n] = columns.rowAt(slot);
  }
  return answer;
}

function density(source: WindowSource, request: WindowRequest): DensityWindow {
  const { from, to, lanes } = request;
  const columnMs = (to - from) / request.columns;
  const kept = source.levels.finest(columnMs, from);
  const narrow = kept !== undefined && kept.bucketMs <= columnsPerBar * columnMs;
  const level = (narrow ? kept : (countedAfresh(source, request, bucketWidth(columnMs)) ?? kept)) ?? source.levels.coarsest;
  const first = Math.floor(from / level.bucketMs);
  const start = first * level.bucketMs;
  return {
    mode: 'density',
    from: epochMs(start),
    bucketMs: level.bucketMs,
    completeFrom: epochMs(Math.max(start, (level.cells.dropped + 1) * level.bucketMs)),
    ...level.cells.read(lanes, first, lastBucket(to, level.bucketMs)),
  };
}

/** A level made for this window from the stored rows, if they are all there and not too many. */
function countedAfresh(source: WindowSource, request: WindowRequest, bucketMs: number): Level | undefined {
  const first = Math.floor(request.from / bucketMs);
  const last = lastBucket(request.to, bucketMs);
  const start = first * bucketMs;
  if (start <= source.evictedUntil) return undefined;
  const slots = select(source, start, (last + 1) * bucketMs, request.lanes, mostScanned, mostScanned);
  if (slots === undefined) return undefined;
  const { columns } = source;
  const cells = new Cells(last - first + 1);
  for (let n = 0; n < slots.length; n += 1) {
    const slot = slots[n] ?? 0;
    const flagged = ((columns.flags[slot] ?? 0) & flaggedMask) !== 0;
    // A quotient may round up to the whole number above: never beyond the last bucket.
    const bucket = Math.min(last, Math.floor((columns.at[slot] ?? 0) / bucketMs));
    cells.add(columns.lane[slot] ?? 0, bucket, classOf(columns.type[slot] ?? 0), flagged);
  }
  return { cells, bucketMs };
}

/** Slots of the rows of `lanes` in [`from`, `to`), in order; undefined when a lane has more than `perLane`, all have more than `most`, or too many had to be looked at. */
function select(
  { columns, blocks, laneLimit }: WindowSource,
  from: number,
  to: number,
  lanes: readonly number[],
  perLane: number,
  most: number,
): Int32Array | undefined {
  const stretches = blocks.stretches(columns.oldest, columns.appended, from, to);
  let candidates = 0;
  for (let n = 0; n < stretches.length; n += 2) candidates += (stretches[n + 1] ?? 0) - (stretches[n] ?? 0);
  if (candidates > mostScanned) return undefined;
  // Per lane, how many more it may have; −1: not shown.
  const room = new Int32Array(laneLimit).fill(-1);
  for (const lane of lanes) room[lane] = perLane;
  const found = new Int32Array(Math.min(most, candidates));
  let count = 0;
  for (let n = 0; n < stretches.length; n += 2) {
    const first = stretches[n] ?? 0;
    let slot = columns.slotOf(first) ?? 0;
    for (let left = (stretches[n + 1] ?? 0) - first; left > 0; left -= 1) {
      const at = columns.at[slot] ?? 0;
      const lane = columns.lane[slot] ?? 0;
      const laneRoom = room[lane] ?? -1;
      if (laneRoom >= 0 && at >= from && at < to) {
        if (laneRoom === 0 || count === found.length) return undefined;
        room[lane] = laneRoom - 1;
        found[count] = slot;
        count += 1;
      }
      slot = slot + 1 === columns.capacity ? 0 : slot + 1;
    }
  }
  return found.subarray(0, count);
}

/** The bucket of the last instant before `to`. */
const lastBucket = (to: number, bucketMs: number): number => Math.ceil(to / bucketMs) - 1;
