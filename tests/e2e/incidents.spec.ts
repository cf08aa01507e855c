/** The first minute of an incident: what the triage view says by itself, for each of eight faults that the target is given while the page looks on. */
import type { Page } from '@playwright/test';
import type { Ledger } from '#mock/ledger.ts';
import { startMock, type Mock } from '#mock/mock.ts';
import type { ScenarioRequest } from '#mock/scenarios.ts';
import { entryOf, expect, fileOf, quickContract, quickMock, test } from './fixtures.ts';
import { untilJudged } from './support.ts';

const network = [/ERR_CONNECTION_REFUSED/, /WebSocket connection to .* failed/];
const one = 'e2e-probe-1';

/** What the verdict of the triage view must say. */
interface Told {
  readonly kind: string;
  readonly state: RegExp;
  /** `kind:affected/of` */
  readonly scope: string;
  readonly stage: string;
  readonly fault: string;
  readonly words: RegExp;
}

interface Case {
  readonly fault: string;
  readonly inject: ScenarioRequest | 'restart';
  /** By the ledger: when the fault first took effect. */
  readonly effect: (ledger: Ledger) => number | null | undefined;
  readonly told: Told;
}

const firstRun = (scenario: string) => (ledger: Ledger) => ledger.runs.find((run) => run.scenario === scenario)?.triggeredAt;

/**
 * What follows from the contract and the state words: lost events and leaks break the promise; lateness, dumped runs and agents' errors lose nothing, so that
 * it stays as unproven as it was; a connection that is lost or silent takes its runs with it, so that the share decides.
 */
