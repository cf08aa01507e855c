/**
 * The monitor against Netra's wire as FastAPI, uvicorn and websockets write it: the stack of the backend that the dialect was
 * made for. The bundled mock shares its WebSocket library with the monitor, and could agree with it on a mistake.
 */
import { describe, expect, test, type TestContext } from 'vitest';
import { probeHealth } from '#connection/health.ts';
import { environmentSchema, type Environment } from '#environment/schema.ts';
import { systemClock } from '#monitor/system-clock.ts';
import { netra } from '#protocol/netra.ts';
import { check, startPythonServer, whyNoPython } from '../fixtures/python-server.ts';
import { ofKind, until, watch } from './connection-world.ts';

const serve = ({ onTestFinished }: TestContext, ...args: readonly string[]) => startPythonServer(onTestFinished, 'netra_server.py', ...args);
const types = ['agent_started', 'agent_thinking', 'tool_executing', 'tool_completed', 'agent_completed'];
const aheadMs = 7000;

const login = {
  method: 'login',
  path: '/auth/e2e/test-auth',
  headers: { 'X-E2E-Bypass-Key': 'e2e-bypass-key' },
  body: { email: 'probe-{n}@example.com' },
  userAt: 'user.id',
};
const wrongToken = { method: 'token', token: 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJ4In0.canary-5f1e' };

const fieldsAt = (port: number, fields: object = {}): object => ({
  transport: 'websocket',
  dialect: 'netra',
  backendUrl: `http://127.0.0.1:${port}`,
  eventsUrl: `ws://127.0.0.1:${port}/ws`,
  auth: login,
  ...fields,
});
const environmentAt = (port: number, fields: object = {}): Environment =>
  environmentSchema.parse({ id: 'netra', contract: { settleMs: 100, eventTimeoutMs: 3000 }, ...fieldsAt(port, fields) });
const watchNetra = (port: number, fields: object = {}) => watch(fieldsAt(port, fields), { dialect: netra, random: () => 0 });

describe.skipIf(whyNoPython !== '')(`Netra on FastAPI${whyNoPython}`, () => {
  describe.concurrent('a check', () => {
    test.for([
      { greeting: 'welcome', envelope: 'payload' },
      { greeting: 'welcome', envelope: 'flat' },
      { greeting: 'welcome', envelope: 'bridge' },
      { greeting: 'handshake', envelope: 'payload' },
      { greeting: 'handshake', envelope: 'bridge' },
    ])('after a $greeting, with $envelope envelopes: every run is complete, and its latency is on the server’s clock', async ({ greeting, envelope }, context) => {
      const server = await serve(context, '--greeting', greeting, '--envelope', envelope, '--clock-ahead', String(aheadMs / 1000));
      const { report, problems, records } = await check(environmentAt(server.port));
      expect({ report, problems }).toMatchObject({
        report: {
          verdict: 'pass',
          counts: { running: 0, complete: 4, incomplete: 0, failed: 0, inconclusive: 0, good: 4 },
          frames: { eventful: 20, rejected: 0 },
          events: { decoded: 20, attributed: 20, crossTalk: 0, echo: 0, duplicate: 0, late: 0, orphan: 0, byType: Object.fromEntries(types.map((type) => [type, 4])) },
          latency: { count: 20, unsynced: 0, impossible: 0 },
        },
        problems: [],
      });
      expect(report.latency.p50).toBeLessThan(aheadMs / 2);
      expect(new Set(report.runs.map(({ user }) => user))).toEqual(new Set(['e2e-probe-0', 'e2e-probe-1']));
      expect(await server.seen()).toEqual({
        logins: 2,
        subprotocols: [expect.stringMatching(/^jwt\..+\..+\..+$/), expect.stringMatching(/^jwt\..+\..+\..+$/)],
        pongs: 2,
        acknowledgements: greeting === 'handshake' ? 2 : 0,
      });
      expect(ofKind(records, 'stage').map(({ stage, outcome }) => `${stage} ${outcome}`).sort()).toEqual(
        ['connection passed', 'handshake passed', 'login passed'].flatMap((line) => [line, line]),
      );
    });

    test.for([
      { place: 'another prefix', carriage: { as: 'jwt-auth.{token}' } },
      { place: 'the query', carriage: { carry: 'query' } },
    ])('carries the token in $place', async ({ carriage }, context) => {
      const server = await serve(context);
      const { report } = await check(environmentAt(server.port, { auth: { ...login, ...carriage } }));
      expect(report).toMatchObject({ verdict: 'pass', counts: { complete: 4 } });
    });

    test.for(['payload', 'flat', 'bridge'])('that loses each tool_completed of %s envelopes finds each run incomplete, and says so', async (envelope, context) => {
      const server = await serve(context, '--envelope', envelope, '--drop', 'tool_completed');
      const { report } = await check(environmentAt(server.port));
      expect(report).toMatchObject({ verdict: 'fail', counts: { complete: 0, incomplete: 4 }, events: { decoded: 16, attributed: 16 } });
      expect(report.runs.map(({ missing }) => missing)).toEqual(Array(4).fill(['tool_completed']));
    });

    test('of a login that refuses says so', async (context) => {
      const server = await serve(context);
      const { problems } = await check(environmentAt(server.port, { auth: { ...login, headers: {} } }));
      expect(problems).toMatchObject([{ reason: 'auth-refused', connections: 2 }]);
      expect(problems[0]?.message).toContain('HTTP 401');
      expect(await server.seen()).toMatchObject({ logins: 0, subprotocols: [] });
    });
  });

  test.for([
    { how: 'told in a frame and closed with 1008', args: [], close: { cause: 'auth', reason: 'JWT signature does not match' } },
    { how: 'closed with 1008 alone', args: ['--no-error-frame'], close: { cause: 'auth', code: 1008, reason: 'Authentication failed' } },
  ])('a bad token, $how, is a refusal in the server’s words, and never tried again', async ({ args, close }, context) => {
    const server = await serve(context, ...args);
    const { pool, records, changes } = watchNetra(server.port, { auth: wrongToken });
    expect(await pool.whenReady(0)).toBe('never');
    expect(pool.statuses()).toMatchObject([{ state: 'refused', error: { reason: 'auth-refused' } }]);
    expect(ofKind(records, 'connection-close')).toMatchObject([close]);
    expect(JSON.stringify([records, changes])).not.toContain('canary-5f1e');
  });

  test('an internal error is the server’s, and tried again until the retries are used up', async (context) => {
    const server = await serve(context, '--close-all', '1011');
    const { pool, records } = watchNetra(server.port, { maxRetries: 1 });
    expect(await pool.whenReady(0)).toBe('never');
    expect(pool.statuses()).toMatchObject([{ state: 'failed', error: { reason: 'retries-used-up' } }]);
    const close = { cause: 'server', code: 1011, reason: 'Internal error' };
    expect(ofKind(records, 'connection-close')).toMatchObject([close, close]);
    expect(await server.seen()).toMatchObject({ logins: 2 });
  });

  test.for([
    { code: 1011, close: { cause: 'server', code: 1011, reason: 'Internal error' }, reason: 'closed-by-server' },
    { code: 1008, close: { cause: 'auth', code: 1008, reason: 'Token expired' }, reason: 'session-expired' },
  ])('a $code in the middle of a run is told, and the connection comes back with a new login', async ({ code, close, reason }, context) => {
    const server = await serve(context, '--close', String(code), '--after', '2');
    const { pool, records, changes } = watchNetra(server.port);
    expect(await pool.whenReady(0)).toBe('ready');
    pool.trigger(0, 'r1');
    await until(() => expect(ofKind(records, 'connection-close')).toMatchObject([close]));
    expect(await pool.whenReady(0)).toBe('ready');
    pool.trigger(0, 'r2');
    const events = (run: string) => ofKind(records, 'frame').filter(({ data }) => JSON.stringify(data).includes(`"run_id":"${run}"`));
    await until(() => expect(events('r2')).toHaveLength(5));
    expect(events('r1')).toHaveLength(2);
    expect(changes.map(({ error }) => error?.reason)).toContain(reason);
    expect(await server.seen()).toMatchObject({ logins: 2 });
  });

  test('a server that takes none of the offered subprotocols, and an address that it does not know, are unreachable', async (context) => {
    const server = await serve(context);
    for (const fields of [{ auth: { ...login, as: 'apikey.{token}' } }, { eventsUrl: `ws://127.0.0.1:${server.port}/websocket` }]) {
      const { pool, records } = watchNetra(server.port, { maxRetries: 0, ...fields });
      expect(await pool.whenReady(0)).toBe('never');
      expect(pool.statuses()).toMatchObject([{ state: 'failed', error: { reason: 'retries-used-up' } }]);
      expect(ofKind(records, 'connection-close')).toMatchObject([{ cause: 'network' }]);
    }
  });

  test('a health that says degraded with a 200 is not taken for health', async (context) => {
    const server = await serve(context, '--degraded');
    const ask = (path: string) => probeHealth(environmentAt(server.port, { health: { path } }), fetch, systemClock());
    expect(await ask('/ws/health')).toMatchObject({ ok: false, status: 200, reason: 'it says degraded' });
    expect(await ask('/health')).toMatchObject({ ok: true, status: 200 });
  });
});
