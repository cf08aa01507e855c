import { afterEach, describe, expect, test, vi } from 'vitest';
import { isJsonObject } from '#base/json.ts';
import type { LedgerRun } from '#mock/ledger.ts';
import { startMock, type Mock, type MockOptions } from '#mock/mock.ts';
import { runScenarios, type RunScenario } from '#mock/scenarios.ts';
import { eventsOf, openClient, openSocketIo, openWebSocket, summaryOfRead, transports, typesOf, written, type TestClient } from './mock-clients.ts';

const mocks: Mock[] = [];
const clients: TestClient[] = [];

afterEach(async () => {
  for (const client of clients.splice(0)) client.close();
  await Promise.all(mocks.splice(0).map((mock) => mock.close()));
});

async function start(options: MockOptions = {}): Promise<Mock> {
  const mock = await startMock({ pace: 0.05, settleMs: 60, firstEventTimeoutMs: 200, heartbeatMs: 60_000, hugeBytes: 300_000, ...options });
  mocks.push(mock);
  return mock;
}

async function open(transport: (typeof transports)[number], mock: Mock, user?: string): Promise<TestClient> {
  const client = await openClient(transport, mock, user === undefined ? {} : { user });
  clients.push(client);
  await vi.waitFor(() => expect(client.received).not.toHaveLength(0));
  return client;
}

const over = (mock: Mock): LedgerRun => {
  const run = mock.ledger().runs.at(-1);
  if (run === undefined || run.outcome === 'running') throw new Error('no run has ended yet');
  return run;
};

/** Opens a client for `alice`, plays one run, and gives what it was by the ledger. */
async function play(transport: (typeof transports)[number], scenario: RunScenario, options: MockOptions = {}) {
  const mock = await start({ scenario, ...options });
  const client = await open(transport, mock, 'alice');
  client.send({ type: 'user_message', payload: { content: 'hi', run_id: 'run-of-mine' } });
  await vi.waitFor(() => over(mock), { timeout: 5000 });
  // What was written last may still be on its way.
  await vi.waitFor(() => expect(client.received.length).toBeGreaterThanOrEqual(written(mock.ledger(), over(mock).connection).length), { timeout: 5000 });
  return { mock, client, run: over(mock) };
}

