import { describe, expect, test } from 'vitest';
import { capturedEngine } from '#monitor/opened/captured-engine.ts';
import { letterOf } from '#monitor/letters.ts';
import { RunBook } from '#monitor/run-book.ts';
import type { RunwatchRecord } from '#record/record.ts';
import type { Run } from '#runs/run.ts';
import { draw, frame, type DrawingOptions } from '../../fixtures/drawing.ts';

/** Folds records as a watch does, into a book. */
function bookOf(records: readonly RunwatchRecord[]): { readonly book: RunBook; readonly runs: readonly Run[]; readonly forgotten: readonly Run[] } {
  const book = new RunBook();
  const runs: Run[] = [];
  const forgotten: Run[] = [];
  const [first, ...rest] = records;
  if (first?.record !== 'header') throw new Error('a capture begins with its header');
  const engine = capturedEngine(first, {
    event: (_, event, attribution) => {
      if ((attribution.disposition === 'attributed' || attribution.disposition === 'duplicate') && attribution.run !== undefined) book.came(attribution.run, letterOf(event.type));
    },
    runOpened: (run) => {
      runs.push(run);
      book.opened(run);
    },
    runForgotten: (run) => {
      forgotten.push(run);
      book.forgotten(run);
    },
  });
  if (!engine.ok) throw new Error(engine.error);
  for (const record of rest) engine.value.apply(record);
  return { book, runs, forgotten };
}

const spellings = (drawing: string, options?: DrawingOptions): string[] => {
  const { book, runs } = bookOf(draw(drawing, options));
  return runs.map((run) => book.spelling(run));
};

describe('a run is spelt', () => {
  test('as it came, with a dot for what never came once it is closed', () => {
    expect(spellings('u0: >STE-C |')).toEqual(['STE·C']);
    expect(spellings('u0: >STE')).toEqual(['STE']);
    expect(spellings('u0: > |')).toEqual(['·····']);
    expect(spellings('u0: >ST?ERC |')).toEqual(['ST?ERC']);
  });

  test('with the letter of a duplicate again', () => {
    const sent = (nth: number) => (nth > 2 ? nth - 1 : nth);
    expect(spellings('u0: >STTERC |', { fields: ({ run, nth }) => ({ runId: run, eventId: `e${sent(nth)}` }) })).toEqual(['STTERC']);
  });

  test('by its first 60 letters', () => {
    const [long] = spellings(`u0: >ST${'ER'.repeat(100)}C |`);
    expect(long).toBe(`ST${'ER'.repeat(29)}`);
  });
});

describe('a run is found', () => {
  test('by its number and by its id', () => {
    const { book, runs } = bookOf(draw('u0: >STERC ---- >STERC |'));
    expect(runs.map((run) => book.withOrdinal(run.ordinal))).toEqual(runs);
    expect(book.withId('u0-1')).toBe(runs[0]);
    expect(book.withId('u0-2')).toBe(runs[1]);
    expect(book.withId('u0-3')).toBeUndefined();
    expect(book.withOrdinal(7)).toBeUndefined();
  });

  test('among the newest', () => {
    const { book, runs } = bookOf(draw('u0: >STERC >STERC >STERC\nu1: ---- >STERC'));
    const newestFirst = runs.toReversed();
    expect(book.newest(100)).toEqual(newestFirst);
    expect(book.newest(2)).toEqual(newestFirst.slice(0, 2));
    expect(new RunBook().newest(3)).toEqual([]);
  });

  test('before its first event', () => {
    const { book, runs } = bookOf(draw('u0: >'));
    expect(book.withId('u0-1')).toBe(runs[0]);
  });

  test('by the id that it learns from a later event', () => {
    const records = draw('u0: ----');
    records.push({ record: 'trigger', at: frame(4, '', null).at, connection: 'local#0' }, frame(5, 'local#0', { type: 'agent_started' }));
    expect(bookOf(records).book.withId('local#0/1')).toBeDefined();
    records.push(frame(7, 'local#0', { type: 'agent_completed', runId: 'learnt' }));
    const { book, runs } = bookOf(records);
    expect(runs.length).toBe(1);
    expect(book.withId('learnt')).toBe(runs[0]);
    expect(book.withId('local#0/1')).toBeUndefined();
  });

  test('as the newest of those that have the same id, even when the older one gets a duplicate', () => {
    const records = draw('u0: -');
    const at = (column: number, eventId: string) => frame(column, 'local#0', { type: 'agent_started', runId: 'twin', eventId });
    const trigger = (column: number): RunwatchRecord => ({ record: 'trigger', at: frame(column, '', null).at, connection: 'local#0', run: 'twin' });
    records.push(trigger(2), at(3, 'a'), trigger(200), at(201, 'b'), at(202, 'a'));
    const { book, runs } = bookOf(records);
    expect(runs.map((run) => [run.id, run.duplicates])).toEqual([['twin', 1], ['twin', 0]]);
    expect(book.withId('twin')).toBe(runs[1]);
  });
});

test('a run that is forgotten leaves nothing behind', () => {
  const contract = { rememberRuns: 1 };
  const { book, runs, forgotten } = bookOf(draw('u0: >STERC---------------->STERC--------------->STERC |', { contract }));
  expect(forgotten).toEqual(runs.slice(0, 2));
  for (const run of forgotten) {
    expect(book.withId(run.id)).toBeUndefined();
    expect(book.withOrdinal(run.ordinal)).toBeUndefined();
    expect(book.spelling(run)).toBe('');
  }
  expect(book.withId('u0-3')).toBe(runs[2]);
  expect(book.newest(3)).toEqual(runs.slice(2));
});
