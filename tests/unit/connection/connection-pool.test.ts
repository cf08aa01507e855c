import { describe, expect, test } from 'vitest';
import { seededRandom } from '#base/random.ts';
import { epochMs } from '#base/units.ts';
import { createConnectionPool, type ConnectionPool, type ConnectionPoolOptions } from '#connection/connection-pool.ts';
import type { ConnectionStatus } from '#connection/connection.ts';
import type { RunwatchRecord } from '#record/record.ts';
import { environmentOf, tinyDialect } from './environment.ts';
import { FakeSockets } from './fake-sockets.ts';
import { ManualClock } from './manual-clock.ts';

interface World {
  readonly clock: ManualClock;
  readonly sockets: FakeSockets;
  readonly records: RunwatchRecord[];
  readonly changes: ConnectionStatus[];
  readonly pool: ConnectionPool;
}

function world(fields: object = {}, options: Partial<ConnectionPoolOptions> & { readonly sockets?: FakeSockets } = {}): World {
  const clock = new ManualClock();
  const sockets = options.sockets ?? new FakeSockets();
  const records: RunwatchRecord[] = [];
  const changes: ConnectionStatus[] = [];
  const pool = createConnectionPool({
    environment: environmentOf(fields),
    dialect: tinyDialect(),
    clock,
    random: () => 0.5,
    fetch: () => Promise.reject(new Error('no network in this test')),
    record: (record) => records.push(record),
    changed: (status) => changes.push(status),
    connections: 1,
    ...options,
    sockets,
  });
  return { clock, sockets, records, changes, pool };
}

/** A world with one connection that is open. */
async function openWorld(...parameters: Parameters<typeof world>): Promise<World> {
  const opened = world(...parameters);
  opened.pool.start();
  await opened.clock.pass(0);
  opened.sockets.last.open();
  return opened;
}

const kinds = (records: readonly RunwatchRecord[]): string[] => records.map(({ record }) => record);
const status = ({ pool }: World): ConnectionStatus | undefined => pool.statuses()[0];
const login = { backendUrl: 'http://backend.example', auth: { method: 'login', path: '/login' } };
const grant: typeof fetch = () => Promise.resolve(new Response('{"access_token":"canary-token-5f1e"}'));

describe('opening', () => {
  test('records the stage with its duration from when the gate let it go, and the opening with its user', async () => {
    const it = world({ user: 'probe-{n}' }, { connections: 2 });
    it.pool.start();
    it.pool.start();
    await it.clock.pass(20);
    expect(it.sockets.made.map(({ url }) => url)).toEqual(['ws://target.example/ws?user=probe-0', 'ws://target.example/ws?user=probe-1']);
    await it.clock.pass(20);
    it.sockets.made[1]?.open();
    expect(it.records).toEqual([
      { record: 'stage', at: 1_000_040, connection: 'local#1', stage: 'connection', outcome: 'passed', durationMs: 27.5 },
      { record: 'connection-open', at: 1_000_040, connection: 'local#1', user: 'probe-1', transport: 'websocket', recovered: false },
    ]);
    expect(it.pool.statuses().map(({ id, state, user }) => [id, state, user])).toEqual([
      ['local#0', 'connecting', undefined],
      ['local#1', 'open', 'probe-1'],
    ]);
  });

  test('a handshake that is never completed fails after its timeout and is tried again; the old socket is inert', async () => {
    const it = world({ connectionTimeoutMs: 2000 });
    it.pool.start();
    await it.clock.pass(2000);
    expect(it.records).toMatchObject([
      { record: 'stage', stage: 'connection', outcome: 'failed', durationMs: 2000, code: 'timeout' },
      { record: 'connection-close', cause: 'network', reason: 'connection not completed within 2000 ms' },
    ]);
    expect(status(it)).toMatchObject({ state: 'retrying', attempts: 1, nextTryAt: 1_002_500, error: { reason: 'timeout' } });
    const old = it.sockets.last;
    await it.clock.pass(1000);
    expect(it.sockets.made).toHaveLength(2);
    old.open();
    old.receive({ type: 'welcome' });
    old.end(1011);
    expect(it.records).toHaveLength(2);
    it.sockets.last.open();
    expect(status(it)).toMatchObject({ state: 'open', attempts: 0, error: undefined });
  });

  test('an address or a subprotocol that the runtime refuses is never tried again, and is not quoted', async () => {
    const sockets = new FakeSockets();
    sockets.open = (_, subprotocols) => {
      throw new SyntaxError(`bad subprotocol ${String(subprotocols)}`);
    };
    const it = world({ auth: { method: 'token', token: 'canary token' } }, { sockets });
    it.pool.start();
    expect(await it.pool.whenReady(0)).toBe('never');
    expect(status(it)).toMatchObject({ state: 'failed', error: { reason: 'unusable' } });
    expect(JSON.stringify([it.records, it.changes])).not.toContain('canary');
  });

  test('an address that is none is named as such', async () => {
    const it = world({ eventsUrl: 'ws://target.example:99999/ws' });
    it.pool.start();
    expect(await it.pool.whenReady(0)).toBe('never');
    expect(status(it)?.error?.message).toContain('not a URL');
  });
});

