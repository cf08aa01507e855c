import { describe, expect, test } from 'vitest';
import { epochMs } from '#base/units.ts';
import { chooseEnvironment } from '#monitor/environment-choice.ts';
import { Monitor } from '#monitor/monitor.ts';
import { Replay } from '#monitor/replay.ts';
import { CaptureReader } from '#record/capture-reader.ts';
import type { RunwatchRecord } from '#record/record.ts';
import { environmentOf, liveWorld } from '../../fixtures/live-world.ts';

const contract = { settleMs: 100, eventTimeoutMs: 1000, firstEventTimeoutMs: 1000 };
const probe = { everyMs: 5000 };

function world(...environments: readonly object[]) {
  const live = liveWorld();
  const known = (environments.length === 0 ? [{}] : environments).map((fields) => environmentOf({ contract, probe, ...fields }));
  const monitor = new Monitor(known, live.platform);
  const watch = (id: string, values: Record<string, string> = {}) => {
    const chosen = chooseEnvironment(known, id, values);
    if (chosen.ok) monitor.watch(chosen.value);
    return chosen;
  };
  return { ...live, monitor, watch };
}

function recordsIn(text: string | undefined): RunwatchRecord[] {
  const records: RunwatchRecord[] = [];
  const reader = new CaptureReader((record) => records.push(record));
  reader.push(text ?? '');
  expect(reader.finish().ok).toBe(true);
  return records;
}

describe('watch', () => {
  test('connects to the environment that is named, and to no other', async () => {
    const { clock, target, monitor, watch } = world({}, { id: 'other' });
    expect(monitor.snapshot().environments.map(({ id, phase }) => [id, phase])).toEqual([['local', 'idle'], ['other', 'idle']]);
    expect(watch('local', {})).toMatchObject({ ok: true });
    await clock.advance(100);
    expect(monitor.snapshot().environments.map(({ id, phase }) => [id, phase])).toEqual([['local', 'watching'], ['other', 'idle']]);
    expect(target.sockets.map((socket) => socket.user)).toEqual(['probe-0', 'probe-1']);
  });

  test('of an unknown environment says which there is not', async () => {
    const { clock, target, watch } = world();
    expect(watch('moon', {})).toMatchObject({ ok: false, error: { reason: 'unknown-environment', message: expect.stringContaining('"moon"'), remedy: expect.any(String) } });
    await clock.advance(1000);
    expect(target.sockets).toEqual([]);
  });

  test('of one whose values are missing names them all, and connects to nothing', () => {
    const { target, monitor, watch } = world({ name: 'Local', user: '${WHO}', auth: { method: 'token', token: '${TOKEN}', carry: 'query' } });
    const answer = watch('local', { WHO: '' });
    expect(answer).toMatchObject({ ok: false, error: { reason: 'missing-values', message: expect.stringMatching(/^Local needs values for (WHO, TOKEN|TOKEN, WHO)\.$/) } });
    expect(target.sockets).toEqual([]);
    expect(monitor.snapshot().environments[0]).toMatchObject({ phase: 'idle', needs: expect.arrayContaining(['TOKEN', 'WHO']) });
  });

  test('of one whose values do not fit says where, without the value', () => {
    const { watch } = world({ eventsUrl: '${PLACE}', auth: { method: 'token', token: '${TOKEN}', as: '{token}', carry: 'query' } });
    const answer = watch('local', { PLACE: 'gopher://x', TOKEN: 'canary-0123456789' });
    expect(answer).toMatchObject({ ok: false, error: { reason: 'invalid-values', message: expect.stringContaining('eventsUrl') } });
    expect(JSON.stringify(answer)).not.toContain('canary');
  });

  test('connects once the values are given, and never shows them', async () => {
    const { clock, target, monitor, watch } = world({ auth: { method: 'token', token: '${TOKEN}', carry: 'query' } });
    watch('local', {});
    expect(watch('local', { TOKEN: 'canary-0123456789' }).ok).toBe(true);
    await clock.advance(6000);
    expect(monitor.snapshot().environments[0]).toMatchObject({ phase: 'watching', problem: null });
    expect(target.sockets.length).toBe(2);
    expect(JSON.stringify([monitor.snapshot(), monitor.report('local', {}), monitor.records('local')])).not.toContain('canary');
  });

  test('twice goes on as it is', async () => {
    const { clock, target, monitor, watch } = world();
    watch('local', {});
    await clock.advance(6000);
    const { received } = monitor.counts().environments['local']?.frames ?? { received: 0 };
    expect(watch('local', {}).ok).toBe(true);
    await clock.advance(1000);
    expect(target.sockets.length).toBe(2);
    expect(monitor.counts().environments['local']?.frames.received).toBeGreaterThanOrEqual(received);
  });
});

