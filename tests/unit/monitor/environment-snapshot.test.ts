import { describe, expect, test } from 'vitest';
import { epochMs } from '#base/units.ts';
import { EnvironmentView, idleSnapshot } from '#monitor/environment-snapshot.ts';
import { timeOfDay } from '#monitor/figures.ts';
import type { EnvironmentSnapshot } from '#monitor/snapshot.ts';
import { windowSums } from '#monitor/report.ts';
import { sloCounts } from '#monitor/run-totals.ts';
import { Watch } from '#monitor/watch.ts';
import { burnRate } from '#slo/reliability.ts';
import { environmentOf, liveWorld } from '../../fixtures/live-world.ts';

async function watched(fields: object = {}, letters = 'STERC') {
  const world = liveWorld();
  world.target.answer = () => letters;
  const environment = environmentOf({ probe: { everyMs: 5000 }, contract: { settleMs: 100, eventTimeoutMs: 1000, firstEventTimeoutMs: 1000 }, ...fields });
  const watch = new Watch({ environment }, world.platform);
  const view = new EnvironmentView(watch);
  const snapshot = (): EnvironmentSnapshot => view.snapshot(world.clock.now());
  watch.start();
  return { ...world, watch, snapshot };
}

const plain = (text: string): string => text.replaceAll('\u202f', ' ');

describe('the phase', () => {
  test('is starting, then watching', async () => {
    const { clock, snapshot } = await watched();
    expect(snapshot()).toMatchObject({ phase: 'starting', problem: null, open: 0, wanted: 2, state: 'no-data', newestAt: null });
    await clock.advance(50);
    expect(snapshot()).toMatchObject({ phase: 'watching', problem: null, open: 2 });
  });

  test('is starting with its problem while nothing comes through, and failed when it is given up', async () => {
    const { clock, target, snapshot } = await watched({ maxRetries: 1 });
    target.up = false;
    await clock.advance(50);
    expect(snapshot()).toMatchObject({ phase: 'starting', open: 0, problem: { reason: 'unreachable' } });
    await clock.advance(60_000);
    const { phase, problem, connections } = snapshot();
    expect(phase).toBe('failed');
    expect(problem).toMatchObject({ reason: 'retries-used-up', message: expect.stringContaining('ws://target.example/ws'), remedy: expect.any(String) });
    expect(connections.map((connection) => connection.problem?.reason)).toEqual(['retries-used-up', 'retries-used-up']);
  });

  test('is watching as long as one connection is open', async () => {
    const { clock, target, snapshot } = await watched();
    await clock.advance(50);
    target.up = false;
    target.sockets[0]?.end(1006);
    expect(snapshot()).toMatchObject({ phase: 'watching', problem: null, open: 1 });
    expect(snapshot().connections.map(({ state }) => state)).toEqual(['retrying', 'open']);
  });

  test('is idle again when its connections were closed; what was learnt stays, and does not go stale', async () => {
    const { clock, watch, snapshot } = await watched();
    await clock.advance(20_000);
    const before = snapshot();
    const stopped = watch.stop('operator');
    expect(snapshot()).toMatchObject({ phase: 'idle', problem: null });
    await clock.advance(5000);
    await stopped;
    await clock.advance(600_000);
    expect(snapshot()).toMatchObject({ phase: 'idle', problem: null, state: 'unproven', open: 0, slo: before.slo, newestAt: before.newestAt });
  });
});

