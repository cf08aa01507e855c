/** One stored event as an object: for the few that are looked at one by one. */
export interface StoredEvent {
  /** When it came, epoch milliseconds on the monitor's clock. */
  readonly at: number;
  readonly lane: number;
  readonly type: number;
  /** Ordinal of its run; −1: none. */
  readonly run: number;
  /** Bits of event-flags.ts. */
  readonly flags: number;
  /** Milliseconds, to seven digits; NaN: unknown. */
  readonly latencyMs: number;
}

/**
 * A ring of rows, one typed array a field, 30 bytes a row. Columns and not objects: an object an event costs ten times
 * the memory, all of it the garbage collector's, and a scan reads only the fields it asks for (1–2 ns a row).
 * A row number only ever grows; its slot in the arrays is reused once `capacity` newer rows have come.
 */
export class EventColumns {
  readonly capacity: number;
  readonly at: Float64Array;
  readonly lane: Uint16Array;
  readonly type: Uint16Array;
  readonly run: Int32Array;
  readonly flags: Uint8Array;
  readonly latencyMs: Float32Array;
  readonly textAddress: Uint32Array;
  readonly textLength: Uint32Array;
  #appended = 0;
  #nextSlot = 0;

  constructor(capacity: number) {
    this.capacity = capacity;
    this.at = new Float64Array(capacity);
    this.lane = new Uint16Array(capacity);
    this.type = new Uint16Array(capacity);
    this.run = new Int32Array(capacity);
    this.flags = new Uint8Array(capacity);
    this.latencyMs = new Float32Array(capacity);
    this.textAddress = new Uint32Array(capacity);
    this.textLength = new Uint32Array(capacity);
  }

  get bytes(): number {
    const columns = [this.at, this.lane, this.type, this.run, this.flags, this.latencyMs, this.textAddress, this.textLength];
    return columns.reduce((sum, column) => sum + column.byteLength, 0);
  }

  /** Rows so far, and the number of the next one. */
  get appended(): number {
    return this.#appended;
  }

  /** Number of the oldest row that is stored still. */
  get oldest(): number {
    return Math.max(0, this.#appended - this.capacity);
  }

  /** The slot that the next row takes: of the oldest row, once the ring is full. */
  get nextSlot(): number {
    return this.#nextSlot;
  }

  /** Counts the row that was written to `nextSlot`, and gives its number. */
  commit(): number {
    this.#nextSlot = this.#nextSlot + 1 === this.capacity ? 0 : this.#nextSlot + 1;
    return this.#appended++;
  }

  /** Slot of a row; undefined when it is evicted or has not come. */
  slotOf(row: number): number | undefined {
    if (!(row >= this.oldest && row < this.#appended)) return undefined;
    const slot = this.#nextSlot - (this.#appended - row);
    return slot < 0 ? slot + this.capacity : slot;
  }

  /** Number of the row in a slot that is in use. */
  rowAt(slot: number): number {
    const age = this.#nextSlot - slot;
    return this.#appended - (age > 0 ? age : age + this.capacity);
  }

  eventAt(slot: number): StoredEvent {
    return {
      at: this.at[slot] ?? NaN,
      lane: this.lane[slot] ?? 0,
      type: this.type[slot] ?? 0,
      run: this.run[slot] ?? -1,
      flags: this.flags[slot] ?? 0,
      latencyMs: this.latencyMs[slot] ?? NaN,
    };
  }
}