describe.each(transports)('over %s', (transport) => {
  test.each(runScenarios)('%s: what arrives is what the ledger says', async (scenario) => {
    const { mock, client, run } = await play(transport, scenario);
    const bystander = await open(transport, mock, 'bob');
    const lateEvents = scenario === 'late' ? 1 : 0;
    await vi.waitFor(() => expect(mock.ledger().frames.filter((frame) => frame.late === true)).toHaveLength(lateEvents));
    await vi.waitFor(() => {
      expect(client.received.map(summaryOfRead)).toEqual(written(mock.ledger(), run.connection));
      expect(bystander.received.map(summaryOfRead)).toEqual(written(mock.ledger(), 'connection-2'));
    });
    expect(run).toMatchObject({ id: 'run-of-mine', user: 'alice', scenario, connection: 'connection-1' });
    expect(mock.ledger().frames.every((frame) => frame.delivered)).toBe(true);
    expect(mock.ledger().runs[0]?.sent).toBe(eventsOf(client).length);
  });

  test('healthy: the whole run, in order, with ids and times', async () => {
    const before = Date.now();
    const { client, run } = await play(transport, 'healthy');
    expect(typesOf(client)).toEqual(run.planned);
    expect(run).toMatchObject({ outcome: 'completed', fault: '' });
    eventsOf(client).forEach((event, index) => {
      expect(event).toMatchObject({ runId: 'run-of-mine', userId: 'alice', threadId: run.thread, seq: index + 1, sentAt: expect.closeTo(before, -4) });
    });
    expect(client.received[0]).toEqual({ json: { type: 'connection_established', data: { user_id: 'alice', connection_id: 'connection-1', mode: 'main' } } });
  });

  test('without ids in the message the target makes its own, new for every run', async () => {
    const mock = await start();
    const client = await open(transport, mock);
    client.send({ type: 'user_message', payload: { content: 'one' } });
    client.send({ type: 'user_message', payload: { content: 'two' } });
    await vi.waitFor(() => expect(mock.ledger().runs.map((run) => run.outcome)).toEqual(['completed', 'completed']));
    const [one, two] = mock.ledger().runs;
    expect(one?.id).not.toBe(two?.id);
    expect(one?.thread).toBe(two?.thread);
    expect(eventsOf(client).every((event) => event['userId'] === undefined)).toBe(true);
  });

  test('missing-event and missing-tool-completed leave out exactly one event', async () => {
    const { client, run } = await play(transport, 'missing-event');
    expect(typesOf(client)).toHaveLength(run.planned.length - 1);
    const other = await play(transport, 'missing-tool-completed');
    const count = (types: readonly unknown[], type: string) => types.filter((each) => each === type).length;
    expect(count(typesOf(other.client), 'tool_completed')).toBe(count(other.run.planned, 'tool_completed') - 1);
    expect(count(typesOf(other.client), 'tool_executing')).toBe(count(other.run.planned, 'tool_executing'));
  });

  test('a duplicate is the same event again, its time included', async () => {
    const { mock, client } = await play(transport, 'duplicate');
    const ids = eventsOf(client).map((event) => event['eventId']);
    const twice = eventsOf(client).filter((event) => ids.indexOf(event['eventId']) !== ids.lastIndexOf(event['eventId']));
    expect(twice).toHaveLength(2);
    expect(twice[0]).toEqual(twice[1]);
    expect(mock.ledger().frames.find((frame) => frame.duplicateOf !== undefined)?.duplicateOf).toBe(twice[0]?.['eventId']);
  });

  test('a late event comes after the run has settled', async () => {
    const { mock, client } = await play(transport, 'late');
    await vi.waitFor(() => expect(typesOf(client).at(-1)).toBe('agent_thinking'));
    const frames = mock.ledger().frames.filter((frame) => frame.kind === 'event');
    const gap = (frames.at(-1)?.at ?? 0) - (frames.at(-2)?.at ?? 0);
    expect(frames.at(-1)?.late).toBe(true);
    expect(gap).toBeGreaterThan(60 + 200);
  });

  test('a slow first event comes after the deadline for it', async () => {
    const { mock, run } = await play(transport, 'slow-first-event');
    const first = mock.ledger().frames.find((frame) => frame.kind === 'event');
    expect((first?.at ?? 0) - run.triggeredAt).toBeGreaterThan(200 + 200);
  });

  test('stall: no terminal event, and heartbeats flow on', async () => {
    const { client, run } = await play(transport, 'stall', { heartbeatMs: 20 });
    expect(run.outcome).toBe('stalled');
    const seen = client.received.length;
    await vi.waitFor(() => expect(client.received.length).toBeGreaterThan(seen + 2));
    expect(typesOf(client)).not.toContain('agent_completed');
  });

  test('silent: nothing comes any more, not even an answer to a ping, and the socket stays open', async () => {
    const { mock, client, run } = await play(transport, 'silent', { heartbeatMs: 20 });
    expect(run.outcome).toBe('stalled');
    const seen = mock.ledger().frames.length;
    client.send({ type: 'ping', timestamp: 1 });
    const witness = await open(transport, mock, 'bob');
    await vi.waitFor(() => expect(witness.received.length).toBeGreaterThan(3));
    expect(mock.ledger().frames.filter((frame) => frame.connection === run.connection).length).toBeLessThanOrEqual(seen);
    expect(mock.ledger().connections[0]?.closedAt).toBeNull();
  });

  test('dumped: made over more than a second, sent at once', async () => {
    const { mock } = await play(transport, 'dumped');
    const frames = mock.ledger().frames.filter((frame) => frame.kind === 'event');
    const sent = frames.flatMap((frame) => frame.events ?? []).map((event) => event.sentAt);
    const at = frames.map((frame) => frame.at);
    expect(frames.length).toBeGreaterThanOrEqual(5);
    expect(Math.max(...sent) - Math.min(...sent)).toBeGreaterThan(1000);
    expect(Math.max(...at) - Math.min(...at)).toBeLessThan(100);
    expect(sent).toEqual(sent.toSorted((a, b) => a - b));
  });

  test('cross-talk: one event of alice reaches bob too', async () => {
    const mock = await start({ scenario: 'cross-talk' });
    const alice = await open(transport, mock, 'alice');
    const bob = await open(transport, mock, 'bob');
    alice.send({ type: 'user_message' });
    await vi.waitFor(() => over(mock));
    await vi.waitFor(() => expect(typesOf(alice)).toEqual(over(mock).planned));
    await vi.waitFor(() => expect(eventsOf(bob)).toHaveLength(1));
    expect(eventsOf(bob)[0]).toMatchObject({ userId: 'alice', runId: over(mock).id });
    expect(mock.ledger().frames.find((frame) => frame.ownerUser !== undefined && frame.user !== frame.ownerUser)).toMatchObject({ connection: 'connection-2', user: 'bob', ownerUser: 'alice' });
  });

  test('cross-talk with nobody to leak to is a healthy run, and the ledger says so', async () => {
    const { client, run } = await play(transport, 'cross-talk');
    expect(run.fault).toMatch(/^none/);
    expect(typesOf(client)).toEqual(run.planned);
  });

  test('disconnect-mid-run: the TCP connection breaks, and the rest never comes', async () => {
    const { mock, client, run } = await play(transport, 'disconnect-mid-run');
    expect(await client.ended).toBe(transport === 'websocket' ? 1006 : 'transport close');
    expect(run).toMatchObject({ outcome: 'cut', sent: typesOf(client).length });
    expect(run.sent).toBeLessThan(run.planned.length);
    expect(mock.ledger().connections[0]).toMatchObject({ closedBy: 'mock', code: transport === 'websocket' ? 1006 : null });
  });

  test('recovered-burst: the rest comes after the reconnect, marked, with its old times', async () => {
    const { mock, client, run } = await play(transport, 'recovered-burst');
    await client.ended;
    expect(run.outcome).toBe('cut');
    const reopenedAt = Date.now();
    const again = await open(transport, mock, 'alice');
    await vi.waitFor(() => expect(over(mock).outcome).toBe('completed'));
    await vi.waitFor(() => expect([...typesOf(client), ...typesOf(again)]).toEqual(run.planned));
    for (const event of eventsOf(again)) {
      expect(event).toMatchObject({ recovered: true, runId: run.id, threadId: run.thread });
      expect(event['sentAt']).toBeLessThan(reopenedAt + 100);
    }
    expect(eventsOf(client).every((event) => event['recovered'] === undefined)).toBe(true);
  });

  test('expire-token: the client is told, closed, and not let in again with that token', async () => {
    const mock = await start({ scenario: 'expire-token' });
    const { token } = await login(mock, 'dora@example.com');
    const client = await openClient(transport, mock, { token });
    clients.push(client);
    client.send({ type: 'user_message' });
    expect(await client.ended).toBe(transport === 'websocket' ? 1008 : 'io server disconnect');
    expect(client.received.at(-1)).toMatchObject({ json: { type: 'error_message', error_code: 'AUTH_EXPIRED' } });
    await vi.waitFor(() => expect(client.received.map(summaryOfRead)).toEqual(written(mock.ledger(), 'connection-1')));
    await expect(openSocketIo(mock, { token })).rejects.toThrow('authentication failed');
    const refused = await openWebSocket(mock, { token });
    expect(await refused.ended).toBe(1008);
    expect(refused.received).toMatchObject([{ json: { error_code: 'AUTH_FAILED' } }]);
  });

  test('mislabelled: thinking is called reasoning', async () => {
    const { client, run } = await play(transport, 'mislabelled');
    expect(typesOf(client)).toEqual(run.planned.map((type) => (type === 'agent_thinking' ? 'reasoning' : type)));
  });

  test('malformed: three frames nobody can read come beside a whole run', async () => {
    const { client, run } = await play(transport, 'malformed');
    expect(typesOf(client)).toEqual(run.planned);
    expect(client.received.map(summaryOfRead).filter(([kind]) => kind === 'malformed')).toEqual([
      ['malformed', 'text'],
      ['malformed', 'binary'],
      ['malformed', 'no-type'],
    ]);
  });

  test('huge: one event is of several hundred kilobytes', async () => {
    const { client } = await play(transport, 'huge');
    expect(eventsOf(client).filter((event) => JSON.stringify(event).length > 300_000)).toHaveLength(1);
  });

  test('batch: fewer frames than events', async () => {
    const { client, run } = await play(transport, 'batch');
    expect(typesOf(client)).toEqual(run.planned);
    expect(client.received.length - 1).toBeLessThan(run.planned.length);
  });

  test('mixed-time-units: numbers and texts that mean the ledger’s time', async () => {
    const { mock, client } = await play(transport, 'mixed-time-units');
    const truth = mock.ledger().frames.flatMap((frame) => frame.events ?? []);
    const meant = eventsOf(client).map((event) => readTime(event['sentAt']));
    expect(meant).toEqual(truth.map((event) => event.sentAt));
    expect(new Set(eventsOf(client).map((event) => typeof event['sentAt'])).size).toBe(2);
  });

  test('agent-error ends the run badly, no-tools uses no tool, nested-agents has another run id in the same thread', async () => {
    const failed = await play(transport, 'agent-error');
    expect(failed.run.outcome).toBe('failed');
    expect(typesOf(failed.client).at(-1)).toBe('agent_error');
    const bare = await play(transport, 'no-tools');
    expect(typesOf(bare.client)).toEqual(['agent_started', 'agent_thinking', 'agent_completed']);
    const nested = await play(transport, 'nested-agents');
    const ids = eventsOf(nested.client).map((event) => event['runId']);
    expect(new Set(ids)).toEqual(new Set(['run-of-mine', 'run-of-mine-sub']));
    expect(ids.at(-1)).toBe('run-of-mine');
    expect(new Set(eventsOf(nested.client).map((event) => event['threadId'])).size).toBe(1);
  });

  test('close-1011 closes soon after the welcome', async () => {
    const mock = await start({ scenario: 'close-1011' });
    const client = await open(transport, mock, 'alice');
    expect(await client.ended).toBe(transport === 'websocket' ? 1011 : 'io server disconnect');
  });

  test('skewed-clock: answers and sentAt are off by the same seconds', async () => {
    const mock = await start({ scenario: 'skewed-clock' });
    const client = await open(transport, mock, 'alice');
    client.send({ type: 'ping', timestamp: Date.now() });
    client.send({ type: 'user_message' });
    await vi.waitFor(() => expect(typesOf(client)).toContain('agent_completed'));
    const pong = client.received.find((frame) => 'json' in frame && frame.json['type'] === 'pong');
    const data = pong !== undefined && 'json' in pong ? pong.json['data'] : undefined;
    const answered = isJsonObject(data) ? Number(data['timestamp']) * 1000 : Number.NaN;
    const offset = answered - Date.now();
    expect(Math.abs(offset)).toBeGreaterThan(2500);
    expect(Math.abs(offset)).toBeLessThan(8500);
    expect(Number(eventsOf(client)[0]?.['sentAt'])).toBeCloseTo(answered, -4);
    expect(Math.sign(Number(eventsOf(client)[0]?.['sentAt']) - Date.now())).toBe(Math.sign(offset));
  });

  test('a trigger may ask for its own scenario, and a name that is unknown is played healthy', async () => {
    const mock = await start();
    const client = await open(transport, mock, 'alice');
    client.send({ type: 'user_message', scenario: 'no-tools' });
    client.send({ type: 'user_message', payload: { scenario: 'nonsense' } });
    await vi.waitFor(() => expect(mock.ledger().runs.map((run) => run.outcome)).toEqual(['completed', 'completed']));
    expect(mock.ledger().runs).toMatchObject([{ scenario: 'no-tools' }, { scenario: 'healthy', fault: expect.stringMatching(/^none/) }]);
  });

  test('a trigger may ask for a fault of its connection too, as far as it can still meet it', async () => {
    const mock = await start();
    const client = await open(transport, mock);
    const play = async (scenario: string) => {
      client.send({ type: 'user_message', scenario });
      await vi.waitFor(() => expect(over(mock).fault).not.toBe(''));
      return over(mock);
    };
    expect(await play('refuse-auth')).toMatchObject({ scenario: 'healthy', outcome: 'completed', fault: expect.stringMatching(/^none/) });
    client.send({ type: 'user_message', scenario: 'recovered-burst' });
    await vi.waitFor(() => expect(mock.ledger().runs.map((run) => run.outcome)).toEqual(['completed', 'completed']));
    expect(over(mock).fault).toMatch(/^none: a nameless user/);
    client.send({ type: 'user_message', scenario: 'skewed-clock' });
    await vi.waitFor(() => expect(mock.ledger().runs.map((run) => run.outcome)).toEqual(['completed', 'completed', 'completed']));
    expect(Math.abs(Number(eventsOf(client).at(-1)?.['sentAt']) - Date.now())).toBeGreaterThan(2500);
    client.send({ type: 'user_message', scenario: 'close-1011' });
    expect(await client.ended).toBe(transport === 'websocket' ? 1011 : 'io server disconnect');
  });

  test('two nameless users are strangers to each other', async () => {
    const mock = await start({ scenario: 'cross-talk' });
    const one = await open(transport, mock);
    const other = await open(transport, mock);
    one.send({ type: 'user_message' });
    await vi.waitFor(() => expect(eventsOf(other)).toHaveLength(1));
  });

  test('a client that leaves cuts its run', async () => {
    const mock = await start({ pace: 20 });
    const client = await open(transport, mock, 'alice');
    client.send({ type: 'user_message' });
    await vi.waitFor(() => expect(mock.ledger().runs).toHaveLength(1));
    client.close();
    await vi.waitFor(() => expect(over(mock)).toMatchObject({ outcome: 'cut', fault: 'its connection ended' }));
    expect(mock.ledger().connections[0]).toMatchObject({ closedBy: 'client' });
  });

  test('a sign-in by message: greeted as the token’s user', async () => {
    const mock = await start();
    const { token } = await login(mock, 'eve@example.com');
    const client = await openClient(transport, mock);
    clients.push(client);
    client.send({ type: 'auth', token });
    await vi.waitFor(() => expect(client.received).toHaveLength(1));
    expect(client.received[0]).toMatchObject({ json: { type: 'connection_established', data: { user_id: 'e2e-eve' } } });
    const wrong = await openClient(transport, mock);
    wrong.send({ type: 'auth', token: 'wrong' });
    expect(await wrong.ended).toBe(transport === 'websocket' ? 1008 : 'io server disconnect');
    expect(wrong.received).toMatchObject([{ json: { error_code: 'AUTH_FAILED' } }]);
  });

  test('close() ends every connection', async () => {
    const mock = await start();
    const client = await open(transport, mock, 'alice');
    await mock.close();
    expect(await client.ended).toBe(transport === 'websocket' ? 1001 : 'io server disconnect');
    await expect(fetch(`${mock.url}/health`)).rejects.toThrow('fetch failed');
  });
});

