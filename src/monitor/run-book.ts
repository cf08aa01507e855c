import type { Run } from '#runs/run.ts';
import { letterOf, spell } from './letters.ts';

/** Longer runs are spelt by their first letters. */
const longestSpelling = 60;

/** The known runs by number and by id, and how each is spelt. */
export class RunBook {
  readonly #byOrdinal = new Map<number, Run>();
  readonly #byId = new Map<string, Run>();
  readonly #letters = new Map<Run, string>();

  opened(run: Run): void {
    this.#byOrdinal.set(run.ordinal, run);
  }

  /** An event of this type came for the run; a duplicate counts with its letter again. */
  came(run: Run, type: string): void {
    const letters = this.#letters.get(run) ?? '';
    // A run learns its id with its first event.
    this.#byId.set(run.id, run);
    if (letters.length < longestSpelling) this.#letters.set(run, letters + letterOf(type));
  }

  forgotten(run: Run): void {
    this.#byOrdinal.delete(run.ordinal);
    if (this.#byId.get(run.id) === run) this.#byId.delete(run.id);
    this.#letters.delete(run);
  }

  withOrdinal(ordinal: number): Run | undefined {
    return this.#byOrdinal.get(ordinal);
  }

  /** The newest run of this id. */
  withId(id: string): Run | undefined {
    const run = this.#byId.get(id);
    if (run !== undefined) return run;
    for (const other of this.#byOrdinal.values()) if (other.id === id) return other;
    return undefined;
  }

  spelling(run: Run): string {
    return spell(this.#letters.get(run) ?? '', run.closedAt === undefined ? [] : run.delivery.missing);
  }
}
