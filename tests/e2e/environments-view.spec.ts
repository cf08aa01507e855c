/** Which transports and ways to sign in work, the environments file as one writes it, and what is made of the frames that come. */
import { readFileSync } from 'node:fs';
import type { Locator, Page } from '@playwright/test';
import { entryOf, expect, fileOf, test } from './fixtures.ts';
import { counts, panel, untilJudged, untilOpen } from './support.ts';

const matrix = (page: Page, name: string): Locator => panel(page, `Transport and sign-in on ${name}`);
const config = (page: Page): Locator => panel(page, 'Configuration');
const editor = (page: Page): Locator => page.getByRole('textbox', { name: 'Text of environments.json' });
const frames = (page: Page): Locator => panel(page, 'Frames as they are read');

/** The cells of a transport's row, in the order of the columns, as they are read out. */
const row = async (place: Locator, name: string): Promise<string[]> => {
  const texts = await place.getByRole('row').filter({ has: place.page().getByRole('rowheader', { name, exact: true }) }).getByRole('cell').allInnerTexts();
  return texts.map((text) => text.replace(/\s+/g, ' ').trim());
};
const works = expect.stringMatching(/^works [\d.]+ m?s$/);
const lets = expect.stringMatching(/^lets in [\d.]+ m?s$/);
const used = expect.stringMatching(/^in use [\d.]+ m?s$/);

/** Tries every combination, and waits for the end. */
async function tryAll(page: Page, name: string): Promise<Locator> {
  const place = matrix(page, name);
  await place.getByRole('button', { name: /^Try (all|again)$/ }).click();
  await expect(place.getByText(/^Tried|Tried \d\d:/)).toBeVisible({ timeout: 60_000 });
  return place;
}

test.describe('the sign-in matrix', () => {
  test.use({
    file: {
      text: (mock) =>
        fileOf(
          entryOf(mock, 'socket.io', { name: 'Mock' }),
          entryOf(mock, 'websocket', { id: 'refused', name: 'Refused', kind: 'local', auth: { method: 'token', token: 'wrong-canary', carry: 'subprotocol' }, maxRetries: 0 }),
          entryOf(mock, 'websocket', { id: 'staging', name: 'Staging', kind: 'staging', auth: { method: 'token', token: '${STAGING_TOKEN}', carry: 'subprotocol' } }),
        ),
    },
  });

  test('shows which combinations work and which is in use, without a run and without a trace in the figures', async ({ page, mock }) => {
    test.setTimeout(90_000);
    await page.goto('/?view=environments&env=mock');
    await untilJudged(page, 'mock', 2);
    const place = matrix(page, 'Mock');
    await expect(place.getByRole('columnheader')).toHaveText(['Transport', 'none', 'token in auth', 'token in subprotocol', 'token in query', 'token in first message']);
    await expect(place.getByRole('rowheader')).toHaveCount(4);
    expect(await row(place, 'socket.io websocket only')).toEqual(['not tried', 'in use not tried', 'not possible', 'not tried', 'not tried']);

    await place.getByRole('button', { name: 'Try all' }).click();
    await expect(place).toContainText(/trying \d+ of 16/);
    await expect(place).toContainText(/Tried \d\d:\d\d:\d\d to \d\d:\d\d:\d\d, no run was triggered\./, { timeout: 60_000 });
    expect(await row(place, 'socket.io websocket only')).toEqual([lets, used, 'not possible', works, works]);
    expect(await row(place, 'socket.io polling only')).toEqual([lets, works, 'not possible', works, works]);
    expect(await row(place, 'socket.io polling, then upgrade')).toEqual([lets, works, 'not possible', works, works]);
    expect(await row(place, 'websocket plain')).toEqual([lets, 'not possible', works, works, works]);
    await expect(place).toContainText('All four would also take the token in the query. That stays off, because query strings end up in access logs.');
    await expect(place).toContainText('Without a token all four let anybody in.');

    // The trials came as a user of their own, and asked for no run.
    const { connections, runs } = mock.ledger();
    const trials = connections.filter(({ user }) => user === null || user === 'e2e-probe-3');
    expect(trials).toHaveLength(16);
    expect(trials.every(({ closedBy }) => closedBy === 'client')).toBe(true);
    const own = new Set(trials.map(({ id }) => id));
    expect(runs.filter(({ connection }) => own.has(connection))).toEqual([]);
    await untilOpen(page, 'mock', 3);
    expect(await page.evaluate(() => window.runwatch.records('mock'))).not.toContain('"trial"');

    await place.getByText('Every answer in words').click();
    await expect(place.getByRole('table', { name: 'Every answer in words' }).getByRole('row')).toHaveCount(17);
  });

  test('shows how a wrong token fails, in code and words, and shows it nowhere', async ({ page }) => {
    test.setTimeout(90_000);
    await page.goto('/?view=environments&env=refused');
    const place = await tryAll(page, 'Refused');
    expect(await row(place, 'websocket plain')).toEqual([lets, 'not possible', 'refused in use 1008', 'refused 1008', 'refused 1008']);
    expect(await row(place, 'socket.io websocket only')).toEqual([lets, 'refused handshake', 'not possible', 'refused handshake', expect.stringMatching(/^closed in /)]);
    await expect(place).toContainText('The one in use does not work: ws://127.0.0.1');
    await place.getByText('Every answer in words').click();
    await expect(place.getByRole('row', { name: 'websocket, plain, token in query' })).toContainText('authentication failed');
    expect(await place.innerHTML()).not.toContain('wrong-canary');
  });

  test('asks for the values of an environment that is not watched, and can be cancelled', async ({ page, mock }) => {
    test.setTimeout(90_000);
    const login = await fetch(`${mock.url}/auth/e2e/test-auth`, { method: 'POST', body: JSON.stringify({ email: 'someone@example.com' }) });
    const { access_token: token }: { access_token: string } = await login.json();
    await page.goto('/?view=environments&env=staging');
    await page.getByRole('dialog', { name: 'Values for Staging' }).getByRole('button', { name: 'Cancel' }).click();
    const place = matrix(page, 'Staging');
    await place.getByRole('button', { name: 'Try all' }).click();
    const field = place.getByLabel('${STAGING_TOKEN}');
    await expect(field).toHaveAttribute('type', 'password');
    await field.fill(token);
    await field.press('Enter');
    await expect(place).toContainText(/Tried \d\d/, { timeout: 60_000 });
    expect(await row(place, 'websocket plain')).toEqual([lets, 'not possible', used, works, works]);
    expect(await page.content()).not.toContain(token);
    expect(mock.ledger().runs).toEqual([]);

    mock.setScenario('handshake-never');
    await place.getByRole('button', { name: 'Try again' }).click();
    await field.fill(token);
    await place.getByRole('button', { name: 'Try with it' }).click();
    await expect(place).toContainText('trying 1 of 16');
    await place.getByRole('button', { name: 'Cancel' }).click();
    await expect(place.getByRole('button', { name: 'Try again' })).toBeVisible();
    await expect(place.getByRole('cell', { name: 'trying …' })).toHaveCount(0);
  });
});

