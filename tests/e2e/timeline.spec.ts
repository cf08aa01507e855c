/** The timeline, the panels that open from it, and what stands in them: texts of the target are texts and nothing else. */
import type { Locator, Page } from '@playwright/test';
import { arrived } from '../fixtures/essence.ts';
import { entryOf, expect, fileOf, quickContract, quickMock, test } from './fixtures.ts';
import { accounting, counts, finish, painted, panel, untilJudged, verdict } from './support.ts';

const grid = (page: Page): Locator => page.getByRole('grid', { name: 'Runs by connection; arrows move, Enter opens a run' });
const runPanel = (page: Page): Locator => page.getByRole('complementary', { name: /^Run / });

const hostile = '<img src=x onerror="window.pwned=1"><script>window.pwned=1</script>';

test.describe('with a lost tool_completed and a hostile thread', () => {
  test.use({
    mockOptions: { ...quickMock, pace: 0.3, seed: 3, scenario: { scenario: 'missing-tool-completed', share: 0.4 } },
    file: { text: (mock) => fileOf(entryOf(mock, 'socket.io', { probe: { everyMs: 700, maxRunsPerHour: 100_000, message: { type: 'user_message', runId: '{run}', threadId: hostile } } })) },
  });

  test('a lane for each connection; pointer and keyboard open a run, which tells why, what was expected, what came, and how it came', async ({ page, mock, context, baseURL }) => {
    await context.grantPermissions(['clipboard-read', 'clipboard-write'], { origin: baseURL ?? '' });
    await page.goto('/');
    await untilJudged(page, 'mock', 9);
    await expect(grid(page).getByRole('row')).toHaveCount(3);
    await expect(grid(page).getByRole('rowheader')).toHaveText([/^#0 ?e2e-probe-0$/, /^#1 ?e2e-probe-1$/, /^#2 ?e2e-probe-2$/]);
    await expect(grid(page).getByRole('gridcell', { name: /^run r-\w+, complete, S T (E R )+C, \d\d:\d\d:\d\d$/ }).first()).toBeAttached();
    const lossy = grid(page).getByRole('gridcell', { name: /^run r-\w+, incomplete, S T [ER ]+C, missing tool_completed, \d\d:\d\d:\d\d$/ });
    await expect(lossy.first()).toBeAttached();

    // By pointer: along the lane of #0 until there is a run below it.
    await page.getByRole('button', { name: /^Freeze/ }).click();
    const lane = await grid(page).getByRole('row').first().boundingBox();
    if (lane === null) throw new Error('no lane');
    const over = page.locator('.timeline-scroller[data-over="true"]');
    for (let x = lane.x + lane.width - 120; x > lane.x + 150 && (await over.count()) === 0; x -= 12) await page.mouse.move(x, lane.y + lane.height / 2);
    await page.mouse.down();
    await page.mouse.up();
    await expect(runPanel(page)).toContainText('mock#0');
    await page.keyboard.press('Escape');
    await expect(runPanel(page)).toHaveCount(0);

    // By keyboard: to the newest run, along the lanes to a lossy one, and back to the lanes with Esc.
    await grid(page).focus();
    const active = (): Promise<string> => grid(page).evaluate((element) => document.getElementById(element.getAttribute('aria-activedescendant') ?? '')?.textContent ?? '');
    await expect.poll(active).toMatch(/^run r-/);
    for (const key of ['ArrowLeft', 'ArrowLeft', 'Home', 'ArrowRight', 'ArrowRight', 'ArrowRight', 'ArrowDown', 'Home', 'ArrowRight', 'ArrowRight', 'ArrowDown', 'Home', 'ArrowRight', 'ArrowRight', 'ArrowRight']) {
      if ((await active()).includes('missing tool_completed')) break;
      await page.keyboard.press(key);
    }
    const words = await active();
    expect(words).toContain('missing tool_completed');
    await page.keyboard.press('Enter');
    const id = /^run (r-\w+)/.exec(words)?.[1] ?? '';
    expect(new URL(page.url()).searchParams.get('run')).toBe(id);
    const run = page.getByRole('complementary', { name: `Run ${id}` });
    await expect(run.getByRole('heading', { level: 2 })).toBeFocused();
    await expect(run).toContainText(/Why: The run ended at \d\d:\d\d:\d\d without tool_completed\./);
    const { planned = [], connection } = mock.ledger().runs.find((each) => each.id === id) ?? {};
    const wanted = planned.filter((type) => type === 'tool_completed').length;
    await expect(run.getByRole('row', { name: /^tool_completed/ })).toHaveText(new RegExp(`^tool_completed ?${wanted} ?${wanted - 1} ?(1 )?never came$`));
    await expect(run.getByRole('row', { name: /^agent_started/ })).toHaveText(/^agent_started ?1 ?1 ?\d\d:\d\d:\d\d\.\d{3} ?(< e|[\d.]+ .*ms)$/);

    // The raw payloads are what the target sent, as text.
    const sent = mock.ledger().frames.filter((frame) => frame.connection === connection && frame.runId === id);
    const events = run.getByRole('listitem');
    await expect(events).toHaveCount(sent.length);
    await events.first().locator('summary').click();
    const raw = await run.getByLabel('Raw payload').first().textContent();
    expect(JSON.parse(raw ?? '')).toMatchObject({ type: 'agent_started', runId: id, threadId: hostile });
    await expect(run.locator('.chip', { hasText: hostile })).toBeVisible();
    expect(await page.evaluate(() => [document.querySelectorAll('#root img, #root script').length, 'pwned' in window])).toEqual([0, false]);

    // A link to it names its environment, though the address did not.
    await run.getByRole('button', { name: /^Link/ }).click();
    await expect(run.getByRole('button', { name: /^Copied/ })).toBeVisible();
    expect(Object.fromEntries(new URL(await page.evaluate(() => navigator.clipboard.readText())).searchParams)).toEqual({ view: 'live', env: 'mock', run: id });

    await run.getByRole('button', { name: 'Close' }).click();
    await expect(run).toHaveCount(0);
    await expect(grid(page)).toBeFocused();
    // Nothing was doubled here: no mark is ringed.
    expect(await painted(page, '--risk')).toBe(0);
    expect(await painted(page, '--breach-text')).toBeGreaterThan(0);
  });
});

test.describe('with duplicates, disorder and frames that nobody can decode', () => {
  test.use({
    // Tall enough to list all runs at once.
    viewport: { width: 1280, height: 1500 },
    mockOptions: { ...quickMock, pace: 0.3, seed: 5, scenario: { mix: [{ scenario: 'duplicate', share: 0.35 }, { scenario: 'out-of-order', share: 0.3 }, { scenario: 'malformed', share: 0.35 }] } },
    file: { text: (mock) => fileOf(entryOf(mock, 'websocket', { probe: { everyMs: 700, maxRunsPerHour: 100_000 } })) },
  });

  test('each is flagged, counted, and shown as it came', async ({ page, mock }) => {
    await page.goto('/');
    await untilJudged(page, 'mock', 9);
    await expect.poll(() => painted(page, '--risk')).toBeGreaterThan(0);
    const { report, records } = await finish(page, 'mock');
    const { events, frames } = report;
    expect([events.duplicate, frames.rejected, report.runs.filter((run) => (run.violations.out_of_order ?? 0) > 0).length].every((count) => count > 0)).toBe(true);
    await expect(accounting(page)).toContainText(`+ duplicate ${events.duplicate} +`);
    await expect(accounting(page)).toContainText(`+ rejected ${frames.rejected}`);

    await page.getByRole('button', { name: 'List' }).click();
    const rows = page.getByRole('table', { name: 'Runs' }).getByRole('row');
    await expect(rows.filter({ hasText: 'out of order' })).toHaveCount(report.runs.filter((run) => (run.violations.out_of_order ?? 0) > 0).length);
    const doubled = rows.filter({ hasText: /duplicate/ });
    await expect(doubled).toHaveCount(report.runs.filter((run) => (run.violations.duplicate ?? 0) > 0).length);
    // A run that was cut short by the end of the test says that first.
    await doubled.filter({ hasNotText: /inconclusive|incomplete/ }).first().getByRole('link').click();
    const copy = runPanel(page).getByRole('listitem').filter({ hasText: 'duplicate' });
    await expect(copy).toHaveCount(1);
    await expect(copy.locator('.glyph-ring')).toBeVisible();
    await expect(runPanel(page)).toContainText('Everything that was expected came, but 1 came twice.');

    await accounting(page).getByRole('button', { name: /^rejected/ }).click();
    const rejected = page.getByRole('complementary', { name: 'Rejected frames' });
    await expect(rejected).toContainText(`${frames.rejected} frames could not be decoded. All are kept as they came.`);
    const spoilt = arrived(records, mock.ledger(), 3, 'websocket').frames.filter(({ kind }) => kind === 'malformed');
    await expect(rejected.getByRole('heading', { level: 3 })).toHaveCount(frames.rejected);
    expect(frames.rejected).toBe(spoilt.length);
    for (const [reason, why, raw] of [
      ['not-json', 'This is no JSON.', '{"type":"agent_thinking","runId":'],
      ['binary', 'These are bytes (shown as base64) where text was expected.', 'AP8TNw=='],
      ['no-type', 'Nothing in it says in words which type of event it is.', '"no agent says this"'],
    ] as const) {
      const frame = rejected.locator('section', { hasText: reason }).first();
      await expect(frame).toContainText(why);
      await expect(frame.getByLabel('Raw payload')).toContainText(raw);
    }
    await page.keyboard.press('Escape');
    await expect(rejected).toHaveCount(0);
  });
});

test.describe("with another user's events", () => {
  test.use({ mockOptions: { ...quickMock, pace: 0.3 } });

  test('one leak makes BREACHED of a healthy environment, and names both users', async ({ page, mock }) => {
    await page.goto('/?env=mock');
    await untilJudged(page, 'mock', 3);
    await expect(verdict(page)).toContainText('UNPROVEN');
    const leaks = verdict(page).locator('.figure').filter({ hasText: 'Cross-talk' });
    await expect(leaks).toContainText(/Cross-talk ?0 ?of \d+/);
    mock.setScenario({ scenario: 'cross-talk', share: 0.5 });

    await expect(verdict(page).getByRole('heading', { level: 1 })).toContainText('BREACHED');
    const sentence = /(e2e-probe-\d)'s (\w+) was shown on #(\d), which is signed in as (e2e-probe-\d)\. (?:One event is an alarm; no budget covers it|\d+ events leaked; no budget covers one)\./;
    await expect(verdict(page)).toContainText(sentence);
    const [, owner, type, lane, user] = sentence.exec((await verdict(page).textContent()) ?? '') ?? [];
    expect(user).toBe(`e2e-probe-${lane}`);
    expect(owner).not.toBe(user);
    const leaked = mock.ledger().frames.filter((frame) => frame.ownerUser === owner && frame.user === user && frame.types.includes(type ?? ''));
    expect(leaked.length).toBeGreaterThan(0);
    await expect(page.getByRole('region', { name: 'Environments, worst first' })).toContainText(/\d+ events? shown to another user/);
    await expect(page.locator('[aria-live="assertive"]')).toContainText('Mock (Socket.IO) is breached.');
    await expect(page).toHaveTitle(/^MOCK DATA · BREACHED · /);
    await expect.poll(() => painted(page, '--breach-text')).toBeGreaterThan(0);
    expect((await counts(page)).environments['mock']?.counts.incomplete).toBe(0);
  });
});

test.describe('moved by hand', () => {
  // Tall enough for the strip below the lanes.
  test.use({ viewport: { width: 1280, height: 1000 }, environment: { contract: quickContract } });

  test('the wheel zooms around the pointer, a drag and the strip of the last hour move, and following goes on from there', async ({ page }) => {
    await page.goto('/');
    await untilJudged(page, 'mock', 3);
    const timeline = panel(page, 'Timeline');
    const span = async (): Promise<number> => Number(/(\d+(?:\.\d)?) s/.exec((await timeline.textContent()) ?? '')?.[1]);
    const from = (): number => Date.parse(new URL(page.url()).searchParams.get('from') ?? '');
    const lanes = await timeline.locator('canvas').boundingBox();
    if (lanes === null) throw new Error('no canvas');
    // The span is fitted to the runs once there are enough of them.
    await expect.poll(span).toBeLessThan(30);
    const own = await span();

    // While it follows, the wheel changes the span alone.
    await page.mouse.move(lanes.x + lanes.width / 2, lanes.y + lanes.height / 2);
    await page.mouse.wheel(0, -100);
    await expect.poll(span).toBeLessThan(own);
    await expect(page.getByRole('button', { name: 'Following' })).toHaveAttribute('aria-pressed', 'true');
    await page.mouse.wheel(0, 300);
    await expect.poll(span).toBeGreaterThan(own);

    await page.mouse.down();
    await page.mouse.move(lanes.x + lanes.width / 2 + 200, lanes.y + lanes.height / 2, { steps: 5 });
    await page.mouse.up();
    await expect(page.getByText(/^Frozen/)).toBeVisible();
    await expect.poll(from).toBeGreaterThan(0);
    const dragged = from();
    // A drag opens no run.
    await expect(runPanel(page)).toHaveCount(0);

    const strip = await timeline.getByRole('img', { name: /^Events of the last hour/ }).boundingBox();
    if (strip === null) throw new Error('no strip');
    await page.mouse.click(strip.x + strip.width / 2, strip.y + strip.height / 2);
    await expect.poll(() => dragged - from()).toBeGreaterThan(20 * 60_000);

    await page.getByRole('button', { name: /^Resume/ }).click();
    await expect(page.getByRole('button', { name: 'Following' })).toHaveAttribute('aria-pressed', 'true');
    expect(new URL(page.url()).searchParams.has('from')).toBe(false);
  });
});
