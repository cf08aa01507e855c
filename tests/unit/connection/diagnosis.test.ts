import { describe, expect, test } from 'vitest';
import { epochMs } from '#base/units.ts';
import type { Cause, Layer } from '#connection/diagnosis-facts.ts';
import { diagnose } from '#connection/diagnosis.ts';
import type { Answers, ConnectionFacts, ConnectionLoss, Evidence, Observation, Page } from '#connection/evidence.ts';
import { environmentOf } from './environment.ts';

const now = epochMs(1_800_000_000_000);
const open: ConnectionFacts = { state: 'open', user: undefined, loss: undefined, silentMs: undefined, mute: undefined, talking: false };
const lost = (loss: Partial<ConnectionLoss>, state: ConnectionFacts['state'] = 'retrying'): ConnectionFacts => ({ ...open, state, loss: { stage: 'connection', cause: 'network', ...loss } });
const unreachable = lost({ reason: 'unreachable' });
const health = { record: 'health', at: now, ok: true, status: 200 } as const;
const noHealth = { record: 'health', at: now, ok: false, reason: 'did not answer' } as const;
const answered: Answers = { health, host: { outcome: 'answered' }, upgrade: undefined, permission: undefined };
const refused: Answers = { health: noHealth, host: { outcome: 'failed' }, upgrade: { outcome: 'failed' }, permission: undefined };
const page: Page = { scheme: 'http', origin: 'http://localhost:4173', host: 'localhost', isSecure: true };
const publicPage: Page = { scheme: 'https', origin: 'https://watch.example', host: 'watch.example', isSecure: true };
const login = { method: 'login', path: '/login', body: { email: 'probe-{n}@example.com' } };
const backendUrl = 'http://target.example';

interface Case {
  readonly environment?: object;
  readonly page?: Page;
  readonly answers?: Answers | undefined;
  readonly observed?: Partial<Observation>;
}

const evidence = ({ environment = {}, page: at, answers, observed = {} }: Case): Evidence => ({
  environment: environmentOf({ user: 'probe-{n}', ...environment }),
  page: at,
  answers,
  observed: { at: now, online: true, connections: [open], mode: undefined, limited: undefined, runs: { judged: 0, failed: 0 }, ...observed },
});
const say = (given: Case) => diagnose(evidence(given));
const jwt = (exp: number): string => `e30.${Buffer.from(JSON.stringify({ exp })).toString('base64url')}.c2ln`;