describe('readiness', () => {
  test('the welcome makes ready at once, and is the handshake stage', async () => {
    const it = await openWorld();
    const ready = it.pool.whenReady(0);
    await it.clock.pass(30);
    expect(status(it)?.ready).toBe(false);
    it.sockets.last.receive({ type: 'welcome' });
    it.sockets.last.receive({ type: 'welcome' });
    expect(await ready).toBe('ready');
    expect(it.records.filter(({ record }) => record === 'stage')).toMatchObject([{ stage: 'connection' }, { stage: 'handshake', outcome: 'passed', durationMs: 30 }]);
    expect(await it.pool.whenReady(0)).toBe('ready');
  });

  test('without a welcome it is ready 1 s after it opened', async () => {
    const it = await openWorld();
    await it.clock.pass(999);
    expect(status(it)?.ready).toBe(false);
    await it.clock.pass(1);
    expect(status(it)?.ready).toBe(true);
  });

  test('a target with a clock is asked first, and its answer waited for, 1 s at most', async () => {
    const quick = await openWorld({}, { dialect: tinyDialect({ hasClock: true }) });
    quick.sockets.last.receive({ type: 'welcome' });
    expect(quick.sockets.last.sent).toEqual([{ type: 'time?', now: 1_000_000 }]);
    await quick.clock.pass(40);
    expect(status(quick)?.ready).toBe(false);
    quick.sockets.last.receive({ type: 'time', time: 5000 });
    expect(status(quick)?.ready).toBe(true);
    expect(quick.records.at(-1)).toEqual({ record: 'clock-sample', at: 1_000_040, connection: 'local#0', sentAt: 1_000_000, serverAt: 5000, receivedAt: 1_000_040 });

    const silent = await openWorld({}, { dialect: tinyDialect({ hasClock: true }) });
    silent.sockets.last.receive({ type: 'welcome' });
    await silent.clock.pass(999);
    expect(status(silent)?.ready).toBe(false);
    await silent.clock.pass(1);
    expect(status(silent)?.ready).toBe(true);
  });

  test('it is lost with the socket, and comes back with the next', async () => {
    const it = await openWorld();
    it.sockets.last.receive({ type: 'welcome' });
    it.sockets.last.end(1011, 'init failed');
    expect(status(it)).toMatchObject({ state: 'retrying', ready: false });
    expect(it.pool.trigger(0, 'r1')).toBe(false);
    const ready = it.pool.whenReady(0);
    await it.clock.pass(600);
    it.sockets.last.open();
    it.sockets.last.receive({ type: 'welcome' });
    expect(await ready).toBe('ready');
  });

  test('a connection that does not exist can never be ready', async () => {
    const { pool } = world();
    expect(await pool.whenReady(1)).toBe('never');
    expect(pool.trigger(1, 'r1')).toBe(false);
    expect(() => pool.cut(1)).not.toThrow();
  });
});

