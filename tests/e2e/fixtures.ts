/**
 * What every browser test gets: a mock target of its own, the built page served beside it with the security headers,
 * and a page that fails the test when it says an error that nobody expected. No request is ever intercepted:
 * a fault is asked for from the mock, by its scenario.
 */
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test as base, expect, type Page } from '@playwright/test';
import { type Mock, type MockOptions, startMock } from '#mock/mock.ts';
import { BROWSER_COVERAGE } from '../../scripts/coverage.ts';
import { type Server, serve } from '../../scripts/serve.ts';
import { startWorkerCoverage } from './worker-coverage.ts';

export { expect };

/** Deadlines that let a test judge its runs after some hundred milliseconds. */
export const quickContract = { settleMs: 200, firstEventTimeoutMs: 1500, eventTimeoutMs: 1500 };

/** A mock to go with it. */
export const quickMock = { seed: 1, pace: 0.1, settleMs: quickContract.settleMs, firstEventTimeoutMs: quickContract.firstEventTimeoutMs } satisfies MockOptions;

interface Options {
  /** `test.use({ mockOptions: { scenario: 'missing-event' } })`. */
  readonly mockOptions: MockOptions;
  /** Fields that every environment of the page's file has instead of the usual: `test.use({ environment: { concurrentConnections: 10 } })`. */
  readonly environment: Readonly<Record<string, unknown>>;
  /** The environments file that the page reads in the place of the usual one: `test.use({ file: { text: (mock) => fileOf(entryOf(mock, 'websocket')) } })`. */
  readonly file: { readonly text?: (mock: Mock) => string };
  /** Stands before the archive's own script: what a browser may lack, or close to a page. */
  readonly beforeArchive: string;
  /** Errors in the console that belong to the test, as where the mock is stopped on purpose. */
  readonly expectedErrors: readonly RegExp[];
}

interface Fixtures {
  readonly mock: Mock;
  readonly site: Server;
}

export const test = base.extend<Options & Fixtures>({
  // A tenth of the usual delays, and no wait for stragglers.
  mockOptions: [{ ...quickMock, scenario: 'healthy' }, { option: true }],
  environment: [{}, { option: true }],
  file: [{}, { option: true }],
  beforeArchive: ['', { option: true }],
  expectedErrors: [[], { option: true }],

  mock: async ({ mockOptions }, use) => {
    const mock = await startMock(mockOptions);
    await use(mock);
    await mock.close();
  },

  site: async ({ mock, environment, file, beforeArchive }, use) => {
    const usual = fileOf(entryOf(mock, 'socket.io', { id: 'mock', name: 'Mock (Socket.IO)', ...environment }), entryOf(mock, 'websocket', { id: 'mock-websocket', name: 'Mock (WebSocket)', ...environment }));
    const root = beforeArchive === '' ? 'dist' : builtWith(beforeArchive);
    const server = await serve({ root, port: 0, environments: () => file.text?.(mock) ?? usual });
    await use(server);
    await server.close();
    if (root !== 'dist') rmSync(root, { recursive: true, force: true });
  },

  baseURL: async ({ site }, use) => use(site.url),

  page: async ({ page, expectedErrors }, use, testInfo) => {
    const errors = await collectErrors(page);
    await page.coverage.startJSCoverage({ resetOnNavigation: false });
    const workerCoverage = await startWorkerCoverage(page);
    await use(page);
    if (!page.isClosed()) {
      const scripts = [...(await page.coverage.stopJSCoverage()), ...(await workerCoverage())];
      mkdirSync(BROWSER_COVERAGE, { recursive: true });
      writeFileSync(`${BROWSER_COVERAGE}/${testInfo.testId}.json`, JSON.stringify(scripts.map(({ url, functions }) => ({ url, functions }))));
    }
    expect(errors.filter((error) => !expectedErrors.some((pattern) => pattern.test(error))), 'errors that the page said').toEqual([]);
  },
});

/** A copy of the built page in which a script stands before that of the archive. */
function builtWith(script: string): string {
  const root = mkdtempSync(join(tmpdir(), 'runwatch-built-'));
  cpSync('dist', root, { recursive: true });
  const assets = join(root, 'assets');
  const name = readdirSync(assets).find((file) => /^archive\.worker-.*\.js$/.test(file));
  if (name === undefined) throw new Error('the built page has no archive');
  writeFileSync(join(assets, name), `${script}\n${readFileSync(join(assets, name), 'utf8')}`);
  return root;
}

/** An environment of an environments file. */
type Entry = Readonly<Record<string, unknown>>;

/** An entry of public/environments.json for the mock, with few connections and runs in quick succession. */
export function entryOf(mock: Mock, transport: 'socket.io' | 'websocket', changed: Entry = {}): Entry {
  const login = { method: 'login', path: '/auth/e2e/test-auth', body: { email: 'probe-{n}@example.com' }, tokenAt: 'access_token', userAt: 'user.id' };
  return {
    id: 'mock',
    kind: 'mock',
    backendUrl: mock.url,
    eventsUrl: transport === 'socket.io' ? mock.url : `${mock.url.replace('http', 'ws')}/ws`,
    transport,
    dialect: 'canonical',
    health: { path: '/health', intervalMs: 1000, versionAt: 'version' },
    auth: { ...login, carry: transport === 'socket.io' ? 'auth' : 'subprotocol' },
    probe: { everyMs: 400, maxRunsPerHour: 100_000 },
    concurrentConnections: 3,
    contract: quickContract,
    ...changed,
  };
}

export const fileOf = (...environments: readonly Entry[]): string => JSON.stringify({ version: 1, environments });

/** Errors in the console, the worker's too; exceptions that nobody caught; and what the Content-Security-Policy refused. */
async function collectErrors(page: Page): Promise<readonly string[]> {
  const errors: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error') errors.push(message.text());
  });
  page.on('pageerror', (error) => errors.push(`Uncaught: ${error.message}`));
  page.on('crash', () => errors.push('The page crashed.'));
  await page.addInitScript(reportViolations);
  // A worker that is gone already has nothing to report.
  page.on('worker', (worker) => void worker.evaluate(reportViolations).catch(() => {}));
  return errors;
}

/** Runs in the page and in its worker: a violation in a worker is told to nobody else. */
function reportViolations(): void {
  self.addEventListener('securitypolicyviolation', (violation) => {
    console.error(`Content-Security-Policy refused ${violation.blockedURI} by ${violation.effectiveDirective}`);
  });
}