/** A cause, the layer it is in, what shows it, and something near it that does not. */
const table: readonly { readonly cause: Cause; readonly layer: Layer; readonly name: string; readonly given: Case; readonly says: RegExp; readonly also?: Cause; readonly but: Case; readonly near: Cause | undefined }[] = [
  {
    cause: 'offline',
    layer: 'monitor',
    name: 'the machine has no network',
    given: { observed: { online: false, connections: [unreachable] }, answers: refused },
    says: /This machine is offline/,
    but: { observed: { connections: [unreachable] }, answers: refused },
    near: 'target-down',
  },
  {
    cause: 'socket-limit',
    layer: 'monitor',
    name: 'the page has no socket left',
    given: { observed: { connections: [lost({ reason: 'socket-limit', cause: 'monitor' }, 'failed')] } },
    says: /as many sockets as the browser lets it/,
    but: { observed: { connections: [lost({ reason: 'unusable', cause: 'monitor', words: 'the event name connect (probe.event) is reserved by Socket.IO' }, 'failed')] } },
    near: 'unknown',
  },
  {
    cause: 'wrong-mode',
    layer: 'server',
    name: 'the welcome names another mode',
    given: { observed: { mode: 'legacy', connections: [lost({ reason: 'unusable', cause: 'monitor' }, 'failed')] } },
    says: /ws:\/\/target\.example\/ws serves this monitor in its mode "legacy"/,
    but: { observed: { mode: 'main', connections: [open] } },
    near: undefined,
  },
  {
    cause: 'mixed-content',
    layer: 'monitor',
    name: 'a page over HTTPS, and a target that is not encrypted',
    given: { page: publicPage, observed: { connections: [lost({ reason: 'unusable', cause: 'monitor', words: 'not allowed here (SecurityError)' }, 'failed')] } },
    says: /came over HTTPS.*ws:\/\/target\.example\/ws/,
    but: { page: publicPage, environment: { eventsUrl: 'wss://target.example/ws' }, observed: { connections: [unreachable] }, answers: refused },
    near: 'target-down',
  },
  {
    cause: 'local-network-blocked',
    layer: 'monitor',
    name: 'the browser turned its permission to denied',
    given: { page, environment: { eventsUrl: 'ws://127.0.0.1:4180/ws' }, observed: { connections: [unreachable] }, answers: { ...refused, permission: 'denied' } },
    says: /browser keeps this page from ws:\/\/127\.0\.0\.1:4180/,
    also: 'target-down',
    but: { page, environment: { eventsUrl: 'ws://127.0.0.1:4180/ws' }, observed: { connections: [unreachable] }, answers: { ...refused, permission: 'prompt' } },
    near: 'target-down',
  },
  {
    cause: 'local-network-blocked',
    layer: 'monitor',
    name: 'a page from elsewhere, whose user was not asked yet',
    given: { page: publicPage, environment: { eventsUrl: 'wss://192.168.1.7/ws' }, observed: { connections: [unreachable] }, answers: { ...refused, permission: 'prompt' } },
    says: /the local network/,
    also: 'target-down',
    but: { page: publicPage, environment: { eventsUrl: 'wss://192.168.1.7/ws' }, observed: { connections: [unreachable] }, answers: { ...refused, permission: 'granted' } },
    near: 'target-down',
  },
  {
    cause: 'local-network-blocked',
    layer: 'monitor',
    name: 'a page whose user cannot be asked',
    given: {
      page: { ...page, origin: 'http://watch.example', host: 'watch.example', isSecure: false },
      environment: { eventsUrl: 'ws://127.0.0.1:4180/ws' },
      observed: { connections: [unreachable] },
      answers: { ...refused, permission: 'denied' },
    },
    says: /this machine itself/,
    also: 'target-down',
    but: {
      page: { ...page, origin: 'http://10.0.0.2', host: '10.0.0.2', isSecure: false },
      environment: { eventsUrl: 'ws://10.0.0.3/ws' },
      observed: { connections: [unreachable] },
      answers: { ...refused, permission: 'denied' },
    },
    near: 'target-down',
  },
  {
    cause: 'target-down',
    layer: 'server',
    name: 'nothing answers',
    given: { observed: { connections: [unreachable] }, answers: { ...refused, host: { outcome: 'failed', code: 'ECONNREFUSED' } } },
    says: /Nothing answers at ws:\/\/target\.example \(ECONNREFUSED\)/,
    but: { observed: { connections: [unreachable] } },
    near: 'unknown',
  },
  {
    cause: 'target-down',
    layer: 'server',
    name: 'nothing answers a page, which is not told of a bad certificate',
    given: { page: publicPage, environment: { eventsUrl: 'wss://target.example/ws' }, observed: { connections: [unreachable] }, answers: refused },
    says: /the target is down/,
    also: 'tls',
    but: { page: publicPage, environment: { eventsUrl: 'wss://target.example/ws' }, observed: { connections: [unreachable] }, answers: answered },
    near: 'cors-refused',
  },
  {
    cause: 'target-down',
    layer: 'network',
    name: 'its name is not known',
    given: { observed: { connections: [unreachable] }, answers: { ...refused, host: { outcome: 'failed', code: 'ENOTFOUND' } } },
    says: /its name is not known here/,
    but: { observed: { connections: [unreachable] }, answers: { ...refused, host: { outcome: 'failed', code: 'HPE_INVALID_CONSTANT' } } },
    near: 'unknown',
  },
  {
    cause: 'target-down',
    layer: 'network',
    name: 'what accepts breaks off',
    given: { observed: { connections: [unreachable] }, answers: { ...refused, host: { outcome: 'failed', code: 'ECONNRESET' } } },
    says: /breaks them off at once/,
    but: { observed: { connections: [open] }, answers: { ...refused, host: { outcome: 'failed', code: 'ECONNRESET' } } },
    near: undefined,
  },
  {
    cause: 'tls',
    layer: 'network',
    name: 'a certificate that nobody signed',
    given: { environment: { eventsUrl: 'wss://target.example/ws' }, observed: { connections: [unreachable] }, answers: { ...refused, host: { outcome: 'failed', code: 'DEPTH_ZERO_SELF_SIGNED_CERT' } } },
    says: /certificate of wss:\/\/target\.example is not accepted here/,
    but: { environment: { eventsUrl: 'wss://target.example/ws' }, observed: { connections: [unreachable] }, answers: { ...refused, host: { outcome: 'failed', code: 'ECONNREFUSED' } } },
    near: 'target-down',
  },
  {
    cause: 'tls',
    layer: 'network',
    name: 'a target without TLS',
    given: { environment: { eventsUrl: 'wss://target.example/ws' }, observed: { connections: [lost({ stage: 'open', code: 1015 })] } },
    says: /No secure channel to wss:\/\/target\.example comes about \(code 1015\)/,
    but: { environment: { eventsUrl: 'wss://target.example/ws' }, observed: { connections: [lost({ stage: 'open', code: 1006 })] } },
    near: 'unknown',
  },
  {
    cause: 'cors-refused',
    layer: 'server',
    name: 'a login that a page may not read',
    given: { page, environment: { auth: login, backendUrl }, observed: { connections: [lost({ stage: 'login', reason: 'unreachable' })] }, answers: { ...answered, health: noHealth } },
    says: /http:\/\/target\.example answers, but not to this page: it does not allow the origin http:\/\/localhost:4173/,
    but: { environment: { auth: login, backendUrl }, observed: { connections: [lost({ stage: 'login', reason: 'unreachable' })] }, answers: { ...answered, health: noHealth } },
    near: 'unknown',
  },
  {
    cause: 'cors-refused',
    layer: 'server',
    name: 'an upgrade that is refused to this origin',
    given: { page, observed: { connections: [unreachable] }, answers: { ...answered, upgrade: { outcome: 'failed' } } },
    says: /refuses the upgrade to a WebSocket from http:\/\/localhost:4173/,
    but: { page, observed: { connections: [open] }, answers: answered },
    near: undefined,
  },
  {
    cause: 'subprotocol-refused',
    layer: 'auth',
    name: 'code 1003',
    given: { environment: { auth: { method: 'token', token: 'abc' } }, observed: { connections: [lost({ stage: 'handshake', cause: 'server', code: 1003, words: 'No supported subprotocols' })] } },
    says: /refuses the subprotocol that carries the token \("No supported subprotocols"\)/,
    but: { environment: { auth: { method: 'token', token: 'abc', carry: 'query' } }, observed: { connections: [lost({ stage: 'handshake', cause: 'server', code: 1003, words: 'no binary' })] } },
    near: 'unknown',
  },
  {
    cause: 'subprotocol-refused',
    layer: 'auth',
    name: 'a WebSocket without one is let in',
    given: { environment: { auth: { method: 'token', token: 'abc' } }, observed: { connections: [unreachable] }, answers: { ...answered, upgrade: { outcome: 'answered' } } },
    says: /lets a WebSocket in without a subprotocol/,
    also: 'token-refused',
    but: { page, environment: { auth: { method: 'token', token: 'abc' } }, observed: { connections: [unreachable] }, answers: { ...answered, upgrade: { outcome: 'failed' } } },
    near: 'token-refused',
  },
  {
    cause: 'subprotocol-refused',
    layer: 'monitor',
    name: 'a token that no subprotocol may hold',
    given: { environment: { auth: { method: 'token', token: 'abc=' } }, observed: { connections: [lost({ reason: 'unusable', cause: 'monitor', words: 'the address or the subprotocol is not allowed here (SyntaxError)' }, 'failed')] } },
    says: /characters that no subprotocol may have/,
    but: { environment: { auth: { method: 'token', token: 'abc=', carry: 'query' } }, observed: { connections: [lost({ reason: 'unusable', cause: 'monitor', words: 'the address or the subprotocol is not allowed here (SyntaxError)' }, 'failed')] } },
    near: 'unknown',
  },
  {
    cause: 'token-refused',
    layer: 'auth',
    name: 'HTTP 401 of the login',
    given: { environment: { auth: login, backendUrl }, observed: { connections: [lost({ stage: 'login', cause: 'auth', code: 401 }, 'refused')] } },
    says: /http:\/\/target\.example\/login refuses the sign-in \(HTTP 401\)/,
    but: { environment: { auth: login, backendUrl }, observed: { connections: [lost({ stage: 'login', cause: 'server', code: 404 })] } },
    near: 'unknown',
  },
  {
    cause: 'token-refused',
    layer: 'auth',
    name: 'code 1008',
    given: { observed: { connections: [lost({ stage: 'handshake', cause: 'auth', code: 1008, words: 'Authentication failed' }, 'refused')] } },
    says: /refuses the sign-in \(code 1008, "Authentication failed"\)/,
    but: { observed: { connections: [lost({ stage: 'open', cause: 'server', code: 1000, openForMs: 60_000 })] } },
    near: 'unknown',
  },
  {
    cause: 'token-refused',
    layer: 'auth',
    name: 'HTTP 403 of the upgrade, which Node is told',
    given: { observed: { connections: [unreachable] }, answers: { ...answered, upgrade: { outcome: 'failed', status: 403 } } },
    says: /refuses the upgrade to a WebSocket with HTTP 403/,
    also: 'cors-refused',
    but: { observed: { connections: [unreachable] }, answers: { ...answered, upgrade: { outcome: 'failed', status: 404 } } },
    near: 'unknown',
  },
  {
    cause: 'token-expired',
    layer: 'auth',
    name: 'the target’s words',
    given: { observed: { connections: [lost({ stage: 'open', cause: 'auth', code: 1008, words: 'token expired', openForMs: 900_000 }, 'refused')] } },
    says: /has expired \("token expired"\)/,
    but: { observed: { connections: [lost({ stage: 'open', cause: 'auth', code: 1008, words: 'token unknown', openForMs: 900_000 }, 'refused')] } },
    near: 'token-refused',
  },
  {
    cause: 'token-expired',
    layer: 'auth',
    name: 'the token’s own end',
    given: { environment: { auth: { method: 'token', token: jwt(1_700_000_000) } }, observed: { connections: [lost({ stage: 'handshake', cause: 'auth', code: 1008 }, 'refused')] } },
    says: /at 2023-11-14T22:13:20\.000Z/,
    but: { environment: { auth: { method: 'token', token: jwt(1_900_000_000) } }, observed: { connections: [lost({ stage: 'handshake', cause: 'auth', code: 1008 }, 'refused')] } },
    near: 'token-refused',
  },
  {
    cause: 'token-expired',
    layer: 'auth',
    name: 'a session that was accepted and ended',
    given: { environment: { auth: login, backendUrl }, observed: { connections: [lost({ stage: 'open', cause: 'auth', code: 1008, reason: 'session-expired' })] } },
    says: /has expired\./,
    also: 'token-refused',
    but: { environment: { auth: login, backendUrl }, observed: { connections: [open] } },
    near: undefined,
  },
  {
    cause: 'user-limit',
    layer: 'server',
    name: '3 of 10 connections of one user live',
    given: { environment: { user: 'probe' }, observed: { connections: [open, open, open, ...Array.from({ length: 7 }, () => lost({ stage: 'handshake', cause: 'server', code: 4008, openForMs: 20 }))] } },
    says: /holds 3 of 10 connections and turns the others away: all come as one user/,
    but: { observed: { connections: [open, open, open, ...Array.from({ length: 7 }, () => lost({ stage: 'handshake', cause: 'server', code: 4008, openForMs: 20 }))] } },
    near: 'unknown',
  },
  {
    cause: 'user-limit',
    layer: 'server',
    name: 'the target’s words, with a code that is also a refusal’s',
    given: { environment: { user: 'probe' }, observed: { connections: [open, lost({ stage: 'handshake', cause: 'auth', code: 1008, words: 'Too many connections for user' }, 'refused')] } },
    says: /turns the others away \("Too many connections for user"\)/,
    but: { environment: { user: 'probe' }, observed: { connections: [open, lost({ stage: 'open', cause: 'server', code: 1001, openForMs: 600_000 })] } },
    near: 'unknown',
  },
  {
    cause: 'rate-limited',
    layer: 'server',
    name: 'HTTP 429',
    given: { environment: { auth: login, backendUrl }, observed: { connections: [lost({ stage: 'login', cause: 'server', code: 429 })] } },
    says: /limits the rate of this monitor \(HTTP 429\)/,
    but: { environment: { auth: login, backendUrl }, observed: { connections: [lost({ stage: 'login', cause: 'server', code: 400 })] } },
    near: 'unknown',
  },
  {
    cause: 'rate-limited',
    layer: 'server',
    name: 'an error in a frame',
    given: { observed: { limited: 'RATE_LIMIT_EXCEEDED', runs: { judged: 4, failed: 4 } } },
    says: /\("RATE_LIMIT_EXCEEDED"\)/,
    but: { observed: { runs: { judged: 4, failed: 4 } } },
    near: 'agent-failed',
  },
  {
    cause: 'target-error',
    layer: 'server',
    name: 'code 1011',
    given: { observed: { connections: [lost({ stage: 'open', cause: 'server', code: 1011, words: 'service not ready' })] } },
    says: /closed with code 1011 \("service not ready"\)/,
    but: { observed: { connections: [lost({ stage: 'open', cause: 'server', code: 4000 })] } },
    near: 'unknown',
  },
  {
    cause: 'target-error',
    layer: 'server',
    name: 'its health, where the connections do not tell',
    given: { observed: { connections: [unreachable] }, answers: { ...answered, health: { ...health, ok: false, status: 503, reason: 'HTTP 503' } } },
    says: /its health is bad \(HTTP 503\)/,
    but: { observed: { connections: [unreachable] }, answers: { ...answered, health: { ...health, ok: false, reason: 'it says <html>' }, upgrade: { outcome: 'failed', status: 404 } } },
    near: 'unknown',
  },
  {
    cause: 'target-error',
    layer: 'server',
    name: 'an upgrade that is refused with a 5xx',
    given: { observed: { connections: [unreachable] }, answers: { ...answered, upgrade: { outcome: 'failed', status: 502 } } },
    says: /refused the upgrade to a WebSocket with HTTP 502/,
    but: { observed: { connections: [unreachable] }, answers: { ...answered, upgrade: { outcome: 'failed', status: 401 } } },
    near: 'token-refused',
  },
  {
    cause: 'half-open',
    layer: 'network',
    name: 'a connection on which nothing comes',
    given: { observed: { connections: [{ ...open, silentMs: 21_400 }, open, open] }, answers: { ...answered, host: undefined } },
    says: /Nothing came over 1 of 3 connections .* for 21 s, not even a heartbeat, though it looks open/,
    but: { observed: { connections: [open, open, open] } },
    near: undefined,
  },
  {
    cause: 'half-open',
    layer: 'network',
    name: 'a heartbeat that did not come',
    given: { observed: { connections: [lost({ stage: 'open', reason: 'fell-silent', words: 'ping timeout' })] }, answers: { ...answered, health: noHealth, host: { outcome: 'timeout' } } },
    says: /open at this end alone/,
    but: { observed: { connections: [lost({ stage: 'open', reason: 'connection-lost', words: 'transport close' })] }, answers: answered },
    near: 'unknown',
  },
  {
    cause: 'half-open',
    layer: 'network',
    name: 'a connection that is swallowed',
    given: { observed: { connections: [lost({ reason: 'timeout' })] }, answers: { ...refused, host: { outcome: 'timeout' }, upgrade: undefined } },
    says: /neither accepts nor refuses/,
    also: 'target-down',
    but: { observed: { connections: [lost({ reason: 'timeout' })] }, answers: refused },
    near: 'target-down',
  },
  {
    cause: 'half-open',
    layer: 'network',
    name: 'a handshake that is never completed, of a target that answers',
    given: { observed: { connections: [lost({ reason: 'timeout' })] }, answers: answered },
    says: /does not complete a connection/,
    also: 'target-error',
    but: { observed: { connections: [lost({ reason: 'timeout' })] } },
    near: 'unknown',
  },
  {
    cause: 'no-room',
    layer: 'server',
    name: 'others get their events',
    given: { observed: { connections: [{ ...open, mute: 'bare' }, { ...open, talking: true }, { ...open, talking: true }] } },
    says: /1 of 3 connections to .* is in no room: alive, and triggered, yet no event comes, while 2 others get their events/,
    but: { observed: { connections: [{ ...open, talking: true }, { ...open, talking: true }] } },
    near: undefined,
  },
  {
    cause: 'no-room',
    layer: 'server',
    name: 'triggers that are taken',
    given: { observed: { connections: [{ ...open, mute: 'acknowledged' }] } },
    says: /the target takes the triggers/,
    also: 'heartbeats-only',
    but: { observed: { connections: [{ ...open, mute: 'acknowledged', silentMs: 30_000 }] } },
    near: 'half-open',
  },
  {
    cause: 'heartbeats-only',
    layer: 'agent',
    name: 'no connection gets anything else',
    given: { observed: { connections: [{ ...open, mute: 'bare' }, { ...open, mute: 'bare' }] } },
    says: /sends nothing beyond heartbeats: 2 of 2 connections/,
    also: 'no-room',
    but: { observed: { connections: [{ ...open, mute: 'bare' }, { ...open, talking: true }] } },
    near: 'no-room',
  },
  {
    cause: 'agent-failed',
    layer: 'agent',
    name: 'half of the runs',
    given: { observed: { runs: { judged: 8, failed: 4 } } },
    says: /4 of 8 runs of the last minute/,
    but: { observed: { runs: { judged: 8, failed: 3 } } },
    near: undefined,
  },
  {
    cause: 'unknown',
    layer: 'network',
    name: 'a connection that broke off, to a target that answers',
    given: { observed: { connections: [lost({ stage: 'open', code: 1006 }), open] }, answers: answered },
    says: /was lost \(code 1006\), and nothing that can be asked tells why/,
    but: { observed: { connections: [open, open] }, answers: answered },
    near: undefined,
  },
];

