/** Rows that share one entry of the index. */
const blockRows = 1024;

/**
 * Which rows of a ring may lie in a stretch of time: the earliest and the latest time of each block of 1,024 rows.
 * A bisection would need rows in order of time, and rows of several connections are only nearly so; looking at every
 * block is exact for any order, and a million rows are a thousand blocks, about a microsecond.
 */
export class BlockIndex {
  readonly #earliest: Float64Array;
  readonly #latest: Float64Array;
  readonly #unended: Uint16Array;

  /** For a ring of `capacity` rows, which may lie in one block more than they fill. */
  constructor(capacity: number) {
    const blocks = Math.ceil(capacity / blockRows) + 1;
    this.#earliest = new Float64Array(blocks);
    this.#latest = new Float64Array(blocks);
    this.#unended = new Uint16Array(blocks);
  }

  get bytes(): number {
    return this.#earliest.byteLength + this.#latest.byteLength + this.#unended.byteLength;
  }

  /** A new row, the next one in order. `ended` is false for a row that lasts until `end` is told. */
  add(row: number, time: number, ended = true): void {
    const entry = this.#entry(row);
    if (row % blockRows === 0) {
      this.#earliest[entry] = Infinity;
      this.#latest[entry] = -Infinity;
      this.#unended[entry] = 0;
    }
    if (!ended) this.#unended[entry] = (this.#unended[entry] ?? 0) + 1;
    this.widen(row, time);
  }

  /** A row that had not ended has ended at `time`. */
  end(row: number, time: number): void {
    const entry = this.#entry(row);
    this.#unended[entry] = (this.#unended[entry] ?? 0) - 1;
    this.widen(row, time);
  }

  /** A row reaches to `time` too. */
  widen(row: number, time: number): void {
    const entry = this.#entry(row);
    if (time < (this.#earliest[entry] ?? 0)) this.#earliest[entry] = time;
    if (time > (this.#latest[entry] ?? 0)) this.#latest[entry] = time;
  }

  /**
   * Of the rows `first` … `end` − 1, the stretches that may reach into [`from`, `to`), as first, end, first, end …
   * Whole blocks: the caller looks at each row's own time.
   */
  stretches(first: number, end: number, from: number, to: number): number[] {
    const found: number[] = [];
    for (let row = first, next = row; row < end; row = next) {
      next = Math.min(end, row - (row % blockRows) + blockRows);
      const entry = this.#entry(row);
      if ((this.#earliest[entry] ?? 0) >= to) continue;
      if ((this.#latest[entry] ?? 0) < from && this.#unended[entry] === 0) continue;
      if (found.at(-1) === row) found[found.length - 1] = next;
      else found.push(row, next);
    }
    return found;
  }

  #entry(row: number): number {
    return Math.floor(row / blockRows) % this.#earliest.length;
  }
}
