/** The search box: a query in the address, what it leaves bright, how many that are, and texts that are out to hang the page. */
import type { Locator, Page } from '@playwright/test';
import { entryOf, expect, fileOf, quickMock, test } from './fixtures.ts';
import { figure, finish, painted, untilJudged } from './support.ts';

const box = (page: Page): Locator => page.getByRole('combobox', { name: 'Search events' });
const count = (page: Page): Locator => page.getByRole('search').getByRole('button', { name: /shown/ });
const cells = (page: Page): Locator => page.getByRole('grid', { name: /^Runs by connection/ }).getByRole('gridcell', { name: /^run / });
const filterOf = (page: Page): string | null => new URL(page.url()).searchParams.get('filter');
const addressed = (page: Page, query: string | null): Promise<void> => expect.poll(() => filterOf(page)).toBe(query);

/** How many match, of how many. */
async function counted(page: Page): Promise<readonly [number, number]> {
  const [, matches, of] = /^([\d,]+) of ([\d,]+) shown/.exec((await count(page).textContent()) ?? '') ?? [];
  return [figure(matches), figure(of)];
}

test.use({
  viewport: { width: 1440, height: 900 },
  mockOptions: { ...quickMock, pace: 0.3, seed: 3, scenario: { scenario: 'missing-tool-completed', share: 0.4 } },
  file: { text: (mock) => fileOf(entryOf(mock, 'websocket', { probe: { everyMs: 700, maxRunsPerHour: 100_000 } })) },
});

test('a link with a query shows how many match, and dims the rest', async ({ page }) => {
  await page.goto('/?env=mock&filter=type%3Atool_executing+unpaired');
  await expect(box(page)).toHaveValue('type:tool_executing unpaired');
  await untilJudged(page, 'mock', 12);
  const { report, records } = await finish(page, 'mock');

  // Every opening of a tool in a run that lacks an answer, of all events; a run that was cut short by the end of the test may lack one too.
  const lacking = new Set(report.runs.filter((run) => run.missing.includes('tool_completed')).map(({ id }) => id));
  const events = records.flatMap((record) => (record.record === 'frame' && typeof record.data === 'object' && record.data !== null && 'runId' in record.data ? [record.data] : []));
  const wanted = events.filter(({ type, runId }) => type === 'tool_executing' && typeof runId === 'string' && lacking.has(runId));
  expect(wanted.length).toBeGreaterThan(0);
  await expect.poll(() => counted(page)).toEqual([wanted.length, report.events.decoded]);

  await expect(cells(page).filter({ hasText: 'missing tool_completed' }).first()).toHaveAttribute('data-matches', 'true');
  const whole = cells(page).filter({ hasText: ', complete,' });
  await expect(whole.first()).toHaveAttribute('data-matches', 'false');
  await expect(whole.first()).toContainText('outside the filter');

  // The picture: lossy runs stand out, until it is the others that are looked for.
  await expect.poll(() => painted(page, '--breach-text')).toBeGreaterThan(0);
  await box(page).fill('status:complete');
  await addressed(page, 'status:complete');
  await expect.poll(() => painted(page, '--breach-text')).toBe(0);
  await expect(whole.first()).toHaveAttribute('data-matches', 'true');
  await page.getByRole('button', { name: 'Clear the search' }).click();
  await addressed(page, null);
  await expect.poll(() => painted(page, '--breach-text')).toBeGreaterThan(0);
  await expect(cells(page).first()).not.toHaveAttribute('data-matches');
});

