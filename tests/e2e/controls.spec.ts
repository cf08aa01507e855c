/** What a reader does with the page: freeze, move in time, copy a link, choose a theme, use the keys. */
import type { Page } from '@playwright/test';
import { formatCount } from '#views/parts/format.ts';
import { expect, quickMock, test } from './fixtures.ts';
import { accounting, counts, finish, judged, panel, untilJudged, verdict } from './support.ts';

const decoded = async (page: Page): Promise<number> => (await counts(page)).environments['mock']?.events.decoded ?? 0;
const query = (page: Page): URLSearchParams => new URL(page.url()).searchParams;

/** Every figure that must stand still while the view is frozen. */
const shownFigures = (page: Page): Promise<string> =>
  page.evaluate(() => {
    const texts = [...document.querySelectorAll('.verdict-words, .figure:not(.figure-age), .golden-path, .completeness, .tile, .accounting, .running-count, .lossy')].map((element) => element.textContent);
    return texts.join('\n');
  });

test('a frozen view stands still while counting goes on, says what waits, and catches up', async ({ page }) => {
  await page.goto('/?env=mock');
  await untilJudged(page, 'mock', 3);
  // It moves by itself, so that standing still means something.
  const moving = await shownFigures(page);
  await expect.poll(() => shownFigures(page)).not.toBe(moving);

  await page.getByRole('button', { name: /^Freeze/ }).click();
  const badge = page.getByRole('banner').getByText(/^Frozen \d\d:\d\d/);
  await expect(badge).toBeVisible();
  await expect(verdict(page)).toContainText(/Age, frozen ?\d\d:\d\d ?at \d\d:\d\d:\d\d/);
  const frozen = await shownFigures(page);
  const [, shown = ''] = /events ([\d,]+) =/.exec((await accounting(page).textContent()) ?? '') ?? [];
  const before = await decoded(page);
  await expect.poll(() => decoded(page)).toBeGreaterThan(before + 20);
  expect(await shownFigures(page)).toBe(frozen);

  const { report } = await finish(page, 'mock');
  expect(await shownFigures(page)).toBe(frozen);
  const waiting = report.events.decoded - Number(shown.replaceAll(',', ''));
  await expect(page.getByRole('banner')).toContainText(`+${formatCount(waiting)} events waiting`);
  // The button that was clicked last has the focus; Space is the page's all the same.
  await expect(page.getByRole('button', { name: 'Connect', exact: true })).toBeFocused();
  await page.keyboard.press(' ');
  await expect(badge).toHaveCount(0);
  await expect(accounting(page)).toContainText(`events ${formatCount(report.events.decoded)} =`);
  expect(await shownFigures(page)).not.toBe(frozen);
  expect((await counts(page)).environments['mock']?.connections.open).toBe(0);

  // Reached by Tab, a button takes Space for itself.
  await page.keyboard.press('Shift+Tab');
  await page.keyboard.press('Tab');
  await page.keyboard.press(' ');
  await expect(page.getByRole('button', { name: 'Disconnect' })).toBeVisible();
  await expect(badge).toHaveCount(0);
});

