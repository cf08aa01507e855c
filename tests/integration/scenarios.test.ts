import { describe, expect, test } from 'vitest';
import { nodeSockets } from '#connection/socket-factory.node.ts';
import { environmentSchema, type Environment } from '#environment/schema.ts';
import type { Ledger } from '#mock/ledger.ts';
import { startMock } from '#mock/mock.ts';
import { scenarioNames, type ScenarioName } from '#mock/scenarios.ts';
import { startCheck } from '#monitor/check.ts';
import { Replay } from '#monitor/replay.ts';
import type { Report } from '#monitor/report.ts';
import { systemClock, systemRandom } from '#monitor/system-clock.ts';
import { captureLine } from '#record/capture-writer.ts';
import type { RunwatchRecord } from '#record/record.ts';
import { ledgerRecords } from '../fixtures/ledger-records.ts';
import { judge, type OracleReport } from '../fixtures/oracle.ts';

const settleMs = 300;
const firstEventTimeoutMs = 1500;
const connections = 3;
const runs = 6;

function environmentFor(transport: 'websocket' | 'socket.io', url: string): Environment {
  return environmentSchema.parse({
    id: 'mock',
    kind: 'mock',
    transport,
    backendUrl: url,
    eventsUrl: transport === 'websocket' ? `${url.replace('http', 'ws')}/ws` : url,
    auth: {
      method: 'login',
      path: '/auth/e2e/test-auth',
      body: { email: 'probe-{n}@example.com' },
      userAt: 'user.id',
      carry: transport === 'websocket' ? 'subprotocol' : 'auth',
    },
    connectionTimeoutMs: 1500,
    maxRetries: 2,
    startupTimeoutMs: 6000,
    contract: { settleMs, firstEventTimeoutMs, eventTimeoutMs: 1500 },
  });
}

/** What must agree: runs by status, each kind of violation, and every frame and event by kind. */
function essence({ counts, events, frames, runs: judged }: Pick<Report | OracleReport, 'counts' | 'events' | 'frames' | 'runs'>) {
  const violations: Record<string, number> = {};
  for (const run of judged) for (const [kind, count] of Object.entries(run.violations)) violations[kind] = (violations[kind] ?? 0) + count;
  return { counts: { ...counts }, violations, events: { ...events, byType: { ...events.byType } }, frames: { ...frames, rejectedBy: { ...frames.rejectedBy } } };
}

async function play(scenario: ScenarioName, transport: 'websocket' | 'socket.io') {
  const mock = await startMock({ scenario, seed: 7, pace: 0.1, settleMs, firstEventTimeoutMs });
  try {
    const environment = environmentFor(transport, mock.url);
    const records: RunwatchRecord[] = [];
    const options = { environment, connections, runs, requireProof: false, lingerMs: 1200, record: (record: RunwatchRecord) => records.push(record) };
    const { report, problems } = await startCheck(options, { clock: systemClock(), random: systemRandom(), sockets: nodeSockets, fetch }).result;
    return { report, problems, records, ledger: mock.ledger() };
  } finally {
    await mock.close();
  }
}

const users = new Map(Array.from({ length: connections }, (_, n) => [`e2e-probe-${n}`, `mock#${n}`]));

/** What the delivery contract says of what the ledger tells, up to when the monitor closed its connections. */
function wantedOf(records: readonly RunwatchRecord[], ledger: Ledger): OracleReport {
  const header = records[0];
  const stopped = records.find((record) => record.record === 'connection-close' && record.cause === 'monitor') ?? records.at(-1);
  if (header?.record !== 'header' || stopped === undefined) throw new Error('the capture has no header');
  const triggers = records.filter((record) => record.record === 'trigger');
  expect(ledger.runs.map((run) => run.id).filter((id) => !triggers.some((trigger) => trigger.run === id))).toEqual([]);
  return judge(ledgerRecords(ledger, header, triggers, users, stopped.at));
}

describe.concurrent.each(['websocket', 'socket.io'] as const)('over %s, what the monitor reports is what the target did', (transport) => {
  test.each(scenarioNames)('%s', async (scenario) => {
    const { report, records, ledger } = await play(scenario, transport);
    expect(essence(report)).toEqual(essence(wantedOf(records, ledger)));

    const replay = new Replay();
    replay.push(records.map(captureLine).join(''));
    const replayed = replay.finish();
    expect(replayed.ok && JSON.parse(JSON.stringify(replayed.value.report))).toEqual(JSON.parse(JSON.stringify(report)));
  }, 30_000);

  test.each([
    ['refuse-auth', 'auth-refused'],
    ['close-1011', 'retries-used-up'],
  ] as const)('%s: nothing comes through, and the reason is named', async (scenario, reason) => {
    const { report, problems } = await play(scenario, transport);
    expect(report.counts.complete).toBe(0);
    expect(report.verdict).not.toBe('pass');
    expect(problems.map((problem) => problem.reason)).toContain(reason);
  }, 30_000);
});

test('an event that the ledger did not tell of would be noticed', async () => {
  const { report, records, ledger } = await play('healthy', 'websocket');
  const last = ledger.frames.findLast((frame) => frame.kind === 'event');
  const wanted = wantedOf(records, { ...ledger, frames: ledger.frames.filter((frame) => frame !== last) });
  expect(essence(report)).not.toEqual(essence(wanted));
}, 30_000);