const cases: readonly Case[] = [
  {
    fault: 'tool_completed lost for one user',
    inject: { scenario: 'missing-tool-completed', user: one },
    effect: firstRun('missing-tool-completed'),
    told: { kind: 'lost', state: /^breached$/, scope: 'user:1/3', stage: 'stream', fault: 'server', words: /lacked tool_completed/ },
  },
  {
    fault: 'all events late by 3 s',
    inject: { scenario: 'healthy', lateMs: 3000 },
    effect: (ledger) => ledger.frames.find(({ at, events }) => at - (events?.[0]?.sentAt ?? at) > 2500)?.at,
    told: { kind: 'late', state: /^unproven$/, scope: 'environment:3/3', stage: 'stream', fault: 'server', words: /The latency objective is missed: .* 3\.\d s on average\. Runs are complete\./ },
  },
  {
    fault: 'cross-talk',
    inject: { scenario: 'cross-talk', user: one },
    effect: (ledger) => ledger.frames.find(({ user, ownerUser }) => ownerUser !== undefined && ownerUser !== user)?.at,
    told: { kind: 'leak', state: /^breached$/, scope: 'connection:1/3', stage: 'stream', fault: 'server', words: new RegExp(`${one}'s \\w+ was shown on #`) },
  },
  {
    fault: 'one connection half-open',
    inject: { scenario: 'silent', user: one },
    effect: firstRun('silent'),
    told: { kind: 'silent', state: /^(?:at-risk|breached)$/, scope: 'connection:1/3', stage: 'connection', fault: 'network', words: /#1 is open, and nothing was heard since/ },
  },
  {
    fault: 'token expired',
    inject: { scenario: 'expire-token', user: one },
    effect: (ledger) => ledger.connections.find(({ closedBy }) => closedBy === 'mock')?.closedAt,
    told: { kind: 'auth', state: /^unproven$/, scope: 'connection:1/3', stage: 'login', fault: 'auth', words: /The sign-in of #1 ended at/ },
  },
  {
    fault: 'target restarted',
    inject: 'restart',
    effect: (ledger) => ledger.connections.find(({ closedBy }) => closedBy !== null)?.closedAt,
    told: { kind: 'restarted', state: /^(?:unproven|at-risk|breached)$/, scope: 'environment:3/3', stage: 'connection', fault: 'server', words: /All 3 connections were lost at .* and came back/ },
  },
  {
    fault: 'dumped',
    inject: { scenario: 'dumped' },
    effect: firstRun('dumped'),
    told: { kind: 'dumped', state: /^unproven$/, scope: 'environment:3/3', stage: 'stream', fault: 'server', words: /came all at once at the end .* Nothing was lost\./ },
  },
  {
    fault: 'agent errors',
    inject: { scenario: 'agent-error' },
    effect: firstRun('agent-error'),
    told: { kind: 'agent-errors', state: /^unproven$/, scope: 'environment:3/3', stage: 'agent', fault: 'agent', words: /ended in an agent's error .* Delivery is untouched\./ },
  },
];

const verdict = (page: Page) => page.getByTestId('incident');

/** A run that is held back for three seconds is waited for; one that brings nothing is not waited for long. */
const contractOf = ({ inject }: Case): object => (inject !== 'restart' && 'lateMs' in inject ? { ...quickContract, firstEventTimeoutMs: 5000 } : quickContract);

/** Opens the triage view over a healthy target, and sees that it finds nothing. */
async function calm(page: Page): Promise<void> {
  await page.goto('/?view=triage');
  await untilJudged(page, 'mock', 12);
  await expect(verdict(page)).toHaveAttribute('data-kind', 'none');
}

/** Resolves with the time of the page's first judgement of anything wrong. */
async function firstWrong(page: Page): Promise<number> {
  await expect
    .poll(
      async () => {
        const report = await page.evaluate(() => window.runwatch.report('mock'));
        const isWrong = report !== undefined && (report.counts.incomplete + report.counts.failed + report.counts.inconclusive > 0 || report.events.crossTalk > 0 || (report.latency.max ?? 0) > 2500 || report.runs.some(({ violations }) => violations.dumped !== undefined));
        return isWrong || (await verdict(page).getAttribute('data-kind')) !== 'none';
      },
      { timeout: 15_000, intervals: [50] },
    )
    .toBe(true);
  return Date.now();
}

for (const each of cases) {
  test.describe(each.fault, () => {
    test.use({
      expectedErrors: each.inject === 'restart' ? [network, { scope: 'test' }] : [[], { scope: 'test' }],
      file: { text: (mock) => fileOf(entryOf(mock, 'websocket', { contract: contractOf(each), slo: { latencyMs: 1000 }, maxRetries: 100 })) },
    });

    test('is told with state, scope, onset, stage and fault within 5 s, without a click', async ({ page, mock }) => {
      const { inject, effect, told } = each;
      await calm(page);
      let again: Mock | undefined;
      let truth: Ledger | undefined;
      if (inject === 'restart') {
        await mock.close();
        truth = mock.ledger();
        again = await startMock({ ...quickMock, port: mock.port });
      } else mock.setScenario(inject);
      try {
        const since = await firstWrong(page);
        const within = { timeout: Math.max(1, since + 5000 - Date.now()) };
        await expect(verdict(page)).toHaveAttribute('data-kind', told.kind, within);
        await expect(verdict(page)).toHaveAttribute('data-state', told.state, { timeout: Math.max(1, since + 5000 - Date.now()) });
        await expect(verdict(page)).toHaveAttribute('data-scope', told.scope, { timeout: Math.max(1, since + 5000 - Date.now()) });
        await expect(verdict(page)).toHaveAttribute('data-stage', told.stage);
        await expect(verdict(page)).toHaveAttribute('data-fault', told.fault);
        await expect(verdict(page)).toContainText(told.words);
        const onset = Date.parse((await verdict(page).getAttribute('data-onset')) ?? '');
        const effectAt = effect(truth ?? mock.ledger());
        expect(effectAt).toBeTruthy();
        expect(Math.abs(onset - (effectAt ?? 0))).toBeLessThanOrEqual(2000);
      } finally {
        await again?.close();
      }
    });
  });
}

test.describe('negative control: a healthy target', () => {
  test.use({ file: { text: (mock) => fileOf(entryOf(mock, 'websocket', { slo: { latencyMs: 1000 } })) } });

  test('has no incident as long as it is looked at', async ({ page }) => {
    await calm(page);
    const seen = await page.evaluate(async () => {
      const kinds = new Set<string>();
      for (let look = 0; look < 60; look += 1) {
        kinds.add(document.querySelector<HTMLElement>('[data-testid="incident"]')?.dataset['kind'] ?? 'missing');
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
      return [...kinds];
    });
    expect(seen).toEqual(['none']);
  });
});