test.describe('with lossy runs', () => {
  test.use({ mockOptions: { ...quickMock, pace: 0.3, scenario: { scenario: 'missing-event', share: 0.5 } } });

  test('the help sheet lists exactly the keys that work', async ({ page, context, baseURL }) => {
    await context.grantPermissions(['clipboard-read', 'clipboard-write'], { origin: baseURL ?? '' });
    await page.goto('/?env=mock');
    await untilJudged(page, 'mock', 12);
    await page.keyboard.press('?');
    const sheet = page.getByRole('dialog', { name: 'Keys and shapes' });
    await expect(sheet).toBeVisible();
    expect(await sheet.locator('kbd').allTextContents()).toEqual(['Space', '/', 'f', '[', ']', '←', '→', 'a', 'd', '+', '−', 'w', 's', '0', 'u', 'n', 'c', 'k', 't', 'l', 'e', 'Esc', '?', 'g', 'l', 't', 'e', 'r']);
    await expect(sheet).toContainText('With the focus in the lanes: arrows, Home and End go from run to run, Enter opens one.');
    await page.keyboard.press('Escape');
    await expect(sheet).toHaveCount(0);

    const span = async (): Promise<number> => Number(/last (\d+(?:\.\d)?) s/.exec((await panel(page, 'Timeline').textContent()) ?? '')?.[1]);
    const own = await span();
    await page.keyboard.press('-');
    await expect.poll(span).toBe(2 * own);
    await page.keyboard.press('+');
    await page.keyboard.press('+');
    await expect.poll(span).toBe(own / 2);
    await page.keyboard.press('0');
    await expect.poll(span).toBe(own);

    await page.keyboard.press('t');
    await expect(page.getByRole('table')).toHaveCount(4);
    await page.keyboard.press('t');
    await expect(page.getByRole('table')).toHaveCount(0);

    await page.keyboard.press('[');
    const runs = page.getByRole('complementary', { name: /^Run / });
    await expect(runs).toContainText('INCOMPLETE', { ignoreCase: true });
    const newest = query(page).get('run');
    await page.keyboard.press('[');
    await expect.poll(() => query(page).get('run')).not.toBe(newest);
    await page.keyboard.press(']');
    await expect.poll(() => query(page).get('run')).not.toBe(null);
    await page.keyboard.press('Escape');
    await expect(runs).toHaveCount(0);

    // Moving in time freezes, and the link then says which time it is.
    await page.keyboard.press('ArrowLeft');
    await expect.poll(() => query(page).has('to')).toBe(true);
    const to = Date.parse(query(page).get('to') ?? '');
    expect(to - Date.parse(query(page).get('from') ?? '')).toBe(own * 1000);
    await page.keyboard.press('ArrowRight');
    await expect.poll(() => Date.parse(query(page).get('to') ?? '')).toBe(to + (own * 1000) / 4);
    await page.keyboard.press('l');
    await expect(page.getByRole('button', { name: /^Copied/ })).toBeVisible();
    const link = await page.evaluate(() => navigator.clipboard.readText());
    expect(new URL(link).searchParams.get('to')).toBe(query(page).get('to'));
    await page.keyboard.press(' ');
    await expect(page.getByText(/^Frozen/)).toHaveCount(0);
    expect(query(page).has('to')).toBe(false);

    // Switched off, letters and signs do nothing, and Space and Esc still do.
    await page.getByRole('button', { name: 'Help ?' }).click();
    await sheet.getByRole('checkbox', { name: 'Keys of a single letter or sign work' }).uncheck();
    await sheet.getByRole('button', { name: 'Close' }).click();
    await page.keyboard.press('t');
    await page.keyboard.press('?');
    await page.keyboard.press(' ');
    await expect(page.getByText(/^Frozen/)).toBeVisible();
    await expect(sheet).toHaveCount(0);
    await expect(page.getByRole('table')).toHaveCount(0);
  });
});

test('a link shows another reader the same view, a reload keeps it, and the theme is remembered', async ({ page, context, baseURL }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write'], { origin: baseURL ?? '' });
  await page.goto('/');
  await untilJudged(page, 'mock-websocket', 2);
  await page.getByRole('combobox', { name: 'Environment' }).selectOption('mock-websocket');
  await page.getByRole('button', { name: 'List' }).click();
  await page.getByRole('button', { name: /^complete/ }).click();
  const list = page.getByRole('table', { name: 'Runs' });
  await list.getByRole('link').first().click();
  const run = query(page).get('run') ?? '';
  await expect(page.getByRole('complementary', { name: `Run ${run}` })).toBeVisible();
  await page.getByRole('banner').getByRole('button', { name: /^Copy link/ }).click();
  const link = await page.evaluate(() => navigator.clipboard.readText());
  expect(Object.fromEntries(new URL(link).searchParams)).toEqual({ view: 'live', env: 'mock-websocket', show: 'runs', filter: 'complete', run });

  // A step to the view that is open already loads nothing anew.
  const known = await judged(page, 'mock-websocket');
  await page.getByRole('link', { name: 'Live' }).click();
  expect(await judged(page, 'mock-websocket')).toBeGreaterThanOrEqual(known);
  await expect(page.getByRole('complementary', { name: `Run ${run}` })).toContainText('Why:');

  await page.getByRole('button', { name: 'Theme' }).click();
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'light');
  expect(await page.evaluate(() => JSON.stringify(localStorage))).toBe('{"runwatch.theme":"light"}');

  for (const open of [() => page.reload(), () => page.goto(link)]) {
    await open();
    await expect(page.getByRole('combobox', { name: 'Environment' })).toHaveValue('mock-websocket');
    await expect(list).toBeVisible();
    await expect(page.getByRole('button', { name: /^complete/ })).toHaveAttribute('aria-pressed', 'true');
    // The run belongs to the visit before, whose capture this one goes on with.
    await expect(page.getByRole('complementary', { name: `Run ${run}` })).toContainText('Why:');
    await expect(page.locator('html')).toHaveAttribute('data-theme', 'light');
  }
  await page.goto('/?theme=dark');
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark');
});
