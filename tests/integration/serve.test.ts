import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Server, serve } from '../../scripts/serve.ts';

interface Answer {
  readonly status: number;
  readonly headers: NodeJS.Dict<string | string[]>;
  readonly body: string;
}

let folder = '';
let server: Server;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'runwatch-serve-'));
  const root = join(folder, 'dist');
  mkdirSync(join(root, 'assets'), { recursive: true });
  writeFileSync(join(folder, 'secret.txt'), 'secret');
  writeFileSync(join(root, '.hidden'), 'secret');
  writeFileSync(join(root, 'index.html'), '<!doctype html>');
  writeFileSync(join(root, 'assets/index-abc123.js'), 'export {};');
  writeFileSync(join(root, 'assets/monitor.worker-abc123.js'), 'export {};');
  writeFileSync(join(root, 'assets/inter-abc123.woff2'), 'font');
  writeFileSync(join(root, 'environments.json'), JSON.stringify({ environments: [{ eventsUrl: 'ws://one.example.com/ws' }] }));
  symlinkSync(join(folder, 'secret.txt'), join(root, 'link.txt'));
  server = await serve({ root, port: 0 });
});

afterAll(async () => {
  await server.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Without a URL object in between, which would tidy the path up. */
function get(path: string, options: { method?: string; headers?: Record<string, string> } = {}): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const asked = request({ host: '127.0.0.1', port: new URL(server.url).port, path, ...options }, (response) => {
      let body = '';
      response.setEncoding('utf8').on('data', (text: string) => (body += text));
      response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, body }));
    });
    asked.once('error', reject).end();
  });
}

describe('files', () => {
  test.for([
    ['/', 200, 'text/html; charset=utf-8', 'no-cache'],
    ['/?view=live&env=local', 200, 'text/html; charset=utf-8', 'no-cache'],
    ['/index.html', 200, 'text/html; charset=utf-8', 'no-cache'],
    ['/environments.json', 200, 'application/json; charset=utf-8', 'no-cache'],
    ['/assets/index-abc123.js', 200, 'text/javascript; charset=utf-8', 'public, max-age=31536000, immutable'],
    ['/assets/inter-abc123.woff2', 200, 'font/woff2', 'public, max-age=31536000, immutable'],
    // A worker obeys the policy that came with its script: a kept copy would keep an old policy.
    ['/assets/monitor.worker-abc123.js', 200, 'text/javascript; charset=utf-8', 'no-cache'],
  ] as const)('%s', async ([path, status, type, cache]) => {
    const answer = await get(path);
    expect(answer).toMatchObject({ status, headers: { 'content-type': type, 'cache-control': cache, 'x-content-type-options': 'nosniff', 'referrer-policy': 'no-referrer' } });
  });

  test('an unchanged file is answered with 304 and the policy of now', async () => {
    const { headers } = await get('/');
    const again = await get('/', { headers: { 'If-None-Match': String(headers['etag']) } });
    expect(again).toMatchObject({ status: 304, body: '' });
    expect(again.headers['content-security-policy']).toContain('ws://one.example.com');
  });

  test('HEAD has the headers and no body', async () => {
    for (const path of ['/', '/environments.json']) expect(await get(path, { method: 'HEAD' })).toMatchObject({ status: 200, body: '' });
  });

  test.for(['/missing', '/assets', '/assets/', '/link.txt', '/index.html/'])('%s is not there', async (path) => {
    expect((await get(path)).status).toBe(404);
  });

  test.for(['/../secret.txt', '/assets/../../secret.txt', '/%2e%2e/secret.txt', '/..%2fsecret.txt', '/..\\secret.txt', '/%00', '/%zz', '/.hidden', '//../secret.txt', 'http://127.0.0.1/../secret.txt'])('%s is refused', async (path) => {
    const answer = await get(path);
    expect(answer.status).toBe(400);
    expect(answer.body).not.toContain('secret');
  });

  test('only GET and HEAD', async () => {
    for (const method of ['POST', 'PUT', 'DELETE', 'OPTIONS']) expect(await get('/', { method })).toMatchObject({ status: 405, headers: { allow: 'GET, HEAD' } });
  });
});

describe('the host that a request asks for', () => {
  test.for(['127.0.0.1', 'localhost:4173', 'LOCALHOST', '[::1]:80'])('%s is this server', async (host) => {
    expect((await get('/', { headers: { Host: host } })).status).toBe(200);
  });

  test.for(['rebind.example.com', 'localhost.example.com', '127.0.0.1.example.com:80', '192.168.0.1'])('%s is not', async (host) => {
    const answer = await get('/', { headers: { Host: host } });
    expect(answer.status).toBe(421);
    expect(answer.headers['content-security-policy']).toBe("default-src 'none'; frame-ancestors 'none'");
  });
});

test('an edited environments file holds from the next request on', async () => {
  expect((await get('/')).headers['content-security-policy']).toContain('ws://one.example.com');
  writeFileSync(join(folder, 'dist/environments.json'), JSON.stringify({ environments: [{ eventsUrl: 'ws://two.example.com/ws' }] }));
  const policy = String((await get('/assets/monitor.worker-abc123.js')).headers['content-security-policy']);
  expect(policy).toContain('ws://two.example.com');
  expect(policy).not.toContain('ws://one.example.com');
});

test('a taken port is an error', async () => {
  await expect(serve({ root: join(folder, 'dist'), port: Number(new URL(server.url).port) })).rejects.toMatchObject({ code: 'EADDRINUSE' });
});
