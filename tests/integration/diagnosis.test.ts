import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { WebSocketServer, type ServerOptions, type WebSocket } from 'ws';
import { environmentSchema } from '#environment/schema.ts';
import { startMock, type Mock, type MockOptions } from '#mock/mock.ts';
import { startCheck } from '#monitor/check.ts';
import { Monitor } from '#monitor/monitor.ts';
import { nodePlatform } from '#monitor/platform.node.ts';
import type { DiagnosisSnapshot, EnvironmentSnapshot } from '#monitor/snapshot.ts';
import { startProxy } from '../fixtures/proxy.ts';
import { listen } from './connection-world.ts';

const contract = { settleMs: 100, firstEventTimeoutMs: 400, eventTimeoutMs: 400 };

/** Watches an environment as the page does, and tells what is shown of it. */
function watch(fields: object): { readonly snapshot: () => EnvironmentSnapshot; readonly diagnosis: () => DiagnosisSnapshot | null } {
  const environment = environmentSchema.parse({
    id: 'local',
    transport: 'websocket',
    user: 'probe-{n}',
    connectionTimeoutMs: 1000,
    concurrentConnections: 2,
    probe: { everyMs: 300, maxRunsPerHour: 1_000_000 },
    contract,
    ...fields,
  });
  const monitor = new Monitor([environment], nodePlatform());
  onTestFinished(() => monitor.stop());
  monitor.watch(environment);
  const snapshot = (): EnvironmentSnapshot => {
    const [found] = monitor.snapshot().environments;
    if (found === undefined) throw new Error('an environment was expected');
    return found;
  };
  return { snapshot, diagnosis: () => snapshot().diagnosis };
}

type Watched = ReturnType<typeof watch>;

/** A cause is waited for this long. */
const soon = { timeout: 2500, interval: 10 };
/** One that shows itself in runs. */
const inRuns = { timeout: 5000, interval: 10 };

/** How long after the first problem of a connection the cause was named, in milliseconds. */
async function delayOf(watched: Watched, cause: string): Promise<number> {
  await vi.waitFor(() => expect(watched.snapshot().connections.some(({ problem }) => problem !== null)).toBe(true), { timeout: 5000, interval: 1 });
  const since = performance.now();
  await vi.waitFor(() => expect(watched.diagnosis()?.cause).toBe(cause), { timeout: 5000, interval: 1 });
  return performance.now() - since;
}

/** The control of every test below: a target that is well. True when runs were judged and nothing is diagnosed. */
async function isWell({ snapshot, diagnosis }: Watched): Promise<boolean> {
  await expect.poll(() => snapshot().counts.complete, { timeout: 8000 }).toBeGreaterThanOrEqual(4);
  // A connection may still wait for its next try.
  await expect.poll(diagnosis, { timeout: 8000 }).toBeNull();
  return true;
}

async function mock(options: MockOptions = {}): Promise<Mock> {
  const started = await startMock({ pace: 0.1, settleMs: 100, firstEventTimeoutMs: 400, ...options });
  onTestFinished(() => started.close());
  return started;
}

const wsOf = ({ url }: Mock): string => `${url.replace('http', 'ws')}/ws`;

interface Guest {
  readonly socket: WebSocket;
  readonly user: string | null;
  /** How many came as this user, this one included, and are still there. */
  readonly present: number;
  readonly say: (message: object) => void;
}

const welcome = { type: 'connection_established' };
const types = ['agent_started', 'agent_thinking', 'tool_executing', 'tool_completed', 'agent_completed'];

/** A target of the test's own: `greet` says what it does with a guest, `hear` with a trigger. It answers health and clock questions. */
async function target(greet: (guest: Guest) => void, hear: (guest: Guest, trigger: Record<string, unknown>) => void = () => undefined, options: ServerOptions = {}): Promise<string> {
  const http = createServer((_, response) => void response.end('{"status":"ok"}'));
  const { port } = await listen(http);
  const sockets = new WebSocketServer({ server: http, ...options });
  const present = new Map<string | null, number>();
  sockets.on('connection', (socket, request) => {
    const user = new URL(request.url ?? '/', 'http://localhost').searchParams.get('user');
    present.set(user, (present.get(user) ?? 0) + 1);
    socket.on('close', () => present.set(user, (present.get(user) ?? 1) - 1));
    const guest: Guest = { socket, user, present: present.get(user) ?? 0, say: (message) => socket.send(JSON.stringify(message)) };
    socket.on('message', (text) => {
      const message = JSON.parse(String(text)) as Record<string, unknown>;
      if (message['type'] === 'ping') guest.say({ type: 'pong', serverTime: Date.now() });
      else hear(guest, message);
    });
    greet(guest);
  });
  return `ws://127.0.0.1:${port}/ws`;
}

