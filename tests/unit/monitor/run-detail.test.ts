import { describe, expect, test } from 'vitest';
import { timeOfDay } from '#monitor/figures.ts';
import { runDetail } from '#monitor/run-detail.ts';
import type { RunDetail } from '#monitor/snapshot.ts';
import type { Recording } from '#monitor/recording.ts';
import { Watch } from '#monitor/watch.ts';
import { epochMs } from '#base/units.ts';
import { frame, start } from '../../fixtures/drawing.ts';
import { drawnRecording } from '../../fixtures/drawn-recording.ts';
import { environmentOf, liveWorld } from '../../fixtures/live-world.ts';

/** A watch whose connections triggered one run each, which brought these letters. */
async function watched(answers: readonly string[], fields: object = {}) {
  const world = liveWorld();
  world.target.answer = (nth) => answers[nth] ?? '';
  const contract = { settleMs: 500, ...('contract' in fields ? (fields.contract as object) : {}) };
  const environment = environmentOf({ concurrentConnections: answers.length, probe: { everyMs: 3_600_000 }, ...fields, contract });
  const watch = new Watch({ environment, asked: { runs: answers.length, requireProof: false } }, world.platform);
  watch.start();
  await world.clock.advance(100);
  const detail = (n = 0): RunDetail => {
    const run = [...watch.recording.engine.tracker.runs()].find((each) => each.connection.id === `local#${n}`);
    const found = run === undefined ? undefined : runDetail(watch.recording, run.id);
    if (found === undefined) throw new Error('no such run');
    return found;
  };
  return { ...world, watch, detail };
}

const lastTime = ({ events }: RunDetail): string => timeOfDay(events.at(-1)?.at ?? 0);

