import { invariant } from '#base/assert.ts';
import { BlockIndex } from './block-index.ts';
import { classOf } from './cells.ts';
import { EventColumns } from './columns.ts';
import type { StoredEvent } from './columns.ts';
import { flaggedMask } from './event-flags.ts';
import { Levels } from './levels.ts';
import { RunRows } from './run-rows.ts';
import { noText, TextRing } from './text-ring.ts';
import type { TextCodec, TextCursor, TextPiece } from './text-ring.ts';
import { queryWindow } from './window-query.ts';
import type { WindowAnswer, WindowRequest, WindowSource } from './window-query.ts';

export interface EventStoreOptions {
  /** Events kept; the oldest is evicted for the next one. */
  readonly capacity: number;
  /** Lanes are numbered from 0 to below this, 65,536 at most. */
  readonly lanes: number;
  /** Bytes of text kept, 2 slabs or more. */
  readonly textBytes: number;
  readonly codec: TextCodec;
  /** Bytes of one slab; 1 MiB unless told. */
  readonly slabBytes?: number;
  /** Run bars kept; an eighth of `capacity` unless told. */
  readonly runs?: number;
}

/** The events of one environment, in columns, with the texts they came in, levels of detail and run bars. All memory is bounded. */
export class EventStore {
  readonly runs: RunRows;
  readonly #columns: EventColumns;
  readonly #blocks: BlockIndex;
  readonly #levels: Levels;
  readonly #texts: TextRing;
  readonly #lanes: number;
  #evictedUntil = -Infinity;

  constructor(options: EventStoreOptions) {
    const { capacity, lanes } = options;
    invariant(capacity >= 1 && lanes >= 1 && lanes <= 65_536, 'a store has room for an event and a lane');
    this.runs = new RunRows(options.runs ?? Math.ceil(capacity / 8));
    this.#columns = new EventColumns(capacity);
    this.#blocks = new BlockIndex(capacity);
    this.#levels = new Levels(capacity, lanes);
    this.#texts = new TextRing(options.codec, options.textBytes, options.slabBytes ?? 1_048_576);
    this.#lanes = lanes;
  }

  /** Events stored; `stored` + `evicted` is the number of all that were appended. */
  get stored(): number {
    return this.#columns.appended - this.evicted;
  }

  /** Events that had to make room for newer ones. Their counts live on in the levels of detail. */
  get evicted(): number {
    return this.#columns.oldest;
  }

  /** Texts so far. */
  get writtenTexts(): number {
    return this.#texts.written;
  }

  /** The oldest texts, as many as had to make room for newer ones; their events may be stored still. */
  get evictedTexts(): number {
    return this.#texts.evicted;
  }

  /** Bytes per event that the store has room for, texts and run ids aside. */
  bytesPerEvent(): number {
    const bytes = this.#columns.bytes + this.#blocks.bytes + this.#levels.bytes + this.runs.bytes;
    return bytes / this.#columns.capacity;
  }

  /** Bytes held for texts. */
  get textBytes(): number {
    return this.#texts.bytes;
  }

  /** Keeps a text, whole, with UTF-8 before and after it that belongs to it; the events that are appended until the next one came in it. */
  write(text: string, before?: Uint8Array, after?: Uint8Array): void {
    this.#texts.write(text, this.#columns.appended, before, after);
  }

  /** All texts that are kept, oldest first, many in each piece, none of them torn. */
  texts(): Iterable<string> {
    return this.#texts.texts();
  }

  /** The same pieces, the newest first; in each of them the texts are in the order in which they came. */
  newestTexts(): Iterable<string> {
    return this.#texts.newestTexts();
  }

  /** Where the next text will begin, for somebody who reads along from here. */
  get textCursor(): TextCursor {
    return this.#texts.cursor;
  }

  /** What was written since, at most a slab of it; undefined where nothing was. */
  textsSince(cursor: TextCursor): TextPiece | undefined {
    return this.#texts.since(cursor);
  }

  /**
   * Appends an event that came in the text written last, and gives its row number. `at`: when it came, epoch milliseconds on the monitor's clock, in any order.
   * `type`: 0 to 65,535; the first six have a class of their own in densities. `run`: its ordinal, −1 for none. `flags`: bits of
   * event-flags.ts. `latencyMs`: NaN for unknown.
   * Arguments and not an object: this runs for every event, and makes no garbage.
   */
  append(at: number, lane: number, type: number, run: number, flags: number, latencyMs: number): number {
    invariant(Number.isFinite(at) && lane >= 0 && lane < this.#lanes, 'an event has a time and a lane of the store');
    const columns = this.#columns;
    const slot = columns.nextSlot;
    const row = columns.appended;
    if (row >= columns.capacity) this.#evictedUntil = Math.max(this.#evictedUntil, columns.at[slot] ?? -Infinity);
    columns.at[slot] = at;
    columns.lane[slot] = lane;
    columns.type[slot] = type;
    columns.run[slot] = run;
    columns.flags[slot] = flags;
    columns.latencyMs[slot] = latencyMs;
    columns.textAddress[slot] = this.#texts.lastAddress;
    columns.textLength[slot] = this.#texts.lastLength;
    this.#blocks.add(row, at);
    this.#levels.add(at, lane, classOf(type), (flags & flaggedMask) !== 0);
    return columns.commit();
  }

  /** What a timeline draws of a stretch of time: see window-query.ts. */
  query(request: WindowRequest): WindowAnswer {
    const source: WindowSource = {
      columns: this.#columns,
      blocks: this.#blocks,
      levels: this.#levels,
      laneLimit: this.#lanes,
      evictedUntil: this.#evictedUntil,
    };
    return queryWindow(source, request);
  }

  /** When the first of the newest events came that came after `at`, epoch milliseconds; undefined where none did. Looks at these alone. */
  firstAfter(at: number): number | undefined {
    const columns = this.#columns;
    let found: number | undefined;
    for (let row = columns.appended - 1; row >= columns.oldest; row -= 1) {
      const came = columns.at[columns.slotOf(row) ?? 0] ?? at;
      if (came <= at) break;
      found = came;
    }
    return found;
  }

  /** One event; undefined when it is evicted or has not come. */
  event(row: number): StoredEvent | undefined {
    const slot = this.#columns.slotOf(row);
    return slot === undefined ? undefined : this.#columns.eventAt(slot);
  }

  /** The text that one event came in, or its first `most` bytes; undefined when it had none, or it or the event is evicted. */
  text(row: number, most = Infinity): string | undefined {
    const slot = this.#columns.slotOf(row);
    if (slot === undefined) return undefined;
    return this.#texts.read(this.#columns.textAddress[slot] ?? noText, this.#columns.textLength[slot] ?? 0, row, most);
  }

  /**
   * Rows of one run's stored events, the oldest `most`, in order. Scans all rows, about half a millisecond a million: it is asked
   * for when somebody opens a run, and an index would cost memory for every event.
   */
  rowsOfRun(run: number, most: number): number[] {
    const columns = this.#columns;
    const rows: number[] = [];
    const split = columns.slotOf(columns.oldest) ?? 0;
    const search = (first: number, end: number): void => {
      let slot = columns.run.indexOf(run, first);
      while (slot !== -1 && slot < end && rows.length < most) {
        rows.push(columns.rowAt(slot));
        slot = columns.run.indexOf(run, slot + 1);
      }
    };
    search(split, this.stored);
    search(0, split);
    return rows;
  }
}
