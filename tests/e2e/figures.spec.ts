/** The figures on the screen are those of the report, and where nothing was counted there is no figure. */
import { formatCount, formatDuration, formatInterval, formatShare } from '#views/parts/format.ts';
import { entryOf, expect, fileOf, quickContract, quickMock, test } from './fixtures.ts';
import { counts, figure, finish, panel, readTable, tile, untilJudged, untilOpen, verdict } from './support.ts';

test.describe('before the first run', () => {
  test.use({
    file: {
      // Observing triggers nothing, so its connections are open and no run ever comes.
      text: (mock) => fileOf(entryOf(mock, 'websocket', { id: 'quiet', name: 'Quiet', kind: 'local', mode: 'observe' }), entryOf(mock, 'websocket', { slo: { target: 0.5 } })),
    },
  });

  test('every figure is "no data", and none is 0; with runs the same places have figures, and enough of them prove the target', async ({ page }) => {
    await page.goto('/?env=quiet');
    await untilOpen(page, 'quiet', 3);
    await expect(verdict(page).getByRole('heading', { level: 1 })).toHaveText('NO DATA Quiet');
    await expect(verdict(page)).toContainText('No run was counted in the last 1 h.');
    await expect(tile(page, 'Quiet')).toContainText('3/3 connected');
    const stages = panel(page, 'Golden path').getByRole('listitem');
    const rows = panel(page, 'Completeness by type').getByRole('img');
    for (const label of ['Events delivered, last 1 h', 'Error budget left', 'Delivery p95', 'Cross-talk']) await expect(figureOf(label)).toContainText('no data');
    await expect(stages).toContainText(Array.from({ length: 5 }, () => 'no data'));
    await expect(rows).toHaveCount(5);
    for (const row of await rows.all()) await expect(row).toHaveAccessibleName(/: no data$/);
    for (const title of ['Delivery latency', 'Reliability']) await expect(panel(page, title)).toContainText('no data');
    await expect(tile(page, 'Quiet')).toContainText('no data');
    await expect(panel(page, 'Timeline').getByRole('gridcell', { name: 'no data' })).toHaveCount(3);
    for (const place of [figureOf('Events delivered, last 1 h'), figureOf('Error budget left'), figureOf('Delivery p95'), figureOf('Cross-talk'), panel(page, 'Golden path')]) await expect(place).not.toContainText(/\b0\b/);

    await tile(page, 'mock').click();
    await expect(figureOf('Events delivered, last 1 h')).toContainText(/100\s%/);
    for (const label of ['Error budget left', 'Delivery p95', 'Cross-talk']) await expect(figureOf(label)).not.toContainText('no data');
    await expect(panel(page, 'Golden path')).not.toContainText('no data');
    for (const row of await rows.all()) await expect(row).toHaveAccessibleName(/: 100\s%, [\d.]+ to 100\s%$/);
    // Six clean runs are the first that prove 50 %: 0.5 to the power of 6 is below 2.5 %.
    await expect(verdict(page).getByRole('heading', { level: 1 })).toHaveText(/^OK mock/);
    await expect(verdict(page)).toContainText(/Nothing was lost of [\d,]+ expected events\. [\d,]+ runs prove delivery above 50\s%\./);
    await expect(page).toHaveTitle('MOCK DATA · OK · mock · Runwatch');

    function figureOf(label: string) {
      return verdict(page).locator('.figure').filter({ hasText: label });
    }
  });
});

