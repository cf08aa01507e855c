// Loaded here, so that a trial does not wait for it on a clock that stands still.
import '#connection/trial.ts';
import { describe, expect, test } from 'vitest';
import { Monitor } from '#monitor/monitor.ts';
import { trialCells, type TrialAnswer } from '#monitor/trials.ts';
import { environmentOf, liveWorld } from '../../fixtures/live-world.ts';

const query = { transport: 'websocket', carriage: 'query' } as const;
const withToken = { auth: { method: 'token', token: 'canary-0123456789', carry: 'query' } };

/** Lets a trial come to its end. */
async function ended(clock: ReturnType<typeof liveWorld>['clock'], trial: Promise<TrialAnswer | undefined>): Promise<TrialAnswer | undefined> {
  await clock.advance(7000);
  return trial;
}

describe('the combinations', () => {
  test('are every transport with every way to carry a token, one of them in use', () => {
    const cells = trialCells(environmentOf(withToken));
    expect(cells).toHaveLength(20);
    expect(cells.filter(({ inUse }) => inUse)).toEqual([{ combination: query, inUse: true, impossible: null }]);
    expect(cells.filter(({ impossible }) => impossible !== null)).toHaveLength(4);
  });

  test('of an environment that is not there are none', async () => {
    const monitor = new Monitor([environmentOf(withToken)], liveWorld().platform);
    expect(await monitor.combinations('local')).toHaveLength(20);
    expect(await monitor.combinations('moon')).toEqual([]);
  });
});

describe('a trial', () => {
  test('of an environment that is not watched takes what it is handed, and leaves no trace', async () => {
    const { clock, target, platform } = liveWorld();
    const environment = environmentOf({ ...withToken, user: 'probe-{n}' });
    const monitor = new Monitor([environment], platform);
    expect(await monitor.trial('local', query, undefined)).toBeUndefined();
    expect(await ended(clock, monitor.trial('local', { transport: 'websocket', carriage: 'none' }, environment))).toMatchObject({ kind: 'works', user: 'probe-0' });
    expect(target.sockets.map(({ user, readyState }) => [user, readyState])).toEqual([['probe-0', 3]]);
    expect(target.sockets[0]?.received.some(({ type }) => type === 'user_message')).toBe(false);
    expect(monitor.records('local')).toBeUndefined();
    expect(monitor.snapshot().environments[0]?.phase).toBe('idle');
  });

  test('of a watched one takes the values that it has, and is none of its users', async () => {
    const { clock, target, platform } = liveWorld();
    const file = environmentOf({ ...withToken, auth: { ...withToken.auth, token: '${TOKEN}' }, mode: 'observe' });
    const monitor = new Monitor([file], platform);
    monitor.watch(environmentOf({ ...withToken, mode: 'observe' }));
    await clock.advance(100);
    const before = monitor.records('local')?.split('\n').length;
    expect(await ended(clock, monitor.trial('local', { transport: 'websocket', carriage: 'none' }, undefined))).toMatchObject({ kind: 'works' });
    expect(target.sockets.map(({ user }) => user)).toEqual([null, null, 'probe-2']);
    expect(target.sockets.map(({ readyState }) => readyState)).toEqual([1, 1, 3]);
    expect(monitor.records('local')?.includes('"connection":"trial"')).toBe(false);
    expect(before).toBeGreaterThan(1);
    // Its values go with it.
    const closing = monitor.unwatch('local');
    await clock.advance(1000);
    await closing;
    expect(await monitor.trial('local', query, undefined)).toBeUndefined();
  });

  test('is over when it is cancelled, and the next is not', async () => {
    const { clock, platform } = liveWorld();
    const environment = environmentOf(withToken);
    const monitor = new Monitor([environment], platform);
    const first = monitor.trial('local', query, environment);
    await clock.advance(10);
    monitor.cancelTrials();
    expect(await ended(clock, first)).toEqual({ kind: 'cancelled' });
    expect(await ended(clock, monitor.trial('local', query, environment))).toMatchObject({ kind: 'works' });
  });

  test('ends with the monitor', async () => {
    const { clock, platform } = liveWorld();
    const environment = environmentOf(withToken);
    const monitor = new Monitor([environment], platform);
    const trial = monitor.trial('local', query, environment);
    await clock.advance(10);
    await monitor.stop();
    expect(await ended(clock, trial)).toEqual({ kind: 'cancelled' });
    expect(clock.timers).toBe(0);
  });
});
