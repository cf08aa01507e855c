/** The fallback chain: which environment is shown while the chosen one is not healthy, why, and that nobody is led anywhere unasked. */
import type { Locator, Page } from '@playwright/test';
import { startMock, type Mock } from '#mock/mock.ts';
import { entryOf, expect, fileOf, quickMock, test } from './fixtures.ts';
import { counts, panel, readTable, tile, untilJudged, untilOpen } from './support.ts';

const network = [/ERR_CONNECTION_REFUSED/, /WebSocket connection to .* failed/];
const quick = { startupTimeoutMs: 2500, health: { path: '/health', intervalMs: 1000, versionAt: 'version' } };
/** A port at which nothing listens until a test starts a mock there. */
let idlePort = 0;
const idleTarget = (mock: Mock): Mock => ({ ...mock, url: `http://127.0.0.1:${idlePort}` });

test.beforeEach(async () => {
  const gone = await startMock(quickMock);
  await gone.close();
  idlePort = gone.port;
});

const line = (page: Page): Locator => page.locator('.chain-line').getByRole('status');
const cards = (page: Page): Locator => page.getByRole('region', { name: 'Fallback chain' }).getByRole('listitem');
const isOpen = async (page: Page): Promise<Record<string, number>> => Object.fromEntries(Object.entries((await counts(page)).environments).map(([id, { connections }]) => [id, connections.open]));

test.describe('local, then staging, then a mock', () => {
  test.use({
    expectedErrors: network,
    file: {
      text: (mock) =>
        fileOf(
          entryOf(idleTarget(mock), 'websocket', { ...quick, id: 'local', name: 'Local (Docker)', kind: 'local', auth: { method: 'none' }, fallback: ['staging', 'mock'] }),
          entryOf(mock, 'websocket', { ...quick, id: 'staging', name: 'Staging', kind: 'staging', auth: { method: 'token', token: 'wrong', carry: 'subprotocol' }, fallback: ['mock'] }),
          entryOf(mock, 'socket.io', { ...quick, name: 'Mock' }),
        ),
    },
  });

  test('the first that is healthy is shown, and the others say why they are not', async ({ page, mock }) => {
    await page.goto('/?env=local');
    await expect(line(page)).toHaveText(`Mock is shown, because Local (Docker) is not healthy: http://127.0.0.1:${idlePort}/health did not answer.`, { timeout: 15_000 });
    await untilJudged(page, 'mock', 3);
    await expect(page.getByRole('note')).toContainText('MOCK DATA');
    await expect(page).toHaveTitle(/^MOCK DATA · /);
    expect(new URL(page.url()).searchParams.get('env')).toBe('local');
    // Nothing is connected but the one that is shown; local was only asked how it is.
    expect(await isOpen(page)).toEqual({ staging: 0, mock: 3 });
    const tried = mock.ledger().connections.length;

    await page.getByRole('link', { name: 'Details' }).click();
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('Environments');
    await expect(cards(page)).toHaveCount(3);
    await expect(cards(page).nth(0)).toContainText(/Local \(Docker\).*Not healthy.*did not answer.*Tried3 times within 2\.\d+ s/);
    await expect(cards(page).nth(1)).toContainText(/Staging.*Refused.*\/health: 200 in .*refused the sign-in.*not tried again by itself/);
    await expect(cards(page).nth(2)).toContainText(/Mock.*MOCK.*Healthy, in use.*Version1\.0\.0.*Connected3 of 3, all on websocket/);
    const start = await readTable(page, 'Start-up');
    expect(start.map(({ Environment, Up, ...row }) => [Environment, row['Tries in vain'], Up])).toEqual([
      ['Local (Docker)', '3', 'not up'],
      ['Staging', '0', 'not up'],
      ['Mock', '0', expect.stringMatching(/s$/)],
    ]);
    // A wrong token is not tried over and over.
    expect(mock.ledger().connections).toHaveLength(tried);

    const local = await startMock({ ...quickMock, port: idlePort });
    try {
      await expect(cards(page).nth(0)).toContainText(/healthy again, offered in [45]\d s/, { timeout: 10_000 });
      await expect(page.locator('.chain-line')).toContainText(/Local \(Docker\) is healthy again, offered in [45]\d s/);
      await expect(cards(page).nth(2)).toContainText('Healthy, in use');
      expect(local.ledger().connections).toEqual([]);

      await page.getByRole('button', { name: 'Try the chain again' }).click();
      await expect(cards(page).nth(0)).toContainText('Healthy, in use');
      await expect(line(page)).toHaveCount(0);
      await expect(page.getByRole('note')).toHaveCount(0);
      await untilOpen(page, 'local', 3);
      await untilOpen(page, 'mock', 0);
      await expect(cards(page).nth(2)).toContainText('not needed, Local (Docker) is healthy');
    } finally {
      await local.close();
    }
    // What is in use is given the time to come back that it had to start.
    await expect(line(page)).toHaveText(/^Mock is shown, because Local \(Docker\) is not healthy: /, { timeout: 20_000 });
    await expect(page.getByRole('note')).toContainText('MOCK DATA');
  });

  test('a frozen view stands still while the chain goes on', async ({ page }) => {
    await page.goto('/?env=local');
    await expect(line(page)).toContainText('is not healthy yet');
    await page.keyboard.press('Space');
    await expect(line(page)).toContainText('Mock is shown', { timeout: 15_000 });
    await expect(page.getByRole('note')).toHaveCount(0);
    await expect(page.getByRole('combobox', { name: 'Environment' })).toHaveValue('local');
    await page.getByRole('button', { name: 'Resume' }).click();
    await expect(page.getByRole('note')).toContainText('MOCK DATA');
  });

  test('Disconnect ends the chain, and another choice leaves it', async ({ page }) => {
    await page.goto('/?env=local');
    await untilOpen(page, 'mock', 3);
    await page.getByRole('button', { name: 'Disconnect' }).click();
    await untilOpen(page, 'mock', 0);
    await expect(line(page)).toHaveCount(0);
    await expect(page.getByRole('combobox', { name: 'Environment' })).toHaveValue('local');

    await page.getByRole('button', { name: 'Connect', exact: true }).click();
    await untilOpen(page, 'mock', 3);
    await tile(page, 'Mock').click();
    await expect(line(page)).toHaveCount(0);
    expect(new URL(page.url()).searchParams.get('env')).toBe('mock');
    expect(await isOpen(page)).toMatchObject({ mock: 3 });
  });
});