describe('the state', () => {
  test('is unproven while too few runs came, and the sentence says how many would do', async () => {
    const { clock, snapshot } = await watched();
    await clock.advance(12_000);
    const { state, sentence, slo } = snapshot();
    expect([state, slo.verdict]).toEqual(['unproven', 'unproven']);
    expect(plain(sentence)).toBe(`No loss in ${slo.trials} runs, which is too few to say. ${368 - slo.trials} more clean runs would prove 99 %.`);
  });

  test('is ok once they prove the target', async () => {
    const { clock, snapshot } = await watched({ slo: { target: 0.5 } });
    await clock.advance(30_000);
    expect(snapshot()).toMatchObject({ state: 'ok', slo: { verdict: 'met' } });
    expect(plain(snapshot().sentence)).toMatch(/^Nothing was lost of \d+ expected events\. \d+ runs prove delivery above 50 %\.$/);
  });

  test('is stale when nothing came for two intervals, and says what it was', async () => {
    const { clock, target, snapshot } = await watched({ contract: { settleMs: 100, firstEventTimeoutMs: 60_000 } });
    target.hasClock = false;
    await clock.advance(12_000);
    const { newestAt, expectedIntervalMs } = snapshot();
    expect(expectedIntervalMs).toBe(2500);
    target.answer = () => '';
    await clock.advance(10_000);
    expect(snapshot().state).toBe('stale');
    expect(snapshot().sentence).toMatch(new RegExp(`^Nothing received since ${timeOfDay(newestAt ?? 0)}, \\d+(\\.\\d)? s ago\\. Was UNPROVEN\\.$`));
  });

  test('waits for as long as the cap on runs lets it expect nothing', async () => {
    const { clock, target, snapshot } = await watched({ probe: { everyMs: 5000, maxRunsPerHour: 60 } });
    target.hasClock = false;
    await clock.advance(100_000);
    expect(snapshot()).toMatchObject({ expectedIntervalMs: 60_000, state: 'unproven' });
  });

  test('expects heartbeats where it only listens', async () => {
    const { clock, snapshot } = await watched({ mode: 'observe' });
    await clock.advance(1000);
    expect(snapshot()).toMatchObject({ mode: 'observe', expectedIntervalMs: 15_000, state: 'no-data', sentence: 'No run was counted in the last 1 h.' });
  });

  test('is blind while the machine is offline, and tells of it afterwards', async () => {
    const { clock, watch, snapshot } = await watched();
    await clock.advance(6000);
    watch.online(false);
    const from = clock.now();
    await clock.advance(1800);
    expect(snapshot().state).toBe('blind');
    watch.online(true);
    expect(snapshot()).toMatchObject({ blinds: [{ from, to: clock.now(), cause: 'offline' }], monitor: { blindMs: 1800 } });
    expect(snapshot().state).not.toBe('blind');
  });

  test('is breached by one leaked event, which is named', async () => {
    const { clock, target, snapshot } = await watched();
    await clock.advance(6000);
    target.sockets[1]?.deliver({ type: 'agent_thinking', userId: 'probe-0' });
    await clock.advance(1000);
    expect(snapshot()).toMatchObject({
      state: 'breached',
      sentence: "probe-0's agent_thinking was shown on #1, which is signed in as probe-1. One event is an alarm; no budget covers it.",
      crossTalk: { count: 1, last: [{ connection: 'local#1', type: 'agent_thinking', owner: 'probe-0' }] },
    });
  });

  test('is breached by a connection whose runs all stop in mid-run, since the first of them', async () => {
    const { clock, target, snapshot } = await watched();
    await clock.advance(20_000);
    target.answer = (nth) => (nth === 0 ? 'STE' : 'STERC');
    await clock.advance(40_000);
    const { state, sentence, runs, connections } = snapshot();
    expect(state).toBe('breached');
    const stopped = runs.filter((run) => run.status === 'incomplete').at(-1);
    expect(stopped?.connection).toBe('local#0');
    expect(sentence).toBe(`1 of 2 connections stops in mid-run since ${timeOfDay((stopped?.openedAt ?? 0) + (stopped?.durationMs ?? 0))}. The other one is normal.`);
    expect(connections.map(({ lossyRuns }) => lossyRuns > 0)).toEqual([true, false]);
    expect(connections[0]?.judgedRuns).toBeGreaterThan(connections[0]?.lossyRuns ?? 0);
  });

  test('tells since when through a run that failed in between, which is no end of the row', async () => {
    const { clock, target, snapshot } = await watched({ concurrentConnections: 1 });
    const answers = ['STE', 'STE', 'SX', 'STE', 'STE', 'STE'];
    target.answer = () => answers.shift() ?? 'STE';
    await clock.advance(29_000);
    const { sentence, runs } = snapshot();
    expect(runs.map((run) => run.status)).toEqual(['incomplete', 'incomplete', 'incomplete', 'failed', 'incomplete', 'incomplete']);
    expect(sentence).toBe(`1 of 1 connections stops in mid-run since ${timeOfDay((runs.at(-1)?.openedAt ?? 0) + (runs.at(-1)?.durationMs ?? 0))}.`);
  });

  test('tells where others lose events too', async () => {
    const { clock, target, snapshot } = await watched({ concurrentConnections: 3 });
    target.answer = (nth) => (nth === 0 ? 'STEC' : 'STERC');
    let runs = 0;
    const whole = target.answer;
    target.answer = (nth) => (nth === 1 && (runs += 1) % 3 === 0 ? 'STEC' : whole(nth));
    await clock.advance(60_000);
    expect(snapshot().sentence).toMatch(/^1 of 3 connections loses events since \d\d:\d\d:\d\d\. 1 of the other 2 lost events too\.$/);
  });

  test.each([
    ['page', 'breached', true],
    ['ticket', 'at-risk', true],
    ['page', 'unproven', false],
  ] as const)('follows a burn alert that is a %s: %s', async (urgency, state, firing) => {
    const { clock, watch, snapshot } = await watched();
    await clock.advance(12_000);
    const alert = { firing, longRate: 20, shortRate: 20, rule: { urgency, factor: 14.4, longMs: 3_600_000, shortMs: 300_000 } };
    watch.recording.burn = [alert];
    expect(snapshot().state).toBe(state);
    expect(snapshot().sentence.endsWith('The error budget burns too fast.')).toBe(firing);
  });
});

