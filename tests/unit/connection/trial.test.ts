import { describe, expect, test, vi } from 'vitest';
import type { Combination } from '#connection/combination.ts';
import { createHandshakeGate, type HandshakeGate } from '#connection/handshake-gate.ts';
import { tryCombination, type TrialPlatform, type TrialResult } from '#connection/trial.ts';
import { environmentOf, tinyDialect } from './environment.ts';
import { FakeSockets } from './fake-sockets.ts';
import { ManualClock } from './manual-clock.ts';

const token = 'canary-token-5f1e';
const auth = { method: 'token', token };
const login = { backendUrl: 'http://backend.example', auth: { method: 'login', path: '/login', body: { n: '{n}' } } };

interface World {
  readonly clock: ManualClock;
  readonly sockets: FakeSockets;
  readonly gate: HandshakeGate;
  readonly abort: AbortController;
  /** Undefined while the trial goes on. */
  readonly result: () => TrialResult | undefined;
}

/** A trial that has begun. */
async function trial(fields: object = {}, combination: Partial<Combination> = {}, options: Partial<TrialPlatform> & { readonly sockets?: FakeSockets } = {}): Promise<World> {
  const clock = new ManualClock();
  const sockets = options.sockets ?? new FakeSockets();
  const gate = options.gate ?? createHandshakeGate(clock);
  const abort = new AbortController();
  let result: TrialResult | undefined;
  const platform = { dialect: tinyDialect(), clock, random: () => 0.5, fetch: () => Promise.reject(new Error('no network in this test')), gate, ...options, sockets };
  void tryCombination(environmentOf({ auth, ...fields }), { transport: 'websocket', carriage: 'subprotocol', ...combination }, platform, 3, abort.signal).then((told) => {
    result = told;
  });
  await clock.pass(0);
  return { clock, sockets, gate, abort, result: () => result };
}

/** Lets the target agree to the end of the connection. */
async function part({ clock, sockets }: World): Promise<void> {
  sockets.last.end(1000);
  await clock.pass(0);
}

describe('a trial that works', () => {
  test('takes the time from the first step to the welcome, names the user, and leaves nothing behind', async () => {
    const it = await trial({ user: 'probe-{n}' });
    expect(it.sockets.made.map(({ url, subprotocols }) => [url, subprotocols])).toEqual([['ws://target.example/ws', [`jwt.${token}`]]]);
    await it.clock.pass(30);
    it.sockets.last.open();
    await it.clock.pass(12);
    it.sockets.last.receive({ type: 'welcome', user: 'probe-3' });
    await it.clock.pass(249);
    expect(it.result()).toBeUndefined();
    expect(it.gate.held).toBe(1);
    await it.clock.pass(1);
    await part(it);
    expect(it.result()).toEqual({ kind: 'works', ms: 42, transport: 'websocket', user: 'probe-3' });
    expect(it.gate.held).toBe(0);
    expect(it.clock.timers).toBe(0);
  });

  test('says nothing but what a sign-in needs: no run is triggered', async () => {
    const it = await trial({}, { carriage: 'message' });
    it.sockets.last.open();
    it.sockets.last.receive({ type: 'ping' });
    it.sockets.last.receive({ type: 'welcome' });
    await it.clock.pass(250);
    await part(it);
    expect(it.result()).toMatchObject({ kind: 'works', user: null });
    expect(it.sockets.last.sent).toEqual([{ type: 'auth', token }, { type: 'pong' }]);
  });

  test('a target that does not greet, but speaks and lasts, has accepted it', async () => {
    const it = await trial({}, {}, { dialect: tinyDialect({ hasClock: true }) });
    it.sockets.last.open();
    // After a second without a welcome it is asked for the time.
    await it.clock.pass(1000);
    expect(it.sockets.last.sent).toMatchObject([{ type: 'time?' }]);
    it.sockets.last.receive({ type: 'time', time: 5 });
    await it.clock.pass(4000);
    await part(it);
    expect(it.result()).toEqual({ kind: 'works', ms: 1000, transport: 'websocket', user: null });
  });
});

describe('a trial that does not', () => {
  test('a silent target cannot be told to work', async () => {
    const it = await trial();
    await it.clock.pass(10);
    it.sockets.last.open();
    await it.clock.pass(4989);
    expect(it.result()).toBeUndefined();
    await it.clock.pass(1);
    await part(it);
    expect(it.result()).toEqual({ kind: 'unanswered', ms: 5000, transport: 'websocket' });
  });

  test.each([
    ['its policy code', 1008, 'bad token', { reason: 'auth-refused', code: 1008, words: 'bad token' }],
    ['a code of its own', 4401, 'unauthorized', { reason: 'closed-by-server', code: 4401, words: 'unauthorized' }],
    ['no close frame', 1006, '', { reason: 'connection-lost', code: 1006, words: null }],
  ])('an open connection that ends with %s', async (_, code, reason, expected) => {
    const it = await trial();
    it.sockets.last.open();
    await it.clock.pass(70);
    it.sockets.last.end(code, reason);
    await it.clock.pass(0);
    expect(it.result()).toMatchObject({ kind: 'failed', stage: 'open', ms: 70, status: null, ...expected });
  });

  test('a welcome that is taken back at once is none', async () => {
    const it = await trial();
    it.sockets.last.open();
    it.sockets.last.receive({ type: 'welcome' });
    await it.clock.pass(200);
    it.sockets.last.end(4401, 'no token');
    await it.clock.pass(100);
    expect(it.result()).toMatchObject({ kind: 'failed', code: 4401 });
  });

  test('a refusal in words', async () => {
    const it = await trial();
    it.sockets.last.open();
    it.sockets.last.receive({ type: 'refused', why: `jwt.${token} has expired` });
    await part(it);
    expect(it.result()).toMatchObject({ kind: 'failed', stage: 'open', reason: 'auth-refused', words: '[redacted] has expired' });
  });

  test('a target that can never serve it', async () => {
    const it = await trial();
    it.sockets.last.open();
    it.sockets.last.receive({ type: 'unusable', why: 'wrong mode' });
    await part(it);
    expect(it.result()).toMatchObject({ kind: 'failed', reason: 'unusable', words: 'wrong mode' });
  });

  test('an upgrade that is refused, whatever the reason', async () => {
    const it = await trial();
    it.sockets.last.end(1006);
    await it.clock.pass(0);
    expect(it.result()).toMatchObject({ kind: 'failed', stage: 'connection', reason: 'unreachable', code: null, status: null, words: null });
  });

  test('a connection that never opens, within what the environment allows', async () => {
    const it = await trial({ connectionTimeoutMs: 800 });
    await it.clock.pass(800);
    await part(it);
    expect(it.result()).toMatchObject({ kind: 'failed', stage: 'connection', reason: 'timeout', ms: 800, message: 'The connection at ws://target.example/ws was not completed within 800 ms.' });
  });

  test('a token that no subprotocol can carry', async () => {
    const sockets = new FakeSockets();
    sockets.open = () => {
      throw new SyntaxError(`bad subprotocol ${token}`);
    };
    const it = await trial({}, {}, { sockets });
    expect(it.result()).toMatchObject({ kind: 'failed', reason: 'unusable' });
    expect(it.gate.held).toBe(0);
  });
});

