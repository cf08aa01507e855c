import { describe, expect, test } from 'vitest';
import type { Page } from '#connection/evidence.ts';
import { Diagnoser } from '#monitor/diagnoser.ts';
import { Watch, type Platform } from '#monitor/watch.ts';
import { environmentOf, liveWorld } from '../../fixtures/live-world.ts';

const contract = { settleMs: 100, eventTimeoutMs: 1000, firstEventTimeoutMs: 1000 };

function world(fields: object = {}, changes: Partial<Platform> = {}, page?: Page, permission?: (name: string) => Promise<string | undefined>) {
  const live = liveWorld();
  const asked: number[] = [];
  const platform: Platform = {
    ...live.platform,
    fetch: (input, init) => {
      if (init?.mode !== 'no-cors') asked.push(live.clock.now());
      return live.platform.fetch(input, init);
    },
    ...changes,
  };
  const watch = new Watch({ environment: environmentOf({ contract, probe: { everyMs: 2000 }, maxRetries: 1000, ...fields }) }, platform);
  const diagnoser = new Diagnoser(watch, platform, page, permission);
  diagnoser.start();
  watch.start();
  return { ...live, watch, diagnoser, asked, cause: () => diagnoser.current?.cause };
}

describe('the diagnoser', () => {
  test('says nothing of a target that is well, and asks nobody', async () => {
    const { clock, cause, asked } = world();
    await clock.advance(20_000);
    expect(cause()).toBeUndefined();
    expect(asked).toEqual([]);
  });

  test('names a target that goes away within a second, keeps its word while it stays away, and takes it back', async () => {
    const { clock, target, cause, diagnoser } = world();
    await clock.advance(3000);
    target.up = false;
    for (const socket of target.sockets) socket.end(1006);
    await clock.advance(1000);
    expect(cause()).toBe('target-down');
    const since = diagnoser.current?.since;
    for (let second = 0; second < 30; second += 1) {
      await clock.advance(1000);
      expect(diagnoser.current).toMatchObject({ cause: 'target-down', since });
    }
    target.up = true;
    await clock.advance(60_000);
    expect(cause()).toBeUndefined();
  });

  test('asks at most every five seconds, and only when more went wrong', async () => {
    const { clock, target, asked } = world({ maxRetries: 3 });
    target.up = false;
    await clock.advance(600_000);
    expect(asked.length).toBeGreaterThan(1);
    expect(asked.length).toBeLessThan(8);
    expect(Math.min(...asked.slice(1).map((at, index) => at - (asked[index] ?? 0)))).toBeGreaterThanOrEqual(5000);
  });

  test('names at once what the target says itself, and never lets an older answer overrule it', async () => {
    const { clock, target, cause } = world({ auth: { method: 'none' } });
    await clock.advance(50);
    for (const socket of target.sockets) socket.end(1008);
    await clock.advance(300);
    expect(cause()).toBe('token-refused');
    await clock.advance(10_000);
    expect(cause()).toBe('token-refused');
  });

  test('tells a link that fell silent from agents that do', async () => {
    const { clock, target, diagnoser } = world();
    await clock.advance(3000);
    target.answer = () => '';
    await clock.advance(6000);
    expect(diagnoser.current).toMatchObject({ layer: 'agent', cause: 'heartbeats-only' });
    for (const socket of target.sockets) socket.deliver = () => undefined;
    await clock.advance(15_000);
    expect(diagnoser.current).toMatchObject({ layer: 'network', cause: 'half-open' });
  });

  test('one silent run among good ones is no diagnosis; a connection that has none is', async () => {
    const { clock, target, cause } = world();
    await clock.advance(3000);
    target.answer = (nth) => (nth === 0 ? '' : 'STERC');
    await clock.advance(2500);
    target.answer = () => 'STERC';
    expect(cause()).toBeUndefined();
    await clock.advance(5000);
    expect(cause()).toBeUndefined();
    target.answer = (nth) => (nth === 0 ? '' : 'STERC');
    await clock.advance(8000);
    expect(cause()).toBe('no-room');
  });

  test('names agents that give up', async () => {
    const { clock, target, cause } = world();
    target.answer = () => 'SX';
    await clock.advance(5000);
    expect(cause()).toBe('agent-failed');
  });

  test('in a page takes what the browser allows into account', async () => {
    const page: Page = { scheme: 'http', origin: 'http://localhost:4173', host: 'localhost', isSecure: true };
    const fields = { eventsUrl: 'ws://127.0.0.1:81/ws' };
    const blocked = world(fields, {}, page, () => Promise.resolve('denied'));
    blocked.target.up = false;
    await blocked.clock.advance(1000);
    expect(blocked.diagnoser.current).toMatchObject({ layer: 'monitor', cause: 'local-network-blocked', also: 'target-down' });
    const down = world(fields, {}, page, () => Promise.resolve('prompt'));
    down.target.up = false;
    await down.clock.advance(1000);
    expect(down.diagnoser.current).toMatchObject({ layer: 'server', cause: 'target-down', also: null });
  });

  test('settles on what went wrong since it asked last', async () => {
    const { clock, target, diagnoser, asked } = world();
    await clock.advance(50);
    for (const socket of target.sockets) socket.end(1006);
    await clock.advance(2000);
    expect(diagnoser.current).toBeNull();
    for (const socket of target.sockets) socket.end(1006);
    expect(asked.length).toBe(1);
    const settled = diagnoser.settled();
    await clock.advance(10);
    expect(await settled).toMatchObject({ cause: 'target-down' });
    expect(asked.length).toBe(2);
  });

  test('settles at once, and says nothing any more when it is stopped', async () => {
    const { clock, target, diagnoser, watch } = world({ maxRetries: 0 });
    target.up = false;
    await clock.advance(50);
    expect(diagnoser.current).toBeNull();
    const settled = diagnoser.settled();
    await clock.advance(10);
    expect(await settled).toMatchObject({ cause: 'target-down' });
    diagnoser.stop();
    expect(diagnoser.current).toBeNull();
    void watch.stop('operator');
    await clock.advance(5000);
    expect(clock.timers).toBe(0);
  });
});
