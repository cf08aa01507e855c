/** What the page says is behind a target that cannot be watched: the layer, the cause, and what it is not. */
import { createServer as createHttpServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { connect, type AddressInfo, type Server as NetServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium, type Browser, type Page } from '@playwright/test';
import { startMock } from '#mock/mock.ts';
import { CHROMIUM_FLAGS } from '../../scripts/chromium.ts';
import { serve } from '../../scripts/serve.ts';
import { entryOf, expect, fileOf, quickMock, test } from './fixtures.ts';
import { untilOpen } from './support.ts';

const network = [/ERR_CONNECTION_REFUSED/, /WebSocket connection to .* failed/];

const alert = (page: Page) => page.getByRole('alert');
/** What the connections themselves say, which is known before anybody was asked. */
const problem = (page: Page) => alert(page).locator('.chip').first();

/** The text of a diagnosis, and how long after the problem it came, in milliseconds. */
async function diagnosed(page: Page, layer: string, cause: RegExp): Promise<{ readonly text: string; readonly ms: number }> {
  await expect(problem(page)).toBeVisible();
  const since = Date.now();
  await expect(alert(page)).toContainText(`Layer ${layer}.`);
  const ms = Date.now() - since;
  await expect(alert(page).locator('.chip').last()).toHaveText(cause);
  return { text: (await alert(page).textContent()) ?? '', ms };
}

async function listen(server: NetServer): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}

