/** `npm run screenshots`: takes docs/live.png from the running product: a fresh mock, the built page, and a browser. */
import process from 'node:process';
import { chromium } from '@playwright/test';
import { z } from 'zod';
import { startProgram, waitForLine } from './children.ts';
import { CHROMIUM_FLAGS, findChromium } from './chromium.ts';
import { moveMock, USUAL_MOCK_PORT } from './security-headers.ts';
import { serve } from './serve.ts';

/** Enough for every figure of the view to rest on something. */
const RUNS = 120;
const LIMIT_MS = 180_000;

const counted = z.object({ environments: z.record(z.string(), z.object({ counts: z.record(z.string(), z.number()) })) });

const mock = startProgram('src/mock/main.ts', ['--port', '0', '--scenario', 'demo'], 'pipe');
const [, port] = await waitForLine(mock.process, /http:\/\/127\.0\.0\.1:(\d+)/);
const site = await serve({ root: 'dist', port: 0, environments: (text) => moveMock(text, USUAL_MOCK_PORT, Number(port)) });
const executablePath = await findChromium();
const browser = await chromium.launch({ ...(executablePath === undefined ? {} : { executablePath }), args: [...CHROMIUM_FLAGS] });
try {
  const page = await browser.newPage({ viewport: { width: 1920, height: 1080 }, colorScheme: 'dark', locale: 'en-GB', timezoneId: 'UTC' });
  await page.goto(`${site.url}/?view=live&env=mock`);
  const until = performance.now() + LIMIT_MS;
  while ((await judgedRuns()) < RUNS) {
    if (performance.now() > until) throw new Error(`Fewer than ${RUNS} runs were judged in ${LIMIT_MS / 1000} s.`);
    await page.waitForTimeout(500);
  }
  await page.screenshot({ path: 'docs/live.png' });
  process.stdout.write('docs/live.png\n');

  async function judgedRuns(): Promise<number> {
    const counts = counted.safeParse(await page.evaluate('window.runwatch?.counts()'));
    const mockCounts = counts.data?.environments['mock']?.counts ?? {};
    return ['complete', 'incomplete', 'failed', 'inconclusive'].reduce((sum, name) => sum + (mockCounts[name] ?? 0), 0);
  }
} finally {
  await browser.close();
  await site.close();
  await mock.stop();
}
