import { describe, expect, test } from 'vitest';
import { epochMs } from '#base/units.ts';
import { makeReport } from '#monitor/report.ts';
import { draw, fold, frame, judge, start } from '../../fixtures/drawing.ts';

const only = <T>(items: readonly T[]): T => {
  expect(items).toHaveLength(1);
  const [item] = items;
  if (item === undefined) throw new Error('nothing there');
  return item;
};

describe('a run closes', () => {
  test('a while after its terminal event', () => {
    const run = only(judge('u0: >STERC').runs);
    expect(run).toMatchObject({ id: 'u0-1', status: 'complete', fault: 'none', good: true, expected: 5, delivered: 5, missing: [], violations: {} });
    expect(run.closedAt).toBe(start + 600 + 1000);
    expect(run).toMatchObject({ timeToFirstEventMs: 100, durationMs: 500 });
  });

  test('later, if more of it comes while it settles', () => {
    expect(only(judge('u0: >STERC.?').runs).closedAt).toBe(start + 800 + 1000);
  });

  test('when nothing came after its trigger', () => {
    const run = only(judge('u0: >').runs);
    expect(run).toMatchObject({ status: 'incomplete', fault: 'server', expected: 5, delivered: 0, timeToFirstEventMs: null, durationMs: null });
    expect(run.closedAt).toBe(start + 100 + 10_000);
    expect(run.missing).toEqual(['agent_completed', 'agent_started', 'agent_thinking', 'tool_completed', 'tool_executing']);
  });

  test('when it falls silent before its terminal event', () => {
    const run = only(judge('u0: >STE').runs);
    expect(run).toMatchObject({ status: 'incomplete', missing: ['agent_completed', 'tool_completed'], violations: { missing: 2 } });
    expect(run.closedAt).toBe(start + 400 + 10_000);
  });

  test('when it is too old, whatever still comes', () => {
    const run = only(judge('u0: >STTTTT', { contract: { runTimeoutMs: 500 } }).runs);
    expect(run.closedAt).toBe(start + 100 + 500);
    expect(run.violations).toEqual({ missing: 3, late: 2 });
  });

  test('with the capture, as inconclusive', () => {
    const report = judge('u0: >ST|');
    expect(only(report.runs)).toMatchObject({ status: 'inconclusive', fault: 'monitor', closedAt: start + 400 });
    expect(report.verdict).toBe('inconclusive');
  });

  test('not before its time: until then it is running, judged as if it were closed now', () => {
    const report = makeReport(fold(draw('u0: >STE'), 1000));
    expect(only(report.runs)).toMatchObject({ status: 'running', fault: 'none', good: false, closedAt: null, expected: 5, delivered: 3, violations: { missing: 2 } });
    expect(report.counts.running).toBe(1);
  });
});

describe('when its connection closes', () => {
  test('by sign-in, the operator or the monitor, a run without terminal event closes at once', () => {
    expect(only(judge('u0: >STEa').runs)).toMatchObject({ status: 'inconclusive', fault: 'auth', closedAt: start + 500 });
    expect(only(judge('u0: >STEo').runs)).toMatchObject({ status: 'inconclusive', fault: 'monitor', closedAt: start + 500 });
  });

  test('one with a terminal event settles as ever', () => {
    expect(only(judge('u0: >STERCo').runs)).toMatchObject({ status: 'complete', closedAt: start + 600 + 1000 });
  });

  test('by the network, the run goes on: its events may come after the reconnect', () => {
    expect(only(judge('u0: >STE!^RC').runs)).toMatchObject({ status: 'complete', fault: 'none' });
    expect(only(judge('u0: >STE!').runs)).toMatchObject({ status: 'incomplete', fault: 'network', closedAt: start + 400 + 10_000 });
    expect(only(judge('u0: >STE').runs)).toMatchObject({ fault: 'server' });
  });

  test('by the network at the very moment of opening or closing, both belong to the run', () => {
    const opening = draw('u0: !');
    opening.push({ record: 'trigger', at: epochMs(start + 100), connection: 'local#0', run: 'r' });
    expect(only(makeReport(fold(opening)).runs)).toMatchObject({ fault: 'network' });
    const closing = draw('u0: >');
    closing.push({ record: 'connection-close', at: epochMs(start + 10_100), connection: 'local#0', cause: 'network' });
    expect(only(makeReport(fold(closing)).runs)).toMatchObject({ fault: 'network', closedAt: start + 10_100 });
    const after = draw('u0: >');
    after.push({ record: 'connection-close', at: epochMs(start + 10_101), connection: 'local#0', cause: 'network' });
    expect(only(makeReport(fold(after)).runs)).toMatchObject({ fault: 'server' });
  });
});