test.describe('with some faults', () => {
  test.use({
    mockOptions: { ...quickMock, seed: 4, scenario: { mix: [{ scenario: 'missing-tool-completed', share: 0.2 }, { scenario: 'agent-error', share: 0.2 }, { scenario: 'missing-event', share: 0.1 }] } },
    environment: { contract: quickContract },
  });

  test('verdict, golden path, completeness, latency and reliability say what the report says', async ({ page }) => {
    await page.goto('/?env=mock');
    await expect(verdict(page)).toContainText('AT RISK', { timeout: 15_000 });
    await untilJudged(page, 'mock', 15);
    const { report, records } = await finish(page, 'mock');
    const { slo, counts: runs } = report;
    expect([runs.incomplete, runs.failed].every((count) => count > 0)).toBe(true);

    await expect(verdict(page)).toContainText(formatShare(slo.ratio));
    await expect(verdict(page)).toContainText(formatInterval(slo.interval));
    await expect(verdict(page)).toContainText(/Not connected any more; the newest data are of \d\d:\d\d:\d\d, [\d.]+ s ago\./);
    await expect(tile(page, 'Mock (Socket.IO)')).toContainText(formatShare(slo.ratio));

    const triggered = records.filter(({ record }) => record === 'trigger').length;
    await expect(panel(page, 'Golden path')).toContainText(`${formatCount(triggered)} triggered runs in 1 h, 0 still running`);
    const stages = await readTable(page, 'Golden path');
    expect(stages.map((stage) => stage['Stage'])).toEqual(['Login', 'Connection', 'Agent started', 'Event stream', 'Response']);
    // A run that nobody can judge stays so in all later stages.
    let [reached, unknown] = [triggered, 0];
    for (const stage of stages) {
      expect(['Passed', 'Failed', 'Inconclusive', 'Blocked', 'Running'].reduce((sum, name) => sum + figure(stage[name]), 0)).toBe(triggered);
      expect(figure(stage['Passed']) + figure(stage['Failed']) + figure(stage['Inconclusive']) - unknown).toBe(reached);
      [reached, unknown] = [figure(stage['Passed']), figure(stage['Inconclusive'])];
    }
    expect(reached).toBe(runs.complete);
    expect(stages.map((stage) => figure(stage['Failed']))).toEqual([0, 0, 0, runs.incomplete, runs.failed]);
    expect(stages.every((stage) => stage['Median'] !== 'no data')).toBe(true);

    // A picture is a second old at most.
    await expect.poll(async () => sum(await readTable(page, 'Completeness by type'), 'Expected')).toBe(slo.valid);
    const types = await readTable(page, 'Completeness by type');
    expect(types.map((type) => type['Event'])).toEqual(['agent_started', 'agent_thinking', 'tool_executing', 'tool_completed', 'agent_completed']);
    expect(sum(types, 'Delivered')).toBe(slo.good);
    const lacking = report.runs.flatMap((run) => (run.status === 'incomplete' ? run.missing : []));
    for (const type of types) expect(figure(type['Expected']) - figure(type['Delivered'])).toBe(lacking.filter((each) => each === type['Event']).length);

    await expect(panel(page, 'Delivery latency').getByRole('img', { name: /^Delivery latency per minute over the last hour: p50 [\d.]+ m?s/ }).locator('svg circle, svg .recharts-line-curve').first()).toBeVisible();
    await expect.poll(async () => sum(await readTable(page, 'Delivery latency'), 'Measured')).toBe(report.latency.count);
    await expect(verdict(page)).toContainText(formatDuration(report.latency.p95 ?? Number.NaN));

    await expect(panel(page, 'Reliability').getByRole('img', { name: /^Delivered share over the last hour against the target of 99\s%: now [\d.]+\s%/ }).locator('svg').first()).toBeVisible();
    await expect.poll(async () => sum(await readTable(page, 'Reliability'), 'Expected')).toBe(slo.valid);
    const minutes = await readTable(page, 'Reliability');
    expect(sum(minutes, 'Lost')).toBe(slo.valid - slo.good);
    expect(sum(minutes, 'Runs')).toBe(slo.trials);
    expect(minutes[0]?.['Share, last 5 min']).toBe(formatShare(slo.ratio));
    // Back from table to picture.
    await panel(page, 'Reliability').getByRole('button', { name: 'Reliability as table' }).click();
    await expect(panel(page, 'Reliability').getByRole('table')).toHaveCount(0);
    expect((await counts(page)).environments['mock']?.counts.running).toBe(0);
  });
});

const sum = (rows: readonly Record<string, string>[], column: string): number => rows.reduce((total, row) => total + (row[column] === 'no data' ? 0 : figure(row[column])), 0);
