/** A capture that is opened shows what it showed when it was live, to the last digit; it is played, and never taken for live. */
import { gzipSync } from 'node:zlib';
import type { Page } from '@playwright/test';
import { expect, test } from './fixtures.ts';

const tag = (page: Page) => page.locator('.capture-tag');
const position = (page: Page) => page.getByRole('slider', { name: 'Position' });

/** What was captured of a mock that ran for a while. */
async function capturedText(page: Page): Promise<string> {
  await page.goto('/?env=mock-websocket');
  await expect.poll(async () => (await page.evaluate(() => window.runwatch.counts())).environments['mock-websocket']?.counts.complete ?? 0, { timeout: 20_000 }).toBeGreaterThan(10);
  const text = await page.evaluate(() => window.runwatch.records('mock-websocket'));
  expect(text).toBeDefined();
  return text ?? '';
}

async function open(page: Page, name: string, text: string | Buffer): Promise<void> {
  await page.locator('.open-capture input[type=file]').setInputFiles({ name, mimeType: 'application/octet-stream', buffer: Buffer.from(text) });
}

/** Leads to where a capture can be opened, without loading the page anew. */
async function goToLost(page: Page): Promise<void> {
  await page.evaluate(() => {
    window.history.pushState(null, '', '/?env=capture:1');
    window.dispatchEvent(new PopStateEvent('popstate'));
  });
  await expect(page.getByRole('alert')).toContainText('this capture is not open here');
}

test('an opened capture gives the report of the session that it is of', async ({ page }) => {
  test.setTimeout(60_000);
  const text = await capturedText(page);
  await goToLost(page);
  await open(page, 'mock.jsonl', text);
  await expect(tag(page)).toBeVisible();
  await expect(page).toHaveURL(/env=capture(:|%3A)1/);
  await expect(page.locator('.capture-words')).toContainText(/^mock\.jsonl, \d+ \w+, \d\d:\d\d:\d\d to \d\d:\d\d:\d\d UTC, standing at \d\d:\d\d:\d\d\. This is not live\.$/);
  await expect(page).toHaveTitle(/^CAPTURE · MOCK DATA · /);
  // A mock's capture is a mock's.
  await expect(page.locator('.mock-band')).toBeVisible();

  // The same records, opened once more from gzip: the same report, to the last digit; and so after it was played through.
  const report = await page.evaluate(() => window.runwatch.report('capture:1'));
  expect(report?.counts.complete).toBeGreaterThan(10);
  await page.evaluate(() => {
    window.history.pushState(null, '', '/?env=capture:9');
    window.dispatchEvent(new PopStateEvent('popstate'));
  });
  await open(page, 'mock.jsonl.gz', gzipSync(text));
  await expect(page).toHaveURL(/env=capture(:|%3A)2/);
  expect(await page.evaluate(() => window.runwatch.report('capture:2'))).toEqual(report);

  // What the session that was captured said of these runs when they were closed is what the capture says.
  const live = await page.evaluate(() => window.runwatch.report('mock-websocket'));
  const liveRuns = new Map(live?.runs.map((run) => [run.id, run]));
  // The end of the capture closed those that were open.
  const closedAt = (run: { readonly closedAt: number | null }): number => run.closedAt ?? Infinity;
  const end = Math.max(...(report?.runs ?? []).map(closedAt));
  const closed = (report?.runs ?? []).filter((run) => closedAt(run) < end);
  expect(closed.length).toBeGreaterThan(5);
  for (const run of closed) expect(liveRuns.get(run.id)).toEqual(run);
  await page.getByRole('button', { name: 'Close the capture mock.jsonl.gz' }).click();
  await expect(tag(page)).toHaveCount(0);
  expect(await page.evaluate(() => window.runwatch.report('capture:2'))).toBeUndefined();
});