/** Stands before the mock, which knows pages of this machine alone: whether a page may read the answers is said here. */
async function frontOf(port: number, allowed: () => boolean): Promise<{ readonly url: string; readonly close: () => Promise<void> }> {
  const pass = (request: IncomingMessage, response: ServerResponse): void => {
    if (allowed()) {
      response.setHeader('Access-Control-Allow-Origin', '*');
      response.setHeader('Access-Control-Allow-Headers', '*');
    }
    if (request.method === 'OPTIONS') return void response.writeHead(204).end();
    void (async () => {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk as Buffer);
      const answer = await fetch(`http://127.0.0.1:${port}${request.url ?? '/'}`, { method: request.method ?? 'GET', ...(request.method === 'POST' && { body: Buffer.concat(chunks), headers: { 'content-type': 'application/json' } }) });
      response.writeHead(answer.status, { 'content-type': 'application/json' }).end(await answer.text());
    })();
    return undefined;
  };
  const server = createHttpServer(pass);
  server.on('upgrade', (request, near) => {
    const far = connect(port, '127.0.0.1', () => {
      const headers = Object.entries({ ...request.headers, host: `127.0.0.1:${port}`, origin: 'http://127.0.0.1' }).map(([name, value]) => `${name}: ${String(value)}`);
      far.write([`GET ${request.url ?? '/'} HTTP/1.1`, ...headers, '', ''].join('\r\n'));
      far.pipe(near).pipe(far);
    });
    far.on('error', () => near.destroy());
    near.on('error', () => far.destroy());
  });
  const url = `http://127.0.0.1:${await listen(server)}`;
  return {
    url,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

test.describe('a target that is down', () => {
  // Wrapped, since a list whose second item is an object would be read as a fixture with its options.
  test.use({ expectedErrors: [network, { scope: 'test' }] });

  test('is named within a second with what it is not; one that is there has no diagnosis', async ({ page, mock }) => {
    await page.goto('/?env=mock-websocket');
    await untilOpen(page, 'mock-websocket', 3);
    await expect(alert(page)).toHaveCount(0);
    await mock.close();
    const { text, ms } = await diagnosed(page, 'server', /^target-down$/);
    expect(ms).toBeLessThan(1000);
    // Where it was lost, or where it is sought again.
    expect(text.replaceAll('ws://', 'http://')).toContain(`Nothing answers at ${mock.url}: the target is down.`);
    expect(text).toMatch(/Ruled out: browser permission, mixed content\./);
    const again = await startMock({ ...quickMock, port: mock.port });
    try {
      await untilOpen(page, 'mock-websocket', 3);
      await expect(alert(page)).toHaveCount(0);
    } finally {
      await again.close();
    }
  });
});

test.describe('a target that does not know this page', () => {
  const fronts: { close: () => Promise<void> }[] = [];
  test.afterEach(async () => {
    for (const front of fronts.splice(0)) await front.close();
  });

  test('answers, but not to this page; one that allows it is watched', async ({ mock, browser }) => {
    let isAllowed = false;
    const front = await frontOf(mock.port, () => isAllowed);
    fronts.push(front);
    const site = await serve({ root: 'dist', port: 0, environments: () => fileOf(entryOf(mock, 'websocket', { backendUrl: front.url, eventsUrl: `${front.url.replace('http', 'ws')}/ws` })) });
    fronts.push(site);
    const page = await browser.newPage();
    await page.goto(site.url);
    const { text, ms } = await diagnosed(page, 'server', /^cors-refused$/);
    expect(ms).toBeLessThan(1000);
    expect(text).toContain(`${front.url} answers, but not to this page: it does not allow the origin ${site.url}.`);
    expect(text).toMatch(/Ruled out: browser permission, mixed content, target down\./);
    isAllowed = true;
    await untilOpen(page, 'mock', 3);
    await expect(alert(page)).toHaveCount(0);
    await page.close();
  });
});

/** A browser of its own, since its flags say where the page comes from. */
async function inBrowser(flags: readonly string[], use: (browser: Browser) => Promise<void>): Promise<void> {
  const executablePath = process.env['CHROMIUM'];
  const browser = await chromium.launch({ ...(executablePath === undefined ? {} : { executablePath }), args: [...CHROMIUM_FLAGS, ...flags] });
  try {
    await use(browser);
  } finally {
    await browser.close();
  }
}

test.describe('a page from elsewhere', () => {
  test('is kept from a target on this machine, which is not called down; with the permission it watches it', async ({ mock, site }) => {
    const { host } = new URL(site.url);
    await inBrowser([`--ip-address-space-overrides=${host}=public`], async (browser) => {
      const page = await browser.newPage();
      await page.goto(`${site.url}/?env=mock-websocket`);
      const { text, ms } = await diagnosed(page, 'monitor', /^local-network-blocked or target-down$/);
      expect(ms).toBeLessThan(1000);
      expect(text).toContain(`The browser keeps this page from ${mock.url}: it has no permission to reach this machine itself (Local Network Access).`);
      expect(text).toMatch(/Ruled out: mixed content\./);
      expect(text).not.toContain('the target is down');

      const allowed = await browser.newContext({ permissions: ['local-network-access'] });
      const permitted = await allowed.newPage();
      await permitted.goto(`${site.url}/?env=mock-websocket`);
      await untilOpen(permitted, 'mock-websocket', 3);
      await expect(alert(permitted)).toHaveCount(0);
    });
  });
});

test.describe('a page over HTTPS', () => {
  /** The site behind TLS, with a certificate that only this test believes. */
  async function secured(url: string): Promise<{ readonly port: number; readonly close: () => Promise<void> }> {
    const folder = mkdtempSync(join(tmpdir(), 'runwatch-tls-'));
    const files = { key: join(folder, 'key.pem'), cert: join(folder, 'cert.pem') };
    const made = spawnSync('openssl', ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-keyout', files.key, '-out', files.cert, '-days', '2', '-subj', '/CN=localhost']);
    test.skip(made.status !== 0, 'openssl is not there to make a certificate');
    const server = createSecureServer({ key: readFileSync(files.key), cert: readFileSync(files.cert) }, (request, response) => {
      void (async () => {
        const answer = await fetch(`${url}${request.url ?? '/'}`);
        const headers = Object.fromEntries([...answer.headers].filter(([name]) => !['content-encoding', 'content-length', 'transfer-encoding', 'connection', 'keep-alive'].includes(name)));
        response.writeHead(answer.status, headers).end(Buffer.from(await answer.arrayBuffer()));
      })();
    });
    rmSync(folder, { recursive: true });
    const port = await listen(server);
    return {
      port,
      close: () =>
        new Promise((resolve) => {
          server.close(() => resolve());
          server.closeAllConnections();
        }),
    };
  }

  for (const auth of ['none', 'login'] as const) {
    test(`reaches no target that is not encrypted (sign-in: ${auth}), and does reach one on this machine`, async ({ mock }) => {
      // A name, since the loopback's own address counts as safe.
      const far = `target.example:${mock.port}`;
      const signIn = auth === 'none' ? { auth: { method: 'none' }, user: 'probe-{n}' } : {};
      const insecure = entryOf(mock, 'websocket', { id: 'far', backendUrl: `http://${far}`, eventsUrl: `ws://${far}/ws`, ...signIn });
      const near = await frontOf(mock.port, () => true);
      const open = entryOf(mock, 'websocket', { id: 'near', backendUrl: near.url, eventsUrl: `${near.url.replace('http', 'ws')}/ws`, ...signIn });
      const site = await serve({ root: 'dist', port: 0, environments: () => fileOf(insecure, open) });
      const front = await secured(site.url);
      try {
        await inBrowser(['--host-resolver-rules=MAP target.example 127.0.0.1'], async (browser) => {
          const context = await browser.newContext({ ignoreHTTPSErrors: true });
          const page = await context.newPage();
          await page.goto(`https://127.0.0.1:${front.port}/?env=far`);
          const { text, ms } = await diagnosed(page, 'monitor', /^mixed-content$/);
          expect(ms).toBeLessThan(1000);
          expect(text).toContain('This page came over HTTPS, and a browser lets such a page reach nothing that is not encrypted');
          expect(text).toContain(auth === 'none' ? `ws://${far}/ws` : `http://${far}/auth/e2e/test-auth`);

          await page.goto(`https://127.0.0.1:${front.port}/?env=near`);
          await untilOpen(page, 'near', 3);
          await expect(alert(page)).toHaveCount(0);
        });
      } finally {
        await front.close();
        await site.close();
        await near.close();
      }
    });
  }
});