test('refuse-auth refuses the login and every connection', async () => {
  const mock = await start();
  const { token } = await login(mock, 'alice@example.com');
  mock.setScenario('refuse-auth');
  expect((await fetch(`${mock.url}/auth/e2e/test-auth`, { method: 'POST', body: '{"email":"a@b.c"}' })).status).toBe(401);
  await expect(openSocketIo(mock, { token })).rejects.toThrow('authentication failed');
  const client = await openWebSocket(mock);
  expect(await client.ended).toBe(1008);
  expect(mock.ledger().connections).toMatchObject([
    { transport: 'socket.io', closedBy: 'mock', scenario: 'refuse-auth' },
    { transport: 'websocket', closedBy: 'mock', code: 1008, scenario: 'refuse-auth' },
  ]);
});

test('handshake-never accepts the upgrade and says nothing', async () => {
  const mock = await start({ scenario: 'handshake-never', heartbeatMs: 10 });
  const client = await openWebSocket(mock, { user: 'alice' });
  clients.push(client);
  client.send({ type: 'ping' });
  let joined = false;
  const never = openSocketIo(mock, { user: 'alice' }).then(() => (joined = true), () => false);
  await vi.waitFor(() => expect(mock.ledger().connections).toHaveLength(2));
  mock.setScenario('healthy');
  const witness = await open('websocket', mock, 'bob');
  await vi.waitFor(() => expect(witness.received.length).toBeGreaterThan(3));
  expect(client.received).toEqual([]);
  expect(joined).toBe(false);
  await mock.close();
  void never;
});

