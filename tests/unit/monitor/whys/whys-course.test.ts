import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { epochMs } from '#base/units.ts';
import { courseOf } from '#monitor/whys/whys-course.ts';
import { makeReport } from '#monitor/report.ts';
import type { Run } from '#runs/run.ts';
import { draw, fold, start } from '../../../fixtures/drawing.ts';
import { foldedEngine, randomCapture } from '../../../fixtures/random-capture.ts';

const byClose = (runs: Iterable<Run>): Run[] => [...runs].filter((run) => run.closedAt !== undefined).sort((a, b) => (a.closedAt ?? 0) - (b.closedAt ?? 0));
const wide = 10_000_000;

describe('the course of a verdict', () => {
  test('ends where the report ends', () => {
    const states = { 'no-data': ['no-data'], missed: ['breached'], met: ['ok', 'breached', 'at-risk'], unproven: ['unproven', 'breached', 'at-risk'] };
    fc.assert(
      fc.property(randomCapture(), (records) => {
        // A run is forgotten in time, and counts all the same.
        const closed: Run[] = [];
        const engine = foldedEngine(records, undefined, { runClosed: (run) => closed.push(run) });
        const { verdict } = makeReport(engine).slo;
        expect(states[verdict]).toContain(courseOf(byClose(closed), [], engine.slo, wide, engine.now).state);
      }),
      { numRuns: 60 },
    );
  });

  test('knows when the fifth lossy run in a row was closed', () => {
    const engine = fold(draw(`u0: ${`>STE${'-'.repeat(120)}`.repeat(6)}`, { stepMs: 100 }));
    const runs = byClose(engine.tracker.runs());
    const course = courseOf(runs, [], engine.slo, wide, engine.now);
    expect(course).toMatchObject({ state: 'breached', paging: expect.any(Number) });
    expect(course.streaks[0]).toEqual({ at: runs[4]?.closedAt, scope: 'connection', name: 'local#0' });
    expect(course.since).not.toBeNull();
  });

  test('turns red with the first leak, and lets go of it with its window', () => {
    const engine = fold(draw('u0: >STERC----------'));
    const runs = byClose(engine.tracker.runs());
    const leak = epochMs(start + 5000);
    expect(courseOf(runs, [leak], engine.slo, 60_000, epochMs(start + 10_000))).toMatchObject({ state: 'breached', cause: 'leak', since: leak });
    expect(courseOf(runs, [leak], engine.slo, 60_000, epochMs(start + 80_000))).toMatchObject({ cause: null });
  });

  test('is nothing where nothing happened', () => {
    expect(courseOf([], [], { target: 0.99, sli: 'events' }, wide, epochMs(start))).toEqual({ state: 'no-data', since: null, cause: null, provenUntil: null, highestBurn: null, pageAt: null, streaks: [], paging: 0 });
  });
});
