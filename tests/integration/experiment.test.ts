import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { environmentSchema } from '#environment/schema.ts';
import { startMock, type Mock, type MockOptions } from '#mock/mock.ts';
import { startCheck, type CheckResult } from '#monitor/check.ts';
import type { ReconnectResult } from '#monitor/experiment.ts';
import { nodePlatform } from '#monitor/platform.node.ts';
import type { Report } from '#monitor/report.ts';

const root = new URL('../../', import.meta.url).pathname;
const entry = (mock: Mock, transport: 'websocket' | 'socket.io') => ({
  id: 'mock',
  kind: 'mock',
  transport,
  eventsUrl: transport === 'websocket' ? `${mock.url.replace('http', 'ws')}/ws` : mock.url,
  user: 'probe-{n}',
  concurrentConnections: 2,
  contract: { settleMs: 300, firstEventTimeoutMs: 3000, eventTimeoutMs: 3000 },
});

async function withMock<T>(options: MockOptions, act: (mock: Mock) => Promise<T>): Promise<T> {
  const mock = await startMock({ scenario: 'healthy', ...options });
  try {
    return await act(mock);
  } finally {
    await mock.close();
  }
}

/** A check that cuts one of its runs. The return takes at least half a second, so that the agent does not wait for it. */
async function cutOne(transport: 'websocket' | 'socket.io', options: MockOptions = {}): Promise<CheckResult & { readonly sent: number | undefined }> {
  return withMock(options, async (mock) => {
    const platform = nodePlatform();
    const random = (): number => 0.5 + platform.random() / 2;
    const environment = environmentSchema.parse(entry(mock, transport));
    const result = await startCheck({ environment, connections: 2, runs: 2, requireProof: false, lingerMs: 300, experiment: 'reconnect' }, { ...platform, random }).result;
    return { ...result, sent: mock.ledger().runs.find((run) => run.id === result.experiment?.run)?.sent };
  });
}

describe.concurrent('a connection that is cut in mid-run', () => {
  test.each(['websocket', 'socket.io'] as const)('over %s: a target that forgets loses the rest, and claims no recovery', async (transport) => {
    const { experiment, report } = await cutOne(transport);
    expect(experiment).toMatchObject({ outcome: 'lost', replayed: 0, doubled: 0, recovered: transport === 'socket.io' ? false : null });
    expect(experiment?.lost).toBeGreaterThan(0);
    expect(experiment?.reopenedAfterMs).toBeGreaterThan(490);
    expect(experiment?.reopenedAfterMs).toBeLessThan(3000);
    expect(report).toMatchObject({ verdict: 'fail', counts: { complete: 1, incomplete: 1 } });
  });

  test('over Socket.IO with connection state recovery: everything comes, what was missed is replayed once, and the claim is true', async () => {
    const { experiment, report, sent } = await cutOne('socket.io', { recoveryMs: 30_000 });
    expect(experiment).toMatchObject({ outcome: 'resumed', lost: 0, doubled: 0, recovered: true });
    expect(experiment?.replayed).toBeGreaterThan(0);
    expect(experiment?.sentence).toMatch(/The target claimed to have recovered the session\.$/);
    expect(report).toMatchObject({ verdict: 'pass', counts: { complete: 2 } });
    expect(sent).toBe(experiment?.delivered);
  });

  test('later than the target waits, its session is gone: the rest is lost, and nothing is claimed', async () => {
    const { experiment } = await cutOne('socket.io', { recoveryMs: 200 });
    expect(experiment).toMatchObject({ outcome: 'lost', recovered: false, replayed: 0 });
  });
});

describe.concurrent('on the command line', () => {
  const runwatch = (args: readonly string[]): Promise<{ readonly code: number; readonly stdout: string; readonly stderr: string }> =>
    new Promise((resolve) => {
      execFile(process.execPath, ['--import', 'tsx', 'src/cli/main.ts', ...args], { cwd: root }, (error, stdout, stderr) => resolve({ code: error === null ? 0 : Number(error.code), stdout, stderr }));
    });
  async function check(environment: object, ...args: readonly string[]) {
    const folder = mkdtempSync(join(tmpdir(), 'runwatch-experiment-'));
    try {
      const file = join(folder, 'environments.json');
      writeFileSync(file, JSON.stringify({ version: 1, environments: [environment] }));
      return await runwatch(['check', '--config', file, '--linger', '0.3', ...args]);
    } finally {
      rmSync(folder, { recursive: true });
    }
  }

  test('the report has the result beside all that it has otherwise', { timeout: 40_000 }, () =>
    withMock({ recoveryMs: 30_000 }, async (mock) => {
      const { code, stdout } = await check(entry(mock, 'socket.io'), '--experiment', 'reconnect', '--json');
      const { experiment, ...report }: Report & { readonly experiment?: ReconnectResult } = JSON.parse(stdout);
      expect(code).toBe(0);
      expect(report).toMatchObject({ format: 'runwatch-report', version: 1, verdict: 'pass' });
      expect(experiment).toMatchObject({ experiment: 'reconnect', outcome: 'resumed', recovered: true, lost: 0, doubled: 0 });
    }));

  test('people read it below the table', { timeout: 40_000 }, () =>
    withMock({}, async (mock) => {
      const { code, stdout } = await check(entry(mock, 'websocket'), '--experiment', 'reconnect');
      expect(code).toBe(1);
      expect(stdout).toMatch(/^FAIL {2}mock/);
      expect(stdout).toMatch(/\n\nExperiment reconnect: LOST {2}mock#\d was cut in mid-run and was open again after [\d.]+ s\. \d of \d expected events were lost: /);
      expect(stdout).toMatch(/\n {2}replayed {3}0\n {2}doubled {4}0\n$/);
    }));

  test('a pass without the experiment that was asked for is inconclusive', { timeout: 40_000 }, () =>
    withMock({ scenario: 'batch', pace: 0.1 }, async (mock) => {
      // One batch holds the whole run: there is no middle to cut.
      const environment = { ...entry(mock, 'websocket'), contract: { ...entry(mock, 'websocket').contract, requiredEvents: ['agent_started'], pairs: [], last: 'agent_started' } };
      const { code, stdout } = await check(environment, '--experiment', 'reconnect');
      expect(stdout).toMatch(/^PASS/);
      expect(stdout).toContain('Experiment reconnect: NOT DONE  It was ended before a run could be cut.');
      expect(code).toBe(2);
    }));

  test('an unknown experiment is a wrong use', { timeout: 40_000 }, async () => {
    const { code, stdout, stderr } = await runwatch(['check', '--experiment', 'earthquake']);
    expect([code, stdout]).toEqual([64, '']);
    expect(stderr).toMatch(/--experiment: there is no experiment "earthquake"\. There is: reconnect\./);
  });
});
