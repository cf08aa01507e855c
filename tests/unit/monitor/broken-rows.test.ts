import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { BrokenRows } from '#monitor/broken-rows.ts';
import type { RunwatchRecord } from '#record/record.ts';
import { draw, fold, start } from '../../fixtures/drawing.ts';
import { foldedEngine, randomCapture } from '../../fixtures/random-capture.ts';

/** The rows after a drawing in which silence is noticed after two columns and a half. */
function rowsOf(drawing: string): BrokenRows {
  const rows = new BrokenRows();
  const { tracker } = fold(draw(drawing, { contract: { firstEventTimeoutMs: 250, eventTimeoutMs: 250, settleMs: 100 } }));
  for (const run of [...tracker.closedNewestFirst()].reverse()) rows.closed(run);
  return rows;
}

const after = (columns: number): number => start + columns * 100;

describe('a row of incomplete runs', () => {
  test('began when the first of them heard its last event', () => {
    const rows = rowsOf('u0: >STERC-->STE-->ST');
    expect(rows.of(['local#0'])).toEqual({ since: after(12), inMidRun: true });
  });

  test('began with the trigger where nothing was heard', () => {
    expect(rowsOf('u0: -->').of(['local#0'])).toEqual({ since: after(3), inMidRun: false });
  });

  test('is one in mid-run only if every one of them fell silent', () => {
    expect(rowsOf('u0: >STE-->STEC').of(['local#0'])?.inMidRun).toBe(false);
  });

  test('ends with a complete run, and goes on through one that failed', () => {
    expect(rowsOf('u0: >STE-->STERC').of(['local#0'])).toBeUndefined();
    expect(rowsOf('u0: >STE-->SX-->STE').of(['local#0'])?.since).toBe(after(4));
  });

  test('of several connections is one', () => {
    const rows = rowsOf('u0: -->STE\nu1: >STEC\nu2: >STERC');
    expect(rows.of(['local#0', 'local#1', 'local#2', 'local#7'])).toEqual({ since: after(5), inMidRun: false });
    expect(rows.of(['local#2', 'local#7'])).toBeUndefined();
  });
});

test('a row is all incomplete runs after the last complete one, over random captures', () => {
  let rowsSeen = 0;
  // Runs that are judged anew or forgotten would not be found again.
  const judgedOnce = (records: readonly RunwatchRecord[]): RunwatchRecord[] =>
    records
      .filter(({ record }) => record !== 'blind')
      .map((record) => (record.record === 'header' ? { ...record, environment: { ...record.environment, contract: { ...record.environment.contract, rememberMs: 1e9, rememberRuns: 1e6 } } } : record));
  fc.assert(
    fc.property(randomCapture(), (records) => {
      const rows = new BrokenRows();
      const engine = foldedEngine(judgedOnce(records), undefined, { runClosed: (run) => rows.closed(run) });
      for (const connection of ['local#0', 'local#1', 'local#2']) {
        const closed = [...engine.tracker.closedNewestFirst()].filter((run) => run.connection.id === connection);
        const end = closed.findIndex((run) => run.status === 'complete');
        const row = closed.slice(0, end < 0 ? closed.length : end).filter((run) => run.status === 'incomplete');
        if (row.length > 0) rowsSeen += 1;
        expect(rows.of([connection])).toEqual(
          row.length === 0 ? undefined : { since: Math.min(...row.map((run) => run.lastEventAt ?? run.openedAt)), inMidRun: row.every((run) => run.closing === 'silence') },
        );
      }
    }),
    { numRuns: 200, seed: 20_261_122 },
  );
  expect(rowsSeen).toBeGreaterThan(100);
});
