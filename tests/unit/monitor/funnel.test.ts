import { describe, expect, test } from 'vitest';
import { durationMs, epochMs } from '#base/units.ts';
import { connectionErrors } from '#connection/connection-error.ts';
import type { ConnectionState, ConnectionStatus } from '#connection/connection.ts';
import { funnelOf, PathTally } from '#monitor/funnel.ts';
import type { Engine } from '#monitor/engine.ts';
import type { GoldenPathStage } from '#monitor/snapshot.ts';
import type { StageName, StageRecord } from '#record/record.ts';
import { draw, fold, start } from '../../fixtures/drawing.ts';
import { tallyOf } from '../../fixtures/tally-of.ts';

const last = 'agent_completed';
const unreachable = connectionErrors.unreachable('ws://target.example');

const status = (n: number, changes: Partial<ConnectionStatus> = {}): ConnectionStatus => ({
  id: `local#${n}`,
  n,
  state: 'open' as ConnectionState,
  user: undefined,
  transport: undefined,
  ready: true,
  attempts: 0,
  nextTryAt: undefined,
  lastHeardAt: undefined,
  heartbeat: undefined,
  probe: undefined,
  error: undefined,
  ...changes,
});

const stage = (n: number, name: StageName, outcome: 'passed' | 'failed', ms: number): readonly [string, StageRecord] => [
  `local#${n} ${name}`,
  { record: 'stage', at: epochMs(start), connection: `local#${n}`, stage: name, outcome, durationMs: durationMs(ms) },
];

/** Per stage: passed, failed, blocked, inconclusive, pending. */
const counted = (stages: readonly GoldenPathStage[]): Record<string, number[]> =>
  Object.fromEntries(stages.map(({ stage: name, passed, failed, blocked, inconclusive, pending }) => [name, [passed, failed, blocked, inconclusive, pending]]));

/** The funnel of everything that an engine knows. */
const funnelIn = ({ tracker }: Engine, statuses: readonly ConnectionStatus[] = [], stages: ReadonlyMap<string, StageRecord> = new Map()): GoldenPathStage[] =>
  funnelOf(tallyOf(tracker.runs(), last).path, tracker.openRuns(), statuses, stages, last);

const funnel = (drawing: string, untilMs = 400_000): Record<string, number[]> => counted(funnelIn(fold(draw(drawing), untilMs)));

const passed = [1, 0, 0, 0, 0];
const failed = [0, 1, 0, 0, 0];
const blocked = [0, 0, 1, 0, 0];
const inconclusive = [0, 0, 0, 1, 0];
const pending = [0, 0, 0, 0, 1];

describe('a triggered run', () => {
  test.each([
    ['that brought everything', '>STERC', passed, passed, passed],
    ['that nothing came of', '>', failed, blocked, blocked],
    ['that stopped in mid-stream', '>STE', passed, failed, blocked],
    ['that lost an event in the stream', '>STEC', passed, failed, blocked],
    ['that was out of order', '>TSERC', passed, failed, blocked],
    ['whose response alone never came', '>STER', passed, passed, failed],
    ['that the operator cut short', '>STo', passed, inconclusive, inconclusive],
    ['that the operator cut short before it started', '>o', inconclusive, inconclusive, inconclusive],
  ])('%s', (_, run, agent, stream, response) => {
    expect(funnel(`u0: ${run}`)).toEqual({ login: passed, connection: passed, agent, stream, response });
  });

  test('that is under way is pending from where it stands', () => {
    expect(funnel('u0: >', 500)).toMatchObject({ agent: pending, stream: pending, response: pending });
    expect(funnel('u0: >STE', 500)).toMatchObject({ agent: passed, stream: pending, response: pending });
  });

  test('is counted; one that began by itself is not', () => {
    expect(funnel('u0: STERC')['agent']).toEqual([0, 0, 0, 0, 0]);
    expect(funnel('u0: >STERC\nu1: >STE\nu2: >')).toEqual({ login: [3, 0, 0, 0, 0], connection: [3, 0, 0, 0, 0], agent: [2, 1, 0, 0, 0], stream: [1, 1, 1, 0, 0], response: [1, 0, 2, 0, 0] });
  });
});

