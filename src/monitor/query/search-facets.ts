import { violationKinds, type Run } from '#runs/run.ts';
import type { Pace } from '#monitor/pace.ts';
import { violates } from './query-match.ts';
import type { QuerySubject } from './query-subject.ts';
import type { Recording } from '#monitor/recording.ts';
import type { Facet } from './search-answer.ts';

const mostValues = 50;

/** How matches are spread. Counted by numbers, one look per match; names come last. */
export class SearchFacets {
  readonly #recording: Recording;
  readonly #types: number[] = [];
  readonly #lanes: number[] = [];
  readonly #runs = new Map<number, number>();
  readonly #statuses = new Map<string, number>();
  readonly #violations = new Map<string, number>();

  constructor(recording: Recording) {
    this.#recording = recording;
  }

  add({ event: { type, lane, run } }: QuerySubject): void {
    this.#types[type] = (this.#types[type] ?? 0) + 1;
    this.#lanes[lane] = (this.#lanes[lane] ?? 0) + 1;
    if (run >= 0) this.#runs.set(run, (this.#runs.get(run) ?? 0) + 1);
  }

  /** A run that matches without any event. */
  addRun({ ordinal }: Run): void {
    this.#runs.set(ordinal, this.#runs.get(ordinal) ?? 0);
  }

  /** What is said of runs, counted in their events. */
  async countRuns(pace: Pace): Promise<void> {
    for (const [ordinal, count] of this.#runs) {
      const run = this.#recording.book.withOrdinal(ordinal);
      if (run !== undefined) {
        add(this.#statuses, run.status, count);
        for (const kind of violationKinds) if (violates(run, kind)) add(this.#violations, kind, count);
      }
      if (pace.isDue()) await pace.rest();
    }
  }

  /** The newest of the runs with a match, `most` of them, and how many there are in all. */
  runs(most: number): { readonly runs: readonly string[]; readonly runCount: number } {
    const ordinals = Array.from(this.#runs.keys()).toSorted((left, right) => right - left);
    const { book, store } = this.#recording;
    return { runs: ordinals.slice(0, most).flatMap((ordinal) => book.withOrdinal(ordinal)?.id ?? store.runs.id(ordinal) ?? []), runCount: ordinals.length };
  }

  facets(): Facet[] {
    const { types, lanes, engine } = this.#recording;
    const users = new Map<string, number>();
    this.#lanes.forEach((count, lane) => {
      const { user } = engine.tracker.connection(lanes[lane] ?? '');
      if (user !== undefined) add(users, user, count);
    });
    return [
      facet('type', named(this.#types, types.names)),
      facet('user', users),
      facet('connection', named(this.#lanes, lanes)),
      facet('status', this.#statuses),
      facet('violation', this.#violations),
    ];
  }
}

/** Numbers that nothing was counted for are holes, which are passed over. */
const named = (counts: readonly number[], names: readonly string[]): [string, number][] => counts.flatMap((count, number): [string, number][] => [[names[number] ?? '', count]]);

function add(counts: Map<string, number>, value: string, count: number): void {
  counts.set(value, (counts.get(value) ?? 0) + count);
}

function facet(field: Facet['field'], counts: Iterable<readonly [string, number]>): Facet {
  const values = Array.from(counts, ([value, count]) => ({ value, count })).filter(({ count }) => count > 0);
  return { field, values: values.toSorted((left, right) => right.count - left.count).slice(0, mostValues) };
}
