/**
 * The monitor against a Socket.IO server that other people wrote, in another language: python-socketio, on which many agent
 * servers stand. Both ends of `connection-socketio.test.ts` come from one project, and could agree on a mistake.
 */
import { describe, expect, test, type TestContext } from 'vitest';
import { environmentSchema, type Environment } from '#environment/schema.ts';
import { check, startPythonServer, whyNoPython } from '../fixtures/python-server.ts';
import { ofKind, until, watch } from './connection-world.ts';

const serve = ({ onTestFinished }: TestContext, ...args: readonly string[]) => startPythonServer(onTestFinished, 'socketio_server.py', ...args);
const types = ['agent_started', 'agent_thinking', 'tool_executing', 'tool_completed', 'agent_completed'];
const aheadMs = 7000;
const ahead = ['--clock-ahead', String(aheadMs / 1000)];

const fieldsAt = (port: number, fields: object = {}): object => ({ eventsUrl: `http://127.0.0.1:${port}`, transport: 'socket.io', ...fields });
const environmentAt = (port: number, fields: object = {}): Environment =>
  environmentSchema.parse({ id: 'python', user: 'probe-{n}', contract: { settleMs: 100, eventTimeoutMs: 3000 }, ...fieldsAt(port, fields) });

const healthy = {
  verdict: 'pass',
  counts: { running: 0, complete: 4, incomplete: 0, failed: 0, inconclusive: 0, good: 4 },
  frames: { received: 22, control: 2, eventful: 20, rejected: 0 },
  events: { decoded: 20, attributed: 20, crossTalk: 0, echo: 0, duplicate: 0, late: 0, orphan: 0, byType: Object.fromEntries(types.map((type) => [type, 4])) },
  latency: { count: 20, unsynced: 0, impossible: 0 },
};

