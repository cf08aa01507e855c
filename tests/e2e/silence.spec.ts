/** A link that goes dead without a word is told in its lane, with an age that grows by the second. */
import type { Locator } from '@playwright/test';
import { entryOf, expect, fileOf, quickMock, test } from './fixtures.ts';
import { counts, panel, untilJudged } from './support.ts';

const ageOf = async (lane: Locator): Promise<number> => Number.parseFloat(/silent ([\d.]+) s/.exec((await lane.textContent()) ?? '')?.[1] ?? '');

test.use({
  mockOptions: { ...quickMock, scenario: 'silent' },
  file: { text: (mock) => fileOf(entryOf(mock, 'websocket', { concurrentConnections: 2 })) },
});

test('a lane turns late, then silent, while its socket is still called open', async ({ page }) => {
  await page.goto('/');
  const lane = panel(page, 'Timeline').getByRole('rowheader', { name: '#0' });
  await expect(lane).toHaveText(/^#0 ?late \d\.\d s$/, { timeout: 15_000 });
  await expect(lane).toHaveClass(/is-late/);
  await expect(lane).toHaveText(/^#0 ?silent \d\.\d s$/, { timeout: 5000 });
  await expect(lane).toHaveClass(/is-silent/);
  await expect(lane).toHaveAttribute('title', /^mock#0, e2e-probe-0, websocket, open, silent, last heard [\d.]+ s ago$/);
  expect((await counts(page)).environments['mock']?.connections.open).toBe(2);
  const before = await ageOf(lane);
  await expect.poll(() => ageOf(lane), { timeout: 2500, intervals: [100] }).toBeGreaterThanOrEqual(before + 1);
});

test.describe('negative control: a target that answers', () => {
  test.use({ mockOptions: { ...quickMock, scenario: 'healthy' } });

  test('keeps its user in its lane', async ({ page }) => {
    await page.goto('/');
    await untilJudged(page, 'mock', 10);
    const lane = panel(page, 'Timeline').getByRole('rowheader', { name: '#0' });
    await expect(lane).toHaveText(/^#0 ?e2e-probe-0$/);
    await expect(lane).toHaveClass(/is-live/);
    await expect(lane).toHaveAttribute('title', /^mock#0, e2e-probe-0, websocket, open, live, last heard [\d.]+ s ago$/);
  });
});
