import { readFileSync, writeFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { formatCount, formatShare } from '#views/parts/format.ts';
import type { Report } from '#monitor/report.ts';
import type { Download, Locator, Page, TestInfo } from '@playwright/test';
import { expect, quickContract, quickMock, test } from './fixtures.ts';
import { finish, untilJudged } from './support.ts';

const paper = (page: Page): Locator => page.getByRole('article', { name: 'Report' });
const tool = (page: Page, name: string): Locator => page.getByRole('group', { name: 'Take the report along' }).getByRole('button', { name, exact: true });

test.use({
  mockOptions: { ...quickMock, seed: 5, scenario: { mix: [{ scenario: 'missing-tool-completed', share: 0.3 }, { scenario: 'agent-error', share: 0.1 }] } },
  environment: { contract: quickContract, slo: { latencyMs: 500 } },
});

async function saved(page: Page, name: string, info: TestInfo): Promise<string> {
  const [download]: [Download, void] = await Promise.all([page.waitForEvent('download'), tool(page, name).click()]);
  expect(download.suggestedFilename()).toMatch(/^runwatch-mock-\d{8}T\d{6}Z\.(md|html)$/);
  const path = info.outputPath(download.suggestedFilename());
  await download.saveAs(path);
  return path;
}

/** The figures that a report of any form has to show. */
function figuresOf({ slo, counts, frames }: Report): string[] {
  return [
    `${formatCount(slo.valid - slo.good)} of ${formatCount(slo.valid)} expected events did not arrive.`,
    formatShare(slo.ratio),
    `${formatCount(counts.complete)} complete, ${formatCount(counts.incomplete)} incomplete; ${formatCount(counts.good)} good.`,
    `Frames ${formatCount(frames.received)} = control ${formatCount(frames.control)} + eventful ${formatCount(frames.eventful)} + rejected ${formatCount(frames.rejected)}`,
  ];
}

test('the report says what was counted, on the page and in the files', async ({ page, context }, info) => {
  await page.goto('/?env=mock');
  await untilJudged(page, 'mock', 25);
  const { report } = await finish(page, 'mock');
  expect(report.counts.incomplete).toBeGreaterThan(0);
  await page.getByRole('link', { name: 'Report' }).click();
  await expect(paper(page)).toBeVisible();
  for (const figure of figuresOf(report)) await expect(paper(page)).toContainText(figure);
  await expect(paper(page).getByRole('table').first().getByRole('row')).toHaveCount(8);

  // What people answer is taken along, and nowhere else.
  const asked = page.getByRole('region', { name: 'Five whys' }).getByRole('textbox');
  const question = (await asked.last().getAttribute('aria-label'))?.replace('Answer: ', '') ?? '';
  await asked.last().fill('The queue <b>was</b> full.');
  const markdown = readFileSync(await saved(page, 'Markdown', info), 'utf8');
  expect(markdown).toContain('> The queue \\<b\\>was\\</b\\> full.');
  for (const figure of figuresOf(report)) expect(markdown).toContain(figure);
  expect(markdown).toContain(`${new URL(page.url()).origin}/?view=triage&env=mock&from=`);

  // The page that was saved stands on its own: it asks for nothing, and runs nothing.
  const path = await saved(page, 'HTML', info);
  const alone = await context.newPage();
  const requests: string[] = [];
  alone.on('request', (request) => requests.push(request.url()));
  const errors: string[] = [];
  alone.on('console', (message) => errors.push(message.text()));
  await alone.goto(pathToFileURL(path).href);
  for (const figure of figuresOf(report)) await expect(alone.locator('main')).toContainText(figure);
  await expect(alone.locator('main')).toContainText('The queue <b>was</b> full.');
  await expect(alone.locator('main')).toContainText(question);
  // Its style is let in by its own policy.
  expect(await alone.locator('.why').first().evaluate((element) => getComputedStyle(element).display)).toBe('grid');
  expect(requests).toEqual([pathToFileURL(path).href]);
  expect(errors).toEqual([]);
  await alone.close();
});

test('its policy lets nothing in that is put into the page', async ({ page, context }, info) => {
  await page.goto('/?env=mock&view=report');
  await untilJudged(page, 'mock', 5);
  await tool(page, 'Make it anew').click();
  const path = await saved(page, 'HTML', info);
  const html = readFileSync(path, 'utf8').replace('</body>', '<img src="https://runwatch.invalid/x.png"><script>document.title = "run"</script><style>body { color: red }</style></body>');
  writeFileSync(path, html);
  const alone = await context.newPage();
  const requests: string[] = [];
  alone.on('requestfinished', (request) => requests.push(request.url()));
  await alone.goto(pathToFileURL(path).href);
  expect(await alone.title()).not.toBe('run');
  expect(await alone.evaluate(() => getComputedStyle(document.body).color)).toBe('rgb(23, 32, 43)');
  expect(requests).toEqual([pathToFileURL(path).href]);
  await alone.close();
});

test('a figure leads to its records, and back', async ({ page }) => {
  await page.goto('/?env=mock&view=report');
  await untilJudged(page, 'mock', 20);
  await tool(page, 'Make it anew').click();
  await expect(paper(page)).toContainText('runs incomplete');
  await paper(page).getByRole('link', { name: /^\d+ of \d+ runs incomplete/ }).click();
  await expect(page).toHaveURL(/view=triage.*filter=violation%3Amissing/);
  await page.goBack();
  await expect(paper(page)).toBeVisible();
});

test('the short form is copied for a chat', async ({ page, context }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await page.goto('/?env=mock&view=report');
  await untilJudged(page, 'mock', 10);
  await tool(page, 'Make it anew').click();
  await expect(paper(page)).toContainText('runs incomplete');
  await tool(page, 'For chat').click();
  await expect(tool(page, 'Copied')).toBeVisible();
  const text = await page.evaluate(() => navigator.clipboard.readText());
  for (const line of ['State: ', 'How many: ', 'Who: ', 'Last good: ', 'This monitor: ', 'Link: http']) expect(text).toContain(`\n${line}`);
});