describe('the counts', () => {
  test('add up', async () => {
    const { clock, target, snapshot } = await watched();
    await clock.advance(12_000);
    target.sockets[0]?.deliver('not JSON');
    target.sockets[0]?.deliver({ type: 'agent_thinking', runId: 'nobody', userId: 'stranger' });
    await clock.advance(100);
    const { frames, events, counts, monitor } = snapshot();
    expect(frames).toMatchObject({ rejected: 1, rejectedBy: { 'not-json': 1 } });
    expect(frames.received).toBe(frames.control + frames.eventful + frames.rejected);
    expect(events.decoded).toBe(events.attributed + events.crossTalk + events.echo + events.duplicate + events.late + events.orphan);
    expect(events.crossTalk).toBe(1);
    expect(counts.complete).toBeGreaterThan(3);
    expect(monitor).toMatchObject({ stored: events.decoded, evicted: 0, lagMs: 3 });
  });

  test('leave out what cannot be judged, and say so', async () => {
    const { clock, target, snapshot } = await watched();
    target.answer = (nth) => (nth === 0 ? 'SX' : 'STERC');
    await clock.advance(4000);
    expect(snapshot()).toMatchObject({ leftOut: { failed: 1, inconclusive: 0, running: 0 }, slo: { trials: 1 } });
    await clock.advance(1100);
    expect(snapshot().leftOut.running).toBe(1);
  });

  test('count a failed run where runs are promised', async () => {
    const { clock, snapshot } = await watched({ slo: { sli: 'runs' } }, 'SX');
    await clock.advance(4000);
    expect(snapshot()).toMatchObject({ leftOut: { failed: 0 }, slo: { trials: 2, good: 0 } });
  });

  test('of latency and first events are those of the window', async () => {
    const { clock, target, snapshot } = await watched({ slo: { windowMs: 600_000 } });
    await clock.advance(60_000);
    const before = snapshot();
    expect(before.latency.count).toBeGreaterThan(50);
    expect(before.latency.p50).toBeCloseTo(5, 0);
    expect(before.timeToFirstEventMs).toBe(100);
    target.answer = () => '';
    await clock.advance(1_200_000);
    expect(snapshot()).toMatchObject({ latency: { count: 0, p50: null }, timeToFirstEventMs: null });
  });

  test('of minutes, types and stages are there', async () => {
    const { clock, snapshot } = await watched();
    await clock.advance(130_000);
    const { minutes, completeness, goldenPath, connections } = snapshot();
    expect(minutes.length).toBe(3);
    expect(completeness.map(({ type, ratio }) => [type, ratio])).toEqual(['agent_started', 'agent_thinking', 'tool_executing', 'tool_completed', 'agent_completed'].map((type) => [type, 1]));
    expect(goldenPath.map(({ stage, failed, medianMs }) => [stage, failed, medianMs])).toEqual([['login', 0, null], ['connection', 0, 1], ['agent', 0, 100], ['stream', 0, 400], ['response', 0, 500]]);
    expect(connections[0]?.clock?.offsetMs).toBeCloseTo(1000, 1);
    expect(connections[0]).toMatchObject({ user: 'probe-0', state: 'open', transport: 'websocket' });
  });
});

