/** What the page says when a target cannot be reached, refuses, or falls silent; and that it goes on when the target is back. */
import type { Page } from '@playwright/test';
import { startMock } from '#mock/mock.ts';
import { entryOf, expect, fileOf, quickMock, test } from './fixtures.ts';
import { panel, untilJudged, untilOpen, verdict } from './support.ts';

const network = [/ERR_CONNECTION_REFUSED/, /WebSocket connection to .* failed/];

test.describe('a target that is not there', () => {
  test.use({ expectedErrors: [network, { scope: 'test' }], environment: { health: { intervalMs: 60_000 } } });

  test('is named with cause, place and remedy, and is watched as soon as it is there', async ({ page, mock }) => {
    await mock.close();
    await page.goto('/?env=mock-websocket');
    const alert = page.getByRole('alert');
    await expect(alert).toContainText(`Mock (WebSocket): ${mock.url}/auth/e2e/test-auth did not accept the connection.`);
    await expect(alert).toContainText('Check that the target runs, and the address, path and allowed origins.');
    await expect(verdict(page)).toContainText('NO DATA');
    await expect(panel(page, 'Timeline').getByRole('rowheader', { name: '#0' })).toContainText('retrying');
    const again = await startMock({ ...quickMock, port: mock.port });
    try {
      await untilJudged(page, 'mock-websocket', 3);
      await expect(alert).toHaveCount(0);
      await expect(verdict(page)).toContainText('UNPROVEN');
    } finally {
      await again.close();
    }
  });
});

test.describe('a target that refuses the login', () => {
  test.use({ mockOptions: { ...quickMock, scenario: 'refuse-auth' }, expectedErrors: [/status of 401/] });

  test('is not asked again by itself, and is once the reader says so', async ({ page, mock }) => {
    await page.goto('/?env=mock');
    const alert = page.getByRole('alert');
    await expect(alert).toContainText(`Mock (Socket.IO): ${mock.url}/auth/e2e/test-auth refused the sign-in ("HTTP 401").`);
    await expect(alert).toContainText('Put a valid token or login into the environment’s auth and connect again; it is not retried by itself.');
    await expect(panel(page, 'Golden path').getByRole('listitem').first()).toContainText('3 failed');
    await expect(panel(page, 'Golden path')).toContainText('3 triggered runs or stopped connections in 1 h, 0 still running');
    mock.setScenario('healthy');
    await alert.getByRole('button', { name: 'Try again' }).click();
    await untilOpen(page, 'mock', 3);
    await expect(alert).toHaveCount(0);
  });
});

test.describe('a target that closes with code 1011', () => {
  test.use({ mockOptions: { ...quickMock, scenario: 'close-1011' }, expectedErrors: [network, { scope: 'test' }] });

  test('is quoted with code and reason, and is watched when it is ready', async ({ page, mock }) => {
    await page.goto('/?env=mock-websocket');
    const alert = page.getByRole('alert');
    await expect(alert).toContainText(/Mock \(WebSocket\): ws:\/\/127\.0\.0\.1:\d+\/ws closed the connection with code 1011 \("service not ready"\)\./);
    await expect(alert).toContainText('Look at the log of the target at this time.');
    mock.setScenario('healthy');
    await untilOpen(page, 'mock-websocket', 3);
    await expect(alert).toHaveCount(0);
  });
});

/** The most upright marks that a lane has: where its connection opened or closed. */
const reconnectMarks = (page: Page): Promise<number> =>
  panel(page, 'Timeline')
    .locator('canvas')
    .evaluate((canvas) => {
      if (!(canvas instanceof HTMLCanvasElement)) return 0;
      // The canvas is painted by a worker: what it shows is read from a copy.
      const copy = document.createElement('canvas');
      [copy.width, copy.height] = [canvas.width, canvas.height];
      const context = copy.getContext('2d');
      context?.drawImage(canvas, 0, 0);
      const axisHeight = 24;
      const laneHeight = 34;
      const marksOf = (lane: number): number => {
        const { data, width, height } = context?.getImageData(0, axisHeight + lane * laneHeight, canvas.width, laneHeight) ?? { data: [], width: 0, height: 0 };
        let marks = 0;
        let inside = false;
        // A mark is bright over ten pixels of height; right of the lanes stands the line of now.
        for (let x = 0; x < width - 118; x += 1) {
          let bright = 0;
          for (let y = 0; y < height; y += 1) if ((data[4 * (y * width + x) + 1] ?? 0) > 75) bright += 1;
          if (bright >= 9 && !inside) marks += 1;
          inside = bright >= 9;
        }
        return marks;
      };
      return Math.max(...[0, 1, 2].map(marksOf));
    });

test.describe('a target that goes away', () => {
  test.use({
    expectedErrors: [network, { scope: 'test' }],
    file: {
      text: (mock) =>
        fileOf(
          entryOf(mock, 'websocket', { name: 'Probed', health: { intervalMs: 60_000 } }),
          entryOf(mock, 'websocket', { id: 'observed', name: 'Observed', mode: 'observe', health: { intervalMs: 60_000 } }),
        ),
    },
  });

  test('turns STALE with an age that grows; old data look old; it goes on when the target is back, with its reconnects marked', async ({ page, mock }) => {
    await page.goto('/');
    await untilJudged(page, 'mock', 3);
    await page.getByRole('button', { name: /Observed/ }).click();
    await expect.poll(() => reconnectMarks(page)).toBe(1);
    await page.getByRole('button', { name: /Probed/ }).click();
    await expect(verdict(page)).toContainText(/Last event ?[\d.]+ s ?ago, live/);
    await expect(page.locator('.live')).toHaveAttribute('data-age', 'live');

    await mock.close();
    // A trigger is due every second or so: twice that without a frame is stale.
    await expect(verdict(page)).toContainText('STALE', { timeout: 5000 });
    await expect(verdict(page)).toContainText(/Nothing received since \d\d:\d\d:\d\d, [\d.]+ s ago\. Was (?:UNPROVEN|AT RISK)\./);
    await expect(page).toHaveTitle('MOCK DATA · STALE · Probed · Runwatch');
    await expect(page.locator('.live')).toHaveAttribute('data-age', /stale|dead/);
    const age = async (): Promise<number> => Number.parseFloat(/Last event ?([\d.]+) s/.exec((await verdict(page).textContent()) ?? '')?.[1] ?? '');
    const before = await age();
    expect(before).toBeGreaterThanOrEqual(2);
    await expect.poll(age).toBeGreaterThan(before + 0.5);
    await expect(page.getByRole('alert')).toContainText(`${mock.url}/auth/e2e/test-auth did not accept the connection.`);

    const again = await startMock({ ...quickMock, port: mock.port });
    try {
      await expect(verdict(page)).not.toContainText('STALE', { timeout: 15_000 });
      await expect(verdict(page)).toContainText('ago, live');
      await page.getByRole('button', { name: /Observed/ }).click();
      // Opened, closed with the target, and each try after that.
      await expect.poll(() => reconnectMarks(page)).toBeGreaterThanOrEqual(3);
    } finally {
      await again.close();
    }
  });
});
