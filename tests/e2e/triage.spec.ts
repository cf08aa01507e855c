/** The view of an incident: from the verdict to the stretch, the lanes and the run, by pointer and by keyboard, and by a link on. */
import type { Locator, Page } from '@playwright/test';
import { entryOf, expect, fileOf, quickMock, test } from './fixtures.ts';
import { counts, panel, untilJudged } from './support.ts';

const grid = (page: Page): Locator => page.getByRole('grid', { name: 'Runs by connection; arrows move, Enter opens a run' });
const runPanel = (page: Page): Locator => page.getByRole('complementary', { name: /^Run / });
const query = (page: Page): URLSearchParams => new URL(page.url()).searchParams;
const time = (page: Page, name: 'from' | 'to'): number => Date.parse(query(page).get(name) ?? '');
const brush = (page: Page): Locator => page.getByRole('slider', { name: /^Shown stretch of time/ });
const connections = (page: Page): Locator => panel(page, 'Connections');

/** One user's tools never come back; the others have all that is theirs. */
const oneUserLoses = { mix: [{ scenario: 'missing-tool-completed', share: 1, user: 'e2e-probe-1' }] } as const;

test.use({
  viewport: { width: 1440, height: 900 },
  mockOptions: { ...quickMock, pace: 0.3, scenario: oneUserLoses },
  file: { text: (mock) => fileOf(entryOf(mock, 'socket.io', { concurrentConnections: 4, probe: { everyMs: 700, maxRunsPerHour: 100_000 } })) },
});

test('opens from the rail, by its keys and by an address, and counts on meanwhile', async ({ page }) => {
  await page.goto('/');
  await untilJudged(page, 'mock', 3);
  await page.getByRole('link', { name: 'Triage' }).click();
  await expect(page.getByTestId('incident')).toBeVisible();
  expect(query(page).get('view')).toBe('triage');
  const known = (await counts(page)).environments['mock']?.events.decoded ?? 0;

  await page.keyboard.press('g');
  await page.keyboard.press('l');
  await expect(panel(page, 'Timeline')).toBeVisible();
  // The letter that chose a view copied no link.
  await expect(page.getByRole('button', { name: /^Copied/ })).toHaveCount(0);
  await page.keyboard.press('g');
  await page.keyboard.press('t');
  await expect(page.getByTestId('incident')).toBeVisible();
  await expect(page.getByRole('table')).toHaveCount(0);
  expect((await counts(page)).environments['mock']?.events.decoded ?? 0).toBeGreaterThanOrEqual(known);

  // In a field a letter is a letter.
  await page.keyboard.press('/');
  await page.keyboard.type('gl');
  await expect(page.getByRole('combobox', { name: 'Search events' })).toHaveValue('gl');
  await expect(page.getByTestId('incident')).toBeVisible();

  await page.goto('/?view=triage&env=mock');
  await expect(page.getByTestId('incident')).toBeVisible();
  await expect(page.getByRole('link', { name: 'Triage' })).toHaveAttribute('aria-current', 'page');
});

