import { BlockIndex } from './block-index.ts';
import { cutText } from './string-table.ts';

const longestId = 256;

/** Run bars that overlap a stretch of time, one index a run, oldest first. All buffers may be transferred. */
export interface RunWindow {
  readonly ordinals: Int32Array;
  readonly lanes: Uint16Array;
  /** Epoch milliseconds. */
  readonly openedAt: Float64Array;
  /** Epoch milliseconds; NaN while open. */
  readonly endedAt: Float64Array;
  readonly statuses: Uint8Array;
  /** Older runs that overlap too and did not fit. */
  readonly leftOut: number;
}

/**
 * A ring of run bars. A run's ordinal is its row number; its id is kept here once, and not with its events: when the ring
 * comes round the id is freed, however many ids a target makes up.
 */
export class RunRows {
  readonly #capacity: number;
  readonly #lane: Uint16Array;
  readonly #openedAt: Float64Array;
  readonly #endedAt: Float64Array;
  readonly #status: Uint8Array;
  readonly #ids: string[] = [];
  readonly #blocks: BlockIndex;
  #appended = 0;

  constructor(capacity: number) {
    this.#capacity = capacity;
    this.#lane = new Uint16Array(capacity);
    this.#openedAt = new Float64Array(capacity);
    this.#endedAt = new Float64Array(capacity);
    this.#status = new Uint8Array(capacity);
    this.#blocks = new BlockIndex(capacity);
  }

  /** Bytes of the columns and of as many id references; not those of the ids. */
  get bytes(): number {
    const columns = [this.#lane, this.#openedAt, this.#endedAt, this.#status];
    return columns.reduce((sum, column) => sum + column.byteLength, this.#blocks.bytes + this.#capacity * 8);
  }

  get stored(): number {
    return Math.min(this.#appended, this.#capacity);
  }

  get evicted(): number {
    return this.#appended - this.stored;
  }

  /** A run opened at `openedAt`, epoch milliseconds; gives its ordinal. `status` is the caller's code, 0 to 255. */
  open(id: string, lane: number, openedAt: number, status: number): number {
    const ordinal = this.#appended;
    const slot = ordinal % this.#capacity;
    this.#ids[slot] = cutText(id, longestId);
    this.#lane[slot] = lane;
    this.#openedAt[slot] = openedAt;
    this.#endedAt[slot] = NaN;
    this.#status[slot] = status;
    this.#blocks.add(ordinal, openedAt, false);
    this.#appended += 1;
    return ordinal;
  }

  /** The bar ends at `endedAt`, epoch milliseconds, with `status`; may be told again, as when a late event changes it. Evicted runs are left alone. */
  end(ordinal: number, endedAt: number, status: number): void {
    const slot = this.#slotOf(ordinal);
    if (slot === undefined) return;
    if (Number.isNaN(this.#endedAt[slot])) this.#blocks.end(ordinal, endedAt);
    else this.#blocks.widen(ordinal, endedAt);
    this.#endedAt[slot] = endedAt;
    this.#status[slot] = status;
  }

  /** The run's id, its first 256 characters; undefined when it is evicted or unknown. */
  id(ordinal: number): string | undefined {
    const slot = this.#slotOf(ordinal);
    return slot === undefined ? undefined : this.#ids[slot];
  }

  /** The newest `most` runs of `lanes` that were open at some time in [`from`, `to`). */
  query(from: number, to: number, lanes: readonly number[], most: number): RunWindow {
    const shown = new Set(lanes);
    const found: number[] = [];
    const stretches = this.#blocks.stretches(this.evicted, this.#appended, from, to);
    for (let n = 0; n < stretches.length; n += 2) {
      for (let ordinal = stretches[n] ?? 0, end = stretches[n + 1] ?? 0; ordinal < end; ordinal += 1) {
        const slot = ordinal % this.#capacity;
        const overlaps = (this.#openedAt[slot] ?? 0) < to && !((this.#endedAt[slot] ?? NaN) < from);
        if (overlaps && shown.has(this.#lane[slot] ?? 0)) found.push(ordinal);
      }
    }
    const ordinals = Int32Array.from(found.slice(Math.max(0, found.length - most)));
    const slots = ordinals.map((ordinal) => ordinal % this.#capacity);
    return {
      ordinals,
      lanes: Uint16Array.from(slots, (slot) => this.#lane[slot] ?? 0),
      openedAt: Float64Array.from(slots, (slot) => this.#openedAt[slot] ?? NaN),
      endedAt: Float64Array.from(slots, (slot) => this.#endedAt[slot] ?? NaN),
      statuses: Uint8Array.from(slots, (slot) => this.#status[slot] ?? 0),
      leftOut: found.length - ordinals.length,
    };
  }

  #slotOf(ordinal: number): number | undefined {
    return ordinal >= this.evicted && ordinal < this.#appended ? ordinal % this.#capacity : undefined;
  }
}
