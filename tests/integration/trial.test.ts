import { createServer } from 'node:http';
import { Server } from 'socket.io';
import { describe, expect, onTestFinished, test, type TestContext } from 'vitest';
import { combinationInUse, type Combination } from '#connection/combination.ts';
import { createHandshakeGate } from '#connection/handshake-gate.ts';
import { nodeSockets } from '#connection/socket-factory.node.ts';
import { tryCombination, type TrialResult } from '#connection/trial.ts';
import { environmentSchema, type Environment } from '#environment/schema.ts';
import { startMock, type Mock, type MockOptions } from '#mock/mock.ts';
import { trialCells } from '#monitor/trials.ts';
import { systemClock, systemRandom } from '#monitor/system-clock.ts';
import { canonical } from '#protocol/canonical.ts';
import { listen } from './connection-world.ts';

/** A mock that lives as long as its test, of which several run side by side. */
async function mockFor({ onTestFinished: finished }: Pick<TestContext, 'onTestFinished'>, options: MockOptions = {}): Promise<Mock> {
  const mock = await startMock(options);
  finished(() => mock.close());
  return mock;
}

const login = { method: 'login', path: '/auth/e2e/test-auth', body: { email: 'probe-{n}@example.com' }, tokenAt: 'access_token', userAt: 'user.id' };

function environmentOf(mock: Mock, transport: 'socket.io' | 'websocket', fields: object = {}): Environment {
  const eventsUrl = transport === 'socket.io' ? mock.url : `${mock.url.replace('http', 'ws')}/ws`;
  return environmentSchema.parse({ id: 'mock', kind: 'mock', backendUrl: mock.url, eventsUrl, transport, auth: login, connectionTimeoutMs: 2000, ...fields });
}

function trying(environment: Environment, combination: Combination): Promise<TrialResult> {
  const clock = systemClock();
  return tryCombination(environment, combination, { dialect: canonical, clock, random: systemRandom(), sockets: nodeSockets, fetch: globalThis.fetch, gate: createHandshakeGate(clock) });
}

/** A line a transport: what became of each of its combinations, in the order of the columns. */
async function matrix(environment: Environment, words: (result: TrialResult) => string): Promise<Record<string, string[]>> {
  const rows: Record<string, string[]> = {};
  for (const { combination, impossible } of trialCells(environment)) {
    const row = (rows[combination.transport] ??= []);
    const result = await trying(environment, combination);
    expect(result.kind === 'impossible').toBe(impossible !== null);
    row.push(words(result));
  }
  return rows;
}

const asWhom = (result: TrialResult): string => (result.kind === 'works' ? `${result.transport} as ${result.user ?? 'nobody'}` : result.kind === 'failed' ? `${result.reason} at ${result.stage}` : result.kind);

