import type { Run } from '#runs/run.ts';
import { letterOf, spell } from './letters.ts';

/** Longer runs are spelt by their first letters. */
const longestSpelling = 60;

/** The known runs by number, and how each is spelt. */
export class RunBook {
  readonly #byOrdinal = new Map<number, Run>();
  readonly #letters = new Map<Run, string>();

  opened(run: Run): void {
    this.#byOrdinal.set(run.ordinal, run);
  }

  /** An event of this type came for the run; a duplicate counts with its letter again. */
  came(run: Run, type: string): void {
    const letters = this.#letters.get(run) ?? '';
    if (letters.length < longestSpelling) this.#letters.set(run, letters + letterOf(type));
  }

  forgotten(run: Run): void {
    this.#byOrdinal.delete(run.ordinal);
    this.#letters.delete(run);
  }

  withOrdinal(ordinal: number): Run | undefined {
    return this.#byOrdinal.get(ordinal);
  }

  /** The newest run of this id. Looks at every run: it is asked when somebody opens one, and a run may learn its id late. */
  withId(id: string): Run | undefined {
    let newest: Run | undefined;
    for (const run of this.#byOrdinal.values()) if (run.id === id) newest = run;
    return newest;
  }

  spelling(run: Run): string {
    return spell(this.#letters.get(run) ?? '', run.closedAt === undefined ? [] : run.delivery.missing);
  }
}