describe('a trial with a login', () => {
  test('signs in as the connection that it was told, and does not count the login’s time', async () => {
    let answer: (response: Response) => void = () => undefined;
    const fetched = vi.fn<typeof fetch>(() => new Promise((resolve) => (answer = resolve)));
    const it = await trial(login, { carriage: 'query' }, { fetch: fetched });
    expect(fetched.mock.calls[0]?.[1]?.body).toBe('{"n":"3"}');
    await it.clock.pass(600);
    answer(new Response(JSON.stringify({ access_token: token })));
    await it.clock.pass(0);
    expect(it.sockets.last.url).toBe(`ws://target.example/ws?token=${token}`);
    it.sockets.last.open();
    await it.clock.pass(20);
    it.sockets.last.receive({ type: 'welcome' });
    await it.clock.pass(250);
    await part(it);
    expect(it.result()).toMatchObject({ kind: 'works', ms: 20 });
  });

  test('tells a refused login from a refused socket, with its status', async () => {
    const it = await trial(login, {}, { fetch: () => Promise.resolve(new Response('no', { status: 401 })) });
    expect(it.result()).toMatchObject({ kind: 'failed', stage: 'login', reason: 'auth-refused', status: 401, code: null, words: null, message: 'http://backend.example/login refused the sign-in ("HTTP 401").' });
    expect(it.sockets.made).toEqual([]);
  });

  test('is over in time even if the login is not', async () => {
    const it = await trial(login, {}, { fetch: () => new Promise(() => undefined) });
    await it.clock.pass(5000);
    expect(it.result()).toMatchObject({ kind: 'failed', stage: 'login', reason: 'timeout', ms: 5000 });
    expect(it.clock.timers).toBe(0);
  });

  test('without a token it does not log in', async () => {
    const it = await trial({ ...login, user: 'probe-{n}' }, { carriage: 'none' });
    expect(it.sockets.last.url).toBe('ws://target.example/ws?user=probe-3');
    it.sockets.last.end();
  });
});

describe('the page’s limits', () => {
  test('what is impossible asks nobody', async () => {
    const it = await trial({}, { carriage: 'auth' });
    expect(it.result()).toEqual({ kind: 'impossible', why: 'no-auth-packet' });
    expect(it.sockets.made).toEqual([]);
  });

  test('waits for its turn at the gate, and a wait can be cancelled', async () => {
    const clock = new ManualClock();
    const gate = createHandshakeGate(clock);
    for (let n = 0; n < 8; n += 1) gate.enter(() => undefined);
    await clock.pass(200);
    const it = await trial({}, {}, { gate });
    expect(it.sockets.made).toEqual([]);
    it.abort.abort();
    await it.clock.pass(0);
    expect(it.result()).toEqual({ kind: 'cancelled' });
    expect(gate.held).toBe(8);
  });

  test('can be cancelled while it is under way, and before it began', async () => {
    const it = await trial();
    it.abort.abort();
    await part(it);
    expect(it.result()).toEqual({ kind: 'cancelled' });
    expect(it.gate.held).toBe(0);
    const { clock, sockets, gate, abort } = it;
    const platform = { dialect: tinyDialect(), clock, random: () => 0.5, fetch, gate, sockets };
    expect(await tryCombination(environmentOf({ auth }), { transport: 'websocket', carriage: 'query' }, platform, 0, abort.signal)).toEqual({ kind: 'cancelled' });
    expect(sockets.made).toHaveLength(1);
  });

  test('no result holds a token, whatever the target says', async () => {
    const results: (TrialResult | undefined)[] = [];
    for (const end of [1008, 4000, 1011]) {
      const it = await trial();
      it.sockets.last.open();
      it.sockets.last.end(end, `got jwt.${token}`);
      await it.clock.pass(0);
      results.push(it.result());
    }
    const welcomed = await trial();
    welcomed.sockets.last.open();
    welcomed.sockets.last.receive({ type: 'welcome', user: `jwt.${token}` });
    await welcomed.clock.pass(250);
    await part(welcomed);
    expect(JSON.stringify([...results, welcomed.result()])).toContain('[redacted]');
    expect(JSON.stringify([...results, welcomed.result()])).not.toContain(token);
  });
});
