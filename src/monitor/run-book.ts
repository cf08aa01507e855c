import { OrdinalMap } from '#base/ordinal-map.ts';
import type { Run } from '#runs/run.ts';
import { spell } from './letters.ts';

/** Longer runs are spelt by their first letters. */
const longestSpelling = 60;

/** Closed runs with something wrong that can be found by time. */
const keptSpoilt = 2000;

/** A known run, and what came of it, a letter each. */
interface Page {
  readonly run: Run;
  letters: string;
}

/** The known runs by number, and how each is spelt. */
export class RunBook {
  readonly #pages = new OrdinalMap<Page>();
  readonly #spoilt: Run[] = [];
  #newest = -1;

  opened(run: Run): void {
    this.#pages.set(run.ordinal, { run, letters: '' });
    this.#newest = run.ordinal;
  }

  /** An event of a type with this letter came for the run; a duplicate counts with its letter again. */
  came(run: Run, letter: string): void {
    const page = this.#pages.get(run.ordinal);
    if (page !== undefined && page.letters.length < longestSpelling) page.letters += letter;
  }

  forgotten(run: Run): void {
    this.#pages.delete(run.ordinal);
  }

  /** A run was closed that is not good. */
  spoilt(run: Run): void {
    this.#spoilt.push(run);
    if (this.#spoilt.length > keptSpoilt) this.#spoilt.shift();
  }

  /** The newest closed runs with something wrong that lie in a stretch of time, oldest first, `most` of them. */
  spoiltBetween(from: number, to: number, most: number): Run[] {
    const found: Run[] = [];
    for (let place = this.#spoilt.length - 1; place >= 0 && found.length < most; place -= 1) {
      const run = this.#spoilt[place];
      if (run === undefined || (run.closedAt ?? Infinity) < from) break;
      if (run.openedAt < to && this.#pages.has(run.ordinal)) found.push(run);
    }
    return found.reverse();
  }

  withOrdinal(ordinal: number): Run | undefined {
    return this.#pages.get(ordinal)?.run;
  }

  /** The known runs that were opened last, the newest first, `most` of them. Known runs lie close together, so hardly any number is asked for in vain. */
  newest(most: number): Run[] {
    const runs: Run[] = [];
    const found = Math.min(most, this.#pages.size);
    for (let ordinal = this.#newest; runs.length < found; ordinal -= 1) {
      const run = this.#pages.get(ordinal)?.run;
      if (run !== undefined) runs.push(run);
    }
    return runs;
  }

  /** The newest run of this id. Looks at every run: it is asked when somebody opens one, and a run may learn its id late. */
  withId(id: string): Run | undefined {
    let newest: Run | undefined;
    for (const { run } of this.#pages.values()) if (run.id === id) newest = run;
    return newest;
  }

  spelling(run: Run): string {
    return spell(this.#pages.get(run.ordinal)?.letters ?? '', run.closedAt === undefined ? [] : run.delivery.missing);
  }
}
