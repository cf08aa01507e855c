import type { Run } from './run.ts';

/** Closed runs that are remembered, ordered by when they were closed. */
export class ClosedRuns {
  /** Those before `#start` are let go. */
  #runs: (Run | undefined)[] = [];
  #start = 0;

  get size(): number {
    return this.#runs.length - this.#start;
  }

  oldest(): Run | undefined {
    return this.#runs[this.#start];
  }

  /** Adds a run that was just closed. Closes come in order but for the small disorder between connections. */
  add(run: Run): void {
    let place = this.#runs.length;
    while (place > this.#start && closedAt(this.#runs[place - 1]) > closedAt(run)) place -= 1;
    if (place === this.#runs.length) this.#runs.push(run);
    else this.#runs.splice(place, 0, run);
  }

  /** Takes out a run; only ever the oldest. */
  remove(run: Run): void {
    if (this.#runs[this.#start] !== run) return;
    this.#runs[this.#start] = undefined;
    this.#start += 1;
    if (this.#start > 1024 && this.#start * 2 > this.#runs.length) {
      this.#runs = this.#runs.slice(this.#start);
      this.#start = 0;
    }
  }

  /** The runs that were closed at `at` or later, the newest close first. */
  *closedAtOrAfter(at: number): Iterable<Run> {
    for (const run of this.newestFirst()) {
      if (closedAt(run) < at) return;
      yield run;
    }
  }

  *newestFirst(): Iterable<Run> {
    for (let index = this.#runs.length - 1; index >= this.#start; index -= 1) {
      const run = this.#runs[index];
      if (run !== undefined) yield run;
    }
  }
}

const closedAt = (run: Run | undefined): number => run?.closedAt ?? Number.NEGATIVE_INFINITY;