describe.concurrent('every combination against the mock', () => {
  const socketIo = (transport: string): string[] => [`${transport} as nobody`, `${transport} as e2e-probe-0`, 'impossible', `${transport} as e2e-probe-0`, `${transport} as e2e-probe-0`];
  const all = {
    'socketio-websocket': socketIo('websocket'),
    'socketio-polling': socketIo('polling'),
    'socketio-upgrade': socketIo('websocket'),
    websocket: ['websocket as nobody', 'impossible', 'websocket as e2e-probe-0', 'websocket as e2e-probe-0', 'websocket as e2e-probe-0'],
  };

  test.for(['socket.io', 'websocket'] as const)('a healthy one takes each of them, watched over %s', { timeout: 60_000 }, async (transport, context) => {
    const mock = await mockFor(context);
    const environment = environmentOf(mock, transport);
    expect(await matrix(environment, asWhom)).toEqual(all);
    expect(trialCells(environment).filter(({ inUse }) => inUse)).toMatchObject([{ combination: combinationInUse(environment), impossible: null }]);
    const { runs, connections } = mock.ledger();
    expect(runs).toEqual([]);
    expect(connections.every(({ closedBy }) => closedBy === 'client')).toBe(true);
  });

  test('a wrong token is refused wherever it stands, and shown nowhere', { timeout: 60_000 }, async (context) => {
    const mock = await mockFor(context);
    const token = 'canary-token-5f1e';
    const results: TrialResult[] = [];
    const rows = await matrix(environmentOf(mock, 'socket.io', { auth: { method: 'token', token } }), (result) => {
      results.push(result);
      return result.kind === 'failed' ? `${result.reason} at ${result.stage}, ${result.code ?? 'no code'}` : result.kind;
    });
    const refusedSocketIo = ['works', 'auth-refused at handshake, no code', 'impossible', 'auth-refused at handshake, no code', 'closed-by-server at open, no code'];
    expect(rows).toEqual({
      'socketio-websocket': refusedSocketIo,
      'socketio-polling': refusedSocketIo,
      'socketio-upgrade': refusedSocketIo,
      websocket: ['works', 'impossible', 'auth-refused at open, 1008', 'auth-refused at open, 1008', 'auth-refused at open, 1008'],
    });
    expect(results.flatMap((result) => (result.kind === 'failed' ? [result.words] : []))).toContain('authentication failed');
    expect(JSON.stringify(results)).not.toContain(token);
  });

  test('a login that is refused leaves only what needs none', { timeout: 60_000 }, async (context) => {
    const mock = await mockFor(context, { bypassKey: 'key-of-the-mock' });
    const rows = await matrix(environmentOf(mock, 'websocket', { auth: { ...login, headers: { 'X-E2E-Bypass-Key': 'wrong-canary' } } }), (result) =>
      result.kind === 'failed' ? `${result.stage} ${result.status}` : result.kind,
    );
    expect(rows['websocket']).toEqual(['works', 'impossible', 'login 401', 'login 401', 'login 401']);
    expect(rows['socketio-polling']).toEqual(['works', 'login 401', 'impossible', 'login 401', 'login 401']);
  });

  test('without a sign-in there is no token to carry', async (context) => {
    const mock = await mockFor(context);
    const rows = await matrix(environmentOf(mock, 'websocket', { auth: { method: 'none' }, user: 'someone-{n}' }), asWhom);
    expect(rows['websocket']).toEqual(['websocket as someone-0', ...Array.from({ length: 4 }, () => 'impossible')]);
    expect(rows['socketio-upgrade']).toEqual(['websocket as someone-0', ...Array.from({ length: 4 }, () => 'impossible')]);
  });
});

describe('other targets', () => {
  test('a handshake that is never completed, and nothing that listens', async (context) => {
    const mock = await mockFor(context, { scenario: 'handshake-never' });
    const impatient = { connectionTimeoutMs: 400 };
    expect(await trying(environmentOf(mock, 'socket.io', impatient), { transport: 'socketio-polling', carriage: 'auth' })).toMatchObject({ kind: 'failed', stage: 'handshake', reason: 'timeout' });
    expect(await trying(environmentOf(mock, 'websocket', impatient), { transport: 'websocket', carriage: 'subprotocol' })).toMatchObject({ kind: 'unanswered', transport: 'websocket' });
    const token = environmentOf(mock, 'websocket', { auth: { method: 'token', token: 'some-token' } });
    await mock.close();
    expect(await trying(token, { transport: 'websocket', carriage: 'query' })).toMatchObject({ kind: 'failed', stage: 'connection', reason: 'unreachable' });
    expect(await trying(token, { transport: 'socketio-polling', carriage: 'query' })).toMatchObject({ kind: 'failed', stage: 'connection', reason: 'unreachable', status: null });
  });

  test('polling tells the HTTP status, and that an upgrade never came', async () => {
    const { server, port } = await listen(createServer());
    const io = new Server(server, { transports: ['polling'], allowUpgrades: false });
    onTestFinished(() => void io.close());
    io.on('connection', (socket) => socket.emit('agent_event', { type: 'connection_established', userId: 'u1' }));
    const environment = (path: string): Environment =>
      environmentSchema.parse({ id: 'e', transport: 'socket.io', eventsUrl: `http://127.0.0.1:${port}`, socketio: { path }, auth: { method: 'token', token: 'some-token' }, connectionTimeoutMs: 1000 });
    expect(await trying(environment('/socket.io'), { transport: 'socketio-upgrade', carriage: 'auth' })).toMatchObject({ kind: 'works', transport: 'polling', user: 'u1' });
    server.on('request', (request, response) => {
      if (request.url?.startsWith('/behind-a-proxy') === true) response.writeHead(502).end();
    });
    expect(await trying(environment('/behind-a-proxy'), { transport: 'socketio-polling', carriage: 'auth' })).toMatchObject({ kind: 'failed', stage: 'connection', reason: 'unreachable', status: 502, words: null });
  });
});