describe.skipIf(whyNoPython !== '')(`python-socketio${whyNoPython}`, () => {
  describe.concurrent('a check', () => {
    // The one without an end has to be waited for: it goes first, beside all others.
    test.for(types.toReversed())('that loses each %s finds each run incomplete, and says what is missing', async (type, context) => {
      const server = await serve(context, '--drop', type);
      const contract = { settleMs: 100, eventTimeoutMs: 1500 };
      const { report } = await check(environmentAt(server.port, { contract }));
      expect(report).toMatchObject({ verdict: 'fail', counts: { complete: 0, incomplete: 4 }, events: { decoded: 16, attributed: 16 } });
      expect(report.runs.map(({ missing }) => missing)).toEqual(Array(4).fill([type]));
    });

    test.for([
      { over: 'websocket', args: ['--transports', 'websocket'], transports: ['websocket'] },
      { over: 'polling', args: ['--transports', 'polling'], transports: ['polling'] },
      { over: 'polling that is upgraded', args: [], transports: ['polling', 'websocket'] },
      { over: 'polling where no upgrade is offered', args: ['--no-upgrade'], transports: ['polling', 'websocket'] },
      { over: 'polling where a WebSocket is refused', args: ['--transports', 'polling'], transports: ['websocket', 'polling'] },
    ])('over $over: every run is complete, and its latency is on the server’s clock', async ({ args, transports }, context) => {
      const server = await serve(context, ...args, ...ahead);
      const { report, problems, records } = await check(environmentAt(server.port, { socketio: { transports } }));
      expect({ report, problems }).toMatchObject({ report: healthy, problems: [] });
      // The server's clock is far ahead: where it was not known, each event would seem to come before it was sent.
      expect(report.latency.p50).toBeLessThan(aheadMs / 2);
      const samples = ofKind(records, 'clock-sample');
      expect(new Set(samples.map(({ connection }) => connection)).size).toBe(2);
      for (const { sentAt, serverAt, receivedAt } of samples) {
        expect(serverAt - aheadMs).toBeGreaterThan(sentAt - 50);
        expect(serverAt - aheadMs).toBeLessThan(receivedAt + 50);
      }
    });

    test('with a token in the CONNECT packet, the clock as an object, and each event waiting for the acknowledgement of the one before', async (context) => {
      const server = await serve(context, '--token', 'canary-5f1e', '--clock', 'object', '--await-acks', ...ahead);
      const auth = { method: 'token', token: 'canary-5f1e.probe-{n}' };
      const { report, records } = await check(environmentAt(server.port, { auth }));
      expect(report).toMatchObject(healthy);
      expect(await server.seen()).toMatchObject({ runs: Array(4).fill('websocket'), acknowledged: 20 });
      expect(JSON.stringify(records)).not.toContain('canary-5f1e');
    });

    test('at a path and in a namespace of its own, with the token in the query', async (context) => {
      const server = await serve(context, '--path', 'ws/socket.io', '--namespace', '/agents', '--token', 'canary-5f1e');
      const auth = { method: 'token', token: 'canary-5f1e.probe-{n}', carry: 'query' };
      const { report } = await check(environmentAt(server.port, { auth, socketio: { path: '/ws/socket.io', namespace: '/agents' } }));
      expect(report).toMatchObject(healthy);
    });

    test('of a server that refuses says so in the server’s words', async (context) => {
      const server = await serve(context, '--token', 'canary-5f1e');
      const { report, problems } = await check(environmentAt(server.port, { auth: { method: 'token', token: 'expired-77aa' } }));
      expect(problems).toMatchObject([{ reason: 'auth-refused', connections: 2 }]);
      expect(problems[0]?.message).toContain('"authentication failed"');
      expect(report).toMatchObject({ verdict: 'inconclusive', counts: { complete: 0 } });
    });
  });

  test.for(['polling', 'websocket'])('over %s a refusal is told once, and never tried again', async (transport, context) => {
    const server = await serve(context, '--refuse', 'no seat for you', '--refuse-code', 'AUTH_FAILED');
    const { pool, records } = watch(fieldsAt(server.port, { socketio: { transports: [transport] } }), { random: () => 0 });
    expect(await pool.whenReady(0)).toBe('never');
    expect(pool.statuses()).toMatchObject([{ state: 'refused', error: { reason: 'auth-refused' } }]);
    expect(ofKind(records, 'connection-close')).toMatchObject([{ cause: 'auth', reason: 'no seat for you' }]);
  });

  test('negative control: a refusal that is not about the sign-in is the server’s, and tried again', async (context) => {
    const server = await serve(context, '--refuse', 'still warming up');
    const { pool, records } = watch(fieldsAt(server.port, { maxRetries: 1 }), { random: () => 0 });
    expect(await pool.whenReady(0)).toBe('never');
    expect(pool.statuses()).toMatchObject([{ state: 'failed', error: { reason: 'retries-used-up' } }]);
    const refusal = { cause: 'server', reason: 'still warming up' };
    expect(ofKind(records, 'connection-close')).toMatchObject([refusal, refusal]);
  });

  test('a namespace that the server does not have is refused in the server’s words, though they are a bare text', async (context) => {
    const server = await serve(context);
    const { pool, records } = watch(fieldsAt(server.port, { maxRetries: 0, socketio: { namespace: '/elsewhere' } }));
    expect(await pool.whenReady(0)).toBe('never');
    expect(ofKind(records, 'connection-close')).toMatchObject([{ cause: 'server', reason: 'Unable to connect' }]);
  });

  test('polling becomes a WebSocket on both sides', async (context) => {
    const server = await serve(context);
    const { pool, records } = watch(fieldsAt(server.port, { socketio: { transports: ['polling', 'websocket'] } }));
    expect(await pool.whenReady(0)).toBe('ready');
    await until(() => expect(pool.statuses()).toMatchObject([{ state: 'open', transport: 'websocket' }]));
    pool.trigger(0, 'r1');
    await until(() => expect(ofKind(records, 'frame').slice(1).map(({ data }) => data)).toMatchObject(types.map((type) => ({ type, runId: 'r1' }))));
    expect(await server.seen()).toMatchObject({ sessions: ['polling'], runs: ['websocket'] });
  });

  test('a server with neither greeting nor clock is ready all the same', async (context) => {
    const server = await serve(context, '--no-greeting', '--clock', 'silent');
    const { pool, records } = watch(fieldsAt(server.port));
    expect(await pool.whenReady(0)).toBe('ready');
    expect(ofKind(records, 'clock-sample')).toEqual([]);
  });

  test('the server’s heartbeats keep a connection; a process that stands still is the network’s ping timeout', async (context) => {
    const server = await serve(context, '--ping-interval', '0.3', '--ping-timeout', '0.4');
    const { pool, records } = watch(fieldsAt(server.port, { maxRetries: 0 }));
    expect(await pool.whenReady(0)).toBe('ready');
    const [opened] = ofKind(records, 'connection-open');
    await until(() => expect(pool.statuses()[0]?.lastHeardAt).toBeGreaterThan((opened?.at ?? Infinity) + 800));
    server.freeze();
    await until(() => expect(ofKind(records, 'connection-close')).toMatchObject([{ cause: 'network', reason: 'ping timeout' }]));
  });
});
