import { withoutForms } from './secret-forms.ts';

/** What a name stands for; it is the first word of its pseudonym. */
export type PseudonymKind = 'user' | 'run' | 'thread' | 'event' | 'call' | 'agent' | 'tool' | 'type' | 'connection' | 'incident';

/** A user id that is cut short says so by its end. */
const cutMark = '...';
/** What a placeholder for a missing id begins with. */
const placeholderMark = 'unknown_';
const mostCuts = 10_000;
const mostPlain = 1000;
const longestCut = 128;

/** Names of types, tools and agents that may stay: words of a program, too short and too plain to hold anything else. */
const plainName = /^[A-Za-z_][A-Za-z0-9_.:-]{0,63}$/;
const pseudonymForm = /^(?:user|run|thread|event|call|agent|tool|type|connection|incident)-\d+$/;
/** Digits and letters in one long run, or in both cases in a shorter one, or many digits, are an id or a key and no word. */
const idLike = /(?=[A-Za-z_-]*\d)[A-Za-z0-9_-]{20,}|^(?=.*\d)(?=.*[a-z])(?=.*[A-Z]).{10,}|\d{5}/;

/** What is found out by a pseudonym's kind: how many there are of it. */
export type PseudonymCounts = Readonly<Partial<Record<PseudonymKind, number>>>;

/**
 * Other names for the users, runs and whatever else has an id, the same one each time within one export: equal ids stay equal, unequal
 * ones unequal, an id that is cut short still is the beginning of the same ids and of no other, and what names nobody goes on doing so.
 * So a judge who only compares ids comes to the same verdict.
 */
export class Pseudonyms {
  readonly #reserved: ReadonlySet<string>;
  readonly #nameOf = new Map<string, string>();
  /** Per beginning of which something is cut: what stands for it. */
  readonly #cuts = new Map<string, string>();
  readonly #counts: Partial<Record<PseudonymKind, number>> = {};
  /** Names that were looked at and may stay: the same few come with every event. */
  readonly #plain = new Set<string>();

  /** @param reserved texts that stay as they are wherever they are, since the header names them */
  constructor(reserved: ReadonlySet<string> = new Set()) {
    this.#reserved = reserved;
  }

  get counts(): PseudonymCounts {
    return this.#counts;
  }

  /** Takes note of the ids in a line that are cut short. All are to be known before the first pseudonym is given. */
  foresee(line: string): void {
    if (!line.includes(`${cutMark}"`)) return;
    for (const [, text = ''] of line.matchAll(/"((?:[^"\\]|\\.){0,128})\.\.\."/g)) {
      const cut = unescaped(text);
      // Of nothing at all every id is a beginning, as it is of every pseudonym.
      if (!this.#cuts.has(cut) && this.#cuts.size < mostCuts) this.#cuts.set(cut, cut === '' ? '' : `cut-${this.#cuts.size + 1}/`);
    }
  }

  /** The pseudonym of an id; what is no id stays none. */
  id(text: string, kind: PseudonymKind): string {
    if (text === '' || this.#reserved.has(text)) return text;
    if (text.startsWith(placeholderMark)) return `${placeholderMark}${kind}`;
    if (text.endsWith(cutMark) && this.#cuts.has(text.slice(0, -cutMark.length))) return `${this.#beginning(text.slice(0, -cutMark.length))}${cutMark}`;
    return this.#named(text, kind);
  }

  /** The name of a type, a tool or an agent: a plain word stays. */
  name(text: string, kind: PseudonymKind): string {
    if (text === '' || this.#reserved.has(text)) return text;
    if (kind !== 'type' && text.startsWith(placeholderMark)) return `${placeholderMark}${kind}`;
    if (this.#plain.has(text)) return text;
    if (isPlainName(text)) {
      if (this.#plain.size < mostPlain) this.#plain.add(text);
      return text;
    }
    return this.#named(text, kind);
  }

  /** The pseudonym that was given to a text; undefined where none was. */
  given(text: string): string | undefined {
    return this.#nameOf.get(text);
  }

  #named(text: string, kind: PseudonymKind): string {
    const known = this.#nameOf.get(text);
    if (known !== undefined) return known;
    let name: string;
    do {
      const count = (this.#counts[kind] ?? 0) + 1;
      this.#counts[kind] = count;
      name = `${this.#beginning(text)}${kind}-${count}`;
    } while (this.#reserved.has(name));
    this.#nameOf.set(text, name);
    return name;
  }

  /** What stands for the beginnings of a text of which something is cut, the shorter first: each is the beginning of the next. */
  #beginning(text: string): string {
    if (this.#cuts.size === 0) return '';
    let beginning = '';
    for (let length = 1; length <= Math.min(text.length, longestCut); length += 1) beginning += this.#cuts.get(text.slice(0, length)) ?? '';
    return beginning;
  }
}

function isPlainName(text: string): boolean {
  return plainName.test(text) && !pseudonymForm.test(text) && !idLike.test(text) && withoutForms(text) === text;
}

function unescaped(text: string): string {
  try {
    return String(JSON.parse(`"${text}"`));
  } catch {
    return text;
  }
}