describe('unwatch', () => {
  test('closes the connections, keeps what was learnt, and may be followed by another watch', async () => {
    const { clock, target, monitor, watch } = world();
    watch('local', {});
    await clock.advance(6000);
    const left = monitor.unwatch('local');
    await clock.advance(2000);
    await left;
    const learnt = monitor.report('local', {});
    expect(learnt?.counts.complete).toBeGreaterThan(1);
    expect(monitor.counts().environments['local']?.connections).toEqual({ wanted: 2, open: 0 });
    expect(recordsIn(monitor.records('local')).slice(-3)).toMatchObject([{ record: 'connection-close', cause: 'operator' }, { record: 'connection-close', cause: 'operator' }, { record: 'end' }]);
    await clock.advance(600_000);
    expect(monitor.report('local', {})).toEqual(learnt);
    expect(target.sockets.length).toBe(2);

    expect(watch('local', {}).ok).toBe(true);
    await clock.advance(100);
    expect(monitor.report('local', {})?.counts).toMatchObject({ complete: 0, running: 1 });
    expect(target.sockets.length).toBe(4);
  });

  test('of what is not watched does nothing', async () => {
    const { monitor } = world();
    await expect(monitor.unwatch('local')).resolves.toBeUndefined();
    await expect(monitor.unwatch('moon')).resolves.toBeUndefined();
  });
});

describe('what it tells', () => {
  test('of an environment that is not watched is nothing', async () => {
    const { monitor } = world();
    const at = epochMs(0);
    expect([monitor.report('local', {}), monitor.report(undefined, {}), monitor.records('local'), await monitor.run('local', 'r'), monitor.timeline('local', { from: at, to: epochMs(1), columns: 100, maxEvents: 10 })]).toEqual([undefined, undefined, undefined, undefined, undefined]);
    expect(monitor.rejected('local')).toEqual([]);
    expect(monitor.counts()).toEqual({ environments: {} });
  });

  test('counts: the sums of what came, so that they add up', async () => {
    const { clock, target, monitor, watch } = world();
    watch('local', {});
    await clock.advance(12_100);
    target.sockets[0]?.deliver('rubbish');
    const { frames, events, counts, connections, monitor: own } = monitor.counts().environments['local'] ?? {};
    expect(frames?.received).toBe((frames?.control ?? 0) + (frames?.eventful ?? 0) + (frames?.rejected ?? 0));
    expect(events?.decoded).toBe((events?.attributed ?? 0) + (events?.crossTalk ?? 0) + (events?.echo ?? 0) + (events?.duplicate ?? 0) + (events?.late ?? 0) + (events?.orphan ?? 0));
    expect(frames?.rejectedBy).toEqual({ 'not-json': 1 });
    expect(counts).toMatchObject({ incomplete: 0, failed: 0, inconclusive: 0 });
    expect(counts?.good).toBe(counts?.complete);
    expect(connections).toEqual({ wanted: 2, open: 2 });
    expect(own).toEqual({ lagMs: 3, stored: events?.decoded, evicted: 0 });
  });

  test.each([
    ['counts', (monitor: Monitor) => monitor.counts().environments['local']],
    ['a report', (monitor: Monitor) => monitor.report('local', {})],
    ['a snapshot', (monitor: Monitor) => monitor.snapshot().environments[0]],
  ])('%s: as of now, though nothing came', async (_, asked) => {
    const { clock, target, monitor, watch } = world();
    target.answer = () => 'STE';
    watch('local', {});
    await clock.advance(400);
    clock.sleep(1500);
    expect(asked(monitor)?.counts).toMatchObject({ running: 0, incomplete: 1 });
  });

  test('a report: of all runs still known, its figures over the window that is asked for', async () => {
    const { clock, target, monitor, watch } = world();
    target.answer = () => 'STEC';
    watch('local', {});
    await clock.advance(9900);
    target.answer = () => 'STERC';
    await clock.advance(20_000);
    const whole = monitor.report('local', {});
    const recent = monitor.report('local', { windowMs: 15_000 });
    expect(whole?.counts.incomplete).toBe(4);
    expect(whole?.slo.trials).toBe(whole?.counts.complete === undefined ? 0 : whole.counts.complete + 4);
    expect(recent?.slo).toMatchObject({ ratio: 1, trials: 6 });
    expect(recent?.runs).toEqual(whole?.runs);
    expect(recent?.counts).toEqual(whole?.counts);
    expect(monitor.report(undefined, {})).toEqual(whole);
  });

  test('records: a capture that reads, in order, from its header on', async () => {
    const { clock, monitor, watch } = world();
    watch('local', {});
    await clock.advance(6000);
    const records = recordsIn(monitor.records(undefined));
    expect(records[0]).toMatchObject({ record: 'header', format: 'runwatch', version: 1, environment: { id: 'local', contract: { settleMs: 100 } } });
    expect(new Set(records.map((record) => record.record))).toEqual(new Set(['header', 'stage', 'connection-open', 'frame', 'clock-sample', 'trigger', 'end']));
    expect(records.filter((record) => record.record === 'frame').length).toBe(monitor.counts().environments['local']?.frames.received);
  });

  test('records: a capture that replays to the same report', async () => {
    const { clock, monitor, watch } = world();
    watch('local');
    await clock.advance(12_000);
    await Promise.all([monitor.unwatch('local'), clock.advance(2000)]);
    const replay = new Replay();
    replay.push(monitor.records('local') ?? '');
    const replayed = replay.finish();
    expect(monitor.report('local', {})?.counts.complete).toBeGreaterThan(2);
    expect(replayed.ok && replayed.value.report).toEqual(monitor.report('local', {}));
  });

  test('records: that it slept, before what woke it', async () => {
    const { clock, target, monitor, watch } = world();
    watch('local', {});
    await clock.advance(6000);
    const from = clock.now();
    clock.sleep(5000);
    target.sockets[0]?.deliver({ type: 'agent_thinking' });
    const [blind, frame] = recordsIn(monitor.records('local')).slice(-3);
    expect(blind).toMatchObject({ record: 'blind', cause: 'stalled', at: from + 5000 });
    expect(blind?.record === 'blind' && from - blind.from).toBeLessThan(500);
    expect(frame).toMatchObject({ record: 'frame', at: from + 5000 });
  });

  test('a run, what was rejected, and a stretch of the timeline', async () => {
    const { clock, target, monitor, watch } = world();
    watch('local', {});
    const from = clock.now();
    await clock.advance(6000);
    target.sockets[1]?.deliver('rubbish');
    const id = monitor.report('local', {})?.runs[0]?.id ?? '';
    expect(await monitor.run('local', id)).toMatchObject({ run: { id, status: 'complete' }, letters: 'STERC' });
    expect(await monitor.run('local', 'nobody')).toBeUndefined();
    expect(monitor.rejected('local')).toEqual([{ at: clock.now(), connection: 'local#1', reason: 'not-json', raw: 'rubbish' }]);
    expect(monitor.timeline('local', { from, to: clock.now(), columns: 1000, maxEvents: 1000 })?.runs.map((run) => run.id)).toContain(id);
    expect(monitor.timeline('local', { from: clock.now(), to: from, columns: 1000, maxEvents: 1000 })).toBeUndefined();
  });

  test('that the machine was offline, to every watch', async () => {
    const { clock, monitor, watch } = world({}, { id: 'other' });
    watch('local', {});
    watch('other', {});
    await clock.advance(1000);
    monitor.online(false);
    await clock.advance(3000);
    expect(monitor.snapshot().environments.map(({ state }) => state)).toEqual(['blind', 'blind']);
    monitor.online(true);
    for (const id of ['local', 'other']) expect(recordsIn(monitor.records(id)).filter((record) => record.record === 'blind')).toMatchObject([{ cause: 'offline', at: clock.now() }]);
  });
});

