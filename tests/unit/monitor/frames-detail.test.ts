import { describe, expect, test } from 'vitest';
import type { FrameDetail, FramesDetail } from '#monitor/frames-detail.ts';
import { Monitor } from '#monitor/monitor.ts';
import { environmentOf, liveWorld } from '../../fixtures/live-world.ts';

/** A watched environment with one quiet connection, whose target says what the test says. */
async function quiet(fields: object = {}): Promise<{ readonly say: (message: unknown) => Promise<void>; readonly frames: () => Promise<FramesDetail> }> {
  const { clock, target, platform } = liveWorld();
  target.hasClock = false;
  const environment = environmentOf({ mode: 'observe', concurrentConnections: 1, ...fields });
  const monitor = new Monitor([environment], platform);
  expect(await monitor.frames('local')).toBeUndefined();
  monitor.watch(environment);
  await clock.advance(10);
  return {
    async say(message) {
      target.sockets[0]?.deliver(message);
      await clock.advance(1);
    },
    async frames() {
      const detail = await monitor.frames('local');
      if (detail === undefined) throw new Error('it is watched');
      return detail;
    },
  };
}

const newest = ({ frames }: FramesDetail): FrameDetail => {
  const [first] = frames;
  if (first === undefined) throw new Error('a frame was expected');
  return first;
};

describe('the newest frames', () => {
  test('stand beside what the dialect makes of them', async () => {
    const { say, frames } = await quiet();
    await say({ type: 'agent_started', runId: 'r1', threadId: 't1', userId: 'u1', seq: 0, sentAt: 1_760_000_000_000 });
    expect(newest(await frames())).toMatchObject({
      connection: 'local#0',
      event: null,
      raw: '{"type":"agent_started","runId":"r1","threadId":"t1","userId":"u1","seq":0,"sentAt":1760000000000}',
      made: { kind: 'events', count: 1, events: [{ type: 'agent_started', runId: 'r1', threadId: 't1', userId: 'u1', seq: 0, sentAt: 1_760_000_000_000 }], remarks: [] },
    });
    await say({ type: 'heartbeat' });
    expect(newest(await frames()).made).toMatchObject({ kind: 'control' });
    await say('<html>502');
    expect(newest(await frames())).toMatchObject({ raw: '<html>502', made: { kind: 'rejected', reason: 'not-json' } });
    await say({ type: 'event_batch', events: Array.from({ length: 30 }, (_, n) => ({ type: 'x', runId: `r${n}` })) });
    expect(newest(await frames()).made).toMatchObject({ kind: 'events', count: 30, events: { length: 10 } });
    expect(await frames()).toMatchObject({ dialect: 'canonical', abilities: { seq: true } });
  });

  test('are 20, without secrets, and no longer than can be read', async () => {
    const { say, frames } = await quiet();
    for (let n = 0; n < 30; n += 1) await say({ type: 'agent_thinking', n, token: 'canary-0123456789' });
    const { frames: list } = await frames();
    expect(list.map(({ raw }) => JSON.parse(raw).n)).toEqual(Array.from({ length: 20 }, (_, n) => 29 - n));
    expect(JSON.stringify(list)).not.toContain('canary');

    await say({ type: 'agent_thinking', password: 'canary-0123456789', text: 'x'.repeat(10_000) });
    expect(newest(await frames())).toMatchObject({ length: expect.any(Number), made: { kind: 'events' } });
    expect(newest(await frames()).raw).toHaveLength(4096);
    await say({ type: 'agent_thinking', password: 'canary-0123456789', text: 'x'.repeat(100_000) });
    const long = newest(await frames());
    expect(long).toMatchObject({ connection: 'local#0', made: null });
    expect(long.at).toBeGreaterThan(1_760_000_000_000);
    expect(long.length).toBeGreaterThan(100_000);
    expect(long.raw).toMatch(/^\{"type":"agent_thinking","password":"\[redacted\]","text":"xxx/);
    await say('y'.repeat(100_000));
    expect(newest(await frames())).toMatchObject({ made: null, raw: expect.stringMatching(/^"?y+$/) });
  });

  test('show where a mapping does not fit', async () => {
    const { say, frames } = await quiet({ dialect: { type: 'kind', names: { begin: 'agent_started' }, runId: 'meta.run' } });
    await say({ kind: 'begin', meta: { run_id: 'r1' } });
    expect(await frames()).toMatchObject({ dialect: 'mapping', abilities: { runIds: true, seq: false } });
    expect(newest(await frames()).made).toMatchObject({ kind: 'events', events: [{ type: 'agent_started' }], remarks: [{ kind: 'not-there', path: 'meta.run' }] });
    await say({ no: 'type' });
    expect(newest(await frames()).made).toMatchObject({ kind: 'rejected', reason: 'no-type', remarks: [{ kind: 'no-type' }] });
  });

  test('come with what has been sent so far, since when and how often', async () => {
    const { say, frames } = await quiet();
    await say({ type: 'token_usage' });
    await say({ type: 'token_usage' });
    await say({ type: 'agent_started' });
    expect((await frames()).unknownTypes).toMatchObject([{ name: 'token_usage', count: 2 }]);
    expect((await frames()).shapes.length).toBeGreaterThan(0);
  });
});
