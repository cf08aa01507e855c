import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { durationMs, epochMs, type EpochMs } from '#base/units.ts';
import { connectionErrors } from '#connection/connection-error.ts';
import type { ConnectionStatus } from '#connection/connection.ts';
import type { Slo } from '#environment/schema.ts';
import { completenessOf } from '#monitor/completeness.ts';
import type { Engine, EngineListener } from '#monitor/engine.ts';
import { funnelOf } from '#monitor/funnel.ts';
import { minutePoints } from '#monitor/minute-points.ts';
import { windowSums } from '#monitor/report.ts';
import { WindowSet } from '#monitor/window-set.ts';
import type { RunwatchRecord, StageRecord } from '#record/record.ts';
import { goldenPathOf } from '#runs/golden-path.ts';
import type { Run } from '#runs/run.ts';
import { captureStart, foldedEngine, randomCapture } from '../../fixtures/random-capture.ts';

const minuteMs = 60_000;

/** Two connections that served runs, perhaps, and one that never could. */
const statuses = [0, 1, 9].map((n): ConnectionStatus => ({
  id: `local#${n}`,
  n,
  state: 'retrying',
  user: undefined,
  transport: undefined,
  ready: false,
  attempts: 1,
  nextTryAt: undefined,
  lastHeardAt: undefined, heartbeat: undefined, probe: undefined,
  error: connectionErrors.unreachable('ws://target.example'),
}));
const stages = new Map(
  ([['local#0', 'login', 30], ['local#0', 'connection', 7], ['local#0', 'handshake', 2], ['local#1', 'connection', 11], ['local#2', 'login', 500]] as const).map(
    ([connection, stage, ms]): [string, StageRecord] => [`${connection} ${stage}`, { record: 'stage', at: epochMs(captureStart), connection, stage, outcome: 'passed', durationMs: durationMs(ms) }],
  ),
);

/** A quantile, by all values that it is one of; it may be half a percent off. */
type Quantile = number | null;
const nearestRank = (values: readonly number[], q: number): Quantile => values.toSorted((a, b) => a - b)[Math.max(0, Math.ceil(q * values.length) - 1)] ?? null;

/** What the screen says of a window, but its quantiles; and these. */
interface Figures {
  readonly exact: unknown;
  readonly quantiles: readonly Quantile[];
}

/** By looking at every run. */
function naiveFigures(engine: Engine, windowMs: number, burnWindowsMs: readonly number[]): Figures {
  const { target, sli } = engine.slo;
  const runs = [...engine.tracker.runs()].filter((run) => run.closedAt !== undefined && run.closedAt > engine.now - windowMs);
  const judged = runs.filter((run) => run.status === 'complete' || run.status === 'incomplete');
  const open = [...engine.tracker.runs()].filter((run) => run.closedAt === undefined);
  const triggered = [...runs, ...open].filter((run) => run.triggered);

  const byType = new Map<string, { expected: number; delivered: number; runs: Set<Run> }>();
  for (const run of judged) {
    for (const { type, expected, delivered } of run.delivery.byType) {
      const sum = byType.get(type) ?? { expected: 0, delivered: 0, runs: new Set() };
      byType.set(type, { expected: sum.expected + expected, delivered: sum.delivered + delivered, runs: sum.runs.add(run) });
    }
  }

  const took = (run: Run, stage: string): number | undefined => stages.get(`${run.connection.id} ${stage}`)?.durationMs;
  const ends: [stage: string, outcome: string, durationMs: number | undefined][] = triggered.flatMap((run) => {
    const opening = took(run, 'connection');
    return [
      ['login', 'passed', took(run, 'login')],
      ['connection', 'passed', opening === undefined ? undefined : opening + (took(run, 'handshake') ?? 0)],
      ...goldenPathOf(run, engine.rules.contract.last).map(({ stage, outcome, durationMs: ms }): [string, string, number | undefined] => [stage, outcome, ms]),
    ];
  });
  for (const { id } of statuses) {
    if (triggered.some((run) => run.connection.id === id)) continue;
    ends.push(['login', 'passed', undefined], ['connection', 'failed', undefined], ...['agent', 'stream', 'response'].map((stage): [string, string, undefined] => [stage, 'blocked', undefined]));
  }
  const path = ['login', 'connection', 'agent', 'stream', 'response'].map((stage) => ({
    stage,
    ...Object.fromEntries(['passed', 'failed', 'blocked', 'inconclusive', 'pending'].map((outcome) => [outcome, ends.filter((end) => end[0] === stage && end[1] === outcome).length])),
  }));
  const times = path.map(({ stage }) => ends.flatMap((end) => (end[0] === stage && end[2] !== undefined ? [end[2]] : [])));
  const firsts = runs.flatMap((run) => (run.triggered && run.firstEventAt !== undefined ? [run.firstEventAt - run.openedAt] : []));

  const lossy: Record<string, { judged: number; lossy: number }> = {};
  for (const { connection, status } of judged) {
    const sum = (lossy[connection.id] ??= { judged: 0, lossy: 0 });
    sum.judged += 1;
    if (status === 'incomplete') sum.lossy += 1;
  }
  return {
    exact: {
      sums: windowSums(engine, windowMs),
      burn: burnWindowsMs.map((burnMs) => windowSums(engine, burnMs)),
      types: Object.fromEntries(Array.from(byType, ([type, sum]) => [type, [sum.expected, sum.delivered, sum.runs.size]])),
      path,
      lossy,
      minutes: naivePoints(engine, runs, { target, sli }),
    },
    quantiles: [nearestRank(firsts, 0.5), ...times.flatMap((of) => [nearestRank(of, 0.5), nearestRank(of, 0.95)])],
  };
}

