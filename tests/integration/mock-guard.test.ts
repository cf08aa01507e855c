import { request as httpRequest } from 'node:http';
import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { WebSocket } from 'ws';
import { startMock, type Mock } from '#mock/mock.ts';

let mock: Mock;

beforeAll(async () => {
  mock = await startMock({ pace: 0.05, bypassKey: 'open sesame' });
});
afterAll(() => mock.close());

interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly body: string;
}

/** A request with whatever Host and Origin. */
function ask(path: string, options: { method?: string; headers?: Record<string, string>; body?: string } = {}): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const request = httpRequest({ host: '127.0.0.1', port: mock.port, path, method: options.method ?? 'GET', headers: options.headers, agent: false }, (response) => {
      let body = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => (body += chunk));
      response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, body }));
    });
    request.on('error', reject);
    request.end(options.body);
  });
}

/** Opens a WebSocket by hand; gives 101, or the status of the refusal, and everything that came. */
function upgrade(path: string, headers: Record<string, string>): Promise<{ status: number; messages: number }> {
  return new Promise((resolve) => {
    let messages = 0;
    const socket = new WebSocket(`ws://127.0.0.1:${mock.port}${path}`, { headers });
    socket.on('message', () => {
      messages += 1;
      socket.close();
    });
    socket.on('close', () => resolve({ status: 101, messages }));
    socket.on('unexpected-response', (_request, response) => {
      resolve({ status: response.statusCode ?? 0, messages });
      response.destroy();
    });
    socket.on('error', () => {});
  });
}

const doors = {
  'plain WebSocket': (headers: Record<string, string>) => upgrade('/ws?user=alice', headers).then(({ status }) => status === 101),
  'Socket.IO over WebSocket': (headers: Record<string, string>) => upgrade('/socket.io/?EIO=4&transport=websocket', headers).then(({ status }) => status === 101),
  'Socket.IO over polling': (headers: Record<string, string>) => ask('/socket.io/?EIO=4&transport=polling', { headers }).then(({ status }) => status === 200),
  health: (headers: Record<string, string>) => ask('/health', { headers }).then(({ status }) => status === 200),
  ledger: (headers: Record<string, string>) => ask('/ledger', { headers }).then(({ status }) => status === 200),
  scenario: (headers: Record<string, string>) => ask('/scenario', { method: 'POST', headers, body: '{"scenario":"healthy"}' }).then(({ status }) => status === 200),
  preflight: (headers: Record<string, string>) => ask('/scenario', { method: 'OPTIONS', headers }).then(({ status }) => status === 204),
};

const origins: readonly [string, string | undefined, boolean][] = [
  ['none, as programs send it', undefined, true],
  ['localhost', 'http://localhost:4173', true],
  ['127.0.0.1', 'http://127.0.0.1:5173', true],
  ['[::1]', 'http://[::1]:4173', true],
  ['a foreign site', 'http://evil.example', false],
  ['null, from a sandboxed frame or a file', 'null', false],
  ['a subdomain of localhost', 'http://evil.localhost:4173', false],
  ['a suffix that looks right', 'http://localhost.evil.example', false],
  ['a prefix that looks right', 'http://notlocalhost:4173', false],
  ['user info that looks right', 'http://localhost:80@evil.example', false],
  ['an address of the network', 'http://192.168.0.7:4173', false],
  ['two origins', 'http://localhost:4173, http://evil.example', false],
  ['empty', '', false],
];

const hosts: readonly [string, boolean][] = [
  ['localhost', true],
  ['LOCALHOST:4180', true],
  ['127.0.0.1:4180', true],
  ['[::1]:4180', true],
  ['rebind.example', false],
  ['localhost.rebind.example:4180', false],
  ['127.0.0.1.rebind.example', false],
  ['192.168.0.7:4180', false],
];

describe.each(Object.entries(doors))('%s', (_name, passes) => {
  test.each(origins)('origin %s', async (_what, origin, allowed) => {
    expect(await passes(origin === undefined ? {} : { Origin: origin })).toBe(allowed);
  });
  test.each(hosts)('host %s', async (host, allowed) => {
    expect(await passes({ Host: host })).toBe(allowed);
  });
});

