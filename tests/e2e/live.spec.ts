import { formatCount, formatShare } from '#views/parts/format.ts';
import type { MockOptions } from '#mock/mock.ts';
import type { Report } from '#monitor/report.ts';
import type { Page } from '@playwright/test';
import { essence, wantedOf } from '../fixtures/essence.ts';
import { expect, test } from './fixtures.ts';
import { finish, untilJudged } from './support.ts';

const connections = 3;
const faulty: MockOptions = {
  seed: 11,
  pace: 0.1,
  settleMs: 300,
  firstEventTimeoutMs: 1500,
  scenario: {
    mix: [
      { scenario: 'missing-event', share: 0.15 },
      { scenario: 'duplicate', share: 0.15 },
      { scenario: 'cross-talk', share: 0.15 },
      { scenario: 'malformed', share: 0.15 },
      { scenario: 'out-of-order', share: 0.1 },
      { scenario: 'agent-error', share: 0.1 },
      { scenario: 'batch', share: 0.1 },
    ],
  },
};
const contract = { settleMs: 300, firstEventTimeoutMs: 1500, eventTimeoutMs: 1500 };

for (const [environment, transport] of [['mock', 'socket.io'], ['mock-websocket', 'websocket']] as const) {
  test.describe(`over ${transport}`, () => {
    test.describe('healthy', () => {
      test.use({ environment: { contract } });

      test('the page counts what the target sent', async ({ page, mock }) => {
        await page.goto(`/?env=${environment}`);
        await untilJudged(page, environment, 9);
        const { report, records } = await finish(page, environment);
        expect(essence(report)).toEqual(essence(wantedOf(records, mock.ledger(), connections, transport)));
        expect(report.counts).toMatchObject({ incomplete: 0, failed: 0 });
        await expectOnScreen(page, report);
      });
    });

    test.describe('with faults', () => {
      test.use({ mockOptions: faulty, environment: { contract } });

      test('the page counts what the target sent, and what it did not', async ({ page, mock }) => {
        await page.goto(`/?env=${environment}`);
        await untilJudged(page, environment, 20);
        const { report, records } = await finish(page, environment);
        expect(essence(report)).toEqual(essence(wantedOf(records, mock.ledger(), connections, transport)));
        expect(report.counts.good).toBeLessThan(report.counts.complete + report.counts.incomplete);
        await expectOnScreen(page, report);
      });
    });
  });
}

/** The numbers on the screen are those of the report. */
async function expectOnScreen(page: Page, { frames, events, slo, counts: runs }: Report): Promise<void> {
  const accounting = page.getByLabel('Accounting');
  await expect(accounting).toContainText(`frames ${formatCount(frames.received)} = control ${formatCount(frames.control)} + eventful ${formatCount(frames.eventful)} + rejected ${formatCount(frames.rejected)}`);
  await expect(accounting).toContainText(`events ${formatCount(events.decoded)} = attributed ${formatCount(events.attributed)}`);
  await expect(accounting).toContainText(`cross-talk ${formatCount(events.crossTalk)}`);
  await expect(accounting).toContainText(`left out: ${formatCount(runs.inconclusive)} inconclusive, ${formatCount(runs.failed)} failed runs`);
  await expect(page.getByRole('region', { name: 'Verdict' })).toContainText(formatShare(slo.ratio));
}