describe('a connection that served no run', () => {
  const alone = (changes: Partial<ConnectionStatus>, ...stages: (readonly [string, StageRecord])[]) => counted(funnelOf(new PathTally(), [], [status(0, { ready: false, ...changes })], new Map(stages), last));
  const stoppedAt = (place: number) => Object.fromEntries(['login', 'connection', 'agent', 'stream', 'response'].map((name, index) => [name, index < place ? passed : index === place ? failed : blocked]));
  const nothing = Object.fromEntries(['login', 'connection', 'agent', 'stream', 'response'].map((name) => [name, [0, 0, 0, 0, 0]]));

  test('fails the login where that was refused', () => {
    expect(alone({ state: 'refused', error: connectionErrors.authRefused('ws://target.example', undefined) }, stage(0, 'login', 'failed', 5))).toEqual(stoppedAt(0));
  });

  test('fails the connection where that was refused', () => {
    expect(alone({ state: 'retrying', error: unreachable }, stage(0, 'login', 'passed', 5), stage(0, 'connection', 'failed', 5))).toEqual(stoppedAt(1));
  });

  test('fails the connection where its handshake failed, also while it is tried again', () => {
    const stages = [stage(0, 'login', 'passed', 5), stage(0, 'connection', 'passed', 5), stage(0, 'handshake', 'failed', 5)];
    expect(alone({ state: 'failed', error: unreachable }, ...stages)).toEqual(stoppedAt(1));
    expect(alone({ state: 'open' }, ...stages)).toEqual(stoppedAt(1));
  });

  test('fails the connection where it could not even be tried', () => {
    expect(alone({ state: 'failed', error: connectionErrors.socketLimit(255) })).toEqual(stoppedAt(1));
  });

  test('says nothing while it is on its way, nor when it is ready', () => {
    expect(alone({ state: 'connecting' }, stage(0, 'login', 'passed', 5))).toEqual(nothing);
    expect(alone({ state: 'open', ready: true }, stage(0, 'handshake', 'failed', 5))).toEqual(nothing);
  });

  test('is counted beside the runs of others, and not where it served one itself', () => {
    const lost = { ready: false, state: 'retrying', error: unreachable } as const;
    expect(counted(funnelIn(fold(draw('u0: >STERC')), [status(0, lost), status(1, lost)]))).toEqual({
      login: [2, 0, 0, 0, 0],
      connection: [1, 1, 0, 0, 0],
      agent: [1, 0, 1, 0, 0],
      stream: [1, 0, 1, 0, 0],
      response: [1, 0, 1, 0, 0],
    });
  });
});

describe('times', () => {
  test('of login and connection are those of the run’s connection, handshake included; of the rest the run’s own', () => {
    const stages = new Map([stage(0, 'login', 'passed', 30), stage(0, 'connection', 'passed', 10), stage(0, 'handshake', 'passed', 5), stage(1, 'connection', 'passed', 20)]);
    const medians = funnelIn(fold(draw('u0: >-STERC\nu1: >S---TERC')), [], stages).map(({ stage: name, medianMs, p95Ms }) => [name, medianMs, p95Ms]);
    expect(medians).toEqual([
      ['login', 30, 30],
      ['connection', 15, 20],
      ['agent', 100, 200],
      ['stream', 400, 700],
      ['response', 600, 800],
    ]);
  });

  test('of a stage that nobody passed are unknown', () => {
    expect(funnelOf(new PathTally(), [], [], new Map(), last).every(({ medianMs, p95Ms }) => medianMs === null && p95Ms === null)).toBe(true);
  });

  test('are nearest ranks over all runs, those under way included', () => {
    // The first event comes 100 ms to 2,000 ms after the trigger; the last run is still open when the others are closed.
    const lines = Array.from({ length: 20 }, (_, n) => `u${n}: >${'-'.repeat(n)}STER${n === 19 ? '' : 'C'}`);
    const engine = fold(draw(lines.join('\n')), 3500);
    expect(engine.totals.running).toBe(1);
    const agent = funnelIn(engine).find((stage) => stage.stage === 'agent');
    expect(Math.abs((agent?.medianMs ?? 0) / 1000 - 1)).toBeLessThan(0.005);
    expect(Math.abs((agent?.p95Ms ?? 0) / 1900 - 1)).toBeLessThan(0.005);
    expect(agent?.passed).toBe(20);
  });

  test('leave what a window counts as it was', () => {
    const { tracker } = fold(draw('u0: >STERC\nu1: >-STERC\nu2: >STE'), 3000);
    const { path } = tallyOf(tracker.runs(), last);
    const once = funnelOf(path, tracker.openRuns(), [status(7, { ready: false, error: unreachable })], new Map(), last);
    expect(funnelOf(path, tracker.openRuns(), [status(7, { ready: false, error: unreachable })], new Map(), last)).toEqual(once);
    expect([path.stages.agent.durations.count, path.stages.agent.outcomes.passed]).toEqual([2, 2]);
  });
});
