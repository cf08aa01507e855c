import type { ConnectionStatus } from '#connection/connection.ts';
import type { StageRecord } from '#record/record.ts';
import { goldenPathOf, type StageOutcome } from '#runs/golden-path.ts';
import type { Run } from '#runs/run.ts';
import type { GoldenPathStage, GoldenPathStageName } from './snapshot.ts';

const stageNames: readonly GoldenPathStageName[] = ['login', 'connection', 'agent', 'stream', 'response'];

interface Counted {
  readonly outcomes: Record<StageOutcome, number>;
  readonly durations: number[];
}

/**
 * How triggered runs fared along the golden path: login → connection → agent → stream → response.
 * A connection that never came so far as to trigger a run counts as one failure of the stage that stopped it.
 * @param stages how each connection last fared at login and connection, by `<connection> <stage>`
 */
export function funnelOf(runs: Iterable<Run>, statuses: readonly ConnectionStatus[], stages: ReadonlyMap<string, StageRecord>, last: string): GoldenPathStage[] {
  const counted = new Map(
    stageNames.map((stage): [GoldenPathStageName, Counted] => [
      stage,
      { outcomes: { passed: 0, failed: 0, blocked: 0, inconclusive: 0, pending: 0 }, durations: [] },
    ]),
  );
  const count = (stage: GoldenPathStageName, outcome: StageOutcome, durationMs?: number): void => {
    const sum = counted.get(stage);
    if (sum === undefined) return;
    sum.outcomes[outcome] += 1;
    if (outcome === 'passed' && durationMs !== undefined) sum.durations.push(durationMs);
  };

  const served = new Set<string>();
  for (const run of runs) {
    if (!run.triggered) continue;
    served.add(run.connection.id);
    for (const stage of ['login', 'connection'] as const) count(stage, 'passed', stages.get(`${run.connection.id} ${stage}`)?.durationMs);
    for (const { stage, outcome, durationMs } of goldenPathOf(run, last)) count(stage, outcome, durationMs);
  }
  for (const status of statuses) {
    if (served.has(status.id) || status.error === undefined) continue;
    const stopped = stages.get(`${status.id} login`)?.outcome === 'failed' ? 0 : 1;
    stageNames.forEach((stage, index) => count(stage, index < stopped ? 'passed' : index === stopped ? 'failed' : 'blocked'));
  }
  return Array.from(counted, ([stage, { outcomes, durations }]) => {
    durations.sort((a, b) => a - b);
    return { stage, ...outcomes, medianMs: nearestRank(durations, 0.5), p95Ms: nearestRank(durations, 0.95) };
  });
}

/** The nearest-rank quantile of sorted numbers; null of none. */
export function nearestRank(sorted: readonly number[], quantile: number): number | null {
  return sorted[Math.max(0, Math.ceil(quantile * sorted.length) - 1)] ?? null;
}