describe('messages', () => {
  test('each is a frame with its receive time, control or not, and what it asks for is answered', async () => {
    const it = await openWorld();
    await it.clock.pass(5);
    it.sockets.last.receive({ type: 'ping' });
    it.sockets.last.receive('not JSON');
    it.sockets.last.receive(new Uint8Array([1, 2, 3]).buffer);
    await it.clock.pass(5);
    expect(it.records.slice(2)).toEqual([
      { record: 'frame', at: 1_000_005, connection: 'local#0', data: { type: 'ping' } },
      { record: 'frame', at: 1_000_005, connection: 'local#0', text: 'not JSON' },
      { record: 'frame', at: 1_000_005, connection: 'local#0', base64: 'AQID' },
    ]);
    expect(it.sockets.last.sent).toEqual([{ type: 'pong' }]);
    expect(status(it)?.lastHeardAt).toBe(1_000_005);
  });

  test('the records’ time never goes back, even if the clock does', async () => {
    const clock = new ManualClock();
    let skew = 0;
    const it = await openWorld({}, { clock: { now: () => epochMs(clock.now() - skew), after: (delay, task) => clock.after(delay, task) } });
    await clock.pass(0);
    it.sockets.made.at(-1)?.open();
    skew = 500;
    it.sockets.last.receive({ type: 'a' });
    const times = it.records.map(({ at }) => at);
    expect(times).toEqual([...times].sort((a, b) => a - b));
  });

  test('a welcome that names another user says so with a further opening; one that cuts the name short does not', async () => {
    const same = await openWorld({ user: 'probe-abcdefgh' });
    same.sockets.last.receive({ type: 'welcome', user: 'probe-ab...' });
    same.sockets.last.receive({ type: 'welcome', user: 'probe-abcdefgh' });
    expect(kinds(same.records).filter((kind) => kind === 'connection-open')).toHaveLength(1);

    const other = await openWorld({ user: 'probe-0' });
    other.sockets.last.receive({ type: 'welcome', user: 'demo' });
    expect(kinds(other.records)).toEqual(['stage', 'connection-open', 'frame', 'connection-open', 'stage']);
    expect(other.records[3]).toMatchObject({ user: 'demo', transport: 'websocket' });
    expect(status(other)?.user).toBe('demo');

    const nobody = await openWorld();
    expect(nobody.records[1]).not.toHaveProperty('user');
    nobody.sockets.last.receive({ type: 'welcome', user: 'u7' });
    expect(status(nobody)?.user).toBe('u7');
    nobody.sockets.last.end(1006);
    await nobody.clock.pass(600);
    nobody.sockets.last.open();
    nobody.sockets.last.receive({ type: 'welcome', user: 'u7' });
    expect(kinds(nobody.records).filter((kind) => kind === 'connection-open')).toHaveLength(3);
  });
});

describe('triggers', () => {
  test('the record comes first, and names only what the message carries', async () => {
    const order: string[] = [];
    const it = await openWorld({}, { record: (record) => order.push(record.record) });
    const send = it.sockets.last.send.bind(it.sockets.last);
    it.sockets.last.send = (data) => {
      order.push('sent');
      send(data);
    };
    expect(it.pool.trigger(0, 'r1')).toBe(true);
    expect(order.slice(-2)).toEqual(['trigger', 'sent']);
    expect(it.sockets.last.sent).toEqual([{ type: 'go', run: 'r1' }]);
  });

  test('the environment’s own message is filled with run, thread, user and number', async () => {
    const it = await openWorld({ user: 'probe-{n}', probe: { message: ['{run}', '{thread}', '{user}', '{n}'] } });
    it.pool.trigger(0, 'r1');
    it.sockets.last.receive({ type: 'welcome', thread: 'T9', user: 'u7' });
    it.pool.trigger(0, 'r2');
    expect(it.sockets.last.sent).toEqual([
      ['r1', 'thread-r1', 'probe-0', '0'],
      ['r2', 'T9', 'u7', '0'],
    ]);
    expect(it.records.filter(({ record }) => record === 'trigger')).toMatchObject([
      { run: 'r1', thread: 'thread-r1' },
      { run: 'r2', thread: 'T9' },
    ]);
  });

  test('a message that names neither makes a record that names neither', async () => {
    const it = await openWorld({ probe: { message: 'go' } });
    await it.clock.pass(3);
    it.pool.trigger(0, 'r1');
    expect(it.records.at(-1)).toEqual({ record: 'trigger', at: 1_000_003, connection: 'local#0' });
  });

  test('none is recorded that could not be sent', async () => {
    const it = await openWorld();
    it.sockets.last.readyState = 2;
    expect(it.pool.trigger(0, 'r1')).toBe(false);
    expect(kinds(it.records)).not.toContain('trigger');
  });
});

