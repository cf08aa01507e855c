import { afterEach, describe, expect, test, vi } from 'vitest';
import { spaceOf } from '#connection/address-space.ts';
import { gatherEvidence, pageHere, permissionHere, sharesOneUser, type ConnectionFacts, type ConnectionLoss, type EvidencePlatform, type Observation, type Page } from '#connection/evidence.ts';
import { expiryOf } from '#connection/token-expiry.ts';
import { environmentOf } from './environment.ts';
import { ManualClock } from './manual-clock.ts';

const open: ConnectionFacts = { state: 'open', user: undefined, loss: undefined, silentMs: undefined, mute: undefined, talking: false };
const page: Page = { scheme: 'http', origin: 'http://localhost:4173', host: 'localhost', isSecure: true };
const token = 'canary-token-5f1e';

const seen = (loss?: Partial<ConnectionLoss>): Observation => ({
  at: new ManualClock().now(),
  online: true,
  connections: [loss === undefined ? open : { ...open, state: 'retrying', loss: { stage: 'connection', cause: 'network', reason: 'unreachable', ...loss } }],
  mode: undefined,
  limited: undefined,
  runs: { judged: 0, failed: 0 },
});

/** A platform on which nothing ever answers, and what was asked of it. */
function world(changes: Partial<EvidencePlatform> = {}) {
  const clock = new ManualClock();
  const asked: string[] = [];
  const platform: EvidencePlatform = {
    clock,
    page: undefined,
    fetch: (input, init) => {
      asked.push(`${init?.mode ?? 'cors'} ${String(input)}`);
      return new Promise(() => undefined);
    },
    sockets: {
      limit: undefined,
      open: (url, subprotocols) => {
        asked.push(`socket ${url} ${subprotocols.join()}`);
        return { binaryType: '', readyState: 0, addEventListener: () => undefined, send: () => undefined, close: () => undefined };
      },
    },
    permission: (name) => {
      asked.push(`permission ${name}`);
      return Promise.resolve('prompt');
    },
    ...changes,
  };
  return { clock, asked, platform };
}

const refuse: typeof fetch = () => Promise.reject(new TypeError('fetch failed', { cause: Object.assign(new Error(), { code: 'ECONNREFUSED' }) }));

describe('gathering evidence', () => {
  test('takes less than a second where nobody ever answers, and leaves no timer behind', async () => {
    const { clock, platform, asked } = world({ page, permission: () => new Promise(() => undefined) });
    let answers: unknown;
    void gatherEvidence(environmentOf({ eventsUrl: 'ws://127.0.0.1/ws' }), seen({}), platform).then((evidence) => (answers = evidence.answers));
    await clock.pass(950);
    expect(answers).toMatchObject({ health: { ok: false }, host: { outcome: 'timeout' }, upgrade: { outcome: 'timeout' }, permission: undefined });
    expect(clock.timers).toBe(0);
    expect(asked.length).toBe(3);
  });

  test('asks health, host and upgrade where a socket is refused, with no token, and for the permission when these are over', async () => {
    const { clock, platform, asked } = world({ page });
    const environment = environmentOf({ eventsUrl: 'ws://127.0.0.1:81/ws', backendUrl: 'http://127.0.0.1:80', auth: { method: 'token', token } });
    const gathered = gatherEvidence(environment, seen({}), platform);
    await clock.pass(1);
    expect(asked).toEqual(['cors http://127.0.0.1:80/health', 'no-cors http://127.0.0.1:81/health', 'socket ws://127.0.0.1:81/ws ']);
    await clock.pass(800);
    expect(asked.slice(3)).toEqual(['permission loopback-network']);
    expect((await gathered).answers?.permission).toBe('prompt');
    expect(asked.join()).not.toContain(token);
  });

  test('asks where the login is when that fails, and for no upgrade', async () => {
    const { clock, platform, asked } = world();
    const environment = environmentOf({ backendUrl: 'http://backend.example', auth: { method: 'login', path: '/login' } });
    void gatherEvidence(environment, seen({ stage: 'login' }), platform);
    await clock.pass(1000);
    expect(asked).toEqual(['cors http://backend.example/health', 'no-cors http://backend.example/health']);
  });

  test('asks a Socket.IO target at its own path', async () => {
    const { clock, platform, asked } = world();
    void gatherEvidence(environmentOf({ transport: 'socket.io', eventsUrl: 'http://target.example:82' }), seen({}), platform);
    await clock.pass(1000);
    expect(asked).toContain('socket ws://target.example:82/socket.io/?EIO=4&transport=websocket ');
  });

  test('asks the health alone where the connections are open', async () => {
    const { clock, platform, asked } = world({ page });
    const gathered = gatherEvidence(environmentOf(), seen(), platform);
    await clock.pass(1000);
    expect(asked).toEqual(['cors http://target.example/health']);
    expect((await gathered).answers).toMatchObject({ host: undefined, upgrade: undefined, permission: undefined });
  });

  test('tells Node’s reasons, and lives with a runtime that refuses to try', async () => {
    const sockets = {
      limit: undefined,
      open: () => {
        throw new DOMException('insecure', 'SecurityError');
      },
    };
    const { answers } = await gatherEvidence(environmentOf(), seen({}), world({ fetch: refuse, sockets }).platform);
    expect(answers).toMatchObject({ host: { outcome: 'failed', code: 'ECONNREFUSED' }, upgrade: { outcome: 'failed' } });
  });

  test('falls back to the older name of the permission, and to none', async () => {
    const older = world({ page, fetch: refuse, permission: (name) => Promise.resolve(name === 'local-network-access' ? 'denied' : undefined) });
    const login = environmentOf({ eventsUrl: 'ws://10.0.0.7/ws', backendUrl: 'http://10.0.0.7', auth: { method: 'login', path: '/login' } });
    expect((await gatherEvidence(login, seen({ stage: 'login' }), older.platform)).answers?.permission).toBe('denied');
    const none = world({ page, fetch: refuse, permission: () => Promise.resolve(undefined) });
    expect((await gatherEvidence(login, seen({ stage: 'login' }), none.platform)).answers?.permission).toBeUndefined();
  });
});

