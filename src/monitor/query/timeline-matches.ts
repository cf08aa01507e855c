import { invariant } from '#base/assert.ts';
import type { Run } from '#runs/run.ts';
import type { WindowAnswer } from '#store/window-query.ts';
import { GapBook } from './query-gaps.ts';
import { compileQuery, truth, type CompiledQuery, type QueryTest, type Truth } from './query-match.ts';
import { parseQuery } from './query-parser.ts';
import { QuerySubject } from './query-subject.ts';
import type { Recording } from '#monitor/recording.ts';

/** What of a stretch matches a query. */
export interface SliceMatches {
  /** Per event of the stretch 1 where it does; empty where only counts are known. */
  readonly events: Uint8Array;
  /** Whether a run of the stretch does: one of its events, or all that is known of it. */
  readonly run: (run: Run) => boolean;
}

/** Undefined: the text is no query, or asks for nothing. */
export type SliceMatcher = (recording: Recording, text: string, answer: WindowAnswer) => SliceMatches | undefined;

/** A window may begin long after the event before. */
const rowsBefore = 16_384;
const mostRemembered = 16_384;
/** Characters that are read for one picture; the next one goes on from there. */
const mostRead = 2_097_152;

interface Prepared {
  readonly text: string;
  readonly query: CompiledQuery | undefined;
  readonly subject: QuerySubject;
}

/** A timeline asks the same of the same events many times a second: per recording, the query that it asked last. */
const prepared = new WeakMap<Recording, Prepared>();

export const matchSlice: SliceMatcher = (recording, text, answer) => {
  const { query, subject } = prepare(recording, text);
  if (query === undefined) return undefined;
  const events = answer.mode === 'events' ? matchEvents(query, subject, answer.rows) : new Uint8Array();
  const matched = new Set<number>();
  if (answer.mode === 'events') events.forEach((match, index) => match === 1 && matched.add(answer.runs[index] ?? -1));
  return {
    events,
    run: (run) => {
      if (matched.has(run.ordinal)) return true;
      subject.turnToRun(run);
      const found = query.test(subject);
      // What lies outside the stretch may match.
      return found === truth.yes || (found === truth.unknown && run.events > 0 && (answer.mode === 'density' || run.openedAt < answer.from));
    },
  };
};

function prepare(recording: Recording, text: string): Prepared {
  const before = prepared.get(recording);
  if (before?.text === text) return before;
  const parsed = parseQuery(text);
  const query = parsed.ok && parsed.value !== undefined ? compileQuery(parsed.value, remembered) : undefined;
  const next = { text, query, subject: new QuerySubject(recording) };
  prepared.set(recording, next);
  return next;
}

/** What came does not change. */
function remembered(test: QueryTest): QueryTest {
  const known = new Map<number, Truth>();
  return (subject) => {
    const before = known.get(subject.row);
    if (before !== undefined) return before;
    if (subject.charactersRead > mostRead) return truth.unknown;
    if (known.size === mostRemembered) known.clear();
    const found = test(subject);
    known.set(subject.row, found);
    return found;
  };
}

function matchEvents({ test, usesGaps }: CompiledQuery, subject: QuerySubject, rows: Float64Array): Uint8Array {
  subject.charactersRead = 0;
  const gaps = usesGaps ? gapsOf(subject, rows) : undefined;
  return Uint8Array.from(rows, (row) => {
    invariant(subject.turnTo(row), 'what a window holds is stored');
    subject.gapMs = gaps?.get(row);
    return Number(test(subject) === truth.yes);
  });
}

function gapsOf(subject: QuerySubject, rows: Float64Array): Map<number, number | undefined> {
  const { recording } = subject;
  const book = new GapBook(recording);
  const gaps = new Map<number, number | undefined>();
  const last = rows.at(-1) ?? -1;
  for (let row = Math.max(recording.store.evicted, (rows[0] ?? 0) - rowsBefore); row <= last; row += 1) {
    if (subject.turnTo(row)) gaps.set(row, book.tell(subject.event.run, subject.event.at));
  }
  return gaps;
}