describe('losses', () => {
  test.each([
    [1011, 'server', 'closed-by-server'],
    [1006, 'network', 'connection-lost'],
  ])('close code %d is the %s, and retried', async (code, cause, reason) => {
    const it = await openWorld();
    it.sockets.last.end(code, 'why');
    expect(it.records.at(-1)).toMatchObject({ record: 'connection-close', connection: 'local#0', cause, code, reason: 'why' });
    expect(status(it)).toMatchObject({ state: 'retrying', error: { reason } });
  });

  test('close code 1008 is a refusal, never retried', async () => {
    const it = await openWorld();
    const ready = it.pool.whenReady(0);
    it.sockets.last.end(1008, 'Authentication failed');
    expect(await ready).toBe('never');
    await it.clock.pass(3_600_000);
    expect(it.sockets.made).toHaveLength(1);
    expect(status(it)).toMatchObject({ state: 'refused', error: { reason: 'auth-refused' } });
    expect(it.records.at(-1)).toMatchObject({ record: 'connection-close', cause: 'auth', code: 1008 });
    expect(it.clock.timers).toBe(0);
  });

  test('a refusal that the target says in a message is one too, without the token', async () => {
    const it = await openWorld({ auth: { method: 'token', token: 'canary-token-5f1e', carry: 'message' } });
    expect(it.sockets.last.sent).toEqual([{ type: 'auth', token: 'canary-token-5f1e' }]);
    it.sockets.last.receive({ type: 'refused', why: 'bad token canary-token-5f1e' });
    it.sockets.last.end(1008, 'canary-token-5f1e');
    expect(kinds(it.records)).toEqual(['stage', 'connection-open', 'frame', 'stage', 'connection-close']);
    expect(it.records.slice(3)).toMatchObject([
      { stage: 'handshake', outcome: 'failed', code: 'auth-refused' },
      { cause: 'auth', reason: 'bad token [redacted]' },
    ]);
    expect(status(it)?.state).toBe('refused');
    expect(JSON.stringify([it.records, it.changes])).not.toContain('canary');
  });

  test('hands the text off the wire along with a frame that is all of it, and free of secrets', async () => {
    const heard: unknown[] = [];
    const record: ConnectionPoolOptions['record'] = (made, wireText) => {
      if (made.record === 'frame') heard.push([made.data ?? made.text ?? made.base64, wireText]);
    };
    const it = await openWorld({ auth: { method: 'token', token: 'canary-token-5f1e', carry: 'message' } }, { record });
    const twice = '{"a":"canary-token-5f1e","a":1}';
    for (const message of ['{ "a": 1 }', '{"a":"canary-token-5f1e"}', twice, 'not JSON', '{"a":1e999}', new ArrayBuffer(1)]) it.sockets.last.receive(message);
    await it.clock.pass(5);
    expect(heard).toEqual([
      [{ a: 1 }, '{ "a": 1 }'],
      [{ a: '[redacted]' }, undefined],
      [{ a: 1 }, undefined],
      ['not JSON', undefined],
      ['{"a":1e999}', undefined],
      ['AA==', undefined],
    ]);
  });

  test('a session that was accepted after a login is signed in anew; one that never was is not', async () => {
    const it = world(login, { fetch: grant });
    it.pool.start();
    await it.clock.pass(0);
    it.sockets.last.open();
    it.sockets.last.receive({ type: 'welcome' });
    it.sockets.last.end(1008, 'token expired');
    expect(status(it)).toMatchObject({ state: 'retrying', error: { reason: 'session-expired' } });
    expect(it.records.at(-1)).toMatchObject({ cause: 'auth', code: 1008 });
    await it.clock.pass(600);
    it.sockets.last.open();
    it.sockets.last.end(1008, 'token expired');
    expect(status(it)?.state).toBe('refused');
    expect(JSON.stringify([it.records, it.changes])).not.toContain('canary');
  });

  test('a target that will never stream runs is left', async () => {
    const it = await openWorld();
    const ready = it.pool.whenReady(0);
    it.sockets.last.receive({ type: 'unusable', why: 'legacy mode' });
    expect(await ready).toBe('never');
    expect(it.records.at(-1)).toMatchObject({ record: 'connection-close', cause: 'monitor', reason: 'legacy mode' });
    expect(status(it)).toMatchObject({ state: 'failed', error: { reason: 'unusable' } });
    expect(it.sockets.last.readyState).toBe(2);
  });

  test('a login that is refused is an auth close and never tried again; one that is out of reach is', async () => {
    const refused = world(login, { fetch: () => Promise.resolve(new Response('', { status: 401 })) });
    refused.pool.start();
    expect(await refused.pool.whenReady(0)).toBe('never');
    expect(refused.records).toMatchObject([
      { record: 'stage', stage: 'login', outcome: 'failed', code: 401 },
      { record: 'connection-close', cause: 'auth' },
    ]);
    const away = world(login);
    away.pool.start();
    await away.clock.pass(60_000);
    expect(away.records.filter(({ record }) => record === 'stage')).toHaveLength(6);
    expect(away.records.at(-1)).toMatchObject({ record: 'connection-close', cause: 'network' });
    expect(status(away)).toMatchObject({ state: 'failed', error: { reason: 'retries-used-up' } });
    expect(away.sockets.made).toHaveLength(0);
  });

  test('each try signs in anew', async () => {
    let logins = 0;
    const it = world(login, {
      fetch: () => {
        logins += 1;
        return Promise.resolve(new Response(`{"access_token":"token-${logins}"}`));
      },
    });
    it.pool.start();
    await it.clock.pass(0);
    it.sockets.last.end();
    await it.clock.pass(600);
    expect(it.sockets.made.map(({ subprotocols }) => subprotocols)).toEqual([['jwt.token-1'], ['jwt.token-2']]);
  });

  test('gives up when the retries are used up, and says what the last try said', async () => {
    const it = world({ maxRetries: 2 });
    it.pool.start();
    for (let attempt = 0; attempt < 3; attempt += 1) {
      await it.clock.pass(5000);
      it.sockets.last.end();
    }
    await it.clock.pass(600_000);
    expect(it.sockets.made).toHaveLength(3);
    expect(status(it)).toMatchObject({ state: 'failed', nextTryAt: undefined, error: { reason: 'retries-used-up', message: expect.stringContaining('Given up after 2 retries. ws://target.example/ws') } });
  });

  test('a cut is the network’s, and retried', async () => {
    const it = await openWorld();
    it.pool.cut(0);
    it.pool.cut(0);
    expect(it.records.at(-1)).toMatchObject({ record: 'connection-close', cause: 'network', reason: 'cut on purpose' });
    expect(kinds(it.records).filter((kind) => kind === 'connection-close')).toHaveLength(1);
    await it.clock.pass(600);
    expect(it.sockets.made).toHaveLength(2);
  });
});

