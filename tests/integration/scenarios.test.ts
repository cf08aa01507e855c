import { describe, expect, test } from 'vitest';
import { environmentSchema, type Environment } from '#environment/schema.ts';
import { startMock } from '#mock/mock.ts';
import { scenarioNames, type ScenarioName } from '#mock/scenarios.ts';
import { startCheck } from '#monitor/check.ts';
import { Replay } from '#monitor/replay.ts';
import { nodePlatform } from '#monitor/platform.node.ts';
import { captureLine } from '#record/capture-writer.ts';
import type { RunwatchRecord } from '#record/record.ts';
import { essence, wantedOf } from '../fixtures/essence.ts';

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

async function play(scenario: ScenarioName, transport: 'websocket' | 'socket.io') {
  const mock = await startMock({ scenario, seed: 7, pace: 0.1, settleMs, firstEventTimeoutMs });
  try {
    const environment = environmentFor(transport, mock.url);
    const records: RunwatchRecord[] = [];
    const options = { environment, connections, runs, requireProof: false, lingerMs: 1200, record: (record: RunwatchRecord) => records.push(record) };
    const { report, problems } = await startCheck(options, nodePlatform()).result;
    return { report, problems, records, ledger: mock.ledger() };
  } finally {
    await mock.close();
  }
}

describe.concurrent.each(['websocket', 'socket.io'] as const)('over %s, what the monitor reports is what the target did', (transport) => {
  // The ledger calls a frame delivered once it is written; one written in the very moment in which its connection breaks need
  // not arrive, and the target cannot know. Such a moment does not come twice running; a fault of the monitor does.
  test.each(scenarioNames)('%s', { timeout: 30_000, retry: 1 }, async (scenario) => {
    const { report, records, ledger } = await play(scenario, transport);
    const triggered = records.flatMap((record) => (record.record === 'trigger' ? [record.run] : []));
    expect(ledger.runs.map((run) => run.id).filter((id) => !triggered.includes(id))).toEqual([]);
    expect(essence(report)).toEqual(essence(wantedOf(records, ledger, connections, transport)));

    const replay = new Replay();
    replay.push(records.map(captureLine).join(''));
    const replayed = replay.finish();
    expect(replayed.ok && JSON.parse(JSON.stringify(replayed.value.report))).toEqual(JSON.parse(JSON.stringify(report)));
  });

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
  const wanted = wantedOf(records, { ...ledger, frames: ledger.frames.filter((frame) => frame !== last) }, connections, 'websocket');
  expect(essence(report)).not.toEqual(essence(wanted));
}, 30_000);
