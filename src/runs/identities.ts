import type { Run } from './run.ts';

/** By what an event is recognised when it comes again. */
export interface Identity {
  readonly text: string;
  /** Where it is looked for: 32 bits that equal texts share. */
  readonly hash: number;
}

/** A text as an identity. */
export function identityWith(text: string): Identity {
  // FNV-1a (draft-eastlake-fnv), over code units.
  let hash = 0x811c9dc5;
  for (let place = 0; place < text.length; place += 1) hash = Math.imul(hash ^ text.charCodeAt(place), 0x01000193);
  return { text, hash: hash ^ (hash >>> 15) };
}

/** The known runs by ordinal. */
export type KnownRuns = Pick<ReadonlyMap<number, Run>, 'get' | 'has'>;

/** The numbers of a slot: a hash, the ordinal of a run + 1 (0: the slot is free), and the place of the text among the run's identities. */
const slotSize = 3;
const fewestSlots = 64;
/** In a table that is half full hardly any text is so far from its place, unless a target makes up texts that belong in the same one. */
const longestWay = 64;

/**
 * The identities of one connection's events, each with the run into which its event was accepted: a hash table of numbers, with open
 * addressing. A `Map` of the texts takes more than twice as long, and no part of an event took longer. What is found is compared
 * with the run's own texts, so only what is equal is the same. A run that is forgotten takes its identities with it, and their
 * slots are freed when the table is filled anew.
 */
export class Identities {
  #slots = new Int32Array(fewestSlots * slotSize);
  #used = 0;
  /** Identities of known runs. */
  #known = 0;
  /** Those that found no free slot within the longest way: by text, the ordinal of the run. */
  readonly #crowded = new Map<string, number>();

  /** The run into which an event of this identity was accepted; undefined if none of `runs`, the known ones by ordinal, is. */
  find({ text, hash }: Identity, runs: KnownRuns): Run | undefined {
    const slots = this.#slots;
    const mask = slots.length / slotSize - 1;
    for (let way = 0; way < longestWay; way += 1) {
      const slot = ((hash + way) & mask) * slotSize;
      const ordinal = (slots[slot + 1] ?? 0) - 1;
      if (ordinal < 0) break;
      if (slots[slot] !== hash) continue;
      const run = runs.get(ordinal);
      if (run?.identities[slots[slot + 2] ?? 0] === text) return run;
    }
    const ordinal = this.#crowded.size === 0 ? undefined : this.#crowded.get(text);
    return ordinal === undefined ? undefined : runs.get(ordinal);
  }

  /** An event of an identity that none of `runs` has was accepted into `run`, one of them. */
  add({ text, hash }: Identity, run: Run, runs: KnownRuns): void {
    if ((this.#used + this.#crowded.size) * slotSize * 2 >= this.#slots.length) this.#refill(runs);
    this.#known += 1;
    this.#put(run, run.identities.push(text) - 1, hash);
  }

  #put(run: Run, place: number, hash: number): void {
    const slots = this.#slots;
    const mask = slots.length / slotSize - 1;
    for (let way = 0; way < longestWay; way += 1) {
      const slot = ((hash + way) & mask) * slotSize;
      if (slots[slot + 1] !== 0) continue;
      slots[slot] = hash;
      slots[slot + 1] = run.ordinal + 1;
      slots[slot + 2] = place;
      this.#used += 1;
      return;
    }
    const text = run.identities[place];
    if (text !== undefined) this.#crowded.set(text, run.ordinal);
  }

  /** `run` is not known any more; to be told after it left the known ones. */
  forget(run: Run): void {
    this.#known -= run.identities.length;
  }

  /** Makes a table that is a third full, or less, of what still belongs to a known run. */
  #refill(runs: KnownRuns): void {
    const old = this.#slots;
    let size = fewestSlots;
    while (size < this.#known * 3) size *= 2;
    this.#slots = new Int32Array(size * slotSize);
    this.#used = 0;
    for (const [text, ordinal] of this.#crowded) if (!runs.has(ordinal)) this.#crowded.delete(text);
    for (let slot = 0; slot < old.length; slot += slotSize) {
      const mark = old[slot + 1] ?? 0;
      const run = mark === 0 ? undefined : runs.get(mark - 1);
      if (run !== undefined) this.#put(run, old[slot + 2] ?? 0, old[slot] ?? 0);
    }
  }
}
