import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { windowSums } from '#monitor/report.ts';
import { addShare, emptySums, shareOf } from '#monitor/run-totals.ts';
import { foldedEngine, randomCapture } from '../../fixtures/random-capture.ts';

describe('sums over a window', () => {
  test('are those of the runs that were closed in it, whatever their order', () => {
    let told = 0;
    fc.assert(
      fc.property(randomCapture(), fc.uniqueArray(fc.constantFrom(0, 5, 20, 50, 100, 500, 2000, 1e9), { minLength: 1 }), (records, windows) => {
        const engine = foldedEngine(records);
        const naive = windows.map((windowMs) => {
          const sums = emptySums();
          for (const run of engine.tracker.runs()) if (run.closedAt !== undefined && run.closedAt > engine.now - windowMs) addShare(sums, shareOf(run), 1);
          return sums;
        });
        expect(windows.map((windowMs) => windowSums(engine, windowMs))).toEqual(naive);
        told += new Set(naive.map((sums) => JSON.stringify(sums))).size - 1;
      }),
      { numRuns: 200, seed: 20_260_801 },
    );
    expect(told).toBeGreaterThan(100);
  });
});

test('open runs are those that are not closed', () => {
  let open = 0;
  fc.assert(
    fc.property(randomCapture(), (records) => {
      foldedEngine(records.filter(({ record }) => record !== 'end'), (engine) => {
        const naive = [...engine.tracker.runs()].filter((run) => run.closedAt === undefined);
        expect([...engine.tracker.openRuns()].sort((a, b) => a.ordinal - b.ordinal)).toEqual(naive);
        expect(engine.totals.running).toBe(naive.length);
        open += naive.length;
      });
    }),
    { numRuns: 30, seed: 20_260_801 },
  );
  expect(open).toBeGreaterThan(100);
});
