import { createServer, type IncomingMessage } from 'node:http';
import { connect, createServer as createTcpServer, type Socket as TcpSocket } from 'node:net';
import { Server, type ServerOptions, type Socket } from 'socket.io';
import { WebSocketServer } from 'ws';
import { describe, expect, onTestFinished, test } from 'vitest';
import { listen, ofKind, until, watch } from './connection-world.ts';

/** A Socket.IO target. */
async function target(options: Partial<ServerOptions> = {}): Promise<{ readonly io: Server; readonly port: number; readonly guests: Socket[] }> {
  const { server, port } = await listen(createServer());
  const io = new Server(server, options);
  onTestFinished(() => void io.close());
  const guests: Socket[] = [];
  io.on('connection', (socket) => guests.push(socket));
  return { io, port, guests };
}

const at = (port: number, fields: object = {}): object => ({ eventsUrl: `http://127.0.0.1:${port}`, transport: 'socket.io', ...fields });
const token = 'canary-token-5f1e';

describe('Socket.IO', () => {
  test('each of N connections comes as its own user over its own socket, and hears the wanted events alone', async () => {
    const { io, port, guests } = await target();
    io.on('connection', (socket) => {
      socket.emit('agent_event', { type: 'agent_started', runId: 'r' }, 'second argument');
      socket.emit('other', { type: 'noise' });
      socket.emit('agent_event');
      socket.emit('agent_event', Buffer.from([1, 2, 3]));
    });
    const { pool, records } = watch(at(port, { user: 'probe-{n}', eventsUrl: `ws://127.0.0.1:${port}` }), { connections: 12 });
    expect(new Set(await Promise.all(Array.from({ length: 12 }, (_, n) => pool.whenReady(n))))).toEqual(new Set(['ready']));
    expect(guests.map(({ handshake }) => String(handshake.auth['user'])).sort()).toEqual(Array.from({ length: 12 }, (_, n) => `probe-${n}`).sort());
    expect(new Set(guests.map(({ conn }) => conn)).size).toBe(12);
    const frames = ofKind(records, 'frame').filter(({ connection }) => connection === 'local#3');
    expect(frames.map(({ event, data, base64 }) => ({ event, data, base64 }))).toEqual([
      { event: 'agent_event', data: { type: 'agent_started', runId: 'r' }, base64: undefined },
      { event: 'agent_event', data: null, base64: undefined },
      { event: 'agent_event', data: undefined, base64: 'AQID' },
    ]);
    const mine = ofKind(records, 'stage').filter(({ connection }) => connection === 'local#3');
    expect(mine).toMatchObject([
      { stage: 'connection', outcome: 'passed' },
      { stage: 'handshake', outcome: 'passed' },
    ]);
    pool.trigger(3, 'r3');
    const guest = guests.find(({ handshake }) => handshake.auth['user'] === 'probe-3');
    const heard = await new Promise((resolve) => guest?.once('user_message', resolve));
    expect(JSON.stringify(heard)).toContain('r3');
  });

  test('"*" takes all events, in a namespace and path of its own', async () => {
    const { io, port } = await target({ path: '/elsewhere' });
    io.of('/agents').on('connection', (socket) => socket.emit('anything', 1));
    const { records } = watch(at(port, { socketio: { path: '/elsewhere', namespace: '/agents', events: '*' } }));
    await until(() => expect(ofKind(records, 'frame')).toMatchObject([{ event: 'anything', data: 1 }]));
  });

  test.each([
    ['auth', (socket: Socket) => socket.handshake.auth['token'] === `Bearer ${token}`],
    ['query', (socket: Socket) => socket.handshake.query['token'] === `Bearer ${token}`],
  ])('carries the token as %s, and shows it nowhere', async (carry, isCarried) => {
    const { io, port, guests } = await target();
    io.on('connection', (socket) => socket.emit('agent_event', { type: 'x', echo: [token] }));
    const { records, changes } = watch(at(port, { auth: { method: 'token', token, carry, as: 'Bearer {token}' } }));
    await until(() => expect(ofKind(records, 'frame')).toMatchObject([{ data: { echo: ['[redacted]'] } }]));
    expect(guests.every(isCarried)).toBe(true);
    expect(JSON.stringify([records, changes])).not.toContain(token);
  });

  test('carries the token as the first message', async () => {
    const { io, port } = await target();
    const first = new Promise((resolve) => io.on('connection', (socket) => socket.onAny((...heard: unknown[]) => resolve(heard))));
    watch(at(port, { auth: { method: 'token', token, carry: 'message' } }));
    expect(await first).toEqual(['auth', { type: 'auth', token }]);
  });

  test('a refusing middleware is asked once: an auth close, never tried again', async () => {
    const { io, port } = await target();
    let asked = 0;
    io.use((socket, next) => {
      asked += 1;
      next(new Error(`invalid token ${String(socket.handshake.auth['token'])}`));
    });
    const { pool, records, changes } = watch(at(port, { auth: { method: 'token', token } }), { random: () => 0 });
    expect(await pool.whenReady(0)).toBe('never');
    expect(records).toMatchObject([
      { stage: 'connection', outcome: 'passed' },
      { stage: 'handshake', outcome: 'failed', code: 'auth-refused' },
      { record: 'connection-close', cause: 'auth', reason: 'invalid token [redacted]' },
    ]);
    expect(pool.statuses()[0]?.state).toBe('refused');
    expect(asked).toBe(1);
    expect(JSON.stringify([records, changes])).not.toContain(token);
  });

  test('negative control: a middleware that refuses for another reason is asked again', async () => {
    const { io, port } = await target();
    let asked = 0;
    io.use((_, next) => {
      asked += 1;
      next(asked < 3 ? new Error('still warming up') : undefined);
    });
    const { pool, records } = watch(at(port), { random: () => 0 });
    expect(await pool.whenReady(0)).toBe('ready');
    expect(asked).toBe(3);
    expect(ofKind(records, 'connection-close')).toMatchObject([{ cause: 'server' }, { cause: 'server' }]);
  });

  test('polling that is answered with 401 is a refusal; a WebSocket upgrade that is, is the network’s', async () => {
    const refusing = createServer((_, response) => response.writeHead(401).end());
    refusing.on('upgrade', (_, socket) => socket.end('HTTP/1.1 401 Unauthorized\r\ncontent-length: 0\r\n\r\n'));
    const { port } = await listen(refusing);
    const polling = watch(at(port, { socketio: { transports: ['polling'] } }));
    expect(await polling.pool.whenReady(0)).toBe('never');
    expect(ofKind(polling.records, 'connection-close')).toMatchObject([{ cause: 'auth', reason: 'HTTP 401' }]);
    const websocket = watch(at(port, { maxRetries: 0 }));
    expect(await websocket.pool.whenReady(0)).toBe('never');
    expect(ofKind(websocket.records, 'connection-close')).toMatchObject([{ cause: 'network' }]);
    expect(websocket.pool.statuses()[0]).toMatchObject({ state: 'failed', error: { reason: 'retries-used-up' } });
  });

  test('polling is upgraded to a WebSocket, and the status says so', async () => {
    let letUpgrade: (() => void) | undefined;
    const { io, port } = await target();
    io.engine.use((request: IncomingMessage, _: unknown, next: () => void) => {
      if (request.headers.upgrade === undefined) next();
      else letUpgrade = next;
    });
    const { pool, records } = watch(at(port, { socketio: { transports: ['polling', 'websocket'] } }));
    await until(() => expect(pool.statuses()[0]).toMatchObject({ state: 'open', transport: 'polling' }));
    await until(() => expect(letUpgrade).toBeDefined());
    letUpgrade?.();
    await until(() => expect(pool.statuses()[0]).toMatchObject({ state: 'open', transport: 'websocket' }));
    expect(ofKind(records, 'connection-open')).toMatchObject([{ transport: 'polling' }]);
  });

  test('the clock is asked by an acknowledgement, answered with a number or an object', async () => {
    const { io, port } = await target();
    let asked = 0;
    io.on('connection', (socket) =>
      socket.on('clock', (_sentAt: number, answer: (time: unknown) => void) => {
        asked += 1;
        answer(asked % 2 === 1 ? Date.now() - 7000 : { serverTime: Date.now() - 7000 });
      }),
    );
    const { pool, records } = watch(at(port));
    expect(await pool.whenReady(0)).toBe('ready');
    await until(() => expect(ofKind(records, 'clock-sample').length).toBeGreaterThanOrEqual(4));
    for (const { sentAt, serverAt, receivedAt } of ofKind(records, 'clock-sample')) {
      expect(receivedAt).toBeGreaterThanOrEqual(sentAt);
      expect(Math.abs(serverAt + 7000 - (sentAt + receivedAt) / 2)).toBeLessThan((receivedAt - sentAt) / 2 + 50);
    }
    expect(ofKind(records, 'frame')).toEqual([]);
  });

  test('a target without a clock is ready all the same', async () => {
    const { port } = await target();
    const { pool, records } = watch(at(port));
    expect(await pool.whenReady(0)).toBe('ready');
    expect(ofKind(records, 'clock-sample')).toEqual([]);
  });

  test('a kicked socket is the server’s, a broken transport the network’s', async () => {
    const { guests, port } = await target();
    const { pool, records } = watch(at(port), { random: () => 0 });
    await until(() => expect(guests).toHaveLength(1));
    guests[0]?.disconnect(true);
    await until(() => expect(guests).toHaveLength(2));
    guests[1]?.conn.close();
    await until(() => expect(guests).toHaveLength(3));
    await until(() => expect(pool.statuses()[0]?.state).toBe('open'));
    expect(ofKind(records, 'connection-close')).toMatchObject([
      { cause: 'server', reason: 'io server disconnect' },
      { cause: 'network', reason: 'transport close' },
    ]);
  });

  test('the target’s heartbeats are signs of life, and no frames', async () => {
    const { port } = await target({ pingInterval: 100, pingTimeout: 100 });
    const { pool, records } = watch(at(port));
    await until(() => expect(pool.statuses()[0]?.state).toBe('open'));
    const openedAt = ofKind(records, 'connection-open')[0]?.at ?? Infinity;
    await until(() => expect(pool.statuses()[0]?.lastHeardAt).toBeGreaterThan(openedAt + 150));
    expect(ofKind(records, 'frame')).toEqual([]);
  });

  test('black-holed: a ping timeout is the network’s', async () => {
    const { port } = await target({ pingInterval: 150, pingTimeout: 150 });
    let isBlackHole = false;
    const pass = (from: TcpSocket, to: TcpSocket): unknown => from.on('data', (data) => isBlackHole || to.write(data));
    const proxy = await listen(
      createTcpServer((near) => {
        const far = connect(port, '127.0.0.1').on('error', () => undefined);
        near.on('close', () => far.destroy());
        pass(near, far);
        pass(far, near);
      }),
    );
    const { pool, records } = watch(at(proxy.port, { maxRetries: 0 }));
    await until(() => expect(pool.statuses()[0]?.state).toBe('open'));
    isBlackHole = true;
    await until(() => expect(ofKind(records, 'connection-close')).toMatchObject([{ cause: 'network', reason: 'ping timeout' }]));
  });

  test('a stepped wall clock is ours, not the network’s', async () => {
    const { port } = await target();
    const { pool, records } = watch(at(port), { random: () => 0 });
    expect(await pool.whenReady(0)).toBe('ready');
    const wallClock = Date.now;
    onTestFinished(() => {
      Date.now = wallClock;
    });
    Date.now = () => wallClock() + 3_600_000;
    pool.trigger(0, 'r1');
    Date.now = wallClock;
    await until(() => expect(ofKind(records, 'connection-close')).toMatchObject([{ cause: 'monitor' }]));
    await until(() => expect(pool.statuses()[0]?.state).toBe('open'));
  });

  test('a handshake that never completes (the transport is open, the namespace never joined) fails, and is tried again', async () => {
    const { server, port } = await listen(createServer());
    let opened = 0;
    const engine = new WebSocketServer({ server });
    onTestFinished(() => engine.clients.forEach((client) => client.terminate()));
    engine.on('connection', (socket) => {
      opened += 1;
      socket.send('0{"sid":"abc","upgrades":[],"pingInterval":25000,"pingTimeout":20000,"maxPayload":1000000}');
    });
    const { pool, records } = watch(at(port, { connectionTimeoutMs: 200, maxRetries: 1 }), { random: () => 0 });
    expect(await pool.whenReady(0)).toBe('never');
    expect(opened).toBe(2);
    expect(ofKind(records, 'stage')).toMatchObject([
      { stage: 'connection', outcome: 'passed' },
      { stage: 'handshake', outcome: 'failed', code: 'timeout' },
      { stage: 'connection', outcome: 'passed' },
      { stage: 'handshake', outcome: 'failed', code: 'timeout' },
    ]);
    expect(ofKind(records, 'connection-close').map(({ cause }) => cause)).toEqual(['network', 'network']);
  });

  test.each(['0{not json', '0null', '0{"sid":1}', '42["agent_event",{"a":', '4what', '2', ''])('the hostile engine packet %j does not crash the monitor', async (packet) => {
    const { server, port } = await listen(createServer());
    const engine = new WebSocketServer({ server });
    onTestFinished(() => engine.clients.forEach((client) => client.terminate()));
    engine.on('connection', (socket) => socket.send(packet));
    const { pool } = watch(at(port, { connectionTimeoutMs: 150, maxRetries: 0 }));
    expect(await pool.whenReady(0)).toBe('never');
  });

  test('a session is resumed where the target can: what was missed comes, and the opening says so', async () => {
    const { io, guests, port } = await target({ connectionStateRecovery: { maxDisconnectionDuration: 10_000 } });
    const { pool, records } = watch(at(port), { random: () => 0.2 });
    await until(() => expect(guests).toHaveLength(1));
    io.emit('agent_event', { seq: 1 });
    await until(() => expect(ofKind(records, 'frame')).toHaveLength(1));
    pool.cut(0);
    await until(() => expect(io.of('/').sockets.size).toBe(0));
    io.emit('agent_event', { seq: 2 });
    await until(() => expect(ofKind(records, 'frame').map(({ data }) => data)).toEqual([{ seq: 1 }, { seq: 2 }]));
    expect(ofKind(records, 'connection-open').map(({ recovered }) => recovered)).toEqual([false, true]);
    expect(records.findIndex((record) => record.record === 'connection-open' && record.recovered)).toBeLessThan(
      records.findIndex((record) => record.record === 'frame' && JSON.stringify(record.data) === '{"seq":2}'),
    );
    expect(ofKind(records, 'connection-close')).toMatchObject([{ cause: 'network', reason: 'cut on purpose' }]);
  });

  test('negative control: without recovery nothing is resumed', async () => {
    const { port } = await target();
    const { pool, records } = watch(at(port), { random: () => 0 });
    await until(() => expect(pool.statuses()[0]?.state).toBe('open'));
    pool.cut(0);
    await until(() => expect(ofKind(records, 'connection-open').map(({ recovered }) => recovered)).toEqual([false, false]));
  });

  test('an event that asks to be acknowledged is', async () => {
    const { io, port } = await target();
    const acknowledged = new Promise((resolve) => io.on('connection', (socket) => void socket.timeout(2000).emitWithAck('agent_event', { a: 1 }).then(() => resolve(true), resolve)));
    const { records } = watch(at(port));
    expect(await acknowledged).toBe(true);
    expect(ofKind(records, 'frame')).toMatchObject([{ data: { a: 1 } }]);
  });

  test('stop leaves the namespace', async () => {
    const { guests, port } = await target();
    const { pool, records } = watch(at(port));
    await until(() => expect(pool.statuses()[0]?.state).toBe('open'));
    const reason = new Promise((resolve) => guests[0]?.once('disconnect', resolve));
    await pool.stop('operator');
    expect(await reason).toBe('client namespace disconnect');
    expect(records.at(-1)).toMatchObject({ record: 'connection-close', cause: 'operator' });
  });
});
