/** What was captured is exported without names and words, opened again by dropping and pasting, and what cannot be opened changes nothing. */
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import type { Page } from '@playwright/test';
import type { Report } from '#monitor/report.ts';
import { expect, test } from './fixtures.ts';

const id = 'mock-websocket';
const dialog = (page: Page) => page.getByRole('dialog', { name: 'Export' });
const band = (page: Page) => page.locator('.capture-words');

/** A mock that has run for a while and is let go. */
async function captured(page: Page): Promise<void> {
  await page.goto(`/?env=${id}&view=triage`);
  await expect.poll(async () => (await page.evaluate(() => window.runwatch.counts())).environments[id]?.counts.complete ?? 0, { timeout: 20_000 }).toBeGreaterThan(8);
}

/** Saves the file that the dialog has made. */
async function saved(page: Page): Promise<{ readonly name: string; readonly bytes: Buffer }> {
  await expect(dialog(page).getByRole('heading', { name: 'What leaves' })).toBeVisible();
  const downloading = page.waitForEvent('download');
  await dialog(page).getByRole('button', { name: /^Save / }).click();
  const download = await downloading;
  return { name: download.suggestedFilename(), bytes: readFileSync(await download.path()) };
}

/** As if a file or a text were pasted, or a file dropped, on the page. */
async function bring(page: Page, how: 'drop' | 'paste', name: string, bytes: Buffer): Promise<void> {
  await page.evaluate(
    ({ kind, fileName, base64 }) => {
      const data = new DataTransfer();
      data.items.add(new File([Uint8Array.from(atob(base64), (unit) => unit.charCodeAt(0))], fileName));
      document.body.dispatchEvent(kind === 'drop' ? new DragEvent('drop', { dataTransfer: data, bubbles: true, cancelable: true }) : new ClipboardEvent('paste', { clipboardData: data, bubbles: true }));
    },
    { kind: how, fileName: name, base64: bytes.toString('base64') },
  );
}

test('a capsule has no user in it, and opens to the verdict that it holds', async ({ page }) => {
  test.setTimeout(60_000);
  await captured(page);
  await page.keyboard.press('e');
  const { name, bytes } = await saved(page);
  expect(name).toMatch(/^mock-websocket-\d{8}T\d{6}\.jsonl\.gz$/);
  const text = gunzipSync(bytes).toString();
  expect(text).not.toContain('probe-');
  expect(text).toContain('"user":"user-1"');
  await expect(dialog(page)).toContainText(/\d+ payload texts are left out\./);
  await expect(dialog(page).getByLabel('First lines of the file')).toContainText('{"record":"header"');
  const verdict = JSON.parse(text.split('\n').find((line) => line.startsWith('{"record":"verdict"')) ?? '{}') as { readonly report: Report };
  await page.keyboard.press('Escape');
  await expect(dialog(page)).toHaveCount(0);

  await bring(page, 'drop', name, bytes);
  await expect(band(page)).toContainText(name);
  expect(await page.evaluate(() => window.runwatch.report('capture:1'))).toEqual(verdict.report);
  expect(verdict.report.counts.complete).toBeGreaterThan(8);
});

test('other formats are made as they are chosen, and payloads only on request', async ({ page }) => {
  test.setTimeout(60_000);
  await captured(page);
  await page.keyboard.press('e');
  await dialog(page).getByRole('button', { name: 'CSV' }).click();
  expect((await saved(page)).bytes.toString()).toMatch(/^run,connection,user,/);
  await dialog(page).getByRole('button', { name: 'HAR' }).click();
  await expect(dialog(page).getByRole('button', { name: /^Save .*\.har$/ })).toBeEnabled();
  const { bytes } = await saved(page);
  const { log } = JSON.parse(bytes.toString()) as { readonly log: { readonly entries: readonly { readonly _webSocketMessages: readonly unknown[] }[] } };
  expect(log.entries.length).toBeGreaterThan(0);
  expect(log.entries[0]?._webSocketMessages.length).toBeGreaterThan(5);
  await dialog(page).getByRole('checkbox', { name: 'With payload texts' }).check();
  await expect(dialog(page)).toContainText(/payload texts are in it\./);
});

test('a capture that cannot be opened is named with its line and cause, and what is shown stays', async ({ page }) => {
  test.setTimeout(60_000);
  await captured(page);
  const text = (await page.evaluate((env) => window.runwatch.records(env), id)) ?? '';
  const lines = text.split('\n');
  const broken = [...lines.slice(0, 4), '{"record":"frame","at":1e400,"connection":"a","data":1}', ...lines.slice(4)].join('\n');
  await bring(page, 'paste', 'broken.jsonl', Buffer.from(broken));
  const fault = page.getByRole('dialog', { name: 'This capture could not be opened' });
  await expect(fault).toContainText('Line 5: it holds a number that is too large to be one, such as 1e400. bad-number');
  await expect(fault).toContainText('What you were looking at is as it was.');
  await page.keyboard.press('Escape');
  await expect(fault).toHaveCount(0);
  await expect(page).toHaveURL(new RegExp(`env=${id}`));
  // A text that is no capture is nobody's business here; one that is opens.
  await page.evaluate((pasted) => {
    for (const part of ['just words', pasted]) {
      const data = new DataTransfer();
      data.setData('text/plain', part);
      document.body.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true }));
    }
  }, text);
  await expect(band(page)).toContainText('pasted text');
});
