import { isJsonObject, type JsonValue } from '#base/json.ts';
import type { PseudonymKind, Pseudonyms } from '#record/pseudonyms.ts';
import { redacted } from '#record/secret-forms.ts';
import { isSecretName, longestText, withoutSecrets } from '#record/secrets.ts';

/** What was done to payloads. */
export interface PayloadCounts {
  /** Texts and numbers that nothing is judged by: left out, or kept on request. */
  leftOut: number;
  kept: number;
  /** Of those that are kept: in how many something looked like a secret and was taken out. */
  secrets: number;
}

/** What is written in place of a value that may not stay: every reader takes it for no id, no name, no time, no number and no list. */
const nothing = '';

const instant = /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?(?:Z|[+-]\d\d:?\d\d)?$/;
const longFraction = /(\.\d{9})\d+/;
const decimal = /^-?\d{1,20}(?:\.\d{1,9})?$/;
/** A list or object in a payload that is kept is walked no deeper: what the gate lets in is less deep. */
const deepest = 80;

/** Says of every value in a payload what of it may leave. A value is judged by what it is read as, so that what is read stays the same. */
export class ExportLeaves {
  readonly counts: PayloadCounts = { leftOut: 0, kept: 0, secrets: 0 };
  readonly #names: Pseudonyms;
  readonly #keepsPayloads: boolean;

  /** @param keepsPayloads what nothing is judged by stays too, without what looks like a secret */
  constructor(names: Pseudonyms, keepsPayloads: boolean) {
    this.#names = names;
    this.#keepsPayloads = keepsPayloads;
  }

  /** An id: a text, or a whole number that stands for its digits. */
  id(value: JsonValue, kind: PseudonymKind): JsonValue {
    if (typeof value === 'string') return this.#names.id(value, kind);
    if (typeof value !== 'number' || !Number.isSafeInteger(value)) return this.unread(value);
    const digits = String(value);
    const name = this.#names.id(digits, kind);
    return name === digits ? value : name;
  }

  /** The name of a type, a tool or an agent. */
  name(value: JsonValue, kind: PseudonymKind): JsonValue {
    if (typeof value === 'string') return this.#names.name(value, kind);
    return kind === 'type' ? this.unread(value) : this.id(value, kind);
  }

  /** A key that is the name of a type. */
  key(key: string): string {
    return this.#names.name(key, 'type');
  }

  /** A time as a number, or as a text in one of the forms that are read. */
  time(value: JsonValue): JsonValue {
    if (typeof value === 'number') return value;
    const text = typeof value === 'string' ? value.slice(0, 100).replace(longFraction, '$1') : undefined;
    return text !== undefined && (instant.test(text) || decimal.test(text)) ? text : this.unread(value);
  }

  sequenceNumber(value: JsonValue): JsonValue {
    return typeof value === 'number' || (typeof value === 'string' && /^-?\d{1,16}$/.test(value)) ? value : this.unread(value);
  }

  flag(value: JsonValue): JsonValue {
    return typeof value === 'boolean' ? value : this.unread(value);
  }

  /** A value that stands where something is read, and is not what is read there: its kind stays, so that it goes on being none. */
  unread(value: JsonValue): JsonValue {
    if (value === null) return null;
    // A text might be taken for something once a part of it is taken out.
    const kept = typeof value === 'string' ? this.#leave(1) : this.rest(undefined, value);
    return kept ?? (isJsonObject(value) ? {} : Array.isArray(value) ? [] : nothing);
  }

  /** A value that nothing is read from; undefined where it does not leave. */
  rest(key: string | undefined, value: JsonValue): JsonValue | undefined {
    if (value === null || typeof value === 'boolean') return this.#keepsPayloads ? value : this.#leave(0);
    if (!this.#keepsPayloads) return this.#leave(textsIn(value, 0));
    if (key !== undefined && isSecretName(key)) return this.#hide();
    return this.#clean(value, 0);
  }

  /** The name of a field that nothing is read from, where the field is kept. */
  restKey(key: string): string {
    const clean = withoutSecrets(key);
    if (clean !== key) this.counts.secrets += 1;
    return clean;
  }

  /** A text that is kept with the payloads. */
  text(text: string): string {
    if (text.length > longestText) {
      this.counts.leftOut += 1;
      return nothing;
    }
    this.counts.kept += 1;
    const clean = withoutSecrets(text);
    if (clean !== text) this.counts.secrets += 1;
    return clean;
  }

  #clean(value: JsonValue, depth: number): JsonValue {
    if (typeof value === 'string') return this.text(value);
    if (typeof value !== 'object' || value === null) return value;
    if (depth > deepest) return nothing;
    if (isJsonObject(value)) {
      return Object.fromEntries(Object.entries(value).map(([key, item]) => [this.restKey(key), isSecretName(key) && item !== null ? this.#hide() : this.#clean(item, depth + 1)]));
    }
    return value.map((item) => this.#clean(item, depth + 1));
  }

  #hide(): JsonValue {
    this.counts.kept += 1;
    this.counts.secrets += 1;
    return redacted;
  }

  #leave(texts: number): undefined {
    this.counts.leftOut += texts;
    return undefined;
  }
}

/** How many texts and numbers a value has in it. */
function textsIn(value: JsonValue, depth: number): number {
  if (typeof value === 'string' || typeof value === 'number') return 1;
  if (typeof value !== 'object' || value === null || depth > deepest) return 0;
  let texts = 0;
  for (const item of Object.values(value)) texts += textsIn(item, depth + 1);
  return texts;
}
