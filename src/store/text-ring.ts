import { invariant } from '#base/assert.ts';

/** Text to UTF-8 and back: the shape of the platform's `TextEncoder` and `TextDecoder`, which a pure room does not know. */
export interface TextCodec {
  /** Writes as much of `text` as fits whole characters into `target`; `read` in UTF-16 units, `written` in bytes. */
  encodeInto(text: string, target: Uint8Array): { readonly read: number; readonly written: number };
  /** The whole of `text`, in an array of its own. */
  encode(text: string): Uint8Array;
  decode(bytes: Uint8Array): string;
}

/** The address of no text at all. */
export const noText = 0xffff_ffff;

const nothing = new Uint8Array(0);

/** How far somebody has read who reads along. */
export interface TextCursor {
  /** Slabs that were begun before the one that is read. */
  readonly slab: number;
  /** Bytes of that slab that were read, and the texts in them. */
  readonly offset: number;
  readonly read: number;
  /** Texts that were written before the next one, whether they were read or lost. */
  readonly texts: number;
}

/** Before the first text. */
export const firstText: TextCursor = { slab: 0, offset: 0, read: 0, texts: 0 };

/** What was written since a cursor, as far as one slab goes. */
export interface TextPiece {
  /** A copy; whole texts. */
  readonly bytes: Uint8Array;
  readonly texts: number;
  /** Texts before these that had made room before they were read. */
  readonly lost: number;
  readonly cursor: TextCursor;
}

interface Slab {
  bytes: Uint8Array;
  /** How much of it is written. */
  used: number;
  texts: number;
  /** Slabs that were begun before it, and texts that were written before it. */
  readonly number: number;
  readonly textsBefore: number;
  /** The row with which it was begun: older rows have lost what they kept in its place. */
  readonly firstRow: number;
}

/**
 * Texts as UTF-8 in a ring of slabs, in the order in which they came, each of them whole. When the budget is used up the
 * oldest slab is written over, so that no text is ever moved or freed one by one, and none of it lies on the garbage-collected
 * heap. A text that is longer than a slab gets one of its own size, for which as many of the oldest make room as it takes.
 * Rows keep the address of a text; whether its slab has been reused since, the row tells.
 */
export class TextRing {
  readonly #codec: TextCodec;
  readonly #slabBytes: number;
  readonly #budgetBytes: number;
  readonly #slabs: (Slab | undefined)[];
  /** Room that is taken and not written yet. */
  #spare: Uint8Array[] = [];
  #hasAll = false;
  #place = 0;
  #bytes = 0;
  #lastAddress = noText;
  #lastLength = 0;
  #written = 0;
  #evicted = 0;
  #begun = 0;

  /** At most `budgetBytes` (two slabs or more, below 4 GiB) are held, allocated as they are needed until an eighth of them is, and then all. */
  constructor(codec: TextCodec, budgetBytes: number, slabBytes: number) {
    const slabs = Math.floor(budgetBytes / slabBytes);
    invariant(slabs >= 2 && slabs * slabBytes < noText, 'the budget for texts holds two slabs or more, and less than 4 GiB');
    this.#codec = codec;
    this.#slabBytes = slabBytes;
    this.#budgetBytes = slabs * slabBytes;
    this.#slabs = Array.from({ length: slabs }, () => undefined);
  }

  /** Bytes that are allocated. */
  get bytes(): number {
    return this.#bytes + this.#spare.length * this.#slabBytes;
  }

  /** Texts so far. */
  get written(): number {
    return this.#written;
  }

  /** The oldest texts, as many as had to make room so far. */
  get evicted(): number {
    return this.#evicted;
  }

  /** Address of the text that was written last; `noText` before there was one. */
  get lastAddress(): number {
    return this.#lastAddress;
  }

  /** Length in bytes of the text that was written last. */
  get lastLength(): number {
    return this.#lastLength;
  }

