import { nodeSockets } from '#connection/socket-factory.node.ts';
import { environmentSchema } from '#environment/schema.ts';
import { startCheck } from '#monitor/check.ts';
import { systemClock, systemRandom } from '#monitor/system-clock.ts';
import { runScenarios, connectionScenarios } from '#mock/scenarios.ts';
import { startMock } from '#mock/mock.ts';
const only = process.argv[2];
for (const transport of ['websocket', 'socket.io'] as const)
for (const scenario of [...runScenarios, ...connectionScenarios]) {
  if (only && scenario !== only) continue;
  const mock = await startMock({ pace: 0.3, settleMs: 300, firstEventTimeoutMs: 1200, heartbeatMs: 500, scenario });
  const environment = environmentSchema.parse({
    id: 'm', kind: 'mock', backendUrl: mock.url, eventsUrl: transport === 'websocket' ? mock.url.replace('http', 'ws') + '/ws' : mock.url, transport,
    auth: { method: 'login', path: '/auth/e2e/test-auth', body: { email: 'probe-{n}@example.com' }, userAt: 'user.id' },
    connectionTimeoutMs: 2000, maxRetries: 2, contract: { settleMs: 300, firstEventTimeoutMs: 1200, eventTimeoutMs: 1500, runTimeoutMs: 6000 },
  });
  const check = startCheck({ environment, connections: 2, runs: 4, requireProof: false, lingerMs: 800 }, { clock: systemClock(), random: systemRandom(), sockets: nodeSockets, fetch });
  const timer = setTimeout(() => check.cancel(), 20000);
  const { report, problems } = await check.result;
  clearTimeout(timer);
  console.log(transport.padEnd(9), scenario.padEnd(22), report.verdict.padEnd(12), JSON.stringify({ fr: report.frames, ev: { ...report.events, byType: undefined } }));
  for (const run of report.runs) console.log('      ', run.status, run.fault, run.good, `${run.delivered}/${run.expected}`, run.missing.join(','), JSON.stringify(run.violations), run.durationMs?.toFixed(0));
  const l = report.latency; console.log('      latency', JSON.stringify(l), problems.map((p) => p.message).join('|').slice(0, 200));
  const ledger = mock.ledger();
  const k: Record<string, number> = {}; for (const f of ledger.frames) { k[f.kind] = (k[f.kind] ?? 0) + 1; }
  console.log('      ledger', JSON.stringify(k), ledger.runs.map((r) => r.outcome + ':' + r.sent).join(' '));
  await mock.close();
}
process.exit(0);
