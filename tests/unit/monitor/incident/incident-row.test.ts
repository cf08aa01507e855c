import { describe, expect, test } from 'vitest';
import { epochMs, type EpochMs } from '#base/units.ts';
import { earliest, IncidentRow, mostOften, type Trouble } from '#monitor/incident/incident-row.ts';
import { IncidentRows } from '#monitor/incident/incident-rows.ts';

const terms = { usual: 0.01, troubled: 0.5, enough: 5 };
const troubleAt = (at: number, run = at): Trouble => ({ at: epochMs(at), knownAt: epochMs(at + 1), run, expected: 5, lost: 1, missing: ['tool_completed'], stage: 'stream', fault: 'server', lateMs: 0 });

/** A row of trials, `x` bad and `.` good, one a second; undefined once it is over. */
function rowOf(marks: string): IncidentRow | undefined {
  let row: IncidentRow | undefined;
  for (const [second, mark] of [...marks].entries()) {
    if (mark === '.') {
      if (row?.addGood(0, 5) === true) row = undefined;
    } else if (row === undefined) row = new IncidentRow(terms, troubleAt(second), 0);
    else row.addBad(troubleAt(second), 0);
  }
  return row;
}

describe('a row', () => {
  test('alarms with the fifth bad trial in a row, and not with the fourth', () => {
    expect(rowOf('xxxx')?.alarmedAt).toBeUndefined();
    expect(rowOf('xxxxx')?.alarmedAt).toBe(5);
    expect(rowOf('xx')?.isSuspicious).toBe(true);
    expect(rowOf('x')?.isSuspicious).toBe(false);
  });

  test('forgets a bad trial after six good ones, and trouble after as many as outweigh five', () => {
    expect(rowOf('x.....')).toBeDefined();
    expect(rowOf('x......')).toBeUndefined();
    expect(rowOf(`${'x'.repeat(500)}${'.'.repeat(28)}`)).toBeDefined();
    expect(rowOf(`${'x'.repeat(500)}${'.'.repeat(29)}`)).toBeUndefined();
  });

  test.each<[string, number]>([
    ['xxxxx', 0],
    ['....xxxxx', 4],
    ['x......xxxxx', 7],
    // Two good ones between are enough to tell an accident from the beginning, given enough that follow.
    ['x...xxxxxxxxxx', 4],
    ['x..xxxxxxxxxxxx', 3],
    // With one between, nobody can tell.
    ['x.xxxxx', 0],
    // A share of the trials: from the first one on.
    ['......x.x..xx.x.x..x.xx.x', 6],
  ])('%s began at %i', (marks, onset) => {
    expect(rowOf(marks)?.onset().at).toBe(onset);
  });

  test('takes the earliest of its bad trials, in whatever order they were judged', () => {
    const row = new IncidentRow(terms, troubleAt(10), 0);
    row.addBad(troubleAt(8), 1);
    row.addBad(troubleAt(12), 2);
    expect(row.onset()).toMatchObject({ at: 8, run: 8 });
    expect(row.lastBadAt).toBe(12);
  });

  test('sums up what was bad, by type, stage, fault and connection, and keeps the newest twenty runs', () => {
    const row = new IncidentRow(terms, troubleAt(0), 3);
    for (let n = 1; n <= 30; n += 1) row.addBad(troubleAt(n), 4);
    row.addGood(4, 5);
    expect(row).toMatchObject({ trials: 32, bad: 31, expected: 160, lost: 31 });
    expect([...row.types]).toEqual([['tool_completed', 31]]);
    expect([...row.lanes]).toEqual([
      [3, { trials: 1, bad: 1, expected: 5, lost: 1 }],
      [4, { trials: 31, bad: 30, expected: 155, lost: 30 }],
    ]);
    expect(row.runs).toEqual(Array.from({ length: 20 }, (_, n) => n + 11));
  });
});

test('a trial that turns out to be bad is counted once, whether or not the row had counted it as good', () => {
  const row = new IncidentRow(terms, troubleAt(0), 0);
  row.addGood(0, 5);
  row.addWorse(troubleAt(5), 0, epochMs(4));
  expect(row).toMatchObject({ trials: 2, bad: 2, expected: 10, lost: 2 });
  row.addWorse(troubleAt(6), 0, epochMs(-1));
  expect(row).toMatchObject({ trials: 3, bad: 3, expected: 15, lost: 3 });
  expect(row.lanes.get(0)).toEqual({ trials: 3, bad: 3, expected: 15, lost: 3 });
});

describe('the rows of a kind', () => {
  test('hold nothing while all is good, and remember what alarmed once it is over', () => {
    const rows = new IncidentRows(terms);
    const time = (n: number): EpochMs => epochMs(n);
    for (let n = 0; n < 10; n += 1) rows.good(n % 3, 5, time(n));
    expect([rows.lanes.size, rows.all, rows.slight]).toEqual([0, undefined, undefined]);
    for (let n = 10; n < 16; n += 1) rows.bad(1, troubleAt(n));
    expect(rows.all?.alarmedAt).toBe(15);
    for (let n = 16; n < 60; n += 1) rows.good(1, 5, time(n));
    expect([rows.lanes.size, rows.all]).toEqual([0, undefined]);
    expect(rows.past.map(({ lane }) => lane)).toEqual([1, undefined]);
    rows.bad(2, troubleAt(60));
    for (let n = 61; n < 80; n += 1) rows.good(2, 5, time(n));
    // An accident is not remembered.
    expect(rows.past).toHaveLength(2);
  });
});

test('the most frequent of equals is the first; the earliest of times', () => {
  expect(mostOften([['a', 2], ['b', 3], ['c', 3]])).toBe('b');
  expect(mostOften([])).toBeUndefined();
  expect(earliest([epochMs(3), epochMs(1), epochMs(2)])).toBe(1);
});
