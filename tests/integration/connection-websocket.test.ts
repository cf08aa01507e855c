import { createServer, type IncomingMessage } from 'node:http';
import { createServer as createTcpServer, type Socket as TcpSocket } from 'node:net';
import { describe, expect, onTestFinished, test } from 'vitest';
import { WebSocketServer, type WebSocket } from 'ws';
import { listen, ofKind, until, watch } from './connection-world.ts';

interface Guest {
  readonly socket: WebSocket;
  readonly request: IncomingMessage;
  readonly heard: unknown[];
}

/** A plain WebSocket target; `greet` says what it does with each guest. */
async function target(greet: (guest: Guest) => void = () => undefined): Promise<{ readonly url: string; readonly guests: Guest[] }> {
  const { server, port } = await listen(createServer());
  const guests: Guest[] = [];
  const sockets = new WebSocketServer({ server });
  onTestFinished(() => sockets.clients.forEach((client) => client.terminate()));
  sockets.on('connection', (socket, request) => {
    const guest: Guest = { socket, request, heard: [] };
    guests.push(guest);
    socket.on('message', (data) => guest.heard.push(JSON.parse(String(data))));
    greet(guest);
  });
  return { url: `ws://127.0.0.1:${port}/ws`, guests };
}

const say = ({ socket }: Guest, message: unknown): void => socket.send(JSON.stringify(message));
const token = 'canary-token-5f1e';

