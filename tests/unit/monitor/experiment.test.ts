import { describe, expect, test } from 'vitest';
import { epochMs } from '#base/units.ts';
import { startCheck, type Check, type CheckResult } from '#monitor/check.ts';
import { reconnectSentence } from '#monitor/experiment-sentence.ts';
import { reconnectResult, startReconnectExperiment, type ReconnectFacts, type ReconnectResult } from '#monitor/experiment.ts';
import { Monitor } from '#monitor/monitor.ts';
import { Watch } from '#monitor/watch.ts';
import { contractRules } from '#runs/contract.ts';
import { RunConnection } from '#runs/run-connection.ts';
import { Run } from '#runs/run.ts';
import { environmentOf, liveWorld } from '../../fixtures/live-world.ts';
import type { ManualClock } from '../../fixtures/manual-clock.ts';

const contract = { settleMs: 100, eventTimeoutMs: 1000, firstEventTimeoutMs: 1000 };

/** A watch with one connection. */
function oneConnection(fields: object = {}) {
  const world = liveWorld();
  const watch = new Watch({ environment: environmentOf({ concurrentConnections: 1, probe: { everyMs: 5000 }, contract, ...fields }) }, world.platform);
  watch.start();
  return { ...world, watch };
}

/** The same with an experiment on it. */
function experimenting(fields: object = {}) {
  const { watch, ...world } = oneConnection(fields);
  const experiment = startReconnectExperiment(watch, world.clock);
  let result: ReconnectResult | undefined;
  void experiment.result.then((told) => (result = told));
  const { clock, target } = world;
  /** Passes until a run was cut and its connection is open again; gives the run's names. */
  async function untilReopened(): Promise<{ runId: unknown; threadId: unknown }> {
    while (!experiment.hasCut) await clock.advance(10);
    while (watch.statuses()[0]?.state !== 'open') await clock.advance(10);
    const { runId, threadId } = target.sockets[0]?.received.find((message) => message['type'] === 'user_message') ?? {};
    return { runId, threadId };
  }
  return { ...world, watch, experiment, result: () => result, untilReopened };
}

const rest = ['agent_thinking', 'tool_executing', 'tool_completed', 'agent_completed'];

