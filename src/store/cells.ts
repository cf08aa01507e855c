/** Counts in a cell: one each for types 0 to 5, one for all other types, and one for flagged events, which count in their type's too. */
export const classes = 8;
const otherClass = 6;
export const flaggedClass = 7;

/** The class of a type's number. */
export const classOf = (type: number): number => Math.min(type, otherClass);

/** Bytes of one cell: eight counts and its bucket. */
export const cellBytes = classes * 4 + 8;

/** The cells that hold anything, one index a cell, eight counts a cell. */
export interface CellTable {
  /** Bucket, counted from the first one asked for. */
  readonly buckets: Uint32Array;
  readonly lanes: Uint16Array;
  /** `classes` numbers a cell, cell by cell. */
  readonly counts: Uint32Array;
}

interface LaneCells {
  /** Per slot the bucket it holds; NaN while unused. */
  readonly bucket: Float64Array;
  readonly counts: Uint32Array;
}

/**
 * Events counted per lane and bucket of time, in a ring of buckets. A slot is cleared when a newer bucket claims it,
 * lane by lane, so that the passing of time costs nothing. A bucket is a whole number: time divided by the bucket's width.
 */
export class Cells {
  readonly #slots: number;
  readonly #lanes: (LaneCells | undefined)[] = [];
  #dropped = -Infinity;

  /** `slots` buckets are held for each lane; memory is taken when a lane is first seen. */
  constructor(slots: number) {
    this.#slots = slots;
  }

  get bytes(): number {
    return this.#lanes.reduce((sum, lane) => sum + (lane === undefined ? 0 : this.#slots * cellBytes), 0);
  }

  /** The newest bucket that lost counts to a newer one: every later bucket is complete. */
  get dropped(): number {
    return this.#dropped;
  }

  add(lane: number, bucket: number, eventClass: number, flagged: boolean): void {
    const cells = (this.#lanes[lane] ??= this.#createLane());
    const slot = this.#slotOf(bucket);
    const held = cells.bucket[slot] ?? NaN;
    const base = slot * classes;
    if (held > bucket) {
      // An event that is older than all that this ring still holds is left to a coarser one.
      this.#dropped = Math.max(this.#dropped, bucket);
      return;
    }
    if (held !== bucket) {
      if (held < bucket) {
        this.#dropped = Math.max(this.#dropped, held);
        cells.counts.fill(0, base, base + classes);
      }
      cells.bucket[slot] = bucket;
    }
    cells.counts[base + eventClass] = (cells.counts[base + eventClass] ?? 0) + 1;
    if (flagged) cells.counts[base + flaggedClass] = (cells.counts[base + flaggedClass] ?? 0) + 1;
  }

  /** What `lanes` hold from bucket `first` to bucket `last`, both included; looks at no more slots than buckets asked for. */
  read(lanes: readonly number[], first: number, last: number): CellTable {
    const look = Math.min(this.#slots, last - first + 1);
    const start = this.#slotOf(first);
    let found = 0;
    const each = (visit: (cells: LaneCells, slot: number, lane: number) => void): void => {
      for (const lane of lanes) {
        const cells = this.#lanes[lane];
        if (cells === undefined) continue;
        for (let slot = start, seen = 0; seen < look; seen += 1) {
          const bucket = cells.bucket[slot] ?? NaN;
          if (bucket >= first && bucket <= last) visit(cells, slot, lane);
          slot = slot + 1 === this.#slots ? 0 : slot + 1;
        }
      }
    };
    // Twice over the buckets' numbers is cheaper than arrays that grow.
    each(() => {
      found += 1;
    });
    const table = { buckets: new Uint32Array(found), lanes: new Uint16Array(found), counts: new Uint32Array(found * classes) };
    let cell = 0;
    each((cells, slot, lane) => {
      table.buckets[cell] = (cells.bucket[slot] ?? 0) - first;
      table.lanes[cell] = lane;
      for (let n = 0; n < classes; n += 1) table.counts[cell * classes + n] = cells.counts[slot * classes + n] ?? 0;
      cell += 1;
    });
    return table;
  }

  #createLane(): LaneCells {
    return { bucket: new Float64Array(this.#slots).fill(NaN), counts: new Uint32Array(this.#slots * classes) };
  }

  /** Remainder by hand: `%` is slow for buckets, which do not fit 32 bits. */
  #slotOf(bucket: number): number {
    return bucket - Math.floor(bucket / this.#slots) * this.#slots;
  }
}