describe('the limit of a page', () => {
  test('no more sockets are tried than a page can hold', async () => {
    const it = world({}, { sockets: new FakeSockets(3), connections: 5, random: seededRandom(1) });
    it.pool.start();
    await it.clock.pass(200);
    expect(it.sockets.made).toHaveLength(3);
    expect(it.pool.statuses().map(({ state }) => state)).toEqual(['connecting', 'connecting', 'connecting', 'failed', 'failed']);
    expect(it.pool.statuses()[4]?.error).toMatchObject({ reason: 'socket-limit', remedy: expect.stringContaining('concurrentConnections') });
  });

  test('a socket that fails at once while all are taken says so', async () => {
    const it = world({}, { sockets: new FakeSockets(2), connections: 2 });
    it.pool.start();
    await it.clock.pass(200);
    it.sockets.made[0]?.open();
    it.sockets.made[1]?.end(1006);
    expect(it.pool.statuses()[1]).toMatchObject({ state: 'failed', error: { reason: 'socket-limit' } });
  });

  test('negative control: below the limit it is only out of reach', async () => {
    const it = world({}, { sockets: new FakeSockets(3), connections: 2 });
    it.pool.start();
    await it.clock.pass(200);
    it.sockets.made[1]?.end(1006);
    expect(it.pool.statuses()[1]).toMatchObject({ state: 'retrying', error: { reason: 'unreachable' } });
  });
});