describe('what becomes of the run', () => {
  test('it is cut after its first event; a target that forgets loses the rest, and its types are told', async () => {
    const { clock, experiment, result, target } = experimenting();
    await clock.advance(10_000);
    expect(experiment.hasCut).toBe(true);
    const told = result();
    expect(told).toMatchObject({ outcome: 'lost', connection: 'local#0', expected: 5, delivered: 1, lost: 4, replayed: 0, doubled: 0, recovered: null });
    expect([...(told?.missing ?? [])].sort()).toEqual([...rest].sort());
    expect(told?.reopenedAfterMs).toBeGreaterThan(0);
    expect(told?.reopenedAfterMs).toBeLessThan(1100);
    expect(told?.sentence).toMatch(/^local#0 was cut in mid-run and was open again after 0\.\d s\. 4 of 5 expected events were lost: [a-z_, ]+\.$/);
    expect(target.sockets).toHaveLength(2);
  });

  test('one whose events come by themselves after the return is resumed, and nothing was replayed', async () => {
    const { clock, target, result, untilReopened } = experimenting();
    const names = await untilReopened();
    for (const [seq, type] of rest.entries()) {
      await clock.advance(50);
      target.sockets[1]?.deliver({ type, ...names, seq: seq + 1, sentAt: clock.now() + 999 });
    }
    await clock.advance(1000);
    expect(result()).toMatchObject({ outcome: 'resumed', expected: 5, delivered: 5, lost: 0, missing: [], replayed: 0, doubled: 0 });
    expect(result()?.sentence).toMatch(/The run resumed without loss: all 5 expected events came\.$/);
  });

  test('what is older than the return by the target’s clock, marked, or here already was replayed; what was here already is doubled', async () => {
    const { clock, target, result, untilReopened, watch } = experimenting();
    const names = await untilReopened();
    while (watch.recording.engine.clockOf('local#0') === undefined) await clock.advance(10);
    const socket = target.sockets[1];
    socket?.deliver({ type: 'agent_started', ...names, seq: 0 });
    socket?.deliver({ type: 'agent_thinking', ...names, seq: 1, recovered: true });
    socket?.deliver({ type: 'tool_executing', ...names, seq: 2, sentAt: clock.now() + 999 - 900 });
    socket?.deliver({ type: 'tool_completed', ...names, seq: 3, sentAt: clock.now() + 999 + 1 });
    socket?.deliver({ type: 'agent_completed', ...names, seq: 4 });
    await clock.advance(1000);
    expect(result()).toMatchObject({ outcome: 'resumed', lost: 0, replayed: 3, doubled: 1 });
    expect(result()?.sentence).toMatch(/all 5 expected events came, 3 were replayed\. 1 came twice\.$/);
  });

  test('a connection that does not come back says why', async () => {
    const { clock, target, result, experiment } = experimenting({ maxRetries: 1 });
    while (!experiment.hasCut) await clock.advance(10);
    target.up = false;
    await clock.advance(20_000);
    expect(result()).toMatchObject({ outcome: 'not-reopened', reopenedAfterMs: null, recovered: null, lost: 4 });
    expect(result()?.sentence).toMatch(/^local#0 was cut in mid-run and was not open again: Given up after 1 retry\. .* 4 of 5 expected events were lost/);
  });

  test('nor is one waited for without end', async () => {
    const { clock, target, result, experiment } = experimenting({ maxRetries: 1000 });
    while (!experiment.hasCut) await clock.advance(10);
    target.up = false;
    await clock.advance(90_000);
    expect(result()?.outcome).toBe('not-reopened');
  });
});

describe('nothing is said', () => {
  test('where no run begins', async () => {
    const { clock, target, result, experiment } = experimenting({ mode: 'observe' });
    await clock.advance(59_000);
    expect(result()).toBeUndefined();
    await clock.advance(2000);
    expect(result()).toMatchObject({ outcome: 'not-done', connection: null, run: null, cutAt: null, sentence: 'No run began within 60 s, so no connection was cut.' });
    expect(experiment.hasCut).toBe(false);
    expect(target.sockets).toHaveLength(1);
  });

  test('of a run that came all at once: there is no middle to cut', async () => {
    const { clock, target, result, experiment } = experimenting({ mode: 'observe' });
    await clock.advance(100);
    const events = ['agent_started', ...rest].map((type, seq) => ({ type, runId: 'r1', seq }));
    target.sockets[0]?.deliver({ type: 'event_batch', events });
    await clock.advance(5000);
    expect([experiment.hasCut, result()]).toEqual([false, undefined]);
    target.sockets[0]?.deliver({ type: 'agent_started', runId: 'r2' });
    expect(experiment.hasCut).toBe(true);
  });

  test('of a run that had begun before: the next one is cut', async () => {
    const { clock, watch, target } = oneConnection();
    await clock.advance(250);
    expect(watch.recording.engine.tracker.connection('local#0').open).toHaveLength(1);
    const experiment = startReconnectExperiment(watch, clock);
    await clock.advance(4000);
    expect([experiment.hasCut, target.sockets.length]).toEqual([false, 1]);
    await clock.advance(2000);
    expect(experiment.hasCut).toBe(true);
  });

  test('where it is ended first, or the watch is', async () => {
    const early = experimenting();
    early.experiment.cancel();
    early.experiment.cancel();
    await early.clock.advance(10_000);
    expect(early.result()).toMatchObject({ outcome: 'not-done', sentence: 'It was ended before a run could be cut.' });
    expect(early.target.sockets).toHaveLength(1);

    const stopped = experimenting();
    while (!stopped.experiment.hasCut) await stopped.clock.advance(10);
    void stopped.watch.stop('operator');
    await stopped.clock.advance(2000);
    expect(stopped.result()).toMatchObject({ outcome: 'not-done', connection: 'local#0', sentence: 'local#0 was cut in mid-run, but this monitor did not see the run to its end, so nothing can be said.' });
  });

  test('where the monitor was blind meanwhile', async () => {
    const { clock, result, experiment } = experimenting();
    while (!experiment.hasCut) await clock.advance(10);
    clock.sleep(5000);
    await clock.advance(10_000);
    expect(result()?.outcome).toBe('not-done');
  });
});

describe('in words', () => {
  const run = new Run(contractRules(environmentOf().contract), new RunConnection('local#0'), 0, 1, epochMs(0), true);
  const facts: ReconnectFacts = { cut: { at: epochMs(0), run }, reopened: { at: epochMs(700), recovered: true }, canClaim: true, replayed: 0, doubled: 0, problem: undefined, waitedMs: undefined };
  const base = { experiment: 'reconnect', outcome: 'resumed', connection: 'local#0', run: 'r1', cutAt: epochMs(0), reopenedAfterMs: 700, recovered: true, expected: 5, delivered: 5, lost: 0, missing: [], replayed: 4, doubled: 0 } as const;

  test.each([
    [{}, 'local#0 was cut in mid-run and was open again after 0.7 s. The run resumed without loss: all 5 expected events came, 4 were replayed. The target claimed to have recovered the session.'],
    [{ recovered: false, replayed: 1 }, 'local#0 was cut in mid-run and was open again after 0.7 s. The run resumed without loss: all 5 expected events came, 1 was replayed. The target claimed no recovery of the session.'],
    [
      { outcome: 'lost', delivered: 4, lost: 1, missing: ['x'.repeat(50)], replayed: 2 } as const,
      `local#0 was cut in mid-run and was open again after 0.7 s. 1 of 5 expected events was lost: ${'x'.repeat(39)}…. 2 were replayed. The target claimed all the same to have recovered the session.`,
    ],
    [
      { outcome: 'lost', expected: 9, delivered: 2, lost: 7, missing: ['a', 'b', 'c', 'd', 'e', 'f', 'g'], replayed: 0, recovered: null } as const,
      'local#0 was cut in mid-run and was open again after 0.7 s. 7 of 9 expected events were lost: a, b, c, d, e and more.',
    ],
    [{ outcome: 'not-reopened', reopenedAfterMs: null, recovered: null, replayed: 0 } as const, 'local#0 was cut in mid-run and was not open again. The run resumed without loss: all 5 expected events came.'],
  ])('%j', (changes, words) => {
    expect(reconnectSentence({ ...base, ...changes }, facts)).toBe(words);
  });

  test('a claim counts only where the transport can make one, and the connection came back', () => {
    expect(reconnectResult(facts).recovered).toBe(true);
    expect(reconnectResult({ ...facts, canClaim: false }).recovered).toBeNull();
    expect(reconnectResult({ ...facts, reopened: undefined }).recovered).toBeNull();
  });
});

/** Lets time pass until a check has told its result, 2 min at most. */
async function ended({ result }: Check, clock: ManualClock): Promise<CheckResult> {
  let told: CheckResult | undefined;
  void result.then((value) => (told = value));
  for (let passed = 0; told === undefined && passed < 120_000; passed += 100) await clock.advance(100);
  if (told === undefined) throw new Error('the check goes on for ever');
  return told;
}

describe('who asks for it', () => {
  test('a page: one at a time for each environment, and none where nothing is watched', async () => {
    const { clock, platform, target } = liveWorld();
    const environment = environmentOf({ concurrentConnections: 1, probe: { everyMs: 5000 }, contract });
    const monitor = new Monitor([environment], platform);
    expect(await monitor.experiment('local')).toBeUndefined();
    monitor.watch(environment);
    const [first, second] = [monitor.experiment('local'), monitor.experiment('local')];
    await clock.advance(10_000);
    expect(await first).toMatchObject({ outcome: 'lost' });
    expect(await second).toEqual(await first);
    expect(target.sockets).toHaveLength(2);
    const third = monitor.experiment('local');
    await clock.advance(10_000);
    expect((await third)?.cutAt).toBeGreaterThan((await first)?.cutAt ?? 0);
  });

  test('a check: the run that is cut counts like any other, and the check waits for it', async () => {
    const { clock, platform } = liveWorld();
    const environment = environmentOf({ maxRetries: 3, startupTimeoutMs: 20_000, contract });
    const check = startCheck({ environment, connections: 2, runs: 4, requireProof: false, lingerMs: 0, experiment: 'reconnect' }, platform);
    await clock.advance(30_000);
    const { report, experiment } = await check.result;
    expect(experiment).toMatchObject({ outcome: 'lost', lost: 4 });
    expect(report).toMatchObject({ verdict: 'fail', counts: { complete: 3, incomplete: 1 } });
    expect(report.runs.find((run) => run.id === experiment?.run)).toMatchObject({ connection: experiment?.connection, status: 'incomplete', fault: 'network' });
    expect(clock.timers).toBe(0);
  });

  test('a check without a run to cut, or that is cancelled, says so; one that was not asked says nothing', async () => {
    const dead = liveWorld();
    dead.target.up = false;
    const options = { environment: environmentOf({ maxRetries: 0, contract }), connections: 1, runs: 1, requireProof: false, lingerMs: 0 };
    const none = startCheck({ ...options, experiment: 'reconnect' }, dead.platform);
    expect((await ended(none, dead.clock)).experiment).toMatchObject({ outcome: 'not-done', sentence: 'It was ended before a run could be cut.' });

    const live = liveWorld();
    const cancelled = startCheck({ ...options, experiment: 'reconnect' }, live.platform);
    await live.clock.advance(300);
    cancelled.cancel();
    await live.clock.advance(3000);
    expect((await cancelled.result).experiment?.outcome).toBe('not-done');

    const plain = liveWorld();
    const check = startCheck(options, plain.platform);
    await plain.clock.advance(10_000);
    expect('experiment' in (await check.result)).toBe(false);
  });
});