describe('why a run is judged so', () => {
  test('running', async () => {
    const { clock, detail } = await watched(['STE']);
    expect(detail().why).toBe('Triggered, and nothing has come yet. It is closed 10 s after its trigger if nothing does.');
    await clock.advance(250);
    expect(detail().why).toBe('Still running: what is missing may still come.');
  });

  test('complete', async () => {
    const { clock, detail } = await watched(['STERC']);
    await clock.advance(2000);
    expect(detail()).toMatchObject({ why: 'Everything that was expected came, once and in order.', letters: 'STERC', run: { status: 'complete' } });
  });

  test('complete, with its flaws', async () => {
    const { clock, detail } = await watched(['STECR', 'TSERC']);
    await clock.advance(2000);
    expect(detail(0).why).toBe('Everything that was expected came, but out of order.');
    expect(detail(1).why).toBe('Everything that was expected came, but out of order.');
  });

  test('complete, with duplicates, gaps, late events', async () => {
    const { clock, target, watch } = await watched(['', '']);
    const send = (n: number, message: object) => target.sockets[n]?.deliver(message);
    for (const [index, type] of ['agent_started', 'agent_thinking', 'tool_executing', 'tool_completed', 'agent_completed'].entries()) {
      send(0, { type, runId: 'a', seq: index === 4 ? 5 : index });
      send(1, { type, runId: 'b', eventId: `e${index}` });
    }
    send(1, { type: 'agent_thinking', runId: 'b', eventId: 'e1' });
    await clock.advance(1000);
    send(1, { type: 'agent_thinking', runId: 'b', eventId: 'e9' });
    const [first, second] = [...watch.recording.engine.tracker.runs()];
    expect(runDetail(watch.recording, first?.id ?? '')?.why).toBe('Everything that was expected came, but 1 number of its sequence is missing.');
    expect(runDetail(watch.recording, second?.id ?? '')?.why).toBe('Everything that was expected came, but 1 came twice, 1 came after it was closed.');
  });

  test('complete, but dumped at its end: good, and said', async () => {
    const { clock, target, watch } = await watched(['']);
    const sentAt = clock.now();
    for (const [index, type] of ['agent_started', 'agent_thinking', 'tool_executing', 'tool_completed', 'agent_completed'].entries()) target.sockets[0]?.deliver({ type, runId: 'a', sentAt: sentAt - 5000 + 1000 * index });
    await clock.advance(1000);
    const [run] = [...watch.recording.engine.tracker.runs()];
    expect(runDetail(watch.recording, run?.id ?? '')).toMatchObject({ why: 'Everything that was expected came, but all at once instead of as they were sent.', run: { good: true } });
  });

  test('nothing came', async () => {
    const { clock, detail, watch } = await watched(['']);
    await clock.advance(11_000);
    const trigger = watch.recording.engine.tracker.runs();
    expect(detail().why).toBe(`After its trigger at ${timeOfDay([...trigger][0]?.openedAt ?? 0)} nothing came for 10 s, so the run was closed as incomplete.`);
  });

  test('it fell silent, and the others did not', async () => {
    const { clock, detail } = await watched(['STE', 'STERC', 'STERC']);
    await clock.advance(12_000);
    expect(detail().why).toBe(`After tool_executing at ${lastTime(detail())} nothing more came for 10 s, so the run was closed as incomplete. The other 2 connections got every tool_completed.`);
  });

  test.each([
    [['STE', 'STERC'], 'The other connection got every tool_completed.'],
    [['STE', 'STE'], 'The other connection lost tool_completed too.'],
    [['STE', 'STE', 'STEC'], 'None of the other 2 connections got every tool_completed.'],
    [['STE', 'STE', 'STERC', 'STERC'], '2 of the other 3 connections got every tool_completed.'],
    [['STE', 'X'], 'so the run was closed as incomplete.'],
  ])('how the others fared: %j', async (answers, words) => {
    const { clock, detail } = await watched(answers);
    await clock.advance(12_000);
    expect(detail().why.endsWith(words)).toBe(true);
  });

  test('another connection got every one only if it did so in all of its runs', async () => {
    const world = liveWorld();
    let second = 0;
    world.target.answer = (nth) => (nth === 0 ? 'STE' : (second += 1) === 2 ? 'STEC' : 'STERC');
    const watch = new Watch({ environment: environmentOf({ probe: { everyMs: 3000 } }) }, world.platform);
    watch.start();
    await world.clock.advance(14_500);
    const [run] = [...watch.recording.engine.tracker.runs()];
    expect(second).toBeGreaterThanOrEqual(3);
    expect(runDetail(watch.recording, run?.id ?? '')?.why.endsWith('The other connection lost tool_completed too.')).toBe(true);
  });

  test('it grew too old', async () => {
    const { clock, detail } = await watched(['STE'], { contract: { runTimeoutMs: 2000 } });
    await clock.advance(3000);
    expect(detail().why).toBe('The run was open for 2 s and was closed as incomplete, without agent_completed, tool_completed.');
  });

  test('it ended without something', async () => {
    const { clock, detail } = await watched(['STC']);
    await clock.advance(2000);
    expect(detail().why).toBe(`The run ended at ${lastTime(detail())} without tool_completed, tool_executing.`);
  });

  test('the agent failed', async () => {
    const events = await watched(['SX']);
    await events.clock.advance(2000);
    expect(events.detail().why).toBe('The agent itself said that it failed. Its events are left out of the delivery figures.');
    const runs = await watched(['SX'], { slo: { sli: 'runs' } });
    await runs.clock.advance(2000);
    expect(runs.detail().why).toBe('The agent itself said that it failed. It counts as a run that was not good.');
  });

  test('the operator, or the monitor, closed its connection', async () => {
    for (const [cause, words] of [['operator', 'the operator'], ['monitor', 'the monitor']] as const) {
      const { clock, watch, detail } = await watched(['STE']);
      await clock.advance(500);
      const stopped = watch.stop(cause);
      await clock.advance(1000);
      await stopped;
      expect(detail().why).toBe(`Closed early (${words} closed its connection), so what is missing proves nothing. It is left out of the figures.`);
    }
  });

  test('its sign-in ran out', async () => {
    const { clock, target, detail } = await watched(['STE']);
    await clock.advance(500);
    target.sockets[0]?.end(1008);
    expect(detail().why).toBe('Closed early (its sign-in ran out), so what is missing proves nothing. It is left out of the figures.');
  });

  test('the capture ended', async () => {
    const { clock, watch, detail } = await watched(['STE']);
    await clock.advance(500);
    watch.recording.engine.apply({ record: 'end', at: clock.now() });
    expect(detail().why).toBe('Closed early (the capture ended), so what is missing proves nothing. It is left out of the figures.');
  });

  test('the monitor was blind', async () => {
    const { clock, watch, detail } = await watched(['STE']);
    watch.online(false);
    await clock.advance(15_000);
    watch.online(true);
    expect(detail().why).toBe('The monitor was blind during this run, so it cannot say who lost the events. It is left out of the figures.');
  });
});