test('a refused upgrade is answered with 403, and not one frame or connection comes of it', async () => {
  const before = mock.ledger().connections.length;
  for (const path of ['/ws', '/socket.io/?EIO=4&transport=websocket']) {
    expect(await upgrade(path, { Origin: 'http://evil.example' })).toEqual({ status: 403, messages: 0 });
    expect(await upgrade(path, { Host: 'rebind.example' })).toEqual({ status: 403, messages: 0 });
  }
  expect((await ask('/socket.io/?EIO=4&transport=polling', { headers: { Origin: 'http://evil.example' } })).status).toBe(403);
  expect(mock.ledger().connections).toHaveLength(before);
});

test('an upgrade at an unknown path is answered with 404', async () => {
  expect((await upgrade('/websocket', {})).status).toBe(404);
  expect((await upgrade('/socket.io', {})).status).toBe(404);
});

test('CORS: the loopback origin by name, never with credentials, and nothing for those without an Origin', async () => {
  const origin = 'http://localhost:4173';
  for (const path of ['/health', '/ledger', '/socket.io/?EIO=4&transport=polling']) {
    const { headers } = await ask(path, { headers: { Origin: origin } });
    expect(headers['access-control-allow-origin']).toBe(origin);
    expect(headers['access-control-allow-credentials']).toBeUndefined();
    expect(headers['vary']).toBe('Origin');
  }
  expect((await ask('/health')).headers['access-control-allow-origin']).toBeUndefined();
  expect((await ask('/health', { headers: { Origin: 'http://evil.example' } })).headers['access-control-allow-origin']).toBeUndefined();
  const preflight = await ask('/auth/e2e/test-auth', { method: 'OPTIONS', headers: { Origin: origin } });
  expect(preflight.headers).toMatchObject({ 'access-control-allow-headers': 'Content-Type, X-E2E-Bypass-Key', 'access-control-allow-methods': 'GET, HEAD, POST' });
});

test('health and readiness tell status and version', async () => {
  expect(JSON.parse((await ask('/health')).body)).toEqual({ status: 'ok', service: 'runwatch-mock', version: '1.0.0' });
  expect(JSON.parse((await ask('/health/ready')).body)).toEqual({ status: 'ready', service: 'runwatch-mock', version: '1.0.0' });
  expect(await ask('/health', { method: 'HEAD' })).toMatchObject({ status: 200, body: '' });
  expect((await ask('/nowhere')).status).toBe(404);
  expect((await ask('/health', { method: 'DELETE' })).status).toBe(404);
  expect((await ask('*', { method: 'GET' })).status).toBe(400);
});

describe('login', () => {
  const login = (body: string, key = 'open sesame') => ask('/auth/e2e/test-auth', { method: 'POST', body, headers: key === '' ? {} : { 'X-E2E-Bypass-Key': key } });

  test('gives an opaque token of 900 s and the user of the address', async () => {
    const { status, body } = await login('{"email":"probe-3@example.com"}');
    expect(status).toBe(200);
    expect(JSON.parse(body)).toEqual({
      access_token: expect.stringMatching(/^[A-Za-z0-9_-]{32}$/),
      token_type: 'Bearer',
      expires_in: 900,
      user: { id: 'e2e-probe-3', email: 'probe-3@example.com' },
    });
  });

  test('401 for a wrong or a missing key', async () => {
    expect((await login('{"email":"a@b.c"}', 'open barley')).status).toBe(401);
    expect((await login('{"email":"a@b.c"}', 'open sesamf')).status).toBe(401);
    expect((await login('{"email":"a@b.c"}', '')).status).toBe(401);
  });

  test.each([
    ['no JSON', '{', 400],
    ['no address', '{"email":"nobody"}', 422],
    ['no text', '{"email":7}', 422],
    ['no object', '[]', 422],
    ['too much', JSON.stringify({ email: 'x'.repeat(70_000) }), 413],
  ])('refuses %s', async (_what, body, status) => {
    expect((await login(body)).status).toBe(status);
  });

  test('the token opens both transports, whichever way it is carried, and exactly the offered subprotocol comes back', async () => {
    const { access_token: token } = JSON.parse((await login('{"email":"carl@example.com"}')).body) as { access_token: string };
    for (const offered of [[`jwt.${token}`], ['jwt-auth', `jwt.${token}`], [`bearer.${token}`, 'jwt'], ['jwt']]) {
      const socket = new WebSocket(`ws://127.0.0.1:${mock.port}/ws`, offered);
      const welcome = await new Promise<string>((resolve) => socket.once('message', (data) => resolve(String(data))));
      expect(socket.protocol).toBe(offered.find((protocol) => protocol.includes(token)) ?? 'jwt');
      expect(JSON.parse(welcome)).toMatchObject({ data: { user_id: offered[0] === 'jwt' && offered.length === 1 ? null : 'e2e-carl' } });
      expect(socket.extensions).toBe('');
      socket.close();
    }
  });
});