test('the same seed plays the same runs; another seed does not', async () => {
  const playAll = async (seed: number) => {
    const mock = await start({ scenario: { scenario: 'chaos', seed } });
    mock.setScenario({ mix: [{ scenario: 'missing-event', share: 0.4 }, { scenario: 'duplicate', share: 0.3 }], seed });
    const client = await open('websocket', mock, 'alice');
    for (let count = 0; count < 12; count += 1) client.send({ type: 'user_message' });
    await vi.waitFor(() => expect(mock.ledger().runs.filter((run) => run.outcome === 'completed')).toHaveLength(12));
    return mock.ledger().runs.map(({ scenario, planned, fault }) => ({ scenario, planned, fault }));
  };
  const first = await playAll(7);
  expect(await playAll(7)).toEqual(first);
  expect(await playAll(8)).not.toEqual(first);
  expect(new Set(first.map((run) => run.scenario))).toEqual(new Set(['healthy', 'missing-event', 'duplicate']));
});

test('Socket.IO answers the clock by acknowledgement, and polling clients get the same events', async () => {
  const mock = await start();
  const client = await openSocketIo(mock, { user: 'alice', transports: ['polling'] });
  clients.push(client);
  expect(await client.askClock()).toEqual({ serverTime: expect.closeTo(Date.now(), -3) });
  client.send({ type: 'user_message' });
  await vi.waitFor(() => expect(typesOf(client)).toEqual(over(mock).planned));
  expect(client.wire()).toBe('polling');
  client.send({ type: 'user_message', scenario: 'disconnect-mid-run' });
  expect(await client.ended).toBe('transport error');
});

test('a run over polling that falls silent leaves the poll unanswered', async () => {
  const mock = await start();
  const client = await openSocketIo(mock, { user: 'alice', transports: ['polling'] });
  clients.push(client);
  client.send({ type: 'user_message', scenario: 'silent' });
  await vi.waitFor(() => expect(over(mock).outcome).toBe('stalled'));
  await expect(client.askClock()).rejects.toThrow('timed out');
});

async function login(mock: Mock, email: string): Promise<{ token: string }> {
  const response = await fetch(`${mock.url}/auth/e2e/test-auth`, { method: 'POST', body: JSON.stringify({ email }) });
  const body: unknown = await response.json();
  if (!isJsonObject(body) || typeof body['access_token'] !== 'string') throw new Error('no token');
  return { token: body['access_token'] };
}

/** The unit rule for times, spelt again for the test. */
function readTime(value: unknown): number {
  if (typeof value === 'string') return Date.parse(/(?:Z|[+-]\d{2}:\d{2})$/.test(value) ? value : `${value}Z`);
  const number = Number(value);
  if (number < 1e11) return Math.round(number * 1000);
  return number < 1e14 ? number : number / 1000;
}