describe('the figures roll', () => {
  test('on with the runs that are known: what is forgotten leaves them', async () => {
    const { clock, snapshot } = await watched({ contract: { settleMs: 100, rememberRuns: 3 } });
    await clock.advance(60_000);
    const { slo, counts, completeness, minutes, connections, goldenPath } = snapshot();
    expect(counts.complete).toBeGreaterThan(20);
    expect(slo).toMatchObject({ trials: 3, valid: 15, good: 15 });
    expect(completeness.map((row) => row.trials)).toEqual([3, 3, 3, 3, 3]);
    expect(minutes.reduce((sum, point) => sum + point.runs, 0)).toBe(3);
    expect(connections.reduce((sum, connection) => sum + connection.judgedRuns, 0)).toBe(3);
    expect(goldenPath.at(-1)?.passed).toBe(3);
  });

  test('with runs that are judged anew', async () => {
    const { clock, target, watch, snapshot } = await watched({ probe: { everyMs: 600_000 } });
    await clock.advance(300_000);
    target.answer = () => 'STE';
    await clock.advance(600_000);
    const before = snapshot();
    expect(before.leftOut.inconclusive).toBe(0);
    const lossy = before.connections.reduce((sum, connection) => sum + connection.lossyRuns, 0);
    expect(lossy).toBeGreaterThan(0);
    // It turns out that the monitor saw nothing of the last ten minutes.
    watch.recording.engine.apply({ record: 'blind', at: clock.now(), from: epochMs(clock.now() - 600_000), cause: 'asleep' });
    await clock.advance(1000);
    const { leftOut, connections, slo } = snapshot();
    expect(leftOut.inconclusive).toBe(lossy);
    expect(slo.trials).toBe(before.slo.trials - lossy);
    expect(connections.every((connection) => connection.lossyRuns === 0)).toBe(true);
  });

  test('and the burn alerts with them', async () => {
    const { clock, target, watch } = await watched({ probe: { everyMs: 2000, maxRunsPerHour: 10_000 } });
    target.answer = () => 'STE';
    await clock.advance(120_000);
    const { good, valid } = sloCounts(windowSums(watch.recording.engine, 300_000), 'events');
    expect(valid - good).toBeGreaterThan(50);
    expect(watch.recording.burn.map((alert) => alert.firing)).toEqual([true, true, true, true]);
    expect(watch.recording.burn[0]?.shortRate).toBeCloseTo(burnRate(good / valid, 0.99), 9);
    target.answer = () => 'STERC';
    await clock.advance(310_000);
    // Five minutes hold none of the losses any more, half an hour does.
    expect(watch.recording.burn.map((alert) => [alert.firing, alert.shortRate === 0])).toEqual([[false, true], [true, false], [true, false], [true, false]]);
  });
});

test('lists stay bounded, the newest first', async () => {
  const { clock, target, snapshot } = await watched({ concurrentConnections: 4, probe: { everyMs: 1000, maxRunsPerHour: 1_000_000 } });
  await clock.advance(120_000);
  for (let n = 0; n < 30; n += 1) target.sockets[1]?.deliver({ type: 'agent_thinking', userId: 'probe-0' });
  await clock.advance(1000);
  const { runs, counts, crossTalk } = snapshot();
  expect(counts.complete).toBeGreaterThan(400);
  expect(runs.length).toBe(200);
  expect(runs.map((run) => run.openedAt)).toEqual(runs.map((run) => run.openedAt).sort((a, b) => b - a));
  expect([crossTalk.count, crossTalk.last.length]).toEqual([30, 20]);
});

test('the costly parts are made anew once a second, the rest at once', async () => {
  const { clock, snapshot } = await watched();
  await clock.advance(10_000);
  const first = snapshot();
  await clock.advance(500);
  const second = snapshot();
  expect(second.minutes).toBe(first.minutes);
  expect(second.connections).not.toBe(first.connections);
  await clock.advance(500);
  expect(snapshot().minutes).not.toBe(first.minutes);
});

describe('an environment that nothing is connected to', () => {
  test('has every figure, and each says that there is none', () => {
    const snapshot = idleSnapshot(environmentOf());
    expect(snapshot).toMatchObject({ phase: 'idle', problem: null, state: 'no-data', wanted: 2, open: 0, newestAt: null, timeToFirstEventMs: null, slo: { ratio: null, verdict: 'no-data', cleanRunsNeeded: 368 }, latency: { p50: null } });
    expect(snapshot.goldenPath.map((stage) => stage.stage)).toEqual(['login', 'connection', 'agent', 'stream', 'response']);
  });
});