test('a capture is replayed from its start, by keyboard too, and ends as it was', async ({ page }) => {
  test.setTimeout(60_000);
  const text = await capturedText(page);
  await goToLost(page);
  await open(page, 'mock.jsonl', text);
  await expect(tag(page)).toBeVisible();
  const whole = await page.evaluate(() => window.runwatch.report('capture:1'));

  await page.getByRole('button', { name: 'To the start' }).click();
  await expect.poll(async () => (await page.evaluate(() => window.runwatch.report('capture:1')))?.frames.received).toBe(0);
  await page.getByRole('combobox', { name: 'Speed' }).selectOption('4×');
  await page.getByRole('button', { name: /^Play/ }).press('Enter');
  await expect(page.locator('.capture-words')).toContainText('replayed at 4×');
  await expect.poll(async () => (await page.evaluate(() => window.runwatch.counts())).environments['capture:1']?.counts.complete ?? 0).toBeGreaterThan(2);
  await page.locator('.capture-words').click();
  await page.keyboard.press('Space');
  await expect(page.locator('.capture-words')).toContainText('standing at');
  const standing = await page.evaluate(() => window.runwatch.report('capture:1'));
  expect(standing?.counts.complete).toBeGreaterThan(2);
  await expect(position(page)).not.toHaveValue('0');

  await position(page).focus();
  await page.keyboard.press('Home');
  await expect.poll(async () => (await page.evaluate(() => window.runwatch.report('capture:1')))?.frames.received).toBe(0);
  await page.getByRole('button', { name: 'To the end' }).click();
  await expect.poll(async () => (await page.evaluate(() => window.runwatch.report('capture:1')))?.frames.received).toBe(whole?.frames.received);
  expect(await page.evaluate(() => window.runwatch.report('capture:1'))).toEqual(whole);
});

test('what is no capture is refused with its line, and what is shown stays', async ({ page }) => {
  const text = await capturedText(page);
  await goToLost(page);
  await open(page, 'mock.jsonl', text);
  await expect(tag(page)).toBeVisible();
  const before = await page.evaluate(() => window.runwatch.report('capture:1'));
  await page.evaluate(() => {
    window.history.pushState(null, '', '/?env=capture:9');
    window.dispatchEvent(new PopStateEvent('popstate'));
  });
  await open(page, 'broken.jsonl', text.replace('\n{', '\n{{'));
  const dialog = page.getByRole('dialog', { name: 'This file could not be opened' });
  await expect(dialog).toContainText('Line 2: it is not JSON.');
  await expect(dialog).toContainText('broken-line');
  await page.keyboard.press('Escape');
  await expect(dialog).toHaveCount(0);
  expect(await page.evaluate(() => window.runwatch.report('capture:1'))).toEqual(before);
});

test('after the page was loaded anew the address says what became of the capture', async ({ page }) => {
  const text = await capturedText(page);
  await goToLost(page);
  await open(page, 'mock.jsonl', text);
  await expect(tag(page)).toBeVisible();
  const run = (await page.evaluate(() => window.runwatch.report('capture:1')))?.runs[3]?.id ?? '';
  await page.goto(`/?env=capture:1&run=${run}`);
  await expect(page.getByRole('alert')).toContainText('this capture is not open here');
  await open(page, 'mock.jsonl', text);
  await expect(tag(page)).toBeVisible();
  // What the link led to.
  await expect(page.getByRole('complementary', { name: `Run ${run}` })).toContainText('delivered');
});

test('a link to a run that is not known here offers to open a capture, and finds it there', async ({ page, browser, site }) => {
  // Another machine's: what this browser recorded it would know again.
  const elsewhere = await browser.newContext({ baseURL: site.url });
  const there = await elsewhere.newPage();
  const text = await capturedText(there);
  const run = (await there.evaluate(() => window.runwatch.report('mock-websocket')))?.runs[3]?.id ?? '';
  await elsewhere.close();
  await page.goto(`/?env=mock-websocket&run=${run}`);
  const panel = page.getByRole('complementary', { name: `Run ${run}` });
  await expect(panel).toContainText('recorded on another machine');
  await panel.locator('input[type=file]').setInputFiles({ name: 'mock.jsonl', mimeType: 'application/octet-stream', buffer: Buffer.from(text) });
  await expect(tag(page)).toBeVisible();
  await expect(panel).toContainText('delivered');
});