test('a query is written by keyboard, goes into the address, and opens its matches', async ({ page }) => {
  await page.goto('/?env=mock');
  await untilJudged(page, 'mock', 6);
  await finish(page, 'mock');
  // The box is loaded behind the verdict.
  await expect(box(page)).toBeVisible();
  await page.keyboard.press('/');
  await expect(box(page)).toBeFocused();
  await page.keyboard.type('typ');
  const options = page.getByRole('listbox', { name: 'What could be written next' }).getByRole('option');
  await expect(options.first()).toContainText('type:');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await expect(box(page)).toHaveValue('type:');
  await expect(box(page)).toHaveAttribute('aria-invalid', 'true');
  await expect(options.filter({ hasText: 'type:tool_completed' })).toContainText(/[\d,]+ events/);
  await page.keyboard.type('tool_c');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Tab');
  await expect(box(page)).toHaveValue('type:tool_completed ');
  await expect(box(page)).toBeFocused();
  await addressed(page, 'type:tool_completed');
  await expect(count(page)).toHaveAttribute('aria-busy', 'false');
  const [completed, all] = await counted(page);
  expect(completed).toBeGreaterThan(0);
  expect(all).toBeGreaterThan(completed);

  // The matches: how they are spread, a term more, and the run of one of them.
  await count(page).click();
  const matches = page.getByRole('region', { name: 'Matches' });
  await expect(matches).toBeFocused();
  const rows = matches.getByRole('table', { name: 'Matching events' }).getByRole('row');
  await expect(rows.first()).toContainText('tool_completed');
  const facet = matches.getByRole('group', { name: 'connection' }).getByRole('button').first();
  const [, connection = '', share = ''] = /^(mock#\d)([\d,]+)$/.exec((await facet.textContent()) ?? '') ?? [];
  await facet.click();
  await expect(box(page)).toHaveValue(`type:tool_completed connection:${connection}`);
  await addressed(page, `type:tool_completed connection:${connection}`);
  await expect.poll(() => counted(page)).toEqual([figure(share), all]);
  await rows.first().getByRole('link').click();
  await expect(matches).toHaveCount(0);
  const run = new URL(page.url()).searchParams.get('run') ?? '';
  await expect(page.getByRole('complementary', { name: `Run ${run}` })).toBeVisible();

  // What is no query is told with its place; the address keeps the one before.
  await box(page).fill('a latency:>');
  await expect(page.getByRole('search').getByRole('status')).toHaveText('column 12: expected a duration after latency:>');
  expect(filterOf(page)).toBe(`type:tool_completed connection:${connection}`);

  // Another query that comes by the address replaces what was written.
  await page.goto('/?env=mock&filter=unpaired&show=runs');
  await expect(box(page)).toHaveValue('unpaired');
  await untilJudged(page, 'mock', 12);
  const runs = page.getByRole('table', { name: 'Runs' }).getByRole('row');
  await expect(runs.filter({ hasText: 'missing tool_completed' }).first()).toHaveAttribute('data-matches', 'true');
  await expect(runs.filter({ hasText: /complete(?!d)/ }).filter({ hasNotText: /incomplete|inconclusive/ }).first()).toHaveAttribute('data-matches', 'false');
});

test('texts that are out to hang the page do not', async ({ page }) => {
  await page.goto('/?env=mock');
  await untilJudged(page, 'mock', 6);
  await expect(box(page)).toBeVisible();
  // The longest that the page stood still, told by its own timer.
  await page.evaluate(() => {
    let last = performance.now();
    Object.assign(window, { longestStill: 0 });
    setInterval(() => {
      const now = performance.now();
      Object.assign(window, { longestStill: Math.max(Number(Reflect.get(window, 'longestStill')), now - last) });
      last = now;
    }, 5);
  });
  const decoded = (): Promise<number | undefined> => page.evaluate(async () => (await window.runwatch.counts()).environments['mock']?.events.decoded);
  for (const [query, fault] of [
    ['('.repeat(10_000), /a query has 2000 characters at the most, and this one has 10000$/],
    ['a*'.repeat(900), undefined],
    [`text:"${'('.repeat(1900)}"`, undefined],
    [`text:${'*a'.repeat(900)}*b`, undefined],
    ['type:a OR '.repeat(150), /a query has 64 terms at the most$/],
    ['-'.repeat(1900), /may lie 24 deep at the most$/],
    ['text:"((((…"', undefined],
  ] as const) {
    await box(page).fill(query);
    await page.keyboard.press('Enter');
    const status = page.getByRole('search').getByRole('status');
    if (fault === undefined) {
      await addressed(page, query);
      await expect(count(page)).toHaveText(/^0 of [\d,]+ shown/);
      await expect(status).toHaveCount(0);
    } else await expect(status).toHaveText(fault);
  }
  // Events went on coming in.
  const before = (await decoded()) ?? 0;
  await expect.poll(decoded).toBeGreaterThan(before);
  expect(await page.evaluate(() => Number(Reflect.get(window, 'longestStill')))).toBeLessThan(500);

  // The same as a link.
  await page.goto(`/?env=mock&filter=${'('.repeat(6000)}`);
  await expect(page.getByRole('search').getByRole('status')).toHaveText(/a query has 2000 characters at the most/);
  await untilJudged(page, 'mock', 1);
  await expect(cells(page).first()).toBeAttached();
  await expect(cells(page).first()).not.toHaveAttribute('data-matches');
});