describe('the events of a run', () => {
  test('come with their latency, its uncertainty, and what came off the wire', async () => {
    const { clock, detail } = await watched(['ST']);
    await clock.advance(500);
    const { events, expectedByType } = detail();
    expect(events.map(({ type, disposition }) => [type, disposition])).toEqual([['agent_started', 'attributed'], ['agent_thinking', 'attributed']]);
    expect(JSON.parse(events[0]?.raw ?? '')).toMatchObject({ type: 'agent_started', seq: 0 });
    expect(events[0]?.latencyMs).toBeCloseTo(5, 1);
    expect(events[0]?.uncertaintyMs).toBeCloseTo(1, 1);
    expect(expectedByType).toContainEqual({ type: 'agent_completed', expected: 1, delivered: 0 });
  });

  test('show no latency where no clock answers', async () => {
    const world = await watched(['']);
    world.target.hasClock = false;
    world.target.sockets[0]?.deliver({ type: 'agent_started', runId: 'a' });
    await world.clock.advance(10);
    expect(world.detail().events).toMatchObject([{ latencyMs: null, uncertaintyMs: null }]);
  });

  test('tell a duplicate from its original', async () => {
    const { clock, target, detail } = await watched(['']);
    for (let n = 0; n < 2; n += 1) target.sockets[0]?.deliver({ type: 'agent_started', runId: 'a', eventId: 'e' });
    await clock.advance(10);
    expect(detail().events.map((event) => event.disposition)).toEqual(['attributed', 'duplicate']);
  });

  test('show a payload that was too large as its beginning', async () => {
    const { clock, target, detail } = await watched(['']);
    target.sockets[0]?.deliver({ type: 'agent_started', runId: 'a', payload: 'x'.repeat(100_000) });
    await clock.advance(10);
    const raw = detail().events[0]?.raw ?? '';
    expect(raw.length).toBeGreaterThan(60_000);
    expect(raw.length).toBeLessThanOrEqual(65_536);
    expect(raw).toContain('xxxx');
  });

  test('show no secret that a target sent, and no more of a payload than its beginning', async () => {
    const { clock, target, detail } = await watched(['']);
    target.sockets[0]?.deliver({ type: 'agent_started', runId: 'a', token: 'canary-0123456789' });
    target.sockets[0]?.deliver({ type: 'agent_thinking', runId: 'a', token: `canary-${'x'.repeat(100_000)}` });
    target.sockets[0]?.deliver({ type: 'agent_thinking', runId: 'a', payload: Array.from({ length: 20_000 }, () => 1) });
    await clock.advance(10);
    const raws = detail().events.map((event) => event.raw ?? '');
    expect(raws[0]).toContain('"token": "[redacted]"');
    expect(raws.join()).not.toContain('canary');
    expect(raws[2]).toHaveLength(65_536);
  });

  test('of an unknown run are none', async () => {
    const { watch } = await watched(['']);
    expect(runDetail(watch.recording, 'nobody')).toBeUndefined();
  });
});

describe('the two clocks of an event', () => {
  test('when it was sent, how far the clocks are apart, and how wrong that may be', async () => {
    const { clock, target, detail } = await watched(['']);
    await clock.advance(3000);
    const sentAt = clock.now() - 70;
    target.sockets[0]?.deliver({ type: 'agent_started', runId: 'a', sentAt, toolCallId: 'call_1' });
    target.sockets[0]?.deliver({ type: 'agent_thinking', runId: 'a' });
    target.sockets[0]?.deliver({ type: 'tool_executing', runId: 'a', sentAt: 1e300, tool: 'search' });
    await clock.advance(10);
    const [first, second, third] = detail().events;
    expect(first).toMatchObject({ sentAt, call: 'call_1', recovered: false });
    expect(first?.latencyMs).toBeCloseTo((first?.at ?? 0) - sentAt + (first?.offsetMs ?? 0), 3);
    expect(first?.uncertaintyMs).toBeGreaterThan(0);
    expect(second).toMatchObject({ sentAt: null, offsetMs: null, uncertaintyMs: null, latencyMs: null, call: null });
    // What is no time of any calendar could not be shown as one.
    expect(third).toMatchObject({ sentAt: null, call: 'search' });
  });

  test('each event of a batch has its own', async () => {
    const { clock, target, detail } = await watched(['']);
    await clock.advance(3000);
    const sent = [clock.now() - 30, clock.now() - 20, clock.now() - 10];
    target.sockets[0]?.deliver(['agent_started', 'agent_thinking', 'tool_executing'].map((type, index) => ({ type, runId: 'a', sentAt: sent[index], toolCallId: `call_${index}` })));
    await clock.advance(10);
    expect(detail().events.map(({ sentAt, call }) => [sentAt, call])).toEqual(sent.map((at, index) => [at, `call_${index}`]));
  });

  test('of a run with very much text are given for its beginning, and what was measured for all of it', async () => {
    const { clock, target, detail } = await watched(['']);
    await clock.advance(3000);
    for (let n = 0; n < 100; n += 1) target.sockets[0]?.deliver({ type: 'agent_thinking', runId: 'a', sentAt: clock.now() - 5, seq: n, payload: 'x'.repeat(60_000) });
    await clock.advance(10);
    const { events, leftOut } = detail();
    expect([events.length, leftOut]).toEqual([100, 0]);
    expect(events[0]).toMatchObject({ raw: expect.any(String), sentAt: expect.any(Number) });
    expect(events[99]).toMatchObject({ raw: null, sentAt: null, latencyMs: expect.any(Number), offsetMs: expect.any(Number) });
  });

  test('its last record is the whole of it, without secrets', async () => {
    const { clock, target, detail } = await watched(['']);
    target.sockets[0]?.deliver({ type: 'agent_started', runId: 'a', token: 'canary-0123456789' });
    await clock.advance(10);
    const record: unknown = JSON.parse(detail().lastRecord ?? '');
    expect(record).toMatchObject({ record: 'frame', connection: 'local#0', data: { type: 'agent_started', token: '[redacted]' } });
    expect(detail().lastRecord).not.toContain('canary');
  });
});