describe('a note', () => {
  const noted = (text: string | undefined) => recordsIn(text).filter((record) => record.record === 'note');

  test('stands in the capture at its time, with what it is about', async () => {
    const { clock, monitor, watch } = world();
    watch('local', {});
    await clock.advance(6000);
    monitor.note('local', { text: 'rollback asked for', author: 'Kim', run: 'r-1', time: epochMs(5), acknowledges: 'lost:user:u3' });
    expect(noted(monitor.records('local'))).toEqual([{ record: 'note', at: clock.now(), text: 'rollback asked for', author: 'Kim', run: 'r-1', time: 5, acknowledges: 'lost:user:u3' }]);
    monitor.note('moon', { text: 'of nothing' });
  });

  test('when all is over is kept, before the end of the capture: nothing is read after it', async () => {
    const { clock, monitor, watch } = world();
    watch('local', {});
    await clock.advance(6000);
    await Promise.all([monitor.unwatch('local'), clock.advance(2000)]);
    const learnt = monitor.report('local', {});
    await clock.advance(60_000);
    monitor.note('local', { text: 'it was the balancer' });
    const records = recordsIn(monitor.records('local'));
    expect(records.slice(-2)).toMatchObject([{ record: 'note', text: 'it was the balancer' }, { record: 'end' }]);
    expect(monitor.recording('local')?.notes).toHaveLength(1);
    expect(monitor.report('local', {})).toEqual(learnt);
  });
});

test('its stop closes every connection of every watch, and leaves no timer', async () => {
  const { clock, target, monitor, watch } = world({}, { id: 'other' });
  watch('local', {});
  watch('other', {});
  await clock.advance(6000);
  const stopped = monitor.stop();
  await clock.advance(2000);
  await stopped;
  expect(target.sockets.map((socket) => socket.readyState)).toEqual([3, 3, 3, 3]);
  expect(clock.timers).toBe(0);
});
