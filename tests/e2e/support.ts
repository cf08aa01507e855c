/** What the tests ask of `window.runwatch`, and read from the screen. */
import type { Locator, Page } from '@playwright/test';
import type { Counts } from '#monitor/snapshot.ts';
import type { Report } from '#monitor/report.ts';
import { CaptureReader } from '#record/capture-reader.ts';
import type { RunwatchRecord } from '#record/record.ts';
import { expect } from './fixtures.ts';

export const counts = (page: Page): Promise<Counts> => page.evaluate(() => window.runwatch.counts());

/** How many runs of an environment were closed, however they ended. */
export async function judged(page: Page, environment: string): Promise<number> {
  const { complete, incomplete, failed, inconclusive } = (await counts(page)).environments[environment]?.counts ?? { complete: 0, incomplete: 0, failed: 0, inconclusive: 0 };
  return complete + incomplete + failed + inconclusive;
}

/** Resolves when at least `runs` runs of an environment are judged. */
export const untilJudged = (page: Page, environment: string, runs: number): Promise<void> => expect.poll(() => judged(page, environment), { timeout: 20_000 }).toBeGreaterThanOrEqual(runs);

/** Resolves when an environment holds `open` connections. */
export const untilOpen = (page: Page, environment: string, open: number): Promise<void> =>
  expect.poll(async () => (await counts(page)).environments[environment]?.connections.open, { timeout: 20_000 }).toBe(open);

/** Stops probing and gives what the page then knows. */
export async function finish(page: Page, environment: string): Promise<{ report: Report; records: RunwatchRecord[] }> {
  await page.getByRole('button', { name: 'Disconnect' }).click();
  await untilOpen(page, environment, 0);
  await expect.poll(async () => (await counts(page)).environments[environment]?.counts.running).toBe(0);
  const report = await page.evaluate((id) => window.runwatch.report(id), environment);
  const text = await page.evaluate((id) => window.runwatch.records(id), environment);
  const records: RunwatchRecord[] = [];
  const reader = new CaptureReader((record) => records.push(record));
  reader.push(text ?? '');
  expect(reader.finish().ok).toBe(true);
  if (report === undefined) throw new Error('no report');
  return { report, records };
}

export const verdict = (page: Page): Locator => page.getByRole('region', { name: 'Verdict' });
export const panel = (page: Page, title: string): Locator => page.getByRole('region', { name: title, exact: true });
export const tile = (page: Page, name: string): Locator => page.getByRole('region', { name: 'Environments, worst first' }).getByRole('button', { name });
export const accounting = (page: Page): Locator => page.getByLabel('Accounting');

/** Turns a panel to its table and gives the texts of its cells, row by row, by column. */
export async function readTable(page: Page, title: string): Promise<Record<string, string>[]> {
  const button = panel(page, title).getByRole('button', { name: `${title} as table` });
  if ((await button.getAttribute('aria-pressed')) !== 'true') await button.click();
  const table = panel(page, title).getByRole('table');
  await expect(table).toBeVisible();
  return table.evaluate((element) => {
    const textsOf = (row: Element): string[] => [...row.children].map((cell) => cell.textContent);
    const [head = [], ...rows] = [...element.querySelectorAll('tr')].map(textsOf);
    return rows.map((cells) => Object.fromEntries(cells.map((text, index) => [head[index] ?? '', text])));
  });
}

/** `1,234` as the number that it is. */
export const figure = (text: string | undefined): number => Number((text ?? '').replaceAll(',', ''));

/** How many pixels of the lanes have the colour of a design token. */
export const painted = (page: Page, token: string): Promise<number> =>
  panel(page, 'Timeline')
    .locator('canvas')
    .evaluate((canvas, name) => {
      if (!(canvas instanceof HTMLCanvasElement)) return 0;
      const wanted = getComputedStyle(canvas).getPropertyValue(name);
      const [red, green, blue] = [1, 3, 5].map((at) => Number.parseInt(wanted.slice(at, at + 2), 16));
      // The canvas is painted by a worker: what it shows is read from a copy.
      const copy = document.createElement('canvas');
      [copy.width, copy.height] = [canvas.width, canvas.height];
      const context = copy.getContext('2d');
      context?.drawImage(canvas, 0, 0);
      const { data } = context?.getImageData(0, 0, copy.width, copy.height) ?? { data: [] };
      let found = 0;
      for (let at = 0; at < data.length; at += 4) if (data[at] === red && data[at + 1] === green && data[at + 2] === blue) found += 1;
      return found;
    }, token);