describe('a plain WebSocket', () => {
  test('each of N connections comes as its own user, is welcomed, and triggers its own run', async () => {
    const { url, guests } = await target((guest) => {
      say(guest, { type: 'connection_established' });
      guest.socket.on('message', () => say(guest, { type: 'agent_started', runId: 'x' }));
    });
    const { pool, records } = watch({ eventsUrl: url, transport: 'websocket', user: 'probe-{n}' }, { connections: 12 });
    expect(await Promise.all(Array.from({ length: 12 }, (_, n) => pool.whenReady(n)))).toEqual(Array.from({ length: 12 }, () => 'ready'));
    expect(guests.map(({ request }) => String(request.url)).sort()).toEqual(Array.from({ length: 12 }, (_, n) => `/ws?user=probe-${n}`).sort());
    for (let n = 0; n < 12; n += 1) expect(pool.trigger(n, `r${n}`)).toBe(true);
    await until(() => expect(ofKind(records, 'frame').filter(({ data }) => JSON.stringify(data).includes('agent_started')).length).toBeGreaterThanOrEqual(12));
    expect(ofKind(records, 'trigger')).toHaveLength(12);
    expect(ofKind(records, 'connection-open').map(({ connection, user }) => `${connection} ${user}`).sort()).toEqual(
      Array.from({ length: 12 }, (_, n) => `local#${n} probe-${n}`).sort(),
    );
    expect(pool.statuses().every(({ lastHeardAt }) => lastHeardAt !== undefined)).toBe(true);
    const times = records.map(({ at }) => at);
    expect(times).toEqual([...times].sort((a, b) => a - b));
  });

  test.each([
    ['subprotocol', {}, ({ request }: Guest) => request.headers['sec-websocket-protocol'] === `jwt.${token}`],
    ['query', { queryName: 'jwt' }, ({ request }: Guest) => request.url === `/ws?jwt=${token}`],
    ['message', { as: 'Bearer {token}' }, ({ heard }: Guest) => JSON.stringify(heard[0]) === `{"type":"auth","token":"Bearer ${token}"}`],
  ])('carries the token as %s, and shows it nowhere', async (carry, auth, isCarried) => {
    const { url, guests } = await target((guest) => say(guest, { type: 'agent_started', echo: token, protocol: `jwt.${token}` }));
    const { records, changes, pool } = watch({ eventsUrl: url, transport: 'websocket', auth: { method: 'token', token, carry, ...auth } });
    await until(() => expect(guests.some(isCarried)).toBe(true));
    await until(() => expect(ofKind(records, 'frame').length).toBeGreaterThan(0));
    guests[0]?.socket.close(1011, `rejected ${token}`);
    await until(() => expect(ofKind(records, 'connection-close')).toMatchObject([{ cause: 'server', code: 1011, reason: 'rejected [redacted]' }]));
    expect(JSON.stringify([records, changes, pool.statuses()])).not.toContain(token);
  });

  test('code 1008 is a refusal that is never tried again', async () => {
    const { url, guests } = await target(({ socket }) => socket.close(1008, 'Authentication failed'));
    const { pool, records } = watch({ eventsUrl: url, transport: 'websocket' });
    expect(await pool.whenReady(0)).toBe('never');
    expect(ofKind(records, 'connection-close')).toMatchObject([{ cause: 'auth', code: 1008, reason: 'Authentication failed' }]);
    expect(pool.statuses()[0]).toMatchObject({ state: 'refused', error: { reason: 'auth-refused' } });
    expect(guests).toHaveLength(1);
  });

  test('1011 is the server’s, a broken connection (1006) the network’s; both are back afterwards', async () => {
    let visits = 0;
    const { url } = await target(({ socket }) => {
      visits += 1;
      if (visits === 1) socket.close(1011, 'not ready');
      if (visits === 2) socket.terminate();
    });
    const { records, pool } = watch({ eventsUrl: url, transport: 'websocket' }, { random: () => 0.01 });
    await until(() => expect(visits).toBe(3));
    await until(() => expect(pool.statuses()[0]?.state).toBe('open'));
    expect(ofKind(records, 'connection-close')).toMatchObject([
      { cause: 'server', code: 1011, reason: 'not ready' },
      { cause: 'network', code: 1006 },
    ]);
  });

  test('a refused upgrade is the network’s, without a code', async () => {
    const server = createServer();
    server.on('upgrade', (_, socket) => socket.end('HTTP/1.1 401 Unauthorized\r\ncontent-length: 0\r\n\r\n'));
    const { port } = await listen(server);
    const { pool, records } = watch({ eventsUrl: `ws://127.0.0.1:${port}/ws`, transport: 'websocket', maxRetries: 0 });
    expect(await pool.whenReady(0)).toBe('never');
    expect(records).toMatchObject([
      { record: 'stage', stage: 'connection', outcome: 'failed', code: 'unreachable' },
      { record: 'connection-close', cause: 'network' },
    ]);
    expect(records[1]).not.toHaveProperty('code');
    expect(pool.statuses()[0]?.error?.reason).toBe('retries-used-up');
  });

  test('a handshake that never completes is given up after its timeout', async () => {
    const held: TcpSocket[] = [];
    const { port } = await listen(createTcpServer((socket) => void held.push(socket)));
    const { pool, records } = watch({ eventsUrl: `ws://127.0.0.1:${port}/ws`, transport: 'websocket', connectionTimeoutMs: 200, maxRetries: 1 }, { random: () => 0 });
    expect(await pool.whenReady(0)).toBe('never');
    expect(held).toHaveLength(2);
    expect(ofKind(records, 'stage')).toMatchObject([
      { stage: 'connection', outcome: 'failed', code: 'timeout' },
      { stage: 'connection', outcome: 'failed', code: 'timeout' },
    ]);
    expect(ofKind(records, 'stage')[0]?.durationMs).toBeGreaterThanOrEqual(195);
  });

  test('the target’s clock is asked by the dialect’s ping', async () => {
    const { url } = await target((guest) => {
      say(guest, { type: 'connection_established', userId: 'u-welcome', threadId: 'T1' });
      guest.socket.on('message', (text) => {
        if (String(text).includes('"ping"')) say(guest, { type: 'pong', timestamp: Date.now() + 5000 });
      });
    });
    const { pool, records } = watch({ eventsUrl: url, transport: 'websocket' });
    expect(await pool.whenReady(0)).toBe('ready');
    const [sample] = ofKind(records, 'clock-sample');
    expect(sample).toBeDefined();
    if (sample === undefined) return;
    const offset = sample.serverAt - (sample.sentAt + sample.receivedAt) / 2;
    expect(Math.abs(offset - 5000)).toBeLessThan((sample.receivedAt - sample.sentAt) / 2 + 50);
    expect(pool.statuses()[0]?.user).toBe('u-welcome');
    expect(ofKind(records, 'connection-open').map(({ user }) => user)).toEqual([undefined, 'u-welcome']);
    pool.trigger(0, 'r1');
    expect(ofKind(records, 'trigger')[0]).toMatchObject({ run: 'r1', thread: 'T1' });
    await until(() => expect(ofKind(records, 'clock-sample').length).toBeGreaterThanOrEqual(3));
  });

  test('a login’s token is carried, and the user is the one it gave', async () => {
    const { url, guests } = await target((guest) => say(guest, { type: 'connection_established' }));
    const logins: string[] = [];
    const { port } = await listen(
      createServer((request, response) => {
        let body = '';
        request.on('data', (part: Buffer) => (body += part.toString()));
        request.on('end', () => {
          logins.push(body);
          response.end(JSON.stringify({ access_token: `${token}-${logins.length}`, user: { id: `id-${logins.length}` } }));
        });
      }),
    );
    const auth = { method: 'login', path: '/auth', body: { email: 'probe-{n}@example.com' }, userAt: 'user.id', carry: 'query' };
    const { pool, records, changes } = watch({ eventsUrl: url, backendUrl: `http://127.0.0.1:${port}`, transport: 'websocket', auth }, { connections: 3 });
    await Promise.all([0, 1, 2].map((n) => pool.whenReady(n)));
    expect(logins.sort()).toEqual([0, 1, 2].map((n) => `{"email":"probe-${n}@example.com"}`));
    expect(guests.map(({ request }) => String(request.url)).sort()).toEqual([1, 2, 3].map((n) => `/ws?token=${token}-${n}`));
    expect(pool.statuses().map(({ user }) => String(user)).sort()).toEqual(['id-1', 'id-2', 'id-3']);
    expect(ofKind(records, 'stage').filter(({ stage }) => stage === 'login')).toHaveLength(3);
    expect(JSON.stringify([records, changes])).not.toContain(token);
  });

  test('stop says goodbye, and a cut does not', async () => {
    const codes: number[] = [];
    const { url } = await target(({ socket }) => socket.on('close', (code: number) => codes.push(code)));
    const { pool } = watch({ eventsUrl: url, transport: 'websocket' }, { random: () => 0.01 });
    await until(() => expect(pool.statuses()[0]?.state).toBe('open'));
    pool.cut(0);
    await until(() => expect(codes).toEqual([1006]));
    await until(() => expect(pool.statuses()[0]?.state).toBe('open'));
    await pool.stop('operator');
    await until(() => expect(codes).toEqual([1006, 1000]));
  });
});