describe('the diagnosis', () => {
  test.each(table)('$cause: $name', ({ cause, layer, given, says, also, but, near }) => {
    const found = say(given);
    expect(found).toMatchObject({ cause, layer });
    expect(found?.sentence).toMatch(says);
    expect(found?.also).toBe(also);
    expect(found?.remedy).not.toBe('');
    expect(say(but)?.cause).toBe(near);
  });

  test('is none while connections are open, or are opened for the first time', () => {
    expect(say({})).toBeUndefined();
    expect(say({ observed: { connections: [{ ...open, state: 'connecting' }] } })).toBeUndefined();
    expect(say({ observed: { connections: [lost({ cause: 'monitor' }, 'closed')] }, answers: refused })).toBeUndefined();
  });

  test('of too many connections says how to give each a user of its own', () => {
    const connections = [open, lost({ stage: 'handshake', cause: 'server', code: 4008, openForMs: 5 })];
    expect(say({ environment: { user: 'probe' }, observed: { connections } })?.remedy).toContain('"user": "probe-{n}"');
    expect(say({ environment: { auth: { method: 'token', token: 'abc' } }, observed: { connections } })?.remedy).toContain('{n} in the token');
    // The target names the same user for all, whatever the file asks for.
    const named = [{ ...open, user: 'dev-user-001' }, { ...open, user: 'dev-user-001' }, ...connections];
    expect(say({ observed: { connections: named } })).toMatchObject({ cause: 'user-limit', sentence: expect.stringContaining('one user (dev-user-001)') });
    const limited = [open, lost({ stage: 'handshake', cause: 'server', words: 'connection limit exceeded' })];
    expect(say({ observed: { connections: limited } })).toMatchObject({ cause: 'user-limit', remedy: expect.not.stringContaining('probe-{n}') });
  });

  test('tells what is ruled out, and never its own causes', () => {
    expect(say({ page, environment: { eventsUrl: 'ws://127.0.0.1:4180/ws' }, observed: { connections: [unreachable] }, answers: { ...refused, permission: 'prompt' } })?.ruledOut).toEqual(['browser permission', 'mixed content']);
    const locked = say({ page, environment: { eventsUrl: 'ws://127.0.0.1:4180/ws' }, observed: { connections: [unreachable] }, answers: { ...refused, permission: 'denied' } });
    expect(locked?.ruledOut).toEqual(['mixed content']);
    expect(say({ environment: { auth: { method: 'token', token: 'a{n}' } }, observed: { connections: [open, lost({ stage: 'open', code: 1006 })] }, answers: answered })?.ruledOut).toEqual(['target down', 'token', 'user limit']);
    expect(say({ page, environment: { auth: login, backendUrl }, observed: { connections: [lost({ stage: 'handshake', cause: 'auth', code: 1008 }, 'refused')] }, answers: answered })?.ruledOut).toEqual(['browser permission', 'mixed content', 'CORS', 'target down']);
    expect(say({ environment: { eventsUrl: 'wss://target.example/ws' }, observed: { mode: 'main', connections: [{ ...open, mute: 'bare' }] } })?.ruledOut).toEqual(['TLS', 'target down', 'wrong mode']);
  });

  test('never shows a token', () => {
    const token = jwt(1_700_000_000);
    for (const { given } of table) {
      const shown = JSON.stringify(say({ ...given, environment: { ...given.environment, auth: { method: 'token', token }, eventsUrl: `ws://target.example/ws?token=${token}` } }) ?? '');
      expect(shown).not.toContain(token.slice(0, 12));
    }
  });
});
