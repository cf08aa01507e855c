import { describe, expect, test } from 'vitest';
import { startCheck, type CheckOptions, type CheckProgress } from '#monitor/check.ts';
import type { CheckResult } from '#monitor/check.ts';
import type { RunwatchRecord } from '#record/record.ts';
import { environmentOf, liveWorld } from '../../fixtures/live-world.ts';

function world(options: Partial<CheckOptions> = {}, fields: object = {}) {
  const live = liveWorld();
  const records: RunwatchRecord[] = [];
  const progress: CheckProgress[] = [];
  const environment = environmentOf({ maxRetries: 1, startupTimeoutMs: 20_000, contract: { settleMs: 100, eventTimeoutMs: 1000, firstEventTimeoutMs: 1000 }, ...fields });
  const check = startCheck(
    { environment, connections: 2, runs: 4, requireProof: false, lingerMs: 2000, record: (record) => records.push(record), progress: (each) => progress.push(each), ...options },
    live.platform,
  );
  let result: CheckResult | undefined;
  void check.result.then((value) => (result = value));
  const startedAt = live.clock.now();
  return { ...live, check, records, progress, result: () => result, elapsed: () => live.clock.now() - startedAt };
}

describe('a check', () => {
  test('triggers its runs round robin, lingers, and judges', async () => {
    const { clock, records, result } = world({ runs: 5 });
    await clock.advance(20_000);
    expect(result()).toMatchObject({ report: { verdict: 'pass', counts: { complete: 5 } }, problems: [] });
    const triggers = records.filter((record) => record.record === 'trigger');
    expect(triggers.map((record) => record.connection).sort()).toEqual(['local#0', 'local#0', 'local#0', 'local#1', 'local#1']);
    expect(records.at(-1)?.record).toBe('end');
    expect(clock.timers).toBe(0);
  });

  test('listens on for as long as it is told: what comes in that time counts', async () => {
    const { clock, target, records, result } = world({ runs: 1, connections: 1 });
    await clock.advance(1500);
    target.sockets[0]?.deliver({ type: 'agent_thinking', runId: records.find((record) => record.record === 'trigger')?.run });
    await clock.advance(20_000);
    expect(result()?.report.events.late).toBe(1);
    const closed = result()?.report.runs[0]?.closedAt ?? 0;
    expect((records.at(-1)?.at ?? 0) - closed).toBeGreaterThanOrEqual(2000);
    expect((records.at(-1)?.at ?? 0) - closed).toBeLessThan(2600);
  });

  test('is inconclusive without the proof that was asked for', async () => {
    const { clock, records, result } = world({ requireProof: true });
    await clock.advance(20_000);
    expect(result()?.report.verdict).toBe('inconclusive');
    expect(records[0]).toMatchObject({ record: 'header', asked: { runs: 4, requireProof: true } });
  });

  test('tells its progress four times a second', async () => {
    const { clock, progress } = world();
    await clock.advance(1100);
    expect(progress.length).toBe(4);
    expect(progress[0]).toMatchObject({ connections: 2, open: 2, runs: 4, triggered: 2, closed: 0, lost: 0 });
    await clock.advance(20_000);
    expect(progress.at(-1)).toMatchObject({ triggered: 4, closed: 4 });
  });

  test('gives up on a target that refuses, without lingering, and says why once for all connections', async () => {
    const { clock, target, result } = world({ lingerMs: 3_600_000 });
    target.up = false;
    await clock.advance(30_000);
    expect(result()?.report.verdict).toBe('inconclusive');
    expect(result()?.problems).toMatchObject([{ reason: 'retries-used-up', connections: 2 }]);
    expect(clock.timers).toBe(0);
  });

  test('gives up on one that never opens when its time to start is over, and says what it waits for', async () => {
    const { clock, target, result, elapsed } = world({}, { maxRetries: 1000 });
    target.up = false;
    while (result() === undefined && elapsed() < 60_000) await clock.advance(100);
    expect(elapsed()).toBeGreaterThanOrEqual(20_000);
    expect(elapsed()).toBeLessThan(22_000);
    expect(result()?.problems).toMatchObject([{ reason: 'unreachable', connections: 2 }]);
  });

  test('goes on with the connections that it has; fewer runs than asked are inconclusive', async () => {
    const { clock, target, result } = world({ runs: 4 });
    await clock.advance(5);
    target.up = false;
    target.sockets[1]?.end(1006);
    await clock.advance(60_000);
    expect(result()).toMatchObject({ report: { verdict: 'inconclusive', counts: { complete: 2 } }, problems: [{ connections: 1 }] });
  });

  test('that is cancelled ends at once; what it did not see is inconclusive', async () => {
    const { clock, target, check, result } = world();
    target.answer = () => 'STE';
    await clock.advance(350);
    check.cancel();
    await clock.advance(1100);
    expect(result()?.report).toMatchObject({ verdict: 'inconclusive', counts: { inconclusive: 2 } });
    check.cancel();
    await clock.advance(10_000);
    expect(clock.timers).toBe(0);
  });
});
