/**
 * `text`, or its first `length` characters. The cut is a copy: engines make a slice keep the whole text alive,
 * and a hostile target may send names of megabytes.
 */
export const cutText = (text: string, length: number): string =>
  text.length <= length ? text : Array.from(text.slice(0, length)).join('');

const longestName = 128;

/**
 * Strings as small numbers, in the order in which they came. For sets that are small by nature, such as event types:
 * nothing is forgotten, so when it is full all new strings share one number, `overflow`.
 */
export class StringTable {
  /** The number of every string that found no place. */
  readonly overflow: number;
  readonly #limit: number;
  readonly #names: string[];
  readonly #numbers: Map<string, number>;

  /** `known` take the numbers 0, 1, 2 …, the name of the overflow the next one. At most `limit` numbers (up to 65,536) are given. */
  constructor(known: readonly string[], overflowName: string, limit: number) {
    this.overflow = known.length;
    this.#limit = limit;
    this.#names = [...known, overflowName];
    this.#numbers = new Map(known.map((name, number) => [name, number]));
  }

  /** The number of `text`, whose first 128 characters count. */
  intern(text: string): number {
    const name = cutText(text, longestName);
    const number = this.#numbers.get(name);
    if (number !== undefined) return number;
    if (this.#names.length >= this.#limit) return this.overflow;
    this.#numbers.set(name, this.#names.length);
    return this.#names.push(name) - 1;
  }

  /** All strings, by number. */
  get names(): readonly string[] {
    return this.#names;
  }
}
