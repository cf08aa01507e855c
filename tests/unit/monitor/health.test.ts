import { describe, expect, test } from 'vitest';
import type { Environment } from '#environment/schema.ts';
import { Monitor } from '#monitor/monitor.ts';
import { environmentOf, liveWorld } from '../../fixtures/live-world.ts';

function world(fields: object = {}) {
  const live = liveWorld();
  const asked: string[] = [];
  let body: unknown = { status: 'ok', version: '1.2.0' };
  const fetch: typeof globalThis.fetch = (input) => {
    asked.push(input instanceof Request ? input.url : String(input));
    return Promise.resolve(new Response(JSON.stringify(body)));
  };
  const environment: Environment = environmentOf({ backendUrl: 'http://backend.example', health: { versionAt: 'version' }, ...fields });
  const monitor = new Monitor([environment], { ...live.platform, fetch });
  const health = () => monitor.snapshot().environments[0]?.health;
  return { ...live, monitor, environment, asked, health, say: (said: unknown) => (body = said) };
}

describe('the health of an environment', () => {
  test('is asked without connecting to it, and stands in the snapshot', async () => {
    const { monitor, environment, asked, health, target, say } = world();
    expect(health()).toBeNull();
    expect(await monitor.health(environment)).toMatchObject({ record: 'health', ok: true, status: 200, version: '1.2.0' });
    say({ status: 'degraded' });
    expect(await monitor.health(environment)).toMatchObject({ ok: false, reason: 'it says degraded' });
    expect(asked).toEqual(['http://backend.example/health', 'http://backend.example/health']);
    expect(health()).toMatchObject({ place: 'http://backend.example/health', asked: 2, good: 1, healthySince: null, newest: { ok: false } });
    expect([monitor.snapshot().environments[0]?.phase, target.sockets]).toEqual(['idle', []]);
  });

  test('is a record of the watch while there is one, and of none that was ended', async () => {
    const { monitor, environment, clock, health } = world();
    monitor.watch(environment);
    await clock.advance(100);
    await monitor.health(environment);
    const left = monitor.unwatch(environment.id);
    await clock.advance(2000);
    await left;
    await monitor.health(environment);
    const lines = (monitor.records(environment.id) ?? '').split('\n');
    expect(lines.filter((line) => line.includes('"record":"health"'))).toHaveLength(1);
    expect(health()?.asked).toBe(2);
  });

  test('is asked with what is known: without the values of a sign-in, with those of a watch, and not at an address that lacks some', async () => {
    const open = world({ auth: { method: 'token', token: '${TOKEN}', carry: 'query' } });
    expect(await open.monitor.health(open.environment)).toMatchObject({ ok: true });
    const lacking = world({ backendUrl: 'http://${HOST}' });
    expect(await lacking.monitor.health(lacking.environment)).toBeUndefined();
    expect([lacking.asked, lacking.health()]).toEqual([[], null]);
    lacking.monitor.watch({ ...lacking.environment, backendUrl: 'http://filled.example' });
    await lacking.monitor.health(lacking.environment);
    expect(lacking.asked).toContain('http://filled.example/health');
  });
});

test('the snapshot of a watch tells how it came up, and where it falls back to', async () => {
  const { monitor, environment, clock } = world({ startupTimeoutMs: 20_000 });
  expect(monitor.snapshot().environments[0]).toMatchObject({ startup: null, fallback: [], startupTimeoutMs: 20_000, healthIntervalMs: 10_000, signIn: 'none' });
  const startedAt = clock.now();
  monitor.watch(environment);
  await clock.advance(3000);
  const startup = monitor.snapshot().environments[0]?.startup;
  expect(startup?.startedAt).toBe(startedAt);
  expect(startup?.stages.map(({ stage }) => stage)).toEqual(['connect', 'clock', 'event']);
  expect(startup?.stages[0]).toMatchObject({ connections: 2 });
  expect(startup?.firstOpenAt).toBeLessThan(startedAt + 100);
});
