/** Keyboard, screen reader, small screens: the parts of the design that are promises to everybody. */
import type { Locator, Page } from '@playwright/test';
import { expect, test } from './fixtures.ts';
import { panel, untilJudged, untilOpen } from './support.ts';

/** Visible controls that are lower or narrower than `least` px, with their sizes. */
const smallerThan = (controls: Locator, least: number): Promise<string[]> =>
  controls.evaluateAll(
    (elements, px) =>
      elements.flatMap((element) => {
        // A checkbox is as large as the words that belong to it, and the link of a run as its row.
        const target = element.closest('label, .run-row') ?? element;
        const { width, height } = target.getBoundingClientRect();
        const seen = target.checkVisibility({ visibilityProperty: true }) && width > 1;
        return seen && (width < px || height < px) ? [`${element.textContent} ${width} × ${height}`] : [];
      }),
    least,
  );

const controlsOf = (page: Page): Locator => page.locator('button, a[href], select, input, summary');

test('landmarks, one heading of the first level, a name for every control, and an order that follows the screen', async ({ page }) => {
  await page.goto('/?env=mock');
  await untilJudged(page, 'mock', 3);
  for (const role of ['banner', 'navigation', 'main'] as const) await expect(page.getByRole(role)).toHaveCount(1);
  await expect(page.getByRole('heading', { level: 1 })).toHaveCount(1);
  await expect(page.getByRole('heading', { level: 2 })).toHaveText(['Golden path', 'Completeness by type', 'Delivery latency', 'Reliability', 'Timeline']);
  for (const title of ['Verdict', 'Environments, worst first', 'Golden path', 'Completeness by type', 'Delivery latency', 'Reliability', 'Timeline']) await expect(panel(page, title)).toBeVisible();
  for (const role of ['button', 'link', 'combobox', 'img', 'grid'] as const) for (const named of await page.getByRole(role).all()) await expect(named).toHaveAccessibleName(/\S/);
  await expect(page.locator('html')).toHaveAttribute('lang', 'en');

  const order: string[] = [];
  for (let step = 0; step < 30; step += 1) {
    await page.keyboard.press('Tab');
    const { name, ringed } = await page.evaluate(() => {
      const element = document.activeElement;
      const label = element?.getAttribute('aria-label') ?? (element instanceof HTMLSelectElement ? element.labels[0]?.querySelector('span')?.textContent : element?.textContent) ?? '';
      const outlined = element === null ? [] : [element, element.closest('label'), ...element.children].filter((each) => each !== null && getComputedStyle(each).outlineStyle !== 'none');
      return { name: element === document.body ? '' : label, ringed: outlined.length > 0 };
    });
    if (name === '') break;
    expect(ringed, `${name} shows its focus`).toBe(true);
    order.push(name.replace(/ ?(?:UNPROVEN|NO DATA).*/, ' …').trim());
  }
  expect(order).toEqual([
    'Live',
    'Triage',
    'Environments',
    'Report',
    'Theme',
    'Help ?',
    'Environment',
    'Disconnect',
    expect.stringMatching(/^Shown stretch of time: last \d+ s$/),
    'Search events',
    'Export e',
    'Captures',
    expect.stringMatching(/^Copy link/),
    expect.stringContaining('…'),
    expect.stringContaining('…'),
    'Golden path as table',
    'Completeness by type as table',
    'Delivery latency as table',
    'Reliability as table',
    'Lanes',
    'List',
    'Following',
    expect.stringMatching(/^Freeze/),
    'Runs by connection; arrows move, Enter opens a run',
    expect.stringMatching(/^rejected/),
  ]);
});

test.describe('on a phone', () => {
  test.use({ viewport: { width: 390, height: 844 } });

  test('one column without a scroll sideways, and targets of 44 px', async ({ page }) => {
    await page.goto('/?env=mock');
    await untilJudged(page, 'mock', 3);
    const width = (): Promise<number> => page.evaluate(() => document.documentElement.scrollWidth);
    const small = (): Promise<string[]> => smallerThan(controlsOf(page), 44);
    expect(await width()).toBe(390);
    expect(await small()).toEqual([]);
    const boxes = await Promise.all(['Verdict', 'Reliability', 'Timeline', 'Golden path', 'Completeness by type', 'Delivery latency'].map((title) => panel(page, title).boundingBox()));
    for (const [index, box] of boxes.entries()) {
      const above = boxes[index - 1];
      expect([box?.x, box?.width]).toEqual([12, 366]);
      if (above !== undefined) expect(box?.y).toBeGreaterThan((above?.y ?? 0) + (above?.height ?? 0));
    }

    await page.getByRole('button', { name: 'List' }).click();
    await page.getByRole('table', { name: 'Runs' }).getByRole('link').first().click();
    await expect(page.getByRole('complementary').getByRole('listitem').first()).toBeVisible();
    expect([await width(), await small()]).toEqual([390, []]);
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'Freeze' }).click();
    await expect(page.getByRole('button', { name: 'Resume' })).toBeVisible();
    expect([await width(), await small()]).toEqual([390, []]);
    await page.getByRole('button', { name: 'Help ?' }).click();
    expect([await width(), await small()]).toEqual([390, []]);
    await page.getByRole('dialog').getByRole('button', { name: 'Close' }).click();
    // What cannot be had beside it is a touch away all the same.
    await page.getByRole('button', { name: 'Resume' }).click();
    await page.getByRole('button', { name: 'Disconnect' }).click();
    await untilOpen(page, 'mock', 0);
    await expect(page.getByRole('button', { name: 'Connect', exact: true })).toBeVisible();
  });
});

test.describe('on a screen of 1440 × 900', () => {
  test.use({ viewport: { width: 1440, height: 900 }, environment: { concurrentConnections: 10, probe: { everyMs: 1500, maxRunsPerHour: 100_000 } } });

  test('ten connections, the mock band and every panel stand on it without scrolling, and targets have 24 px', async ({ page }) => {
    await page.goto('/?env=mock');
    await untilJudged(page, 'mock', 10);
    const overflow = (): Promise<readonly number[]> =>
      page.evaluate(() => {
        const lanes = document.querySelector('.timeline-scroller');
        return [document.documentElement.scrollHeight - window.innerHeight, document.documentElement.scrollWidth - window.innerWidth, (lanes?.scrollHeight ?? 0) - (lanes?.clientHeight ?? 0)];
      });
    expect(await overflow()).toEqual([0, 0, 0]);
    await expect(panel(page, 'Timeline').getByRole('row')).toHaveCount(10);
    await expect(page.getByLabel('Accounting')).toBeInViewport({ ratio: 1 });
    expect(await smallerThan(controlsOf(page), 24)).toEqual([]);
    // Nothing that names something is cut off.
    const cut = await page.locator('.verdict h1 small, .verdict p, .tile-head b, .panel-head h2, .lane-name span, .figure .value').evaluateAll((elements) =>
      elements.filter((element) => element.scrollWidth > element.clientWidth + 1 && getComputedStyle(element).display !== 'inline').map((element) => element.textContent),
    );
    expect(cut).toEqual([]);
  });
});
