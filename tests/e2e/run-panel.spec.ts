/** One run, looked at closely: why, by which clock, what is raw, what stands beside it, what was written of it, and how the last good one fared. */
import type { Locator, Page } from '@playwright/test';
import type { Report } from '#monitor/report.ts';
import type { RunwatchRecord } from '#record/record.ts';
import { CaptureReader } from '#record/capture-reader.ts';
import { entryOf, expect, fileOf, quickMock, test } from './fixtures.ts';
import { untilJudged } from './support.ts';

const reportOf = async (page: Page): Promise<Report> => {
  const report = await page.evaluate(() => window.runwatch.report('mock'));
  if (report === undefined) throw new Error('no report');
  return report;
};

/** The newest run that lost something after a good one on its connection; waits for one. */
async function lossyRun(page: Page): Promise<Report['runs'][number]> {
  let found: Report['runs'][number] | undefined;
  await expect
    .poll(
      async () => {
        const { runs } = await reportOf(page);
        found = runs.findLast((run) => run.status === 'incomplete' && runs.some((other) => other.connection === run.connection && other.good && (other.closedAt ?? Infinity) <= run.openedAt));
        return found;
      },
      { timeout: 20_000 },
    )
    .toBeDefined();
  if (found === undefined) throw new Error('no lossy run');
  return found;
}

async function open(page: Page, id: string): Promise<Locator> {
  await page.getByRole('button', { name: 'List' }).click();
  await page.getByRole('link', { name: id, exact: true }).click();
  return page.getByRole('complementary', { name: `Run ${id}` });
}

test.use({
  viewport: { width: 1440, height: 900 },
  mockOptions: { ...quickMock, pace: 0.3, seed: 3, scenario: { scenario: 'missing-tool-completed', share: 0.4 } },
  file: { text: (mock) => fileOf(entryOf(mock, 'socket.io', { probe: { everyMs: 700, maxRunsPerHour: 100_000 } })) },
});

test('a lossy run: why, what came by which clock, its raw record, its neighbours, and a note that travels', async ({ page }) => {
  await page.goto('/?env=mock');
  await untilJudged(page, 'mock', 9);
  const { id } = await lossyRun(page);
  const run = await open(page, id);
  await expect(run).toContainText(/Why: The run ended at \d\d:\d\d:\d\d without tool_completed\./);
  const lost = run.getByRole('row', { name: /^tool_completed/ });
  await expect(lost).toContainText('never came');
  await expect(lost.locator('.glyph-missing')).toBeVisible();
  await expect(run.locator('.chip', { hasText: /^websocket$/ })).toBeVisible();
  await expect(run.getByRole('img', { name: /^Last good run r-\w+: \d+ events\. This run r-\w+: \d+ events, without tool_completed\.$/ })).toBeVisible();

  // By either clock, wherever in the panel a latency stands.
  const clocks = run.getByRole('region', { name: 'Both clocks' });
  await expect(clocks).toContainText(/sent, server clock ?\d\d:\d\d:\d\d\.\d{3}/);
  await expect(clocks).toContainText(/server (ahead|behind) by [\d.]+ (ms )?±[\d.]+ ms, so delivery took/);
  const started = run.getByRole('row', { name: /^agent_started/ });
  await expect(started).not.toContainText('raw');
  await page.keyboard.press('k');
  await expect(started).toHaveText(/ ms raw$/);
  await expect(run.getByRole('listitem').first()).toContainText(/ ms raw$/);
  await expect(clocks.getByRole('button', { name: 'raw' })).toHaveAttribute('aria-pressed', 'true');
  await page.reload();
  expect(await page.evaluate(() => localStorage.getItem('runwatch.clock'))).toBe('raw');
});

