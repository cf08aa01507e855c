/** A hidden page misses nothing; one that the browser froze knows for how long, and charges nobody with it. */
import { setTimeout as wait } from 'node:timers/promises';
import { CaptureReader } from '#record/capture-reader.ts';
import type { RunwatchRecord } from '#record/record.ts';
import type { Report } from '#monitor/report.ts';
import type { Counts } from '#monitor/snapshot.ts';
import { entryOf, expect, fileOf, quickMock, test } from './fixtures.ts';
import { openRawBrowser, type RawBrowser, type RawPage } from './raw-browser.ts';

/** RUNWATCH_FREEZE_S=60 freezes for a minute. */
const freezeMs = 1000 * Number(process.env['RUNWATCH_FREEZE_S'] ?? 10);
const environment = 'mock';

/** What the page tells, over the protocol: it gives plain JSON, whose shape is known. */
const ask = async <T>(page: RawPage, call: string): Promise<T> => (await page.evaluate(`window.runwatch.${call}`)) as T;
const reportOf = (page: RawPage): Promise<Report> => ask(page, `report('${environment}')`);
const countsOf = async (page: RawPage) => (await ask<Counts>(page, 'counts()')).environments[environment];

async function recordsOf(page: RawPage): Promise<readonly RunwatchRecord[]> {
  const records: RunwatchRecord[] = [];
  const reader = new CaptureReader((record) => records.push(record));
  reader.push(await ask<string>(page, `records('${environment}')`));
  return records;
}
const blindsOf = async (page: RawPage) => (await recordsOf(page)).flatMap((record) => (record.record === 'blind' ? [record] : []));

/** How many pixels of the timeline have the colour of its hatch, seen by another page, whose policy lets it look at a picture. */
async function hatched(page: RawPage, other: RawPage): Promise<number> {
  const box = await page.evaluate(`(() => { const { x, y, width, height } = document.querySelector('.timeline-stage').getBoundingClientRect(); return { x, y, width, height, scale: 1 }; })()`);
  const { data } = (await page.send('Page.captureScreenshot', { format: 'png', clip: box })) as { data: string };
  return (await other.evaluate(`(async () => {
    const bytes = Uint8Array.from(atob('${data}'), (letter) => letter.charCodeAt(0));
    const picture = await createImageBitmap(new Blob([bytes], { type: 'image/png' }));
    const context = new OffscreenCanvas(picture.width, picture.height).getContext('2d');
    context.drawImage(picture, 0, 0);
    const { data } = context.getImageData(0, 0, picture.width, picture.height);
    let found = 0;
    for (let at = 0; at < data.length; at += 4) if (data[at] === 0x3a && data[at + 1] === 0x44 && data[at + 2] === 0x54) found += 1;
    return found;
  })()`)) as number;
}

test.use({
  mockOptions: { ...quickMock, pace: 0.5 },
  file: { text: (mock) => fileOf(entryOf(mock, 'websocket', { probe: { everyMs: 900, maxRunsPerHour: 100_000 } })) },
});

test.describe('a page in another tab', () => {
  let browser: RawBrowser;
  test.beforeAll(async () => {
    browser = await openRawBrowser();
  });
  test.afterAll(() => browser.close());

  test('goes on while it is hidden; frozen, it is blind for just that time, keeps its ratio, and is back in 5 s', async ({ site }) => {
    test.setTimeout(60_000 + 2 * freezeMs);
    const page = await browser.open(`${site.url}/?env=${environment}&theme=dark`);
    await expect.poll(() => page.evaluate(`'runwatch' in window`)).toBe(true);
    await expect.poll(async () => (await countsOf(page))?.counts.complete, { timeout: 20_000 }).toBeGreaterThan(8);
    const other = await browser.open('about:blank');

    // Hidden only.
    await expect.poll(() => page.evaluate('document.visibilityState')).toBe('hidden');
    const before = (await countsOf(page))?.counts.complete ?? 0;
    await expect.poll(async () => (await countsOf(page))?.counts.complete, { timeout: 20_000 }).toBeGreaterThan(before + 8);
    expect(await blindsOf(page)).toEqual([]);
    await page.show();
    expect(await hatched(page, other)).toBe(0);
    await other.show();
    await expect.poll(() => page.evaluate('document.visibilityState')).toBe('hidden');

    // Frozen.
    const known = await reportOf(page);
    expect(known.slo.ratio).toBe(1);
    const frozenAt = Date.now();
    await page.send('Page.setWebLifecycleState', { state: 'frozen' });
    await wait(freezeMs);
    const frozenMs = Date.now() - frozenAt;
    await page.send('Page.setWebLifecycleState', { state: 'active' });
    await page.show();
    const judged = known.counts.complete;
    await expect
      .poll(async () => {
        const { connections, counts } = (await countsOf(page)) ?? {};
        return connections?.open === connections?.wanted && (counts?.complete ?? 0) > judged;
      }, { timeout: 5000 })
      .toBe(true);

    const blinds = await blindsOf(page);
    expect(blinds).toHaveLength(1);
    const [blind] = blinds;
    expect(blind?.cause).toBe('hidden');
    const blindMs = (blind?.at ?? 0) - (blind?.from ?? 0);
    expect(Math.abs(blindMs - frozenMs), `blind for ${blindMs} ms of ${frozenMs} ms`).toBeLessThanOrEqual(1000);
    const report = await reportOf(page);
    expect(report).toMatchObject({ slo: { ratio: 1 }, counts: { incomplete: 0 } });
    expect(report.slo.good).toBeGreaterThan(known.slo.good);
    // It is drawn as a gap, and not as a time in which nothing was lost.
    await expect.poll(() => hatched(page, other)).toBeGreaterThan(200);
  });
});