test.describe('the environments file', () => {
  /** What the server has by now in the place of the file that the page was started with. */
  let changed: string | undefined;
  test.beforeEach(() => {
    changed = undefined;
  });
  test.use({ file: { text: (mock) => changed ?? JSON.stringify(JSON.parse(fileOf(entryOf(mock, 'websocket', { name: 'Mock' }))), null, 2) } });

  test('is checked as one writes it; its faults lead to their lines', async ({ page }) => {
    await page.goto('/?view=environments&env=mock');
    await expect(config(page)).toContainText('In use, and without a fault.');
    const text = await editor(page).inputValue();
    await editor(page).fill(text.replace('"dialect": "canonical"', '"dialect": "pigeon",\n      "retries": 3').replace('"concurrentConnections": 3', '"concurrentConnections": "three"'));
    await expect(config(page)).toContainText('3 faults, so this text is not applied.');
    await expect(config(page)).toContainText(/The file of \d\d:\d\d:\d\d stays in use, whole\./);
    const table = config(page).getByRole('table', { name: 'Faults of the file' });
    await expect(table.getByRole('columnheader')).toHaveText(['Path', 'Found', 'Expected']);
    await expect(table.getByRole('row', { name: 'concurrentConnections' })).toContainText('"three"');
    await table.getByRole('button', { name: 'environments[0].retries' }).click();
    await expect(editor(page)).toBeFocused();
    expect(await editor(page).evaluate((field: HTMLTextAreaElement) => field.value.slice(field.selectionStart, field.selectionEnd).trim())).toBe('"retries": 3,');

    await editor(page).fill(`${text}}`);
    await expect(config(page)).toContainText(/text that is not JSON, at line \d+, column \d+/);
    await config(page).getByRole('button', { name: 'Reset' }).click();
    await expect(editor(page)).toHaveValue(text);
    await expect(config(page)).toContainText('In use, and without a fault.');
    await expect(config(page).getByRole('button', { name: 'Reset' })).toBeDisabled();
    // What is written changes nothing in what is watched.
    await untilOpen(page, 'mock', 3);
  });

  test('can be taken from this machine and given back, and points out what is secret', async ({ page }) => {
    await page.goto('/?view=environments&env=mock');
    const mine = fileOf({ id: 'a', eventsUrl: 'wss://a.example/ws', transport: 'websocket', auth: { method: 'token', token: 's3cret-of-mine' } }, { id: 'b', eventsUrl: 'wss://b.example/ws', transport: 'websocket', auth: { method: 'token', token: '${B_TOKEN}' } });
    const input = config(page).getByLabel('Check a file');
    await input.setInputFiles({ name: 'mine.json', mimeType: 'application/json', buffer: Buffer.from(mine) });
    await expect(config(page)).toContainText('No fault in 2 environments. It is not in use yet.');
    await expect(config(page)).toContainText('Write ${NAME} in its place and keep it out of the file');
    await expect(config(page).getByRole('button', { name: 'environments[0].auth.token' })).toBeVisible();
    await expect(config(page)).toContainText('1 value is asked for: ${B_TOKEN}, kept in memory only.');

    const [download] = await Promise.all([page.waitForEvent('download'), config(page).getByRole('button', { name: 'Export' }).click()]);
    expect(download.suggestedFilename()).toBe('environments.json');
    expect(readFileSync(await download.path(), 'utf8')).toBe(mine);

    await input.setInputFiles({ name: 'huge.json', mimeType: 'application/json', buffer: Buffer.alloc(1024 * 1024 + 1, ' ') });
    await expect(page.getByRole('alert')).toContainText('huge.json is larger than 1 MiB, so it was not read.');
    await expect(editor(page)).toHaveValue(mine);
  });

  test('that was changed on its server is shown with its faults, and the one in use stays', async ({ page, mock }) => {
    test.setTimeout(60_000);
    await page.goto('/?view=environments&env=mock');
    await expect(config(page)).toContainText('In use, and without a fault.');
    changed = fileOf(entryOf(mock, 'websocket', { slo: { target: 99 } }));
    await expect(config(page)).toContainText('1 fault, so the changed file is not applied.', { timeout: 20_000 });
    await expect(editor(page)).toHaveValue(changed);
    await untilOpen(page, 'mock', 3);
    changed = fileOf(entryOf(mock, 'websocket', { name: 'Renamed' }));
    await expect(config(page)).toContainText('No fault in 1 environment. It is not in use yet.', { timeout: 20_000 });
    await config(page).getByRole('button', { name: 'Load anew' }).click();
    await expect(matrix(page, 'Renamed')).toBeVisible();
    await expect(config(page)).toContainText('In use, and without a fault.');
  });
});

