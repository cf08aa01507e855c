/** The first minute of an incident, over real sockets: what is wrong, for whom, since when, where and whose fault, for each fault that a target can be given. */
import { describe, test, type TestContext } from 'vitest';
import { environmentSchema } from '#environment/schema.ts';
import type { Ledger } from '#mock/ledger.ts';
import { startMock, type Mock, type MockOptions } from '#mock/mock.ts';
import type { ScenarioRequest } from '#mock/scenarios.ts';
import { answerAtDesk } from '#monitor/desk.ts';
import type { Incident, IncidentReport } from '#monitor/incident/incident-report.ts';
import { Monitor } from '#monitor/monitor.ts';
import { nodePlatform } from '#monitor/platform.node.ts';

const contract = { settleMs: 200, firstEventTimeoutMs: 5000, eventTimeoutMs: 1500 };
/** Of a run that brings nothing, nobody should wait long for a judgement. */
const impatient = { ...contract, firstEventTimeoutMs: 1500 };
const mockOptions = { seed: 1, pace: 0.1, settleMs: contract.settleMs, firstEventTimeoutMs: contract.firstEventTimeoutMs } satisfies MockOptions;
const one = 'e2e-probe-1';

interface Told {
  readonly kind: Incident['kind'];
  readonly state: RegExp;
  /** `kind:affected/of` */
  readonly scope: string;
  readonly names?: readonly string[];
  readonly stage: Incident['stage'];
  readonly fault: Incident['fault'];
  readonly sentence: RegExp;
}

interface Case {
  readonly fault: string;
  readonly inject: ScenarioRequest | 'restart';
  readonly contract?: object;
  /** By the ledger: when the fault first took effect. */
  readonly effect: (ledger: Ledger) => number | undefined;
  readonly told: Told;
}

const firstRun = (scenario: string) => (ledger: Ledger) => ledger.runs.find((run) => run.scenario === scenario)?.triggeredAt;