describe('while the monitor is blind', () => {
  const blind = (from: number, at: number) => ({ record: 'blind', at: epochMs(start + at), from: epochMs(start + from), cause: 'stalled' }) as const;

  test('an incomplete run that overlaps is inconclusive, even if its deadline passed meanwhile', () => {
    expect(only(makeReport(fold([...draw('u0: >STE'), blind(9000, 60_000)])).runs)).toMatchObject({ status: 'inconclusive', fault: 'monitor', closedAt: start + 10_400 });
  });

  test('touching counts, and a moment beside does not', () => {
    expect(only(makeReport(fold([...draw('u0: >STE'), blind(10_400, 60_000)])).runs).status).toBe('inconclusive');
    expect(only(makeReport(fold([...draw('u0: >STE'), blind(10_401, 60_000)])).runs).status).toBe('incomplete');
  });

  test('a blindness that becomes known later judges a closed run anew', () => {
    const engine = fold(draw('u0: >STE'), 20_000);
    expect(makeReport(engine).counts).toMatchObject({ incomplete: 1, inconclusive: 0 });
    engine.apply(blind(5000, 30_000));
    expect(makeReport(engine).counts).toMatchObject({ incomplete: 0, inconclusive: 1 });
    expect(makeReport(engine).slo.valid).toBe(0);
  });

  test('a complete or failed run stays what it is', () => {
    expect(only(makeReport(fold([...draw('u0: >STERC'), blind(200, 60_000)])).runs).status).toBe('complete');
    expect(only(makeReport(fold([...draw('u0: >STX'), blind(200, 60_000)])).runs).status).toBe('failed');
  });
});

describe('what is forgotten', () => {
  test('a closed run is forgotten a while after its close, and its counts stay', () => {
    const contract = { rememberMs: 5000 };
    const engine = fold(draw('u0: >STERC', { contract }), 6599);
    expect(makeReport(engine).runs).toHaveLength(1);
    engine.advance(epochMs(start + 6600));
    expect(makeReport(engine).runs).toHaveLength(0);
    expect(makeReport(engine).counts).toMatchObject({ complete: 1, good: 1 });
    expect(makeReport(engine).slo).toMatchObject({ good: 5, valid: 5, trials: 1 });
  });

  test('what comes later is judged as if it had never been known', () => {
    const late = frame(70, 'local#0', { type: 'agent_thinking', runId: 'u0-1' });
    const remembered = makeReport(fold([...draw('u0: >STERC', { contract: { rememberMs: 5500 } }), late]));
    expect(remembered.events).toMatchObject({ late: 1 });
    const forgotten = makeReport(fold([...draw('u0: >STERC', { contract: { rememberMs: 5000 } }), late], 7000));
    expect(forgotten.events).toMatchObject({ late: 0, attributed: 6 });
    expect(forgotten.counts.running).toBe(1);
  });

  test('no more closed runs than agreed are remembered, the oldest close goes first', () => {
    const report = makeReport(fold(draw('u0: >STERC.............>STERC.............>STERC', { contract: { rememberRuns: 2 } })));
    expect(report.runs.map((run) => run.id)).toEqual(['u0-2', 'u0-3']);
    expect(report.counts.complete).toBe(3);
  });

  test('an id that no run holds is forgotten a while after it was last named', () => {
    const stranger = { type: 'final_report', runId: 'other', threadId: 't' };
    const names = (column: number, connection: string) => frame(column, connection, stranger);
    const open = draw('u0: .\nu1: .', { contract: { rememberMs: 1000 } });
    const soon = makeReport(fold([...open, names(1, 'local#0'), names(10, 'local#1')], 2000));
    expect(soon.events).toMatchObject({ orphan: 1, crossTalk: 1 });
    const later = makeReport(fold([...open, names(1, 'local#0'), names(11, 'local#1')], 2000));
    expect(later.events).toMatchObject({ orphan: 2, crossTalk: 0 });
  });
});