describe('what stands beside a run', () => {
  const row = '>STERC          ';
  const lossyRow = '>STE.C          ';
  const detailOf = (recording: Recording, id: string): RunDetail => {
    const detail = runDetail(recording, id);
    if (detail === undefined) throw new Error('no such run');
    return detail;
  };

  test('the last good run of the same connection, with its events', () => {
    const recording = drawnRecording(`u0: ${row}${row}${lossyRow}${row}\nu1: ${row}${row}${row}`);
    const { lastGood } = detailOf(recording, 'u0-3');
    expect(lastGood?.run.id).toBe('u0-2');
    expect(lastGood?.events.map(({ type, at }) => [type, at - (lastGood?.run.openedAt ?? 0)])).toEqual([['agent_started', 100], ['agent_thinking', 200], ['tool_executing', 300], ['tool_completed', 400], ['agent_completed', 500]]);
    expect(detailOf(recording, 'u0-1').lastGood).toBeNull();
  });

  test('its neighbours, three on each side, with what they lack', () => {
    const recording = drawnRecording(`u0: ${row.repeat(4)}${lossyRow.repeat(5)}\nu1: ${row}`);
    const { neighbours } = detailOf(recording, 'u0-5');
    expect(neighbours.map(({ id, status, lacks }) => [id, status, lacks])).toEqual([['u0-2', 'complete', 0], ['u0-3', 'complete', 0], ['u0-4', 'complete', 0], ['u0-6', 'incomplete', 1], ['u0-7', 'incomplete', 1], ['u0-8', 'incomplete', 1]]);
    expect(detailOf(recording, 'u1-1').neighbours).toEqual([]);
  });

  test('where else its events were shown: to another user, and to its own again', () => {
    const more = [
      frame(3, 'local#1', { type: 'agent_thinking', runId: 'u0-1' }),
      frame(4, 'local#2', { type: 'agent_thinking', runId: 'u0-1' }),
      frame(4, 'local#1', { type: 'agent_thinking', runId: 'u1-9' }),
    ];
    const recording = drawnRecording(`u0: ${row}\nu1: ${row}\nu0: ${' '.repeat(16)}`, { more });
    const { elsewhere } = detailOf(recording, 'u0-1');
    expect(elsewhere).toMatchObject({ whole: true, events: [{ connection: 'local#1', user: 'u1', type: 'agent_thinking', disposition: 'crossTalk' }, { connection: 'local#2', user: 'u0', disposition: 'echo' }] });
    expect(detailOf(recording, 'u1-1').elsewhere).toEqual({ events: [], whole: true });
  });

  test('more of it than is looked through is said', () => {
    const more = Array.from({ length: 60 }, (_, n) => frame(3 + n / 100, 'local#1', { type: 'agent_thinking', runId: 'u0-1', n }));
    const recording = drawnRecording(`u0: ${row}\nu1: ${row}`, { more });
    const { elsewhere } = detailOf(recording, 'u0-1');
    expect([elsewhere.events.length, elsewhere.whole]).toEqual([50, false]);
  });

  test('what was written of it, and of nothing else', () => {
    const at = epochMs(start + 1000);
    const recording = drawnRecording(`u0: ${row}`, { more: [{ record: 'note', at, text: 'mine', run: 'u0-1' }, { record: 'note', at, text: 'of a time', time: at }, { record: 'note', at, text: 'x'.repeat(5000), run: 'u0-1' }] });
    expect(detailOf(recording, 'u0-1').notes.map(({ text }) => text.length)).toEqual([4, 2000]);
  });
});
