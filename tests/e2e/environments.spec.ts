/** Which environment is watched, and what the page does with the values that it asks for. */
import type { Ledger } from '#mock/ledger.ts';
import type { Page } from '@playwright/test';
import { entryOf, expect, fileOf, test } from './fixtures.ts';
import { counts, panel, tile, untilJudged, untilOpen, verdict } from './support.ts';

/** Connections that carry no login of the mock environment: they are `local`'s. */
const ofLocal = ({ connections }: Ledger): readonly Ledger['connections'][number][] => connections.filter(({ user }) => user?.startsWith('local-') === true);

test.describe('a mock beside a local environment', () => {
  test.use({
    file: {
      text: (mock) =>
        fileOf(
          entryOf(mock, 'socket.io', { name: 'Mock <b>target</b>' }),
          entryOf(mock, 'websocket', { id: 'local', name: 'Local (Docker)', kind: 'local', auth: { method: 'none' }, user: 'local-{n}' }),
          entryOf(mock, 'websocket', { id: 'staging', name: 'Staging', kind: 'staging', auth: { method: 'token', token: '${STAGING_TOKEN}', carry: 'subprotocol' } }),
        ),
    },
  });

  test('only the mock starts by itself, and only the mock is called MOCK; the others wait until they are chosen', async ({ page, mock }) => {
    await page.goto('/');
    await untilJudged(page, 'mock', 3);
    await expect(page.getByRole('note')).toHaveText('MOCK DATA These events come from Mock <b>target</b>, a mock target. They say nothing about a real environment.');
    await expect(page).toHaveTitle(/^MOCK DATA · /);
    for (const title of ['Golden path', 'Completeness by type', 'Delivery latency', 'Reliability', 'Timeline']) await expect(panel(page, title)).toContainText('MOCK');
    await expect(tile(page, 'Local (Docker)')).toContainText('not connected');
    expect(mock.ledger().connections.every(({ user }) => user?.startsWith('e2e-probe-') === true)).toBe(true);
    expect(Object.keys((await counts(page)).environments)).toEqual(['mock']);

    await tile(page, 'Local (Docker)').click();
    await untilOpen(page, 'local', 3);
    expect(new URL(page.url()).searchParams.get('env')).toBe('local');
    await expect(tile(page, 'Local (Docker)')).toHaveAttribute('aria-pressed', 'true');
    await untilJudged(page, 'local', 3);
    expect(ofLocal(mock.ledger())).toHaveLength(3);
    await expect(page.getByRole('note')).toHaveCount(0);
    await expect(page).toHaveTitle(/^(?!MOCK)[A-Z ]+ · Local \(Docker\) · Runwatch$/);
    for (const place of [verdict(page), panel(page, 'Golden path'), panel(page, 'Timeline')]) await expect(place).not.toContainText('MOCK');

    await page.getByRole('button', { name: 'Disconnect' }).click();
    await untilOpen(page, 'local', 0);
    await expect.poll(() => ofLocal(mock.ledger()).map(({ closedBy }) => closedBy)).toEqual(['client', 'client', 'client']);
    await expect(verdict(page)).toContainText('Not connected any more');
    await page.getByRole('button', { name: 'Connect', exact: true }).click();
    await untilOpen(page, 'local', 3);
    expect(ofLocal(mock.ledger())).toHaveLength(6);

    await page.getByRole('combobox', { name: 'Environment' }).selectOption('mock');
    await expect(page.getByRole('note')).toContainText('MOCK DATA');
    await expect(verdict(page)).toContainText('Mock <b>target</b>');
    // The mock was watched all the time: choosing it again opened nothing.
    expect(mock.ledger().connections).toHaveLength(3 + 6);
  });

  test('a placeholder is asked for, and its value goes to the target and nowhere else', async ({ page, mock }) => {
    const said: string[] = [];
    page.on('console', (message) => said.push(message.text()));
    const login = await fetch(`${mock.url}/auth/e2e/test-auth`, { method: 'POST', body: JSON.stringify({ email: 'someone@example.com' }) });
    const { access_token: token }: { access_token: string } = await login.json();

    await page.goto('/?env=staging');
    const form = page.getByRole('dialog', { name: 'Values for Staging' });
    const field = form.getByLabel('${STAGING_TOKEN}');
    await expect(field).toBeFocused();
    await expect(field).toHaveAttribute('type', 'password');
    await form.getByRole('button', { name: 'Cancel' }).click();
    await expect(form).toHaveCount(0);
    await expect(verdict(page)).toContainText('Not connected. Press Connect to watch it.');
    expect(mock.ledger().connections).toEqual([]);

    // A wrong value is refused by the target; the page says so without repeating it, and asks anew.
    await page.getByRole('button', { name: 'Connect', exact: true }).click();
    await field.fill('wrong-canary');
    await field.press('Enter');
    const alert = page.getByRole('alert').filter({ hasText: 'auth-refused' });
    await expect(alert).toContainText(/Staging: ws:\/\/127\.0\.0\.1:\d+\/ws refused the sign-in/);
    await expect(alert).toContainText('Put a valid token or login into the environment’s auth and connect again; it is not retried by itself.');
    const refused = mock.ledger().connections.length;
    expect(refused).toBe(3);
    await expectNowhere(page, 'wrong-canary', said);

    await page.reload();
    await expect(field).toHaveValue('');
    await field.fill(token);
    await form.getByRole('button', { name: 'Connect' }).click();
    await untilJudged(page, 'staging', 3);
    await expect(alert).toHaveCount(0);
    // It was the entered token that opened the door …
    expect(mock.ledger().connections.slice(refused).map(({ user }) => user)).toEqual(['e2e-someone', 'e2e-someone', 'e2e-someone']);
    // … and there is no trace of it.
    await expectNowhere(page, token, said);
  });

  test('a placeholder is asked for again where the connection was ended', async ({ page }) => {
    await page.goto('/?env=staging');
    const form = page.getByRole('dialog', { name: 'Values for Staging' });
    await form.getByLabel('${STAGING_TOKEN}').fill('wrong');
    await form.getByRole('button', { name: 'Connect' }).click();
    await page.getByRole('alert').getByRole('button', { name: 'Try again' }).click();
    await expect(form).toBeVisible();
  });
});

