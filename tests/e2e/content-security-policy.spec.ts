/**
 * The second wall: were a hostile text ever taken for markup or code, the policy that the server sends must stop it.
 * A served script tries, since code that the test runner evaluates is above the policy. The same tries on a server
 * without the policy all succeed: so each of them is able to fail.
 */
import { createServer } from 'node:http';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, type Page, test } from '@playwright/test';
import { serve } from '../../scripts/serve.ts';

const PAGE = `<!doctype html>
<title>Probe</title>
<p id="styled" style="color: rgb(255, 0, 0)"></p>
<script>window.inlineScript = true;</script>
<script src="/probe.js"></script>`;

/** Each try gives true where it got through. */
const PROBES = `
const tries = {
  inlineScript: () => window.inlineScript === true,
  inlineStyle: () => getComputedStyle(document.getElementById('styled')).color === 'rgb(255, 0, 0)',
  eval: () => (0, eval)('1') === 1,
  function: () => new Function('return 1')() === 1,
  timerText: () => new Promise((done) => { window.timerText = done; setTimeout('timerText(true)'); setTimeout(() => done(false), 300); }),
  markup: () => { const box = document.createElement('div'); box.innerHTML = '<b>x</b>'; return box.childElementCount === 1; },
  scriptAddress: () => { const link = document.body.appendChild(document.createElement('a')); link.href = 'javascript:void(window.pwned = true)'; link.click(); return new Promise((done) => setTimeout(() => done(window.pwned === true), 300)); },
  secondPolicy: () => trustedTypes.createPolicy('another', { createHTML: (text) => text }).name === 'another',
  dataWorker: () => new Promise((done) => {
    const policy = trustedTypes.createPolicy('runwatch', { createScriptURL: (address) => address });
    const worker = new Worker(policy.createScriptURL('data:text/javascript,postMessage(1)'));
    worker.onmessage = () => done(true);
    worker.onerror = () => done(false);
  }),
  frame: () => new Promise((done) => {
    const frame = document.body.appendChild(document.createElement('iframe'));
    frame.onload = () => done(frame.contentDocument?.title === 'Probe');
    frame.src = '/frame.html';
  }),
  otherFetch: () => fetch(OTHER, { mode: 'no-cors' }).then(() => true),
  image: () => new Promise((done) => { const image = new Image(); image.onload = () => done(true); image.onerror = () => done(false); image.src = OTHER + '/image.svg'; }),
  base: () => { const base = document.head.appendChild(document.createElement('base')); base.href = OTHER; const moved = document.baseURI.startsWith(OTHER); base.remove(); return moved; },
};
(async () => {
  const results = {};
  for (const [name, attempt] of Object.entries(tries)) {
    try { results[name] = await attempt(); } catch { results[name] = false; }
  }
  window.results = results;
})();
`;

async function results(page: Page, address: string): Promise<unknown> {
  await page.goto(address);
  await expect.poll(() => page.evaluate('window.results !== undefined')).toBe(true);
  return page.evaluate('window.results');
}

test('the policy stops every try, and each try succeeds without the policy', async ({ page }) => {
  const folder = mkdtempSync(join(tmpdir(), 'runwatch-policy-'));
  const files = new Map([
    ['/', ['text/html', PAGE]],
    ['/frame.html', ['text/html', '<title>Probe</title>']],
    ['/image.svg', ['image/svg+xml', '<svg xmlns="http://www.w3.org/2000/svg" width="1" height="1"/>']],
  ]);
  const open = createServer((request, response) => {
    const [type, text] = files.get(request.url ?? '') ?? [];
    response.writeHead(text === undefined ? 404 : 200, { 'Content-Type': type ?? 'text/plain' }).end(text);
  });
  await new Promise<void>((resolve) => open.listen(0, '127.0.0.1', resolve));
  const address = open.address();
  const other = `http://127.0.0.1:${(address as AddressInfo).port}`;
  files.set('/probe.js', ['text/javascript', `const OTHER = '${other}';\n${PROBES}`]);
  for (const [name, [, text = '']] of files) writeFileSync(join(folder, name === '/' ? 'index.html' : name), text);
  const closed = await serve({ root: folder, port: 0 });

  try {
    const without = await results(page, other);
    const tries = readFileSync(join(folder, 'probe.js'), 'utf8').match(/^ {2}\w+: \(\) =>/gm)?.map((line) => line.trim().replace(/:.*/, '')) ?? [];
    expect(tries.length).toBe(13);
    expect(without).toEqual(Object.fromEntries(tries.map((name) => [name, true])));
    expect(await results(page, closed.url)).toEqual(Object.fromEntries(tries.map((name) => [name, false])));
  } finally {
    await closed.close();
    open.closeAllConnections();
    open.close();
    rmSync(folder, { recursive: true, force: true });
  }
});

test('a socket to an address that no environment names is refused, in the page and by the policy', async ({ page }) => {
  const folder = mkdtempSync(join(tmpdir(), 'runwatch-policy-'));
  writeFileSync(join(folder, 'index.html'), '<!doctype html><title>Probe</title><script src="/probe.js"></script>');
  writeFileSync(join(folder, 'environments.json'), JSON.stringify({ environments: [{ eventsUrl: 'ws://127.0.0.1:9/ws' }] }));
  writeFileSync(join(folder, 'probe.js'), `
    window.refused = [];
    document.addEventListener('securitypolicyviolation', (violation) => window.refused.push(violation.blockedURI));
    for (const address of ['ws://127.0.0.1:9/ws', 'ws://127.0.0.1:8/ws', 'wss://127.0.0.1:9/ws', 'ws://localhost:9/ws'])
      try { new WebSocket(address); } catch {}
    setTimeout(() => (window.done = true), 200);`);
  const server = await serve({ root: folder, port: 0 });
  try {
    await page.goto(server.url);
    await expect.poll(() => page.evaluate('window.done')).toBe(true);
    expect(await page.evaluate('window.refused.toSorted()')).toEqual(['ws://127.0.0.1:8/ws', 'ws://localhost:9/ws', 'wss://127.0.0.1:9/ws']);
  } finally {
    await server.close();
    rmSync(folder, { recursive: true, force: true });
  }
});

test('another page cannot frame this one', async ({ page }) => {
  const folder = mkdtempSync(join(tmpdir(), 'runwatch-policy-'));
  writeFileSync(join(folder, 'index.html'), '<!doctype html><title>Probe</title>');
  const server = await serve({ root: folder, port: 0 });
  try {
    await page.setContent(`<iframe src="${server.url}/"></iframe>`);
    await expect.poll(() => page.frames().at(-1)?.url()).toMatch(/^chrome-error:/);
  } finally {
    await server.close();
    rmSync(folder, { recursive: true, force: true });
  }
});