/** Of each minute: runs, expected, delivered, the share over five minutes, and the budget that is left. */
function naivePoints(engine: Engine, runs: readonly Run[], { target, sli }: Pick<Slo, 'target' | 'sli'>): unknown[] {
  const minuteOf = (at: EpochMs | undefined): number => Math.floor((at ?? Number.NaN) / minuteMs);
  const judged = (some: readonly Run[]) => some.filter((run) => run.status === 'complete' || run.status === 'incomplete');
  const sum = (some: readonly Run[], field: 'expected' | 'delivered') => judged(some).reduce((all, run) => all + run.delivery[field], 0);
  const valid = (some: readonly Run[]) => (sli === 'events' ? sum(some, 'expected') : some.filter((run) => run.status !== 'inconclusive').length);
  const good = (some: readonly Run[]) => (sli === 'events' ? sum(some, 'delivered') : some.filter((run) => run.good).length);
  const newest = minuteOf(engine.now);
  const oldest = Math.max(newest - 59, minuteOf(engine.header.at));
  return Array.from({ length: newest - oldest + 1 }, (_, index) => {
    const minute = oldest + index;
    const own = runs.filter((run) => minuteOf(run.closedAt) === minute);
    // A run that was closed before the first point is looked back on by none.
    const recent = runs.filter((run) => minuteOf(run.closedAt) > minute - 5 && minuteOf(run.closedAt) <= minute && minuteOf(run.closedAt) >= oldest);
    const until = runs.filter((run) => minuteOf(run.closedAt) <= minute);
    const budget = (1 - target) * valid(runs);
    return {
      at: minute * minuteMs,
      runs: judged(own).length,
      expected: sum(own, 'expected'),
      delivered: sum(own, 'delivered'),
      ratio: valid(recent) === 0 ? null : good(recent) / valid(recent),
      budgetLeft: budget === 0 ? null : 1 - (valid(until) - good(until)) / budget,
    };
  });
}

/** As the screen gets them: from the windows that roll. */
function rolledFigures(engine: Engine, windows: WindowSet, burnWindowsMs: readonly number[]): Figures {
  const { contract } = engine.rules;
  windows.advance(engine.now);
  const { shown } = windows;
  const funnel = funnelOf(shown.path, engine.tracker.openRuns(), statuses, stages, contract.last);
  const types = completenessOf(shown.byType, contract, 0.5).filter((row) => row.trials > 0);
  return {
    exact: {
      sums: { ...shown.sums },
      burn: burnWindowsMs.map((windowMs) => ({ ...windows.burnSums(windowMs) })),
      types: Object.fromEntries(types.map(({ type, expected, delivered, trials }) => [type, [expected, delivered, trials]])),
      path: funnel.map(({ stage, passed, failed, blocked, inconclusive, pending }) => ({ stage, passed, failed, blocked, inconclusive, pending })),
      lossy: Object.fromEntries(shown.byConnection),
      minutes: minutePoints(engine.now, engine.header.at, shown, [], [], engine.slo).map(({ at, runs, expected, delivered, ratio, budgetLeft }) => ({ at, runs, expected, delivered, ratio, budgetLeft })),
    },
    quantiles: [shown.firstEvents.quantile(0.5) ?? null, ...funnel.flatMap(({ medianMs, p95Ms }) => [medianMs, p95Ms])],
  };
}

/** How far apart two answers to the same question are, in units of what is allowed. */
const apart = (found: Quantile, wanted: Quantile): number =>
  found === null || wanted === null ? (found === wanted ? 0 : Infinity) : Math.abs(found - wanted) / Math.max(1e-6, Math.abs(wanted) * 0.005);