describe('stopping', () => {
  test('closes with the given cause, once, and settles within a second though the target is silent', async () => {
    const it = await openWorld();
    const ready = it.pool.whenReady(0);
    it.sockets.last.receive({ type: 'a' });
    const stopped = it.pool.stop('operator');
    expect(it.records.at(-1)).toEqual({ record: 'connection-close', at: 1_000_000, connection: 'local#0', cause: 'operator' });
    const count = it.records.length;
    await it.clock.pass(1000);
    await stopped;
    expect(await ready.then(() => it.pool.whenReady(0))).toBe('never');
    it.sockets.last.receive({ type: 'late' });
    it.sockets.last.end(1011);
    await it.pool.stop('monitor');
    await it.clock.pass(600_000);
    expect(it.records).toHaveLength(count);
    expect(it.sockets.made).toHaveLength(1);
    expect(it.clock.timers).toBe(0);
    expect(status(it)).toMatchObject({ state: 'closed', ready: false });
  });

  test('settles at once when the target answers the goodbye', async () => {
    const it = await openWorld();
    const stopped = it.pool.stop('monitor');
    it.sockets.last.end(1000);
    await stopped;
    expect(it.clock.timers).toBe(0);
  });

  test('ends a retry and a login that are under way; what was never open is not closed', async () => {
    const lost = await openWorld();
    lost.sockets.last.end(1006);
    await lost.pool.stop('operator');
    expect(lost.records.slice(-2)).toMatchObject([
      { record: 'connection-close', cause: 'network' },
      { record: 'connection-close', cause: 'operator' },
    ]);
    let isAborted = false;
    const signing = world(login, {
      fetch: (_, init) =>
        new Promise((_resolve, reject) => {
          init?.signal?.addEventListener('abort', () => {
            isAborted = true;
            reject(new Error('aborted'));
          });
        }),
    });
    signing.pool.start();
    await signing.clock.pass(10);
    expect(status(signing)?.state).toBe('signing-in');
    await signing.pool.stop('operator');
    await signing.clock.pass(60_000);
    expect(isAborted).toBe(true);
    expect(signing.records).toEqual([]);
    expect(signing.clock.timers).toBe(0);
  });

  test('a stop from within the record callback ends the conversation there', async () => {
    const records: string[] = [];
    const it = await openWorld({}, {
      record: (record) => {
        records.push(record.record);
        if (record.record === 'frame') void it.pool.stop('operator');
      },
    });
    it.sockets.last.receive({ type: 'welcome', user: 'demo' });
    expect(records).toEqual(['stage', 'connection-open', 'frame', 'connection-close']);
  });
});