test.describe('the frames as they are read', () => {
  test.use({
    file: {
      text: (mock) =>
        fileOf(
          entryOf(mock, 'websocket', {
            name: 'Mock',
            dialect: { type: 'type', runId: 'run_id', seq: 'seq', names: {} },
            probe: { everyMs: 400, maxRunsPerHour: 100_000, message: { type: 'user_message', runId: '{run}' } },
          }),
        ),
    },
  });

  test('stand beside what the mapping makes of them, where it does not fit, and what it can never measure', async ({ page }) => {
    await page.goto('/?view=environments&env=mock');
    const place = frames(page);
    await expect(place).toContainText('dialect mapping');
    const started = place.getByRole('listitem').filter({ hasText: '"agent_started"' }).first();
    await expect(started.getByLabel('Raw payload')).toContainText('"runId"');
    await expect(started.locator('dl > div').filter({ hasText: /^run/ })).toHaveText('runnot said');
    await expect(started.getByRole('list', { name: 'Where the mapping does not fit' })).toContainText('run_id: expected a text or a whole number, found nothing');
    await expect(place).toContainText('Delivery latency: its events do not say when they were sent.');
    await expect(place.getByRole('table', { name: 'Shapes of frames' })).toBeVisible();

    await place.getByRole('button', { name: 'Hold' }).click();
    const first = place.getByRole('list', { name: 'Newest frames' }).getByRole('listitem').first();
    const held = await first.innerText();
    // The page asks for the newest frames twice in the time that so many take to come.
    const received = async (): Promise<number> => (await counts(page)).environments['mock']?.frames.received ?? 0;
    const before = await received();
    await expect.poll(received, { timeout: 20_000 }).toBeGreaterThan(before + 75);
    expect(await first.innerText()).toBe(held);
    await place.getByRole('button', { name: 'Go on' }).click();
    await expect.poll(() => first.innerText(), { timeout: 10_000 }).not.toBe(held);
  });
});