test('its raw record can be searched, its neighbours lead on, and a note stays with it and in the capture', async ({ page }) => {
  await page.goto('/?env=mock');
  await untilJudged(page, 'mock', 9);
  const { id, connection } = await lossyRun(page);
  const run = await open(page, id);
  const raw = run.getByLabel('Raw record');
  await expect(raw).toContainText('"record": "frame"');
  const search = run.getByRole('searchbox', { name: 'Search in this text' });
  await search.fill('RECORD');
  await expect(run.locator('.raw-count')).toHaveText('1 of 1');
  await expect(raw.locator('mark')).toHaveText('record');
  await search.fill(':');
  const count = await raw.evaluate((element) => element.textContent.split(':').length - 1);
  await expect(run.locator('.raw-count')).toHaveText(`1 of ${count}`);
  await search.press('Shift+Enter');
  await expect(run.locator('.raw-count')).toHaveText(`${count} of ${count}`);
  await search.press('Enter');
  await expect(run.locator('.raw-count')).toHaveText(`1 of ${count}`);
  await search.fill('<b>nothing</b>');
  await expect(run.locator('.raw-count')).toHaveText('none');

  const short = connection.slice(connection.indexOf('#'));
  const neighbours = run.locator('section', { hasText: `Neighbours on ${short}` }).getByRole('button');
  await expect(neighbours.first()).toHaveText(/^\d\d:\d\d:\d\d (ok|−\d|running|inconclusive)$/);
  await neighbours.first().click();
  await expect(run).toHaveCount(0);
  await page.goBack();
  await expect(run).toBeVisible();

  await run.getByRole('button', { name: /^Note/ }).click();
  const dialog = page.getByRole('dialog', { name: 'Note' });
  const text = '<img src=x onerror="window.pwned=1"> seen by two of us';
  await dialog.getByLabel('What there is to say').fill(text);
  await dialog.getByLabel(/^Name/).fill('Kim');
  await dialog.getByRole('button', { name: 'Write note' }).press('Enter');
  await expect(dialog).toHaveCount(0);
  await expect(run.getByRole('button', { name: /^Note/ })).toBeFocused();
  await expect(run.getByRole('region', { name: 'Notes on this run' })).toContainText(text);
  const records: RunwatchRecord[] = [];
  new CaptureReader((record) => records.push(record)).push((await page.evaluate(() => window.runwatch.records('mock'))) ?? '');
  expect(records.filter((record) => record.record === 'note')).toMatchObject([{ text, author: 'Kim', run: id }]);

  // The name is kept for the next one; Esc closes the dialog alone.
  await run.getByRole('button', { name: /^Note/ }).click();
  await expect(dialog.getByLabel(/^Name/)).toHaveValue('Kim');
  await page.keyboard.press('Escape');
  await expect(dialog).toHaveCount(0);
  await expect(run).toBeVisible();
});

test('beside the last good run of its connection the missing event shows; only differences leaves that alone; the address says what is compared', async ({ page }) => {
  await page.goto('/?env=mock');
  await untilJudged(page, 'mock', 9);
  const { id } = await lossyRun(page);
  const run = await open(page, id);
  await expect(run.getByRole('button', { name: 'Compare with the last good run' })).toBeEnabled();
  await page.keyboard.press('c');
  const compare = page.getByRole('dialog', { name: 'Compare' });
  const lost = compare.getByRole('row').filter({ hasText: 'lost in B' });
  await expect(lost).toHaveCount(1);
  await expect(lost).toContainText('tool_completed');
  await expect(lost).toContainText('never came');
  await expect(compare.getByRole('row', { name: /agent_started/ })).toBeVisible();
  expect(new URL(page.url()).searchParams.get('compare')).toBe(`mock/last-good:${id},mock/run:${id}`);
  await compare.getByLabel('only differences').check();
  await expect(lost).toHaveCount(1);
  await expect(compare.getByRole('row', { name: /agent_started/ })).toHaveCount(0);

  // All that is known against itself: nothing differs, and the intervals stand there.
  await compare.getByLabel('only differences').uncheck();
  for (const side of ['A', 'B']) await compare.getByLabel(`What of ${side}`).selectOption('all that is known');
  await expect(compare.getByRole('row', { name: /^Expected events that came/ })).toContainText('the same');
  await expect(compare.getByRole('row', { name: /^Expected events that came/ })).toContainText(/\d+\.\d\d to (100|\d+\.\d\d)/);
  await page.keyboard.press('Escape');
  await expect(compare).toHaveCount(0);
  expect(new URL(page.url()).searchParams.has('compare')).toBe(false);
  await expect(run).toBeVisible();

  // Without a run: what is on the screen with as much before it, of which nothing is known here.
  await run.getByRole('button', { name: 'Close' }).click();
  await page.keyboard.press('c');
  await expect(compare.getByRole('columnheader', { name: /^B .*, \d+ runs$/ })).toBeVisible();
  expect(new URL(page.url()).searchParams.get('compare')).toMatch(/^mock\/[^,]+Z\.\.[^,]+Z,mock\/[^,]+Z\.\.[^,]+Z$/);
  await expect(compare.getByRole('row', { name: /^Expected events that came/ })).toContainText('no data');
  // Either half of it against all: chance alone may have made the difference, and it says so.
  await compare.getByLabel('What of A').selectOption('all that is known');
  await expect(compare.getByRole('row', { name: /^Login/ })).toContainText('the same');
});
