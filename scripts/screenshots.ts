/** `npm run screenshots`: takes docs/live.png from the running product: a fresh mock, the built page, a browser, and some minutes of real runs. */
import process from 'node:process';
import { chromium } from '@playwright/test';
import { z } from 'zod';
import { startProgram, waitForLine } from './children.ts';
import { CHROMIUM_FLAGS, findChromium } from './chromium.ts';
import { moveMock, USUAL_MOCK_PORT } from './security-headers.ts';
import { serve } from './serve.ts';

/** Enough for the charts to have lines and for the verdict to be proven. */
const RUNS = 540;
/** Runs come this often, so that it takes minutes and not an hour. */
const PROBE = { everyMs: 6000, maxRunsPerHour: 20_000 };
/** Runs of about two seconds: their events stand apart, and some runs of each lane are in the picture. */
const PACE = '2.5';
/** A run that lost something belongs into the picture; it has to be this old, so that its flag is not at the edge, and no older. */
const SHOWN_AGE_MS = [3000, 10_000] as const;
const LIMIT_MS = 15 * 60_000;

const file = z.looseObject({ environments: z.array(z.looseObject({ kind: z.string() })) });
const report = z.object({ counts: z.record(z.string(), z.number()), runs: z.array(z.object({ status: z.string(), closedAt: z.number().nullable() })) });

function quicker(text: string): string {
  const { environments, ...rest } = file.parse(JSON.parse(text));
  return JSON.stringify({ ...rest, environments: environments.map((entry) => (entry.kind === 'mock' ? { ...entry, probe: PROBE } : entry)) });
}

const mock = startProgram('src/mock/main.ts', ['--port', '0', '--scenario', 'demo', '--pace', PACE], 'pipe');
const [, port] = await waitForLine(mock.process, /http:\/\/127\.0\.0\.1:(\d+)/);
const site = await serve({ root: 'dist', port: 0, environments: (text) => quicker(moveMock(text, USUAL_MOCK_PORT, Number(port))) });
const executablePath = await findChromium();
const browser = await chromium.launch({ ...(executablePath === undefined ? {} : { executablePath }), args: [...CHROMIUM_FLAGS] });
try {
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 }, colorScheme: 'dark', locale: 'en-GB', timezoneId: 'UTC' });
  await page.goto(site.url);
  const until = performance.now() + LIMIT_MS;
  while (!(await isPictured())) {
    if (performance.now() > until) throw new Error(`Fewer than ${RUNS} runs were judged in ${LIMIT_MS / 60_000} min, or none of the newest lost anything.`);
    await page.waitForTimeout(1000);
  }
  await page.screenshot({ path: 'docs/live.png' });
  process.stdout.write('docs/live.png\n');

  async function isPictured(): Promise<boolean> {
    const { data } = report.safeParse(await page.evaluate("window.runwatch.report('mock')"));
    if (data === undefined) return false;
    const judged = ['complete', 'incomplete', 'failed', 'inconclusive'].reduce((sum, name) => sum + (data.counts[name] ?? 0), 0);
    const now = Date.now();
    const [youngest, oldest] = SHOWN_AGE_MS;
    return judged >= RUNS && data.runs.some(({ status, closedAt }) => status === 'incomplete' && closedAt !== null && now - closedAt > youngest && now - closedAt < oldest);
  }
} finally {
  await browser.close();
  await site.close();
  await mock.stop();
}
