import { Cells, cellBytes } from './cells.ts';

const levelCount = 7;
const step = 4;
/** Width of a bucket of the finest level, in milliseconds. */
const finestBucketMs = 250;
/** A screen has no columns for more buckets than this. */
const mostSlots = 2048;
const bytesPerRow = 9;

/** A level that can answer, and what it is. */
export interface Level {
  readonly cells: Cells;
  /** Width of its buckets, in milliseconds. */
  readonly bucketMs: number;
}

/**
 * Levels of detail, kept as events are appended: counts in buckets of 250 ms, 1 s, 4 s, 16 s, 64 s, 256 s and 1024 s.
 * Each level holds the same number of buckets, so each reaches four times further back than the one before, and the coarse ones
 * outlive the events themselves: a wall that runs for weeks still shows how dense last week was.
 */
export class Levels {
  readonly #levels: readonly Level[];
  /** The level that reaches back furthest. */
  readonly coarsest: Level;

  /** All levels together take at most 9 bytes for each of the store's `rows` when all `lanes` are in use. */
  constructor(rows: number, lanes: number) {
    const slots = Math.floor((rows * bytesPerRow) / (levelCount * cellBytes * lanes));
    const createLevel = (level: number): Level => ({
      cells: new Cells(Math.max(1, Math.min(mostSlots, slots))),
      bucketMs: finestBucketMs * step ** level,
    });
    this.coarsest = createLevel(levelCount - 1);
    this.#levels = [...Array.from({ length: levelCount - 1 }, (_, level) => createLevel(level)), this.coarsest];
  }

  get bytes(): number {
    return this.#levels.reduce((sum, level) => sum + level.cells.bytes, 0);
  }

  /** Counts an event that came at `at`, epoch milliseconds. */
  add(at: number, lane: number, eventClass: number, flagged: boolean): void {
    let bucket = Math.floor(at / finestBucketMs);
    for (const level of this.#levels) {
      level.cells.add(lane, bucket, eventClass, flagged);
      bucket = Math.floor(bucket / step);
    }
  }

  /** The finest level with buckets of `bucketMs` or wider that has lost nothing since `from`; undefined where all have. */
  finest(bucketMs: number, from: number): Level | undefined {
    return this.#levels.find((level) => level.bucketMs >= bucketMs && Math.floor(from / level.bucketMs) > level.cells.dropped);
  }
}

/**
 * Width of the narrowest bucket that is no narrower than `columnMs`, in milliseconds: 250 times a power of four, so that the
 * buckets of one zoom nest in those of the next and do not move when the window does. Never below a millisecond or so.
 */
export function bucketWidth(columnMs: number): number {
  let width = finestBucketMs / step ** 4;
  while (width < columnMs) width *= step;
  return width;
}