/** What each must say follows from the contract and from the state words: a delay, dumped runs and agents' errors lose nothing, so that the promise stays as it was. */
const cases: readonly Case[] = [
  {
    fault: 'tool_completed lost for one user',
    inject: { scenario: 'missing-tool-completed', user: one },
    effect: firstRun('missing-tool-completed'),
    told: { kind: 'lost', state: /^breached$/, scope: 'user:1/3', names: [one], stage: 'stream', fault: 'server', sentence: /lacked tool_completed\. The other 2 are normal\.$/ },
  },
  {
    fault: 'all events late by 3 s',
    inject: { scenario: 'healthy', lateMs: 3000 },
    effect: (ledger) => ledger.frames.find(({ at, events }) => at - (events?.[0]?.sentAt ?? at) > 2500)?.at,
    told: { kind: 'late', state: /^unproven$/, scope: 'environment:3/3', stage: 'stream', fault: 'server', sentence: /^The latency objective is missed: .* 3\.\d s on average\. Runs are complete\.$/ },
  },
  {
    fault: 'cross-talk',
    inject: { scenario: 'cross-talk', user: one },
    effect: (ledger) => ledger.frames.find(({ user, ownerUser }) => ownerUser !== undefined && ownerUser !== user)?.at,
    told: { kind: 'leak', state: /^breached$/, scope: 'connection:1/3', stage: 'stream', fault: 'server', sentence: new RegExp(`^${one}'s \\w+ was shown on #\\d, which is signed in as e2e-probe-\\d\\.`) },
  },
  {
    fault: 'one connection half-open',
    inject: { scenario: 'silent', user: one },
    contract: impatient,
    effect: firstRun('silent'),
    told: { kind: 'silent', state: /^(at-risk|breached)$/, scope: 'connection:1/3', names: ['mock#1'], stage: 'connection', fault: 'network', sentence: /^#1 is open, and nothing was heard since / },
  },
  {
    fault: 'token expired',
    inject: { scenario: 'expire-token', user: one },
    effect: (ledger) => ledger.connections.find(({ closedBy }) => closedBy === 'mock')?.closedAt ?? undefined,
    // Its transport decides whether runs end with their sign-in, and say nothing of the target, or are lost.
    told: { kind: 'auth', state: /^(unproven|at-risk|breached)$/, scope: 'connection:1/3', names: ['mock#1'], stage: 'login', fault: 'auth', sentence: /^The sign-in of #1 ended at / },
  },
  {
    fault: 'target restarted',
    inject: 'restart',
    effect: (ledger) => ledger.connections.find(({ closedBy }) => closedBy !== null)?.closedAt ?? undefined,
    told: { kind: 'restarted', state: /^(unproven|at-risk|breached)$/, scope: 'environment:3/3', stage: 'connection', fault: 'server', sentence: /^All 3 connections were lost at / },
  },
  {
    fault: 'dumped',
    inject: { scenario: 'dumped' },
    effect: firstRun('dumped'),
    told: { kind: 'dumped', state: /^unproven$/, scope: 'environment:3/3', stage: 'stream', fault: 'server', sentence: /came all at once at the end since .*\. Nothing was lost\.$/ },
  },
  {
    fault: 'agent errors',
    inject: { scenario: 'agent-error' },
    effect: firstRun('agent-error'),
    told: { kind: 'agent-errors', state: /^unproven$/, scope: 'environment:3/3', stage: 'agent', fault: 'agent', sentence: /ended in an agent's error since .*\. Delivery is untouched\.$/ },
  },
];

interface Scene {
  readonly mock: Mock;
  readonly monitor: Monitor;
  readonly report: () => Promise<IncidentReport>;
}

async function scene(transport: 'websocket' | 'socket.io', ofContract: object, { expect, onTestFinished }: TestContext): Promise<Scene> {
  const mock = await startMock(mockOptions);
  onTestFinished(() => mock.close());
  const environment = environmentSchema.parse({
    id: 'mock',
    backendUrl: mock.url,
    eventsUrl: transport === 'socket.io' ? mock.url : `${mock.url.replace('http', 'ws')}/ws`,
    transport,
    auth: { method: 'login', path: '/auth/e2e/test-auth', body: { email: 'probe-{n}@example.com' }, tokenAt: 'access_token', userAt: 'user.id', carry: transport === 'socket.io' ? 'auth' : 'subprotocol' },
    probe: { everyMs: 400, maxRunsPerHour: 1_000_000 },
    concurrentConnections: 3,
    maxRetries: 100,
    contract: ofContract,
    slo: { latencyMs: 1000 },
  });
  const monitor = new Monitor([environment], nodePlatform());
  onTestFinished(() => monitor.stop());
  monitor.watch(environment);
  const report = async (): Promise<IncidentReport> => {
    const answer = await answerAtDesk(monitor, 'incident', { environmentId: 'mock' });
    if (answer === undefined) throw new Error('the environment is watched');
    return answer;
  };
  await expect.poll(() => monitor.snapshot().environments[0]?.counts.complete, { timeout: 15_000 }).toBeGreaterThanOrEqual(12);
  expect(await report()).toMatchObject({ incidents: [], anomalies: [] });
  return { mock, monitor, report };
}

const scopeOf = ({ scope: { kind, affected, of } }: Incident): string => `${kind}:${affected}/${of}`;

/** Whether the gravest incident is told as the table has it. */
function isTold({ incidents: [incident] }: IncidentReport, { kind, state, scope, names, stage, fault, sentence }: Told): boolean {
  if (incident === undefined) return false;
  const isSame = incident.kind === kind && scopeOf(incident) === scope && incident.stage === stage && incident.fault === fault;
  return isSame && state.test(incident.state) && sentence.test(incident.sentence) && (names === undefined || names.join() === incident.scope.names.join());
}

describe.concurrent.each(['websocket', 'socket.io'] as const)('the first minute over %s', (transport) => {
  test.for(cases)('$fault', { timeout: 60_000 }, async ({ inject, contract: own = contract, effect, told }, context) => {
    // Tests that run side by side have to use their own.
    const { expect, onTestFinished } = context;
    const { mock, report } = await scene(transport, own, context);
    let truth = mock.ledger();
    if (inject === 'restart') {
      const { port } = mock;
      await mock.close();
      truth = mock.ledger();
      const again = await startMock({ ...mockOptions, port });
      onTestFinished(() => again.close());
    } else mock.setScenario(inject);

    await expect.poll(async () => (await report()).anomalies.length, { timeout: 15_000, interval: 20 }).toBeGreaterThan(0);
    const judgedAt = performance.now();
    let newest = await report();
    while (!isTold(newest, told) && performance.now() - judgedAt < 5000) {
      await new Promise((resolve) => setTimeout(resolve, 100));
      newest = await report();
    }
    const [incident] = newest.incidents;
    expect(incident && { ...incident, scope: scopeOf(incident) }).toMatchObject({ kind: told.kind, state: expect.stringMatching(told.state), scope: told.scope, stage: told.stage, fault: told.fault, sentence: expect.stringMatching(told.sentence) });
    expect(performance.now() - judgedAt).toBeLessThan(5500);
    if (inject !== 'restart') truth = mock.ledger();
    const onset = effect(truth);
    expect(onset).toBeDefined();
    expect(Math.abs((incident?.onsetAt ?? 0) - (onset ?? 0))).toBeLessThanOrEqual(2000);
    expect(newest.marks.some((mark) => mark.kind === 'onset' && mark.at === incident?.onsetAt)).toBe(true);
  });

  test('negative control: a healthy target has none, whenever it is asked, and none of the faults is read into it', { timeout: 60_000 }, async (context) => {
    const { expect } = context;
    const { monitor, report } = await scene(transport, contract, context);
    const complete = (): number => monitor.snapshot().environments[0]?.counts.complete ?? 0;
    while (complete() < 60) {
      const now = await report();
      expect(now.incidents).toEqual([]);
      expect(now.lastGood).not.toBeNull();
      for (const { told } of cases) expect(isTold(now, told)).toBe(false);
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  });
});
