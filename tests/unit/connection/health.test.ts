import { describe, expect, test } from 'vitest';
import { probeHealth } from '#connection/health.ts';
import { environmentOf } from './environment.ts';
import { ManualClock } from './manual-clock.ts';

const environment = environmentOf({ backendUrl: 'http://backend.example/', health: { path: '/health', timeoutMs: 300, versionAt: 'build.version' } });
const answer = (body: unknown, status = 200): typeof fetch => {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return () => Promise.resolve(new Response(text, { status }));
};

describe('probeHealth', () => {
  test.each([{ status: 'ok' }, { status: 'healthy' }, { status: 'Ready' }, { status: 'operational' }, 'OK', 'ok\n', '"ok"'])('%j is healthy', async (body) => {
    expect(await probeHealth(environment, answer(body), new ManualClock())).toEqual({ record: 'health', at: 1_000_000, ok: true, status: 200, durationMs: 0 });
  });

  test.each([
    [{ status: 'degraded' }, 200, 'it says degraded'],
    [{ status: 'ok' }, 503, 'HTTP 503'],
    [{}, 200, 'its answer has no status'],
    [{ status: {} }, 200, 'its answer has no status'],
    ['<html>', 200, 'it says <html>'],
    ['[1]', 200, 'it says [1]'],
    ['ready', 200, 'it says ready'],
  ])('%j with HTTP %d is not: %s', async (body, status, reason) => {
    expect(await probeHealth(environment, answer(body, status), new ManualClock())).toMatchObject({ ok: false, status, reason });
  });

  test('the version is read by its path, whatever the health', async () => {
    expect(await probeHealth(environment, answer({ status: 'ok', build: { version: '1.2.3' } }), new ManualClock())).toMatchObject({ ok: true, version: '1.2.3' });
    expect(await probeHealth(environment, answer({ status: 'bad', build: { version: 7 } }), new ManualClock())).toMatchObject({ ok: false, version: '7' });
  });

  test('no answer: why, and how long it was waited for', async () => {
    const clock = new ManualClock();
    const broken: typeof fetch = () => Promise.reject(new TypeError('fetch failed'));
    expect(await probeHealth(environment, broken, clock)).toEqual({ record: 'health', at: 1_000_000, ok: false, durationMs: 0, reason: 'http://backend.example/health did not answer' });
    const waiting = probeHealth(environment, () => new Promise(() => undefined), clock);
    await clock.pass(300);
    expect(await waiting).toMatchObject({ ok: false, durationMs: 300, reason: 'http://backend.example/health did not answer within 300 ms' });
    expect(await probeHealth(environment, answer('x'.repeat(2_000_000)), clock)).toMatchObject({ ok: false, reason: 'http://backend.example/health answered with more than 1 MiB' });
  });

  test('without a backend the events’ host is asked', async () => {
    const asked: string[] = [];
    const fetch: typeof globalThis.fetch = (input) => {
      asked.push(input instanceof Request ? input.url : String(input));
      return Promise.resolve(new Response('OK'));
    };
    await probeHealth(environmentOf({ eventsUrl: 'wss://target.example:8443/ws?x=1' }), fetch, new ManualClock());
    expect(asked).toEqual(['https://target.example:8443/health']);
  });
});