describe('the page', () => {
  afterEach(() => vi.unstubAllGlobals());

  test('is none in Node, where no permission is known', async () => {
    expect(pageHere()).toBeUndefined();
    vi.stubGlobal('navigator', undefined);
    expect(await permissionHere('loopback-network')).toBeUndefined();
  });

  test('tells its scheme, its host, and what its browser allows', async () => {
    vi.stubGlobal('self', { location: { protocol: 'https:', origin: 'https://watch.example', hostname: 'watch.example' }, isSecureContext: true });
    expect(pageHere()).toEqual({ scheme: 'https', origin: 'https://watch.example', host: 'watch.example', isSecure: true });
    vi.stubGlobal('navigator', { permissions: { query: ({ name }: { name: string }) => (name === 'known' ? Promise.resolve({ state: 'denied' }) : Promise.reject(new TypeError())) } });
    expect(await permissionHere('known')).toBe('denied');
    expect(await permissionHere('unknown')).toBeUndefined();
    vi.stubGlobal('navigator', {});
    expect(await permissionHere('known')).toBeUndefined();
  });
});

describe('one user', () => {
  test.each([
    [{ user: 'probe' }, true],
    [{ user: 'probe-{n}' }, false],
    [{}, true],
    [{ auth: { method: 'token', token: 'abc' } }, true],
    [{ auth: { method: 'token', token: 'abc-{n}' } }, false],
    [{ backendUrl: 'http://b.example', auth: { method: 'login', path: '/login', body: { email: 'a@example.com' } } }, true],
    [{ backendUrl: 'http://b.example', auth: { method: 'login', path: '/login', body: { email: '{n}@example.com' } } }, false],
  ])('%j: %s', (fields, shared) => {
    expect(sharesOneUser(environmentOf(fields), [open])).toBe(shared);
  });

  test('is what the target says it is', () => {
    expect(sharesOneUser(environmentOf({ user: 'probe-{n}' }), [{ ...open, user: 'dev' }, { ...open, user: 'dev' }])).toBe(true);
    expect(sharesOneUser(environmentOf({ user: 'probe' }), [{ ...open, user: 'a' }, { ...open, user: 'b' }])).toBe(false);
  });
});

test.each([
  ['ws://localhost:80/ws', 'loopback'],
  ['http://127.8.8.8', 'loopback'],
  ['http://[::1]:80', 'loopback'],
  ['app.localhost', 'loopback'],
  ['192.168.1.7', 'local'],
  ['http://172.20.0.1', 'local'],
  ['http://172.32.0.1', 'public'],
  ['[fd00::1]', 'local'],
  ['printer.local', 'local'],
  ['8.8.8.8', 'public'],
  ['https://localhost.example', 'named'],
  ['no url at all', 'named'],
])('%s is %s', (place, space) => {
  expect(spaceOf(place)).toBe(space);
});

const encoded = (claims: unknown): string => `e30.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.c2ln`;

test.each([
  [encoded({ exp: 1_700_000_000, name: 'ÿ?>' }), 1_700_000_000_000],
  [encoded({ exp: '1700000000' }), undefined],
  [encoded({ exp: 1e300 }), undefined],
  [encoded([1]), undefined],
  ['a.b?.c', undefined],
  ['a.e30x.c', undefined],
  ['opaque', undefined],
])('the end of the token %s', (text, at) => {
  expect(expiryOf(text)).toBe(at);
});
