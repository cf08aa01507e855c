/** What was captured outlives a reload and a crash, with the gap marked; a storage that is missing or silent is said within a second, and the live view goes on. */
import type { Page } from '@playwright/test';
import { CaptureReader } from '#record/capture-reader.ts';
import type { RunwatchRecord } from '#record/record.ts';
import { entryOf, expect, fileOf, quickMock, test } from './fixtures.ts';
import { counts, untilJudged, untilOpen } from './support.ts';

const environment = 'mock';

test.use({
  // A run takes a second, so that one is always under way.
  mockOptions: { ...quickMock, pace: 0.5 },
  file: { text: (mock) => fileOf(entryOf(mock, 'websocket', { probe: { everyMs: 900, maxRunsPerHour: 100_000 } })) },
});

/** How many bytes of records the browser's files of this site hold. */
const storedBytes = (page: Page): Promise<number> =>
  page.evaluate(async () => {
    const folder = await (await navigator.storage.getDirectory()).getDirectoryHandle('runwatch-captures', { create: true });
    let bytes = 0;
    for await (const [name, handle] of folder.entries()) if (name.endsWith('.jsonl') && handle instanceof FileSystemFileHandle) bytes += (await handle.getFile()).size;
    return bytes;
  });

/** The text of all records that the browser's files of this site hold. */
const storedText = (page: Page): Promise<string> =>
  page.evaluate(async () => {
    const folder = await (await navigator.storage.getDirectory()).getDirectoryHandle('runwatch-captures', { create: true });
    const texts: string[] = [];
    for await (const [name, handle] of folder.entries()) if (name.endsWith('.jsonl') && handle instanceof FileSystemFileHandle) texts.push(await (await handle.getFile()).text());
    return texts.join('');
  });

/** Waits until all that was recorded by now is stored. */
async function untilStored(page: Page): Promise<void> {
  const last = (await recordsOf(page)).at(-1);
  await expect.poll(() => storedText(page)).toContain(`"at":${last?.at}`);
}

const reportOf = (page: Page) => page.evaluate((id) => window.runwatch.report(id), environment);

async function recordsOf(page: Page): Promise<RunwatchRecord[]> {
  const records: RunwatchRecord[] = [];
  new CaptureReader((record) => records.push(record)).push((await page.evaluate((id) => window.runwatch.records(id), environment)) ?? '');
  return records;
}

const sheet = (page: Page) => page.getByRole('dialog', { name: 'Captures in this browser' });
async function openSheet(page: Page): Promise<void> {
  await page.locator('summary', { hasText: 'Captures' }).click();
  await page.getByRole('button', { name: 'Captures in this browser' }).click();
  await expect(sheet(page)).toBeVisible();
}

/** Waits, in its list, until a capture that was ended is whole. */
async function untilEnded(page: Page): Promise<void> {
  await openSheet(page);
  await expect(sheet(page).getByRole('button', { name: 'Delete …' })).toBeEnabled();
}

/** A page that has judged some runs, stores more, and has one in its middle; gives what was known then. */
async function inMidRun(page: Page) {
  await page.goto(`/?env=${environment}`);
  await untilJudged(page, environment, 6);
  const stored = await storedBytes(page);
  await expect.poll(() => storedBytes(page)).toBeGreaterThan(stored);
  await expect.poll(async () => (await counts(page)).environments[environment]?.counts.running).toBeGreaterThan(0);
  const runs = (await reportOf(page))?.runs ?? [];
  await untilStored(page);
  return runs;
}

/** The page after it shows the runs again, marks the gap, and holds nothing of it against the target. */
async function expectGoneOn(page: Page, runs: Awaited<ReturnType<typeof inMidRun>>): Promise<void> {
  await untilOpen(page, environment, 3);
  const report = await reportOf(page);
  const known = new Map(report?.runs.map(({ id, status }) => [id, status]));
  for (const { id, status } of runs) expect(status === 'running' ? ['inconclusive', 'complete'] : [status], id).toContain(known.get(id));
  expect([...known.values()]).toContain('inconclusive');
  expect(report).toMatchObject({ counts: { incomplete: 0 }, slo: { ratio: 1 } });
  const blinds = (await recordsOf(page)).flatMap((record) => (record.record === 'blind' ? [record] : []));
  expect(blinds).toMatchObject([{ cause: 'stalled' }]);
  await untilJudged(page, environment, runs.length + 3);
}

test('a reload in mid-run shows the runs again, and the gap', async ({ page }) => {
  const runs = await inMidRun(page);
  await page.reload();
  await expectGoneOn(page, runs);
});

test('negative control: after a disconnect a reload begins anew', async ({ page }) => {
  const runs = await inMidRun(page);
  await page.getByRole('button', { name: 'Disconnect' }).click();
  await untilOpen(page, environment, 0);
  await untilEnded(page);
  await page.reload();
  await untilJudged(page, environment, 3);
  const known = (await reportOf(page))?.runs.map(({ id }) => id) ?? [];
  expect(runs.map(({ id }) => id).filter((id) => known.includes(id))).toEqual([]);
  expect((await recordsOf(page)).filter(({ record }) => record === 'blind')).toEqual([]);
});