/** The same capture, `times` as slow, so that its runs spread over minutes. */
function slowed(records: readonly RunwatchRecord[], times: number): RunwatchRecord[] {
  const at = (instant: EpochMs): EpochMs => epochMs(captureStart + (instant - captureStart) * times);
  return records.map((record) => {
    if (record.record === 'blind') return { ...record, at: at(record.at), from: at(record.from) };
    if (record.record !== 'header') return { ...record, at: at(record.at) };
    const contract = Object.fromEntries(Object.entries(record.environment.contract ?? {}).map(([name, value]) => [name, name.endsWith('Ms') && typeof value === 'number' ? value * times : value]));
    return { ...record, environment: { ...record.environment, contract } };
  });
}

const watching = fc.record({
  capture: randomCapture(),
  times: fc.constantFrom(1, 600, 5000),
  windowMs: fc.constantFrom(5, 20, 50, 200, 1000, 1e6),
  burnWindowsMs: fc.uniqueArray(fc.constantFrom(0, 5, 20, 50, 100, 500, 2000), { maxLength: 3 }),
  /** The figures are asked for after every so many records. */
  every: fc.constantFrom(1, 2, 7),
});
type Watching = (typeof watching) extends fc.Arbitrary<infer T> ? T : never;

/** Folds a capture with its windows; `tell` chooses what they are told. */
function eachMoment(
  { capture, times, windowMs, burnWindowsMs, every }: Watching,
  tell: (windows: WindowSet) => EngineListener,
  look: (found: Figures, wanted: Figures) => void,
): void {
  const records = slowed(capture, times);
  const burnMs = burnWindowsMs.map((length) => length * times);
  const [header] = records;
  const last = header?.record === 'header' ? (header.environment.contract?.last ?? 'agent_completed') : '';
  const windows = new WindowSet({ windowMs: windowMs * times, burnWindowsMs: burnMs, last });
  foldedEngine(
    records,
    (engine, index) => {
      if (index % every === 0 || index === records.length - 1) look(rolledFigures(engine, windows, burnMs), naiveFigures(engine, windowMs * times, burnMs));
    },
    tell(windows),
  );
}

const everything = (windows: WindowSet): EngineListener => ({
  runClosed: (run) => windows.closed(run),
  runRejudged: (run) => windows.rejudged(run),
  runForgotten: (run) => windows.forgotten(run),
});

describe('windows that roll', () => {
  test('say the same as looking at every run does, at any moment', { timeout: 120_000 }, () => {
    const seen = { left: 0, forgotten: 0, rejudged: 0, minutes: 0, figures: new Set<string>() };
    fc.assert(
      fc.property(watching, (given) => {
        let held = 0;
        const tell = (windows: WindowSet): EngineListener => {
          const sums = () => JSON.stringify(windows.shown.sums);
          const counting = (what: 'forgotten' | 'rejudged', run: Run) => {
            const before = sums();
            windows[what](run);
            if (sums() !== before) seen[what] += 1;
          };
          return { ...everything(windows), runRejudged: (run) => counting('rejudged', run), runForgotten: (run) => counting('forgotten', run) };
        };
        eachMoment(given, tell, (found, wanted) => {
          expect(found.exact).toEqual(wanted.exact);
          found.quantiles.forEach((quantile, index) => expect(apart(quantile, wanted.quantiles[index] ?? null)).toBeLessThanOrEqual(1));
          const { sums, minutes } = found.exact as { sums: Record<string, number>; minutes: readonly { runs: number }[] };
          const holds = Object.values(sums).reduce((all, one) => all + one, 0);
          if (holds < held) seen.left += 1;
          held = holds;
          seen.minutes = Math.max(seen.minutes, minutes.filter((point) => point.runs > 0).length);
          seen.figures.add(JSON.stringify(sums));
        });
      }),
      { numRuns: 400, seed: 20_261_122 },
    );
    // All that makes it hard did happen.
    expect(seen.left).toBeGreaterThan(500);
    expect(seen.forgotten).toBeGreaterThan(100);
    expect(seen.rejudged).toBeGreaterThan(50);
    expect(seen.minutes).toBeGreaterThan(2);
    expect(seen.figures.size).toBeGreaterThan(100);
  });

  test.each(['runClosed', 'runRejudged', 'runForgotten'] as const)('would say something else if they were not told %s', (untold) => {
    const samples = fc.sample(watching, { numRuns: 200, seed: 20_261_122 });
    const wrong = samples.filter((given) => {
      let same = true;
      eachMoment(
        given,
        (windows) => ({ ...everything(windows), [untold]: () => {} }),
        (found, wanted) => (same &&= JSON.stringify(found.exact) === JSON.stringify(wanted.exact)),
      );
      return !same;
    });
    expect(wrong.length).toBeGreaterThan(5);
  });
});