describe('scenario', () => {
  const change = (body: string) => ask('/scenario', { method: 'POST', body });

  test('switches the mix, and a seed with it', async () => {
    expect(JSON.parse((await change('{"scenario":"missing-event","share":0.2,"seed":7}')).body)).toEqual({ seed: 7, scenario: [{ scenario: 'missing-event', share: 0.2 }] });
    expect(mock.ledger()).toMatchObject({ seed: 7, scenario: [{ scenario: 'missing-event', share: 0.2 }] });
    expect((await change('{"mix":[{"scenario":"late","share":0.5},{"scenario":"stall","share":0.5}]}')).status).toBe(200);
    expect(mock.ledger().seed).toBe(7);
    await change('{"scenario":"healthy"}');
  });

  test.each(['{"scenario":"nonsense"}', '{"scenario":"late","share":2}', '{"scenario":"late","seed":-1}', '{"mix":[]}', '[]', '7', '{'])('refuses %s and changes nothing', async (body) => {
    const before = mock.ledger().scenario;
    const answer = await change(body);
    expect(answer.status).toBe(400);
    expect(JSON.parse(answer.body)).toEqual({ error: expect.any(String) });
    expect(mock.ledger().scenario).toEqual(before);
  });
});

describe('a hostile client', () => {
  test('what is no JSON object is ignored, and the connection lives on', async () => {
    const socket = new WebSocket(`ws://127.0.0.1:${mock.port}/ws?user=mallory`);
    const received: string[] = [];
    socket.on('message', (data) => received.push(String(data)));
    await vi.waitFor(() => expect(received).toHaveLength(1));
    for (const text of ['{', '[]', '7', 'null', '{"type":{}}', '{"__proto__":{"type":"ping"}}', `${'['.repeat(20_000)}${']'.repeat(20_000)}`]) socket.send(text);
    socket.send(Buffer.from([1, 2, 3]));
    socket.send('{"type":"ping"}');
    await vi.waitFor(() => expect(received).toHaveLength(2));
    expect(JSON.parse(received[1] ?? '')).toMatchObject({ type: 'pong', data: { timestamp: expect.closeTo(Date.now() / 1000, -1) } });
    socket.close();
  });

  test('a message above 64 KiB closes the connection with 1009', async () => {
    const socket = new WebSocket(`ws://127.0.0.1:${mock.port}/ws?user=mallory`);
    socket.on('open', () => socket.send('x'.repeat(70_000)));
    expect(await new Promise((resolve) => socket.on('close', resolve))).toBe(1009);
  });

  test('a connection that breaks in the middle of an upgrade harms nobody', async () => {
    const tcp = connect(mock.port, '127.0.0.1');
    tcp.write('GET /ws HTTP/1.1\r\nHost: localhost\r\nOrigin: http://evil.example\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n');
    tcp.resetAndDestroy();
    expect((await ask('/health')).status).toBe(200);
  });
});