test('says what is wrong, for whom, since when, where and whose; the bad lane alone is shown, the others are folded', async ({ page }) => {
  await page.goto('/?view=triage&env=mock');
  const incident = page.getByTestId('incident');
  await expect(incident).toHaveAttribute('data-kind', 'lost', { timeout: 25_000 });
  await expect(incident).toHaveAttribute('data-scope', /^(?:user|connection):1\//);
  await expect(incident).toHaveAttribute('data-stage', 'stream');
  const onset = Date.parse((await incident.getAttribute('data-onset')) ?? '');
  expect(Math.abs(Date.now() - onset)).toBeLessThan(40_000);
  await expect(incident).toContainText(/since \d\d:\d\d:\d\d UTC/);
  await expect(incident).toContainText('stage: event stream');
  await expect(incident).toContainText(/fault: \w+/);

  await expect(connections(page)).toContainText('the 1 that differs, 3 folded');
  await expect(grid(page).getByRole('row')).toHaveCount(1);
  await expect(grid(page).getByRole('rowheader')).toHaveText(/#1 ?e2e-probe-1/);
  await expect(grid(page).getByRole('row')).toContainText(/\d+ of \d+ runs lossy/);
  await expect(connections(page)).toContainText(/3 normal ?folded, \d+ runs ?0 lossy/);

  await page.keyboard.press('u');
  await expect(grid(page).getByRole('rowheader')).toHaveText([/#1/, /#0/, /#2/, /#3/]);
  await page.keyboard.press('u');
  await expect(grid(page).getByRole('row')).toHaveCount(1);
  await page.getByRole('button', { name: 'by number' }).click();
  await expect(grid(page).getByRole('rowheader')).toHaveText([/#0/, /#1/, /#2/, /#3/]);
  expect(query(page).get('show')).toBe('number');
  await page.getByRole('button', { name: 'bad first' }).click();
  await expect(grid(page).getByRole('row')).toHaveCount(1);

  await page.keyboard.press('t');
  await expect(page.getByRole('table')).toHaveCount(4);
  await expect(page.getByRole('table', { name: 'Connections' }).getByRole('row').nth(1)).toContainText('#1');
});

test('the brush sets the stretch that the page shows: drawn, moved and resized, by pointer and by keyboard', async ({ page }) => {
  await page.goto('/?view=triage&env=mock');
  await untilJudged(page, 'mock', 4);
  const strip = await page.locator('.strip-brush').boundingBox();
  if (strip === null) throw new Error('no strip');
  const y = strip.y + strip.height / 2;
  const drag = async (from: number, to: number): Promise<void> => {
    await page.mouse.move(strip.x + from * strip.width, y);
    await page.mouse.down();
    await page.mouse.move(strip.x + ((from + to) / 2) * strip.width, y, { steps: 4 });
    await page.mouse.move(strip.x + to * strip.width, y, { steps: 4 });
    await page.mouse.up();
  };
  await drag(0.4, 0.6);
  await expect(page.getByText(/^Frozen/)).toBeVisible();
  await expect.poll(() => query(page).has('to')).toBe(true);
  const length = time(page, 'to') - time(page, 'from');
  expect(length).toBeGreaterThan(10 * 60_000);
  expect(length).toBeLessThan(14 * 60_000);

  // Its body moves, its end resizes.
  const first = time(page, 'from');
  await drag(0.5, 0.55);
  await expect.poll(() => time(page, 'from') - first).toBeGreaterThan(2 * 60_000);
  expect(time(page, 'to') - time(page, 'from')).toBe(length);
  const box = await brush(page).boundingBox();
  if (box === null) throw new Error('no brush');
  const end = (box.x + box.width - strip.x) / strip.width;
  await drag(end, end + 0.1);
  await expect.poll(() => time(page, 'to') - time(page, 'from')).toBeGreaterThan(length + 3 * 60_000);

  const { from, to } = { from: time(page, 'from'), to: time(page, 'to') };
  await brush(page).focus();
  await page.keyboard.press('ArrowLeft');
  await expect.poll(() => time(page, 'from')).toBe(from - 15_000);
  expect(time(page, 'to')).toBe(to - 15_000);
  await page.keyboard.press('Shift+ArrowRight');
  await expect.poll(() => time(page, 'to')).toBe(to);
  expect(time(page, 'from')).toBe(from - 15_000);
  await expect(brush(page)).toHaveAttribute('aria-valuetext', /^\d\d:\d\d:\d\d to \d\d:\d\d:\d\d, \d+ min/);

  await page.getByRole('button', { name: /^Resume/ }).click();
  await expect.poll(() => query(page).has('to')).toBe(false);

  // The bar says the stretch, and takes one by its times.
  await page.locator('.range-menu summary').click();
  await page.getByRole('button', { name: 'last 5 min' }).click();
  await expect(page.locator('.range-menu summary')).toContainText('last 5 min');
  expect(query(page).has('to')).toBe(false);
});

test('steps from anomaly to anomaly, and a link shows the same picture', async ({ page, context, baseURL }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write'], { origin: baseURL ?? '' });
  await page.goto('/?view=triage&env=mock');
  await expect(grid(page).getByRole('row')).toHaveCount(1, { timeout: 25_000 });
  await expect.poll(async () => (await counts(page)).environments['mock']?.counts.incomplete, { timeout: 20_000 }).toBeGreaterThan(3);
  await page.keyboard.press('[');
  await expect(runPanel(page)).toContainText('mock#1');
  await expect(runPanel(page)).toContainText(/incomplete/i);
  const newest = query(page).get('run');
  await expect(page.getByText(/^Frozen/)).toBeVisible();
  await page.keyboard.press('[');
  await expect.poll(() => query(page).get('run')).not.toBe(newest);
  await page.keyboard.press(']');
  await expect.poll(() => query(page).get('run')).toBe(newest);
  await expect(page.getByLabel('Keys', { exact: true })).toContainText(/anomaly \d+ of \d+/);

  await page.keyboard.press('f');
  await expect.poll(() => query(page).get('filter')).toBe(`run:${newest}`);
  await page.keyboard.press('l');
  await expect(page.getByRole('status').filter({ hasText: 'The link' })).toContainText('only on this machine');
  const link = new URL(await page.evaluate(() => navigator.clipboard.readText()));
  const { view, env, run, filter, from, to } = Object.fromEntries(link.searchParams);
  expect({ view, env, run, filter }).toEqual({ view: 'triage', env: 'mock', run: newest, filter: `run:${newest}` });
  expect(Date.parse(to ?? '') - Date.parse(from ?? '')).toBeGreaterThan(0);
  await page.getByRole('button', { name: 'Export the capture' }).click();
  await expect(page.getByRole('dialog', { name: 'Export' })).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('dialog')).toHaveCount(0);

  const other = await context.newPage();
  await other.setViewportSize({ width: 1440, height: 900 });
  await other.goto(link.href);
  await expect(other.getByTestId('incident')).toBeVisible();
  await expect(other.getByRole('combobox', { name: 'Environment' })).toHaveValue('mock');
  await expect(other.getByRole('combobox', { name: 'Search events' })).toHaveValue(`run:${newest}`);
  await expect(runPanel(other)).toBeVisible();
  const stretch = async (which: Page): Promise<string> => (await brush(which).getAttribute('aria-valuetext')) ?? '';
  expect(await stretch(other)).toBe(await stretch(page));
  expect(Object.fromEntries(query(other))).toEqual(Object.fromEntries(link.searchParams));
  await other.close();

  await page.keyboard.press('Escape');
  await expect(runPanel(page)).toHaveCount(0);
});

test('keys open what they say', async ({ page }) => {
  await page.goto('/?view=triage&env=mock');
  await untilJudged(page, 'mock', 4);
  await page.keyboard.press('?');
  const sheet = page.getByRole('dialog', { name: 'Keys and shapes' });
  await expect(sheet).toBeVisible();
  const told = await sheet.locator('kbd').allTextContents();
  await page.keyboard.press('Escape');
  for (const cap of await page.getByLabel('Keys', { exact: true }).locator('kbd').allTextContents()) expect(told).toContain(cap);
  for (const [key, name] of [['n', 'Note'], ['e', 'Export'], ['c', 'Compare']] as const) {
    await page.keyboard.press(key);
    await expect(page.getByRole('dialog', { name })).toBeVisible();
    await page.keyboard.press('Escape');
    await expect(page.getByRole('dialog')).toHaveCount(0);
  }
  expect(query(page).has('compare')).toBe(false);
});

test.describe('while nothing is wrong', () => {
  test.use({ mockOptions: { ...quickMock, scenario: 'healthy' } });

  test('the view is calm, and says so with counts', async ({ page }) => {
    await page.goto('/?view=triage&env=mock');
    await untilJudged(page, 'mock', 8);
    await expect(page.getByTestId('incident')).toHaveAttribute('data-kind', 'none');
    await expect(connections(page)).toContainText('none differs, 4 folded');
    await expect(connections(page)).toContainText(/No connection differs from the others: \d+ runs on 4 connections, none lossy\./);
  });
});

test.describe('on a phone', () => {
  test.use({ viewport: { width: 390, height: 844 } });

  test('one column without the strip, no scroll sideways, targets of 44 px', async ({ page }) => {
    await page.goto('/?view=triage&env=mock');
    await untilJudged(page, 'mock', 4);
    await expect(page.getByTestId('incident')).toBeVisible();
    await expect(page.locator('.strip-brush')).toHaveCount(0);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(390);
    const small = await page.locator('header button, header summary, header select, main button, nav a').evaluateAll((elements) =>
      elements.flatMap((element) => {
        const { width, height } = (element.closest('label') ?? element).getBoundingClientRect();
        return width > 0 && height > 0 && (width < 44 || height < 44) ? [`${element.textContent} ${width}×${height}`] : [];
      }),
    );
    expect(small).toEqual([]);
  });
});