test.describe('production', () => {
  test.use({
    expectedErrors: network,
    file: {
      text: (mock) =>
        fileOf(
          entryOf(idleTarget(mock), 'websocket', { ...quick, id: 'production', name: 'Production', kind: 'production', auth: { method: 'none' }, fallback: ['mock'] }),
          entryOf(mock, 'socket.io', { ...quick, name: 'Mock' }),
        ),
    },
  });

  test('is never left without a word', async ({ page, mock }) => {
    await page.goto('/?env=production');
    await expect(line(page)).toHaveText(/^Production is not healthy: .* did not answer\. Production is not left without you\.$/, { timeout: 10_000 });
    // It goes on being watched, as it would be without a fallback.
    await expect(page.getByRole('alert').first()).toContainText('Production');
    await page.getByRole('link', { name: 'Details' }).click();
    await expect(cards(page).nth(1)).toContainText(/Mock.*Waits for you.*used only if you say so/);
    const asked = await cards(page).nth(1).innerText();
    await expect.poll(() => cards(page).nth(1).innerText(), { timeout: 10_000 }).not.toBe(asked);
    expect(mock.ledger().connections).toEqual([]);
    await expect(page.getByRole('note')).toHaveCount(0);

    await page.getByRole('button', { name: 'Use Mock instead' }).click();
    await untilOpen(page, 'mock', 3);
    await expect(page.getByRole('note')).toContainText('MOCK DATA');
    await expect(line(page)).toHaveText(/^Mock is shown, because Production is not healthy: /);
  });
});

test.describe('a fallback that needs a value', () => {
  test.use({
    expectedErrors: network,
    file: {
      text: (mock) =>
        fileOf(
          entryOf(idleTarget(mock), 'websocket', { ...quick, id: 'local', name: 'Local', kind: 'local', auth: { method: 'none' }, fallback: ['staging', 'mock'] }),
          entryOf(mock, 'websocket', { ...quick, id: 'staging', name: 'Staging', kind: 'staging', auth: { method: 'token', token: '${STAGING_TOKEN}', carry: 'subprotocol' } }),
          entryOf(mock, 'socket.io', { ...quick, name: 'Mock' }),
        ),
    },
  });

  test('is passed over, and used once the value is entered', async ({ page, mock }) => {
    const login = await fetch(`${mock.url}/auth/e2e/test-auth`, { method: 'POST', body: JSON.stringify({ email: 'someone@example.com' }) });
    const { access_token: token }: { access_token: string } = await login.json();
    await page.goto('/?view=environments&env=local');
    await expect(cards(page).nth(2)).toContainText('Healthy, in use', { timeout: 15_000 });
    await expect(cards(page).nth(1)).toContainText(/Not tried.*it needs a value for STAGING_TOKEN/);
    await cards(page).nth(1).getByRole('button', { name: 'Enter the value' }).click();
    const form = page.getByRole('dialog', { name: 'Values for Staging' });
    await form.getByLabel('${STAGING_TOKEN}').fill(token);
    await form.getByRole('button', { name: 'Connect' }).click();
    await expect(cards(page).nth(1)).toContainText('Healthy, in use');
    await untilOpen(page, 'mock', 0);
    await expect(page.getByRole('note')).toHaveCount(0);
  });
});

test('without a chain the view lists every environment, compares two, and tells how healthy each is', async ({ page, mock }) => {
  await page.goto('/?env=mock');
  await untilJudged(page, 'mock', 6);
  await page.getByRole('link', { name: 'Environments' }).click();
  await expect(page.getByRole('region', { name: 'Fallback chain' })).toHaveCount(0);
  const list = panel(page, 'All environments').getByRole('button');
  await expect(list).toHaveCount(2);
  await expect(list.first()).toHaveAttribute('aria-pressed', 'true');
  await expect(list.last()).toContainText('not connected');
  await list.last().click();
  await untilJudged(page, 'mock-websocket', 3);
  expect(new URL(page.url()).searchParams.get('view')).toBe('environments');

  const compare = panel(page, 'Golden path, side by side');
  await compare.getByRole('combobox', { name: 'First environment' }).selectOption('mock');
  await compare.getByRole('combobox', { name: 'Second environment' }).selectOption('mock-websocket');
  await expect(compare.getByText('MOCK', { exact: true })).toHaveCount(2);
  await expect(compare.getByRole('row', { name: /^Response/ }).getByRole('cell')).toHaveText([/^\d+$/, '0', /ms$|s$/, /ms$|s$/, /^\d+$/, '0', /ms$|s$/, /ms$|s$/]);

  const health = panel(page, 'Health');
  await expect(health).toContainText(/Mock \(Socket\.IO\).*100\s%\s*of \d+ since/);
  await expect(health).toContainText(`${mock.url.replace('http://', '')}/health: 200 in`);
  await expect(health).toContainText('none so far');
  await expect(panel(page, 'Start-up')).toContainText(/up in .*login of 3 .*connect of 3 .*first event/);
});