test.describe('a renderer that is killed', () => {
  test.use({ expectedErrors: [/^The page crashed\.$/] });

  test('leaves all but its last moment, and the page after it goes on', async ({ page, context, site }) => {
    const runs = await inMidRun(page);
    const crashed = page.waitForEvent('crash');
    const browser = await context.newCDPSession(page);
    // The one that it kills does not answer.
    browser.send('Page.crash').catch(() => undefined);
    await crashed;
    const next = await context.newPage();
    await next.goto(`${site.url}/?env=${environment}`);
    await expectGoneOn(next, runs);
    await page.close();
  });
});

test('two tabs write two captures', async ({ page, context, site }) => {
  await inMidRun(page);
  const other = await context.newPage();
  await other.goto(`${site.url}/?env=${environment}`);
  await untilJudged(other, environment, 3);
  expect((await recordsOf(other)).filter(({ record }) => record === 'blind')).toEqual([]);
  await expect.poll(() => other.evaluate(async () => (await navigator.locks.query()).held?.filter(({ name }) => name?.startsWith('runwatch-capture-')).length)).toBe(2);
  await other.close();
});

const note = (page: Page) => page.locator('.archive-note');

test('negative control: where all is stored nothing is said', async ({ page }) => {
  await inMidRun(page);
  await expect(note(page)).toHaveCount(0);
});

const troubles = [
  ['absent', `Object.defineProperty(WorkerNavigator.prototype, 'storage', { get: () => undefined }); Object.defineProperty(self, 'indexedDB', { value: undefined });`, 'Not kept: no storage'],
  ['silent', `StorageManager.prototype.getDirectory = () => new Promise(() => undefined);`, 'Not kept: storage blocked'],
] as const;
for (const [name, beforeArchive, text] of troubles) {
  test.describe(`a storage that is ${name}`, () => {
    test.use({ beforeArchive });

    test('is said within a second of the first hand-over, and the live view goes on', async ({ page }) => {
      await page.goto(`/?env=${environment}`);
      await untilOpen(page, environment, 3);
      // The archive starts a second after the page.
      await expect(note(page)).toContainText(text, { timeout: 2500 });
      await untilJudged(page, environment, 6);
      expect(await reportOf(page)).toMatchObject({ counts: { incomplete: 0 }, slo: { ratio: 1 } });
    });
  });
}

test.describe('without files', () => {
  test.use({ beforeArchive: `FileSystemFileHandle.prototype.createSyncAccessHandle = () => Promise.reject(new Error('none'));` });

  test('a database keeps what comes, and a reload goes on', async ({ page }) => {
    await page.goto(`/?env=${environment}`);
    await untilJudged(page, environment, 6);
    const runs = (await reportOf(page))?.runs ?? [];
    // What is handed over ten times a second is stored long before two more runs are judged.
    await untilJudged(page, environment, runs.length + 2);
    await page.reload();
    await untilOpen(page, environment, 3);
    const known = (await reportOf(page))?.runs.map(({ id }) => id) ?? [];
    expect(runs.map(({ id }) => id).filter((id) => !known.includes(id))).toEqual([]);
  });
});

test.describe('the list of captures', () => {

  test('tells of the gap, takes a name, keeps, and deletes what it names', async ({ page }) => {
    await inMidRun(page);
    await page.reload();
    await untilJudged(page, environment, 8);
    await openSheet(page);
    const row = sheet(page).getByRole('listitem').filter({ has: page.getByRole('heading') }).first();
    await expect(row).toContainText('being written');
    await expect(row).toContainText(/Nobody watched for \d/);
    await expect(row.getByRole('button', { name: 'Delete …' })).toBeDisabled();

    await row.getByRole('button', { name: 'Rename' }).click();
    await row.getByRole('textbox').fill('Before the release');
    await row.getByRole('textbox').press('Enter');
    await expect(row.getByRole('heading')).toHaveText('Before the release');
    await row.getByRole('button', { name: 'Keep' }).click();
    await expect(row).toContainText('Kept: it makes no room');
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'Disconnect' }).click();
    await untilOpen(page, environment, 0);

    await untilEnded(page);
    await row.getByRole('button', { name: 'Delete …' }).click();
    await expect(row.getByRole('group', { name: 'Delete this capture?' })).toContainText('Delete “Before the release”');
    await row.getByRole('button', { name: 'Delete for good' }).click();
    await expect(sheet(page)).toContainText('No capture is stored.');
    expect(await storedBytes(page)).toBe(0);
  });

  test('opens one beside what is watched, with the same counts', async ({ page }) => {
    await inMidRun(page);
    await page.getByRole('button', { name: 'Disconnect' }).click();
    await untilOpen(page, environment, 0);
    await expect.poll(async () => (await counts(page)).environments[environment]?.counts.running).toBe(0);
    const known = (await counts(page)).environments[environment];
    await untilEnded(page);
    await sheet(page).getByRole('button', { name: 'Open' }).click();
    await expect(sheet(page)).toBeHidden();
    await expect.poll(async () => Object.keys((await counts(page)).environments).find((id) => id !== environment)).toBeDefined();
    const { [environment]: _, ...others } = (await counts(page)).environments;
    const [opened] = Object.values(others);
    expect(opened).toMatchObject({ frames: known?.frames ?? {}, events: known?.events ?? {}, counts: known?.counts ?? {} });
  });
});
