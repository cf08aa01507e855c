/** The start: what the page does with an environments file that is wrong or not there. */
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { serve } from '../../scripts/serve.ts';
import { entryOf, expect, fileOf, test } from './fixtures.ts';
import { untilOpen } from './support.ts';

const secret = 'canary-of-the-file';

test.describe('a wrong file', () => {
  let corrected = false;
  test.use({
    file: {
      text: (mock) => {
        const good = entryOf(mock, 'websocket');
        if (corrected) return fileOf(good);
        return JSON.stringify({
          version: 2,
          environments: [good, { ...good, id: 'a b', transport: 'tcp', slo: { target: 2 }, tpyo: 1, auth: { method: 'token', token: { secret } } }],
        });
      },
    },
  });

  test('starts nothing, names every fault, and is read again once it is corrected', async ({ page, mock }) => {
    corrected = false;
    await page.goto('/');
    await expect(page.getByRole('heading', { name: '6 faults in environments.json, so no environment was started.' })).toBeVisible();
    const rows = await page.getByRole('table').evaluate((table) => [...table.querySelectorAll('tbody tr')].map((row) => [...row.children].map((cell) => cell.textContent)));
    expect(rows.map(([path, found]) => [path, found])).toEqual([
      ['version', '2'],
      ['environments[1].id', '"a b"'],
      ['environments[1].transport', '"tcp"'],
      ['environments[1].auth.token', 'an object'],
      ['environments[1].slo.target', '2'],
      ['environments[1].tpyo', 'a field that is not known here'],
    ]);
    expect(rows.every(([, , expected]) => expected !== '')).toBe(true);
    expect(await page.content()).not.toContain(secret);
    expect(mock.ledger().connections).toEqual([]);

    corrected = true;
    await page.getByRole('button', { name: 'Read it again' }).click();
    await untilOpen(page, 'mock', 3);
    expect(mock.ledger().connections).toHaveLength(3);
  });
});

test.describe('text that is no JSON', () => {
  test.use({ file: { text: () => `{ "version": 1, "token": "${secret}", }` } });

  test('is refused with the place of the fault, and without a piece of it', async ({ page }) => {
    await page.goto('/');
    await expect(page.getByRole('row', { name: /^\(file\) text that is not JSON, at position \d+/ })).toBeVisible();
    expect(await page.content()).not.toContain(secret);
  });
});

test.describe('no file', () => {
  test.use({ expectedErrors: [/status of 404/] });

  test('says where it was looked for, and what to do; then starts from it', async ({ page, mock }) => {
    const root = mkdtempSync(join(tmpdir(), 'runwatch-page-'));
    cpSync('dist', root, { recursive: true, filter: (file) => !file.endsWith('environments.json') });
    const site = await serve({ root, port: 0 });
    try {
      await page.goto(site.url);
      const alert = page.getByRole('alert');
      await expect(alert).toContainText(`${site.url}/environments.json: the environments file could not be read: the server answered 404 Not Found.`);
      await expect(alert).toContainText('Put an environments file beside the page (environments.json), then read it again. No environment was started.');

      writeFileSync(join(root, 'environments.json'), fileOf(entryOf(mock, 'websocket', { id: 'idle', kind: 'local' })));
      await alert.getByRole('button', { name: 'Read it again' }).click();
      await expect(page.getByRole('combobox', { name: 'Environment' })).toHaveValue('idle');
      // Parts of the page that are still on their way would come too late.
      await page.goto('about:blank');
    } finally {
      await site.close();
      rmSync(root, { recursive: true, force: true });
    }
  });
});

test('a link to an environment that the file does not have says so, and which there are', async ({ page, mock }) => {
  await page.goto('/?env=nowhere');
  const alert = page.getByRole('alert');
  await expect(alert).toContainText('nowhere: the environments file has no environment of this id.');
  await expect(alert).toContainText('Choose one of: mock, mock-websocket.');
  expect(mock.ledger().connections).toEqual([]);
});
