import { describe, expect, test } from 'vitest';
import { signIn } from '#connection/credentials.ts';
import { environmentOf } from './environment.ts';
import { ManualClock } from './manual-clock.ts';

const canary = 'canary-token-5f1e';

interface Asked {
  readonly url: string;
  readonly init: RequestInit;
}

/** A fetch that answers with `answer`, and remembers what it was asked. */
function answering(answer: () => Response | Promise<Response>): { fetch: typeof fetch; asked: Asked[] } {
  const asked: Asked[] = [];
  return {
    asked,
    fetch: (input, init = {}) => {
      asked.push({ url: input instanceof Request ? input.url : String(input), init });
      return Promise.resolve(answer());
    },
  };
}

const json = (body: unknown, status = 200): Response => new Response(JSON.stringify(body), { status });
const refuse: typeof fetch = () => Promise.reject(new Error('must not be asked'));

const loginEnvironment = (auth: object = {}) =>
  environmentOf({
    backendUrl: 'http://user:pass@backend.example/',
    user: 'probe-{n}',
    connectionTimeoutMs: 500,
    auth: { method: 'login', path: '/login/{n}?key=abc', headers: { 'x-key': 'header-secret-{n}' }, body: { email: 'probe-{n}@example.com', tags: ['{n}', 7] }, ...auth },
  });

describe('signIn', () => {
  test('none and token need no request, and name the user by the connection’s number', async () => {
    const clock = new ManualClock();
    expect(await signIn(environmentOf({ user: 'probe-{n}' }), 3, refuse, clock)).toEqual({ ok: true, value: { user: 'probe-3', token: undefined, secrets: [] } });
    expect(await signIn(environmentOf({}), 3, refuse, clock)).toEqual({ ok: true, value: { user: undefined, token: undefined, secrets: [] } });
    const token = await signIn(environmentOf({ user: 'probe-{n}', auth: { method: 'token', token: canary } }), 3, refuse, clock);
    expect(token).toEqual({ ok: true, value: { user: 'probe-3', token: canary, secrets: [canary] } });
  });

  test('a login posts its body with the connection’s number, and finds token and user by their paths', async () => {
    const { fetch, asked } = answering(() => json({ data: { jwt: canary, people: [{ id: 42 }] } }));
    const environment = loginEnvironment({ tokenAt: 'data.jwt', userAt: 'data.people.0.id' });
    const result = await signIn(environment, 7, fetch, new ManualClock());
    expect(result).toEqual({ ok: true, value: { user: '42', token: canary, secrets: [canary, 'header-secret-7'] } });
    expect(asked).toHaveLength(1);
    expect(asked[0]?.url).toBe('http://user:pass@backend.example/login/7?key=abc');
    expect(asked[0]?.init.method).toBe('POST');
    expect(asked[0]?.init.body).toBe('{"email":"probe-7@example.com","tags":["7",7]}');
    expect(asked[0]?.init.headers).toMatchObject({ 'x-key': 'header-secret-7' });
    expect(asked[0]?.init.redirect).toBe('manual');
  });

  test('a whole URL as the path is taken as it is; an answer without a user leaves the environment’s', async () => {
    const { fetch, asked } = answering(() => json({ access_token: canary, user: { id: null } }));
    const result = await signIn(loginEnvironment({ path: 'https://auth.example/in', userAt: 'user.id' }), 1, fetch, new ManualClock());
    expect(asked[0]?.url).toBe('https://auth.example/in');
    expect(result).toMatchObject({ ok: true, value: { user: 'probe-1' } });
  });

  test.each([401, 403, 422])('HTTP %d refuses the sign-in', async (status) => {
    const { fetch } = answering(() => json({ token: canary }, status));
    expect(await signIn(loginEnvironment(), 0, fetch, new ManualClock())).toMatchObject({ ok: false, error: { status, error: { reason: 'auth-refused' } } });
  });

  test.each([500, 503, 404, 429])('HTTP %d is a failed login, that may be tried again', async (status) => {
    const { fetch } = answering(() => json({}, status));
    const result = await signIn(loginEnvironment(), 0, fetch, new ManualClock());
    expect(result).toMatchObject({ ok: false, error: { status, error: { reason: 'login-failed' } } });
    expect(JSON.stringify(result)).toContain(`HTTP ${status}`);
  });

  test('a redirect is not followed, and named', async () => {
    const { fetch } = answering(() => new Response(null, { status: 307, headers: { location: 'http://elsewhere.example' } }));
    expect(JSON.stringify(await signIn(loginEnvironment(), 0, fetch, new ManualClock()))).toContain('redirects');
  });

  test.each([{ token: canary }, { access_token: 5, other: canary }, { access_token: '' }, [canary], canary])('the answer %j has no token where it should: the error names the path and no value', async (body) => {
    const { fetch } = answering(() => json(body));
    const result = await signIn(loginEnvironment(), 0, fetch, new ManualClock());
    expect(result).toMatchObject({ ok: false, error: { error: { reason: 'login-failed' } } });
    expect(JSON.stringify(result)).toContain('access_token (auth.tokenAt)');
    expect(JSON.stringify(result)).not.toContain(canary);
  });

  test('the fields that are there are named', async () => {
    const { fetch } = answering(() => json({ token: canary, expires_in: 900, [canary]: 1 }));
    const result = await signIn(loginEnvironment(), 0, fetch, new ManualClock());
    expect(JSON.stringify(result)).toContain('it has token, expires_in');
    expect(JSON.stringify(result)).not.toContain(canary);
  });

  test('text that is not JSON, and an answer without end, are failed logins', async () => {
    const html = await signIn(loginEnvironment(), 0, answering(() => new Response('<html>')).fetch, new ManualClock());
    expect(JSON.stringify(html)).toContain('not JSON');
    const huge = await signIn(loginEnvironment(), 0, answering(() => new Response('x'.repeat(1024 * 1024 + 1))).fetch, new ManualClock());
    expect(JSON.stringify(huge)).toContain('larger than 1 MiB');
  });

  test('no answer at all: unreachable, or a timeout', async () => {
    const clock = new ManualClock();
    expect(await signIn(loginEnvironment(), 0, refuse, clock)).toMatchObject({ ok: false, error: { status: undefined, error: { reason: 'unreachable' } } });
    let aborted = false;
    const silent: typeof fetch = (_, init) =>
      new Promise(() => {
        init?.signal?.addEventListener('abort', () => (aborted = true));
      });
    const waiting = signIn(loginEnvironment(), 0, silent, clock);
    await clock.pass(500);
    expect(await waiting).toMatchObject({ ok: false, error: { error: { reason: 'timeout' } } });
    expect(aborted).toBe(true);
    expect(clock.timers).toBe(0);
  });

  test('no error shows the address’s secrets, the headers or the body', async () => {
    const answers = [() => json({}, 401), () => json({}, 500), () => json({}), () => new Response('?'), () => Promise.reject(new Error('pass'))];
    for (const answer of answers) {
      const { fetch } = answering(answer);
      const text = JSON.stringify(await signIn(loginEnvironment(), 0, fetch, new ManualClock()));
      expect(text).toContain('http://backend.example/login/0');
      expect(text).not.toMatch(/pass@|key=|header-secret|example\.com/);
    }
  });
});
