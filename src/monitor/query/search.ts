import { epochMs } from '#base/units.ts';
import type { Run } from '#runs/run.ts';
import type { Pace } from '#monitor/pace.ts';
import type { Query } from './query.ts';
import { GapBook } from './query-gaps.ts';
import { compileQuery, dispositionOf, truth } from './query-match.ts';
import { parseQuery } from './query-parser.ts';
import { QuerySubject, wireText } from './query-subject.ts';
import type { Recording } from '#monitor/recording.ts';
import { excerptOf, firstWords } from './search-excerpt.ts';
import type { Found, FoundEvent, SearchAnswer, SearchAsk } from './search-answer.ts';
import { SearchFacets } from './search-facets.ts';

/** So many events are looked at before the time is, where no text is read. */
const rowsPerLook = 16;
const mostRows = 1000;
const mostRuns = 1000;
const mostKnown = 200;

/** The question that was put last of each recording: whoever types goes on before the last one is answered. */
const newest = new WeakMap<Recording, symbol>();

/**
 * What matches a query: looks at every event that was stored when it began, the oldest first. It pauses as `pace` says, so that what
 * comes in meanwhile never waits for it; a newer question drops it.
 */
export async function search(recording: Recording, { query: text, from = epochMs(-Infinity), to = epochMs(Infinity), limit }: Omit<SearchAsk, 'environmentId'>, pace: Pace): Promise<SearchAnswer> {
  const self = Symbol('search');
  newest.set(recording, self);
  const isDropped = (): boolean => newest.get(recording) !== self;
  const parsed = parseQuery(text);
  if (!parsed.ok) return { kind: 'fault', fault: parsed.error };
  const began = pace.now();
  const sweep = new Sweep(recording, parsed.value, from, to, Math.min(limit, mostRows));
  for (let row = sweep.first; row < sweep.end; row += 1) {
    sweep.look(row);
    if ((sweep.readsTexts || row % rowsPerLook === 0) && pace.isDue()) {
      await pace.rest();
      if (isDropped()) return { kind: 'dropped' };
    }
  }
  for (const run of recording.engine.tracker.runs()) {
    sweep.lookAtRun(run);
    if (pace.isDue()) await pace.rest();
  }
  const rows: FoundEvent[] = [];
  for (const row of sweep.newestRows()) {
    const found = sweep.describe(row);
    if (found !== undefined) rows.push(found);
    if (pace.isDue()) await pace.rest();
  }
  await sweep.facets.countRuns(pace);
  return isDropped() ? { kind: 'dropped' } : sweep.found(rows, pace.now() - began);
}

/** One look at all events. */
class Sweep {
  readonly first: number;
  readonly end: number;
  readonly facets: SearchFacets;
  readonly #recording: Recording;
  readonly #query: ReturnType<typeof compileQuery> | undefined;
  readonly #words: readonly string[];
  readonly #subject: QuerySubject;
  readonly #gaps: GapBook;
  readonly #from: number;
  readonly #to: number;
  /** The newest matches: a ring. */
  readonly #rows: Float64Array;
  #matches = 0;
  #of = 0;
  #undecided = 0;
  #oldestAt = Infinity;

  constructor(recording: Recording, query: Query | undefined, from: number, to: number, limit: number) {
    const { store } = recording;
    this.first = store.evicted;
    this.end = store.evicted + store.stored;
    this.facets = new SearchFacets(recording);
    this.#recording = recording;
    this.#query = query === undefined ? undefined : compileQuery(query);
    this.#words = query === undefined ? [] : firstWords(query);
    this.#subject = new QuerySubject(recording);
    this.#gaps = new GapBook(recording);
    this.#from = from;
    this.#to = to;
    this.#rows = new Float64Array(Math.max(0, limit));
  }

  get readsTexts(): boolean {
    return this.#query?.readsTexts === true;
  }

  look(row: number): void {
    const subject = this.#subject;
    // What is evicted meanwhile is counted at the end.
    if (!subject.turnTo(row)) return;
    const { at, run } = subject.event;
    if (this.#query?.usesGaps === true) subject.gapMs = this.#gaps.tell(run, at);
    if (at < this.#oldestAt) this.#oldestAt = at;
    if (at < this.#from || at >= this.#to) return;
    this.#of += 1;
    const found = this.#query === undefined ? truth.yes : this.#query.test(subject);
    if (found === truth.unknown) this.#undecided += 1;
    if (found !== truth.yes) return;
    if (this.#rows.length > 0) this.#rows[this.#matches % this.#rows.length] = row;
    this.#matches += 1;
    this.facets.add(subject);
  }

  /** A run that brought nothing has no event to be found by. */
  lookAtRun(run: Run): void {
    if (run.events > 0 || run.openedAt < this.#from || run.openedAt >= this.#to) return;
    this.#subject.turnToRun(run);
    if (this.#query === undefined || this.#query.test(this.#subject) === truth.yes) this.facets.addRun(run);
  }

  /** The newest first. */
  *newestRows(): Iterable<number> {
    for (let nth = 1; nth <= Math.min(this.#matches, this.#rows.length); nth += 1) yield this.#rows[(this.#matches - nth) % this.#rows.length] ?? 0;
  }

  /** Undefined where it was evicted since. */
  describe(row: number): FoundEvent | undefined {
    const subject = this.#subject;
    if (!subject.turnTo(row)) return undefined;
    const { event, line } = subject;
    return {
      row,
      at: epochMs(event.at),
      connection: subject.connection,
      user: subject.user ?? null,
      type: subject.type,
      run: this.#runName(),
      disposition: dispositionOf(event.flags),
      latencyMs: Number.isNaN(event.latencyMs) ? null : event.latencyMs,
      excerpt: line === undefined ? null : excerptOf(wireText(line), this.#words),
    };
  }

  found(rows: readonly FoundEvent[], tookMs: number): Found {
    const evicted = this.#from < this.#oldestAt ? this.#recording.store.evicted : Math.max(0, this.#recording.store.evicted - this.first);
    const { engine, types, lanes, lastEventAt } = this.#recording;
    const users = lanes.flatMap((id, lane) => (lastEventAt[lane] === undefined ? [] : [engine.tracker.connection(id).user ?? []])).flat();
    return {
      kind: 'found',
      matches: this.#matches,
      of: this.#of,
      undecided: this.#undecided,
      evicted,
      complete: this.#undecided === 0 && evicted === 0,
      rows,
      ...this.facets.runs(mostRuns),
      facets: this.facets.facets(),
      known: {
        types: types.names.filter((_, number) => number !== types.overflow).slice(0, mostKnown),
        users: [...new Set(users)].slice(0, mostKnown),
        connections: lanes.slice(0, mostKnown),
      },
      tookMs,
    };
  }

  #runName(): string | null {
    const { run, event } = this.#subject;
    return run?.id ?? this.#recording.store.runs.id(event.run) ?? null;
  }
}