const play = ({ say }: Guest, { runId, threadId }: Record<string, unknown>): void => types.forEach((type) => say({ type, runId, threadId, tool: 'q', toolCallId: 'c1' }));
const greetOnly = ({ say }: Guest): void => say(welcome);

describe('a diagnosis in Node', () => {
  test('is none of a target that is well', async () => {
    expect(await isWell(watch({ eventsUrl: await target(greetOnly, play) }))).toBe(true);
  });

  test('target down, within a second; and none once it is there', async () => {
    const target = await mock();
    await target.close();
    const watched = watch({ eventsUrl: wsOf(target), backendUrl: target.url, maxRetries: 1000 });
    expect(await delayOf(watched, 'target-down')).toBeLessThan(1000);
    expect(watched.diagnosis()).toMatchObject({ layer: 'server', also: null, sentence: expect.stringContaining(`ws://127.0.0.1:${target.port} (ECONNREFUSED)`) });
    await mock({ port: target.port });
    expect(await isWell(watched)).toBe(true);
  });

  test('a certificate that nobody signed, and a target without TLS', async ({ skip }) => {
    const folder = mkdtempSync(join(tmpdir(), 'runwatch-tls-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const files = { key: join(folder, 'key.pem'), cert: join(folder, 'cert.pem') };
    const made = spawnSync('openssl', ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-keyout', files.key, '-out', files.cert, '-days', '2', '-subj', '/CN=localhost']);
    if (made.status !== 0) skip('openssl is not there to make a certificate');
    const secure = createSecureServer({ key: readFileSync(files.key), cert: readFileSync(files.cert) }, (_, response) => void response.end('{"status":"ok"}'));
    const { port } = await listen(secure);
    const watched = watch({ eventsUrl: `wss://127.0.0.1:${port}/ws` });
    expect(await delayOf(watched, 'tls')).toBeLessThan(1000);
    await expect.poll(watched.diagnosis, soon).toMatchObject({ layer: 'network', sentence: expect.stringContaining('certificate') });

    const plain = await mock();
    await expect.poll(watch({ eventsUrl: wsOf(plain).replace('ws:', 'wss:') }).diagnosis, soon).toMatchObject({ layer: 'network', cause: 'tls', sentence: expect.stringContaining('No secure channel') });
  });

  test('a subprotocol that the target closes for, and one that it does not take up', async () => {
    const auth = { method: 'token', token: 'token-{n}' };
    const closing = await target(({ socket }) => socket.close(1003, 'No supported subprotocols'));
    await expect.poll(watch({ eventsUrl: closing, auth }).diagnosis, soon).toMatchObject({ layer: 'auth', cause: 'subprotocol-refused', also: null });
    const silent = await target(greetOnly, play, { handleProtocols: () => false });
    await expect.poll(watch({ eventsUrl: silent, auth }).diagnosis, soon).toMatchObject({ layer: 'auth', cause: 'subprotocol-refused', also: 'token-refused' });
    expect(await isWell(watch({ eventsUrl: silent, auth: { ...auth, carry: 'query' } }))).toBe(true);
  });

  test('a token that is refused: by the login, by code 1008, by the upgrade', async () => {
    const refusing = await mock({ scenario: 'refuse-auth' });
    const login = { method: 'login', path: '/auth/e2e/test-auth', body: { email: 'probe-{n}@example.com' } };
    const watched = watch({ eventsUrl: wsOf(refusing), backendUrl: refusing.url, auth: login });
    expect(await delayOf(watched, 'token-refused')).toBeLessThan(1000);
    await expect.poll(watched.diagnosis, soon).toMatchObject({ layer: 'auth', sentence: expect.stringContaining('HTTP 401'), ruledOut: ['target down'] });
    const closing = await target(({ socket }) => socket.close(1008, 'Authentication failed'));
    await expect.poll(watch({ eventsUrl: closing }).diagnosis, soon).toMatchObject({ layer: 'auth', cause: 'token-refused', sentence: expect.stringContaining('"Authentication failed"') });
    const http = createServer((_, response) => void response.end('{"status":"ok"}'));
    http.on('upgrade', (_, socket) => socket.end('HTTP/1.1 401 Unauthorized\r\ncontent-length: 0\r\nconnection: close\r\n\r\n'));
    const { port } = await listen(http);
    await expect.poll(watch({ eventsUrl: `ws://127.0.0.1:${port}/ws` }).diagnosis, soon).toMatchObject({ layer: 'auth', cause: 'token-refused', sentence: expect.stringContaining('HTTP 401') });
  });

  test('a token that has expired, by the target’s words and by its own end', async () => {
    const closing = await target((guest) => {
      guest.say(welcome);
      setTimeout(() => guest.socket.close(1008, 'token expired'), 100);
    });
    await expect.poll(watch({ eventsUrl: closing }).diagnosis, soon).toMatchObject({ layer: 'auth', cause: 'token-expired' });
    const token = `e30.${Buffer.from('{"exp":1700000000}').toString('base64url')}.c2ln`;
    const refusing = await target(({ socket }) => socket.close(1008, 'no'));
    const refused = watch({ eventsUrl: refusing, auth: { method: 'token', token, carry: 'query' } });
    await expect.poll(refused.diagnosis, soon).toMatchObject({ layer: 'auth', cause: 'token-expired' });
    expect(JSON.stringify(refused.snapshot())).not.toContain(token);
  });

  test('a wrong mode, which the welcome names', async () => {
    const eventsUrl = await target(({ say }) => say({ ...welcome, data: { mode: 'legacy', connection_id: 'c', user_id: 'u' } }));
    await expect.poll(watch({ eventsUrl, dialect: 'netra' }).diagnosis, soon).toMatchObject({ layer: 'server', cause: 'wrong-mode', sentence: expect.stringContaining('"legacy"') });
  });

  test('no room: one connection’s triggers bring nothing while the others’ do', async () => {
    const eventsUrl = await target(greetOnly, (guest, trigger) => guest.user !== 'probe-0' && play(guest, trigger));
    const watched = watch({ eventsUrl, concurrentConnections: 3 });
    await expect.poll(watched.diagnosis, inRuns).toMatchObject({ layer: 'server', cause: 'no-room', also: null, sentence: expect.stringContaining('1 of 3 connections') });
  });

  test('no room: triggers that are taken, and bring nothing', async () => {
    const eventsUrl = await target(greetOnly, ({ say }, { runId }) => say({ type: 'ack', runId }));
    await expect.poll(watch({ eventsUrl }).diagnosis, inRuns).toMatchObject({ layer: 'server', cause: 'no-room', also: 'heartbeats-only' });
  });

  test('heartbeats only', async () => {
    const eventsUrl = await target((guest) => {
      guest.say(welcome);
      const beat = setInterval(() => guest.say({ type: 'heartbeat' }), 100);
      guest.socket.on('close', () => clearInterval(beat));
    });
    await expect.poll(watch({ eventsUrl }).diagnosis, inRuns).toMatchObject({ layer: 'agent', cause: 'heartbeats-only', also: 'no-room' });
  });

  test('half open: what was alive is swallowed, and nobody closed it', async () => {
    const alive = await mock();
    const proxy = await startProxy(alive.port);
    onTestFinished(() => proxy.close());
    const watched = watch({ eventsUrl: `ws://127.0.0.1:${proxy.port}/ws`, backendUrl: `http://127.0.0.1:${proxy.port}` });
    expect(await isWell(watched)).toBe(true);
    proxy.set('blackhole');
    await expect.poll(watched.diagnosis, { timeout: 12_000 }).toMatchObject({ layer: 'network', cause: 'half-open', also: 'target-down', sentence: expect.stringContaining('not even a heartbeat') });
  });

  test('a delay is no fault; a way that resets or refuses every connection is the network’s', async () => {
    const alive = await mock();
    const proxy = await startProxy(alive.port);
    onTestFinished(() => proxy.close());
    proxy.delayMs = 50;
    const watched = watch({ eventsUrl: `ws://127.0.0.1:${proxy.port}/ws`, backendUrl: `http://127.0.0.1:${proxy.port}`, maxRetries: 1000 });
    expect(await isWell(watched)).toBe(true);
    proxy.set('reset');
    await expect.poll(watched.diagnosis, inRuns).toMatchObject({ layer: 'network', cause: 'target-down', sentence: expect.stringContaining('breaks them off at once') });
    const refusing = await startProxy(alive.port);
    onTestFinished(() => refusing.close());
    refusing.set('refuse');
    await expect.poll(watch({ eventsUrl: `ws://127.0.0.1:${refusing.port}/ws` }).diagnosis, soon).toMatchObject({ layer: 'network', cause: 'target-down' });
  });

  test('a limit of the rate: HTTP 429, and an error in a frame', async () => {
    const { port } = await listen(createServer((request, response) => void response.writeHead(request.method === 'POST' ? 429 : 200).end('{"status":"ok"}')));
    const login = { method: 'login', path: '/login', body: { name: 'probe-{n}' } };
    await expect.poll(watch({ eventsUrl: `ws://127.0.0.1:${port}/ws`, backendUrl: `http://127.0.0.1:${port}`, auth: login }).diagnosis, soon).toMatchObject({ layer: 'server', cause: 'rate-limited', sentence: expect.stringContaining('HTTP 429') });
    const limiting = await target(greetOnly, ({ say }) => say({ type: 'error_message', data: { error_code: 'RATE_LIMIT_EXCEEDED', error_message: 'slow down' } }));
    await expect.poll(watch({ eventsUrl: limiting, dialect: 'netra' }).diagnosis, soon).toMatchObject({ layer: 'server', cause: 'rate-limited', sentence: expect.stringContaining('RATE_LIMIT_EXCEEDED') });
  });

  test('three connections for each user, and ten of one', async () => {
    const greet = (guest: Guest): void => (guest.present > 3 ? guest.socket.close(1008, 'policy') : guest.say(welcome));
    const eventsUrl = await target(greet, play);
    const limited = watch({ eventsUrl, user: 'probe', concurrentConnections: 10 });
    await expect.poll(limited.diagnosis, soon).toMatchObject({ layer: 'server', cause: 'user-limit' });
    expect(limited.diagnosis()?.sentence).toContain('holds 3 of 10 connections and turns the others away');
    expect(limited.diagnosis()?.remedy).toContain('"user": "probe-{n}"');
    // Refused at the door, of which even Node tells a socket no more than that it did not open.
    let inside = 0;
    const atDoor = await target(greetOnly, play, { verifyClient: () => (inside += 1) <= 3 });
    await expect.poll(watch({ eventsUrl: atDoor, user: 'probe', concurrentConnections: 10 }).diagnosis, soon).toMatchObject({ cause: 'user-limit', sentence: expect.stringContaining('3 of 10 connections') });
    expect(await isWell(watch({ eventsUrl, concurrentConnections: 10 }))).toBe(true);
  });

  test('an error of the target', async () => {
    const failing = await mock({ scenario: 'close-1011' });
    await expect.poll(watch({ eventsUrl: wsOf(failing) }).diagnosis, soon).toMatchObject({ layer: 'server', cause: 'target-error', sentence: expect.stringContaining('1011 ("service not ready")') });
  });

  test('agents that give up', async () => {
    const giving = await mock({ scenario: 'agent-error' });
    await expect.poll(watch({ eventsUrl: wsOf(giving) }).diagnosis, inRuns).toMatchObject({ layer: 'agent', cause: 'agent-failed' });
  });

  test('a check that cannot start names the cause', async () => {
    const environment = environmentSchema.parse({ id: 'local', transport: 'websocket', eventsUrl: 'ws://127.0.0.1:9/ws', user: 'probe-{n}', maxRetries: 0, contract });
    const check = startCheck({ environment, connections: 2, runs: 2, requireProof: false, lingerMs: 0 }, nodePlatform());
    expect(await check.result).toMatchObject({ report: { verdict: 'inconclusive' }, problems: [{ connections: 2 }], diagnosis: { layer: 'server', cause: 'target-down' } });
    const well = environmentSchema.parse({ ...environment, eventsUrl: await target(greetOnly, play) });
    expect(await startCheck({ environment: well, connections: 2, runs: 2, requireProof: false, lingerMs: 0 }, nodePlatform()).result).toMatchObject({ report: { verdict: 'pass' }, diagnosis: null });
  });
});