  /**
   * Keeps `text`, with UTF-8 `before` and `after` it that belongs to it; `nextRow` is the number of the next row. What is beyond the whole
   * budget is not kept, and counts as evicted.
   */
  write(text: string, nextRow: number, before: Uint8Array = nothing, after: Uint8Array = nothing): void {
    this.#written += 1;
    const slab = this.#slabs[this.#place];
    if (slab !== undefined && slab.used + before.length + after.length < slab.bytes.length) {
      const begin = slab.used + before.length;
      const { read, written } = this.#codec.encodeInto(text, slab.bytes.subarray(begin, slab.bytes.length - after.length));
      if (read === text.length) {
        slab.bytes.set(before, slab.used);
        slab.bytes.set(after, begin + written);
        return this.#keep(slab, before.length + written + after.length);
      }
    }
    const bytes = this.#codec.encode(this.#codec.decode(before) + text + this.#codec.decode(after));
    if (bytes.length <= this.#budgetBytes) return this.#keep(this.#begin(bytes, nextRow), bytes.length);
    this.#lastAddress = noText;
    this.#evicted += 1;
  }

  /** The first `most` bytes of the text at `address`, `length` bytes, of `row`; undefined where there was none, or no longer is. */
  read(address: number, length: number, row: number, most: number): string | undefined {
    if (address === noText) return undefined;
    const place = Math.floor(address / this.#slabBytes);
    const slab = this.#slabs[place];
    if (slab === undefined || row < slab.firstRow) return undefined;
    const offset = address - place * this.#slabBytes;
    return this.#codec.decode(slab.bytes.subarray(offset, offset + Math.min(length, most)));
  }

  /** All texts that are kept, oldest first, joined slab by slab. */
  *texts(): Iterable<string> {
    for (let n = 1; n <= this.#slabs.length; n += 1) {
      const slab = this.#slabs[(this.#place + n) % this.#slabs.length];
      if (slab !== undefined) yield this.#codec.decode(slab.bytes.subarray(0, slab.used));
    }
  }

  /** The same, newest slab first. */
  *newestTexts(): Iterable<string> {
    for (let n = this.#slabs.length; n >= 1; n -= 1) {
      const slab = this.#slabs[(this.#place + n) % this.#slabs.length];
      if (slab !== undefined) yield this.#codec.decode(slab.bytes.subarray(0, slab.used));
    }
  }

  /** Where the next text will begin. */
  get cursor(): TextCursor {
    const slab = this.#slabs[this.#place];
    return { slab: slab?.number ?? 0, offset: slab?.used ?? 0, read: slab?.texts ?? 0, texts: this.#written };
  }

  /** What was written since `cursor`, the rest of one slab at the most; undefined where nothing is to be read or told. Costs what is copied, and nothing while it is written. */
  since(cursor: TextCursor): TextPiece | undefined {
    for (let number = Math.max(cursor.slab, this.#begun - this.#slabs.length); number < this.#begun; number += 1) {
      const slab = this.#slabNumbered(number);
      const isSame = number === cursor.slab;
      const from = isSame ? cursor.offset : 0;
      const next = this.#slabNumbered(number + 1);
      if (slab === undefined || (from === slab.used && next !== undefined)) continue;
      const texts = slab.texts - (isSame ? cursor.read : 0);
      const until = next?.textsBefore ?? this.#written;
      const lost = until - cursor.texts - texts;
      if (texts === 0 && lost === 0) return undefined;
      return { bytes: slab.bytes.slice(from, slab.used), texts, lost, cursor: { slab: number, offset: slab.used, read: slab.texts, texts: until } };
    }
    return undefined;
  }

  /** Each slab is begun in the place after the one before it. */
  #slabNumbered(number: number): Slab | undefined {
    const slab = this.#slabs[(this.#place + number + 1 - this.#begun + this.#slabs.length) % this.#slabs.length];
    return slab?.number === number ? slab : undefined;
  }

  /** Counts in what was written at the end of the newest slab. */
  #keep(slab: Slab, length: number): void {
    this.#lastAddress = this.#place * this.#slabBytes + slab.used;
    this.#lastLength = length;
    slab.used += length;
    slab.texts += 1;
  }

  /** A slab that begins with `text`, in the place of the oldest. */
  #begin(text: Uint8Array, firstRow: number): Slab {
    this.#place = this.#after(this.#place);
    const old = this.#drop(this.#place);
    const bytes = text.length > this.#slabBytes ? text : old?.length === this.#slabBytes ? old : (this.#spare.pop() ?? new Uint8Array(this.#slabBytes));
    if (bytes !== text) bytes.set(text);
    while (this.#spare.length > 0 && this.bytes + bytes.length > this.#budgetBytes) this.#spare.pop();
    for (let place = this.#after(this.#place); this.#bytes + bytes.length > this.#budgetBytes; place = this.#after(place)) this.#drop(place);
    // The text that begins it is counted already.
    const slab = { bytes, used: 0, texts: 0, number: this.#begun, textsBefore: this.#written - 1, firstRow };
    this.#begun += 1;
    this.#slabs[this.#place] = slab;
    this.#bytes += bytes.length;
    if (!this.#hasAll && this.#bytes * 8 >= this.#budgetBytes) this.#takeAll();
    return slab;
  }

  /** What is an eighth full will be full: memory that creeps up for minutes on its way there looks like a leak, and is no less in the end. */
  #takeAll(): void {
    this.#hasAll = true;
    const slabs = Math.floor((this.#budgetBytes - this.#bytes) / this.#slabBytes);
    this.#spare = Array.from({ length: slabs }, () => new Uint8Array(this.#slabBytes));
  }

  /** Evicts a slab, and gives its memory. */
  #drop(place: number): Uint8Array | undefined {
    const slab = this.#slabs[place];
    if (slab === undefined) return undefined;
    this.#slabs[place] = undefined;
    this.#bytes -= slab.bytes.length;
    this.#evicted += slab.texts;
    return slab.bytes;
  }

  #after(place: number): number {
    return place + 1 === this.#slabs.length ? 0 : place + 1;
  }
}