/** Looks for a text in every place from which it could leak. */
async function expectNowhere(page: Page, text: string, said: readonly string[]): Promise<void> {
  const places = await page.evaluate(async () => ({
    address: window.location.href,
    localStorage: JSON.stringify(localStorage),
    sessionStorage: JSON.stringify(sessionStorage),
    cookies: document.cookie,
    caches: JSON.stringify(await caches.keys()),
    databases: JSON.stringify(await indexedDB.databases()),
    history: JSON.stringify(window.history.state),
    markup: document.documentElement.outerHTML,
    fields: [...document.querySelectorAll('input')].map((input) => input.value).join(' '),
    records: await window.runwatch.records('staging'),
    report: JSON.stringify(await window.runwatch.report('staging')),
    counts: JSON.stringify(await window.runwatch.counts()),
  }));
  // What is kept on the disk is there a second after the page.
  await expect.poll(() => storedText(page)).toContain('{"record":"stage"');
  const stored = await storedText(page);
  expect(places.records).toContain('"record":"header"');
  expect(stored, 'stored captures').not.toContain(text);
  for (const [place, content] of Object.entries({ ...places, console: said.join(' ') })) expect(content ?? '', place).not.toContain(text);
}

/** Everything that the captures of this site hold on the disk, their descriptions too. */
const storedText = (page: Page): Promise<string> =>
  page.evaluate(async () => {
    const folder = await (await navigator.storage.getDirectory()).getDirectoryHandle('runwatch-captures', { create: true });
    let text = '';
    for await (const handle of folder.values()) if (handle instanceof FileSystemFileHandle) text += await (await handle.getFile()).text();
    return text;
  });
