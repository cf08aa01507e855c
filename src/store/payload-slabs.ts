import { invariant } from '#base/assert.ts';

/** Text to UTF-8 and back: the shape of the platform's `TextEncoder` and `TextDecoder`, which a pure room does not know. */
export interface TextCodec {
  /** Writes as much of `text` as fits whole characters into `target`; `read` in UTF-16 units, `written` in bytes. */
  encodeInto(text: string, target: Uint8Array): { readonly read: number; readonly written: number };
  decode(bytes: Uint8Array): string;
}

/** Longest text kept, in bytes: a length fits 16 bits. Longer ones are cut at a character. */
export const longestPayload = 65_535;
/** The address of no text at all. */
export const noPayload = 0xffff_ffff;

/**
 * Texts as UTF-8 in a ring of equal slabs, in the order in which they came. When the budget is used up the oldest slab is
 * written over, so that no text is ever moved or freed one by one, and none of it lies on the garbage-collected heap.
 * A text belongs to a row; an address alone does not tell whether its slab has been reused since, the row does.
 */
export class PayloadSlabs {
  readonly #codec: TextCodec;
  readonly #slabBytes: number;
  readonly #slabs: (Uint8Array | undefined)[];
  /** Per slab, the row with which it was begun: older rows have lost what they kept there. */
  readonly #firstRow: Float64Array;
  readonly #texts: Uint32Array;
  #slab = 0;
  #offset = 0;
  #last: string | undefined;
  #lastAddress = 0;
  #lastLength = 0;
  #evicted = 0;

  /** At most `budgetBytes` (two slabs or more, below 4 GiB) are held, allocated as they are needed. */
  constructor(codec: TextCodec, budgetBytes: number, slabBytes: number) {
    const slabs = Math.floor(budgetBytes / slabBytes);
    invariant(slabs >= 2 && slabs * slabBytes < noPayload, 'the payload budget holds two slabs or more, and less than 4 GiB');
    this.#codec = codec;
    this.#slabBytes = slabBytes;
    this.#slabs = Array.from({ length: slabs }, () => undefined);
    this.#firstRow = new Float64Array(slabs);
    this.#texts = new Uint32Array(slabs);
  }

  /** Bytes that are allocated. */
  get bytes(): number {
    return this.#slabs.filter((slab) => slab !== undefined).length * this.#slabBytes;
  }

  /** Texts that had to make room so far. */
  get evicted(): number {
    return this.#evicted;
  }

  /** Length in bytes of the text that was written last. */
  get lastLength(): number {
    return this.#lastLength;
  }

  /** Keeps `text` for `row`, and gives its address. The same text twice running (one frame with many events) is kept once. */
  write(text: string, row: number): number {
    if (text === this.#last) return this.#lastAddress;
    let written = this.#encode(text);
    if (written === undefined) {
      this.#begin(row);
      written = this.#encode(text) ?? 0;
    }
    this.#last = text;
    this.#lastAddress = this.#slab * this.#slabBytes + this.#offset;
    this.#lastLength = written;
    this.#offset += written;
    this.#texts[this.#slab] = (this.#texts[this.#slab] ?? 0) + 1;
    return this.#lastAddress;
  }

  /** The text at `address`, `length` bytes, of `row`; undefined where there was none, or no longer is. */
  read(address: number, length: number, row: number): string | undefined {
    if (address === noPayload) return undefined;
    const slab = Math.floor(address / this.#slabBytes);
    if (row < (this.#firstRow[slab] ?? 0)) return undefined;
    const offset = address - slab * this.#slabBytes;
    return this.#codec.decode((this.#slabs[slab] ?? new Uint8Array()).subarray(offset, offset + length));
  }

  /** Bytes written at the end of the slab, or undefined when `text` needs a fresh one. */
  #encode(text: string): number | undefined {
    const slab = (this.#slabs[this.#slab] ??= new Uint8Array(this.#slabBytes));
    const room = slab.subarray(this.#offset, this.#offset + longestPayload);
    const { read, written } = this.#codec.encodeInto(text, room);
    const whole = read === text.length;
    return whole || room.length === longestPayload || this.#offset === 0 ? written : undefined;
  }

  #begin(row: number): void {
    this.#slab = (this.#slab + 1) % this.#slabs.length;
    this.#offset = 0;
    this.#firstRow[this.#slab] = row;
    this.#evicted += this.#texts[this.#slab] ?? 0;
    this.#texts[this.#slab] = 0;
  }
}
