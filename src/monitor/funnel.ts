import type { ConnectionStatus } from '#connection/connection.ts';
import type { StageName, StageRecord } from '#record/record.ts';
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
 * A connection that never came so far as to trigger a run counts as one failure of the stage that stopped it; the handshake is part of the connection.
 * @param stages how each connection last fared at login, connection and handshake, by `<connection> <stage>`
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
    const took = (stage: StageName): number | undefined => stages.get(`${run.connection.id} ${stage}`)?.durationMs;
    const opening = took('connection');
    count('login', 'passed', took('login'));
    count('connection', 'passed', opening === undefined ? undefined : opening + (took('handshake') ?? 0));
    for (const { stage, outcome, durationMs } of goldenPathOf(run, last)) count(stage, outcome, durationMs);
  }
  for (const status of statuses) {
    const stopped = served.has(status.id) ? undefined : stageThatStopped(status, stages);
    if (stopped === undefined) continue;
    stageNames.forEach((stage, index) => count(stage, index < stopped ? 'passed' : index === stopped ? 'failed' : 'blocked'));
  }
  return Array.from(counted, ([stage, { outcomes, durations }]) => {
    durations.sort((a, b) => a - b);
    return { stage, ...outcomes, medianMs: nearestRank(durations, 0.5), p95Ms: nearestRank(durations, 0.95) };
  });
}

/** Which of the stages keeps a connection from serving runs, by its place; undefined where none has failed (yet). */
function stageThatStopped(status: ConnectionStatus, stages: ReadonlyMap<string, StageRecord>): 0 | 1 | undefined {
  if (status.ready) return undefined;
  const failed = (stage: StageName): boolean => stages.get(`${status.id} ${stage}`)?.outcome === 'failed';
  if (failed('login')) return 0;
  return failed('connection') || failed('handshake') || status.error !== undefined ? 1 : undefined;
}

/** The nearest-rank quantile of sorted numbers; null of none. */
export function nearestRank(sorted: readonly number[], quantile: number): number | null {
  return sorted[Math.max(0, Math.ceil(quantile * sorted.length) - 1)] ?? null;
}
