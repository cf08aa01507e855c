import { describe, expect, test } from 'vitest';
import { epochMs } from '#base/units.ts';
import { EnvironmentView } from '#monitor/environment-snapshot.ts';
import { Watch } from '#monitor/watch.ts';
import type { RunwatchRecord } from '#record/record.ts';
import { environmentOf, liveWorld } from '../../fixtures/live-world.ts';

/** A watch on a machine whose wall clock can be set. */
function watching(fields: object = {}) {
  const world = liveWorld();
  const { clock, platform } = world;
  const records: RunwatchRecord[] = [];
  const machine = { ahead: 0 };
  const environment = environmentOf({ probe: { everyMs: 5000 }, contract: { settleMs: 100, eventTimeoutMs: 1000, firstEventTimeoutMs: 1000 }, ...fields });
  const watch = new Watch({ environment, record: (record) => records.push(record) }, { ...platform, wall: () => epochMs(clock.now() + machine.ahead) });
  const view = new EnvironmentView(watch);
  watch.start();
  const connections = () => view.snapshot(clock.now()).connections;
  return { ...world, watch, records, machine, connections, ofKind: (kind: RunwatchRecord['record']) => records.filter(({ record }) => record === kind) };
}

describe('a wall clock that is set', () => {
  test.each([
    ['back', -3_600_000, 'The clock of this machine was set back by 60 min. Times here go on as they were; the targets are asked for theirs anew.'],
    ['forward', 1500, 'The clock of this machine was set forward by 1.5 s, or it slept that long. Times here go on as they were; the targets are asked for theirs anew.'],
  ])('%s is noted once; every target’s clock is asked anew, and no latency is bent', async (_, by, text) => {
    const { clock, machine, watch, ofKind } = watching();
    await clock.advance(12_000);
    const asked = ofKind('clock-sample').length;
    machine.ahead = by;
    await clock.advance(2400);
    expect(ofKind('note')).toMatchObject([{ text, author: 'runwatch' }]);
    // Eight quick ones for each of the two connections: as many as are compared.
    expect(ofKind('clock-sample').length - asked).toBe(16);
    await clock.advance(30_000);
    expect(ofKind('note')).toHaveLength(1);
    expect(ofKind('blind')).toEqual([]);
    const { p50, max, impossible, unsynced } = watch.recording.engine.latency.summary();
    expect([impossible, unsynced]).toEqual([0, 0]);
    expect(Math.max(p50 ?? 1e9, max ?? 1e9)).toBeLessThan(20);
    expect(watch.recording.engine.totals.sums).toMatchObject({ incomplete: 0, inconclusive: 0 });
  });

  test('as by a sleep is blindness too: a run that was under way is not the target’s to answer for', async () => {
    const { clock, machine, watch, target, ofKind } = watching({ concurrentConnections: 1 });
    await clock.advance(300);
    machine.ahead = 3_600_000;
    for (const socket of target.sockets) socket.end(1006);
    await clock.advance(4000);
    expect(ofKind('blind')).toMatchObject([{ cause: 'asleep' }]);
    expect(watch.recording.engine.totals.sums).toMatchObject({ incomplete: 0, inconclusive: 1 });
  });

  test('negative control: without one nothing is noted', async () => {
    const { clock, ofKind } = watching();
    await clock.advance(60_000);
    expect([ofKind('note'), ofKind('blind')]).toEqual([[], []]);
  });
});

describe('how a connection stands', () => {
  test('is told with the promise that it is judged by', async () => {
    const { clock, connections } = watching();
    expect(connections()).toMatchObject([{ liveness: 'down', lateAfterMs: null, silentAfterMs: null }, { liveness: 'down' }]);
    await clock.advance(3000);
    expect(connections()).toMatchObject([{ liveness: 'live', lateAfterMs: 6250, silentAfterMs: 8000 }, { liveness: 'live' }]);
  });

  test('is quiet where only the clock is heard, and silent where not even that; the socket is open all the time', async () => {
    const { clock, target, connections } = watching({ mode: 'observe' });
    await clock.advance(20_000);
    expect(connections()).toMatchObject([{ liveness: 'quiet' }, { liveness: 'quiet' }]);
    target.hasClock = false;
    const seen: string[] = [];
    for (let ms = 0; ms < 9000; ms += 100) {
      await clock.advance(100);
      const word = connections()[0]?.liveness ?? 'down';
      if (seen.at(-1) !== word) seen.push(word);
    }
    expect(seen).toEqual(['quiet', 'late', 'silent']);
    expect(connections()[0]?.state).toBe('open');
    target.sockets[0]?.deliver({ type: 'heartbeat' });
    expect(connections()).toMatchObject([{ liveness: 'quiet' }, { liveness: 'silent' }]);
    target.sockets[0]?.deliver({ type: 'agent_thinking', runId: 'r1' });
    expect(connections()[0]?.liveness).toBe('live');
  });

  test('a target without a clock is expected to be heard now and then', async () => {
    const { clock, target, connections } = watching({ mode: 'observe' });
    target.hasClock = false;
    await clock.advance(10_000);
    expect(connections()[0]).toMatchObject({ liveness: 'quiet', lateAfterMs: 18_000, silentAfterMs: 30_000 });
    await clock.advance(21_000);
    expect(connections()[0]?.liveness).toBe('silent');
  });

  test('is blind while the machine is offline, and after that until something was heard again', async () => {
    const { clock, target, watch, connections } = watching({ mode: 'observe' });
    await clock.advance(3000);
    watch.online(false);
    target.hasClock = false;
    await clock.advance(60_000);
    expect(connections().map(({ liveness }) => liveness)).toEqual(['blind', 'blind']);
    watch.online(true);
    await clock.advance(100);
    expect(connections()[0]?.liveness).toBe('blind');
    target.hasClock = true;
    await clock.advance(6000);
    expect(connections()[0]?.liveness).toBe('quiet');
  });

  test('after the monitor stood still, the silence is its own', async () => {
    const { clock, connections } = watching({ mode: 'observe' });
    await clock.advance(3000);
    clock.sleep(60_000);
    expect(connections().map(({ liveness }) => liveness)).toEqual(['blind', 'blind']);
    await clock.advance(1000);
    expect(connections().map(({ liveness }) => liveness)).toEqual(['quiet', 'quiet']);
  });
});
