import type { Pattern } from './query.ts';

/** As much of a string as it takes to search in it. */
interface Characters {
  readonly length: number;
  charCodeAt(place: number): number;
}

/**
 * A pattern ready to be looked for. The time grows with the text and no faster, whatever the pattern: each of its parts is found by
 * one pass that never goes back (Knuth, Morris, Pratt 1977), and the next one is looked for behind it.
 * Upper and lower case are the same where the caller hands in lower case.
 */
export class Wildcard {
  readonly #whole: boolean;
  readonly #parts: readonly Literal[];

  /** @param where `whole`: from the first character of a text to its last; `within`: anywhere in it */
  constructor(pattern: Pattern, where: 'whole' | 'within') {
    this.#whole = where === 'whole';
    this.#parts = pattern.map((part) => new Literal(part.toLowerCase()));
  }

  /** @param text in lower case */
  matches(text: Characters): boolean {
    const [first] = this.#parts;
    const last = this.#parts.at(-1);
    if (first === undefined || last === undefined) return false;
    if (this.#whole && first === last) return text.length === first.length && first.standsAt(text, 0);
    let at = 0;
    let end = text.length;
    if (this.#whole) {
      at = first.length;
      end -= last.length;
      if (at > end || !first.standsAt(text, 0) || !last.standsAt(text, end)) return false;
    }
    for (const part of this.#parts) {
      if (this.#whole && (part === first || part === last)) continue;
      at = part.endIn(text, at, end);
      if (at < 0) return false;
    }
    return true;
  }
}

/** A text that is looked for, with how far a partial match may fall back. */
class Literal {
  readonly #text: string;
  readonly #fallback: Uint16Array;

  constructor(text: string) {
    this.#text = text;
    this.#fallback = new Uint16Array(text.length + 1);
    for (let at = 1, matched = 0; at < text.length; at += 1) {
      while (matched > 0 && text.charCodeAt(at) !== text.charCodeAt(matched)) matched = this.#fallback[matched] ?? 0;
      if (text.charCodeAt(at) === text.charCodeAt(matched)) matched += 1;
      this.#fallback[at + 1] = matched;
    }
  }

  get length(): number {
    return this.#text.length;
  }

  standsAt(text: Characters, from: number): boolean {
    for (let at = 0; at < this.#text.length; at += 1) if (text.charCodeAt(from + at) !== this.#text.charCodeAt(at)) return false;
    return true;
  }

  /** Where the first occurrence between `from` and `end` ends; −1 where there is none. */
  endIn(text: Characters, from: number, end: number): number {
    const { length } = this.#text;
    if (length === 0) return from;
    for (let at = from, matched = 0; at < end; at += 1) {
      const code = text.charCodeAt(at);
      while (matched > 0 && code !== this.#text.charCodeAt(matched)) matched = this.#fallback[matched] ?? 0;
      if (code === this.#text.charCodeAt(matched)) matched += 1;
      if (matched === length) return at + 1;
    }
    return -1;
  }
}
