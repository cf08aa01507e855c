import type { ConnectionStatus } from '#connection/connection.ts';
import type { StageName, StageRecord } from '#record/record.ts';
import { goldenPathOf, type RunStage, type RunStageName, type StageOutcome } from '#runs/golden-path.ts';
import type { Run } from '#runs/run.ts';
import { Histogram } from '#timing/histogram.ts';
import type { GoldenPathStage, GoldenPathStageName } from './snapshot.ts';

const stageNames: readonly GoldenPathStageName[] = ['login', 'connection', 'agent', 'stream', 'response'];
const outcomeNames: readonly StageOutcome[] = ['passed', 'failed', 'blocked', 'inconclusive', 'pending'];

/** What must be known of a connection to say which stage stopped it. */
type ConnectionStanding = Pick<ConnectionStatus, 'id' | 'ready' | 'error'>;

/** How often one stage ended how, and how long it took where it was passed. */
class StageTally {
  readonly outcomes: Record<StageOutcome, number> = { passed: 0, failed: 0, blocked: 0, inconclusive: 0, pending: 0 };
  readonly durations = new Histogram();

  passed(times: number, durationMs: number | undefined): void {
    this.outcomes.passed += times;
    if (durationMs !== undefined) this.durations.add(durationMs, times);
  }

  merge({ outcomes, durations }: StageTally): void {
    for (const outcome of outcomeNames) this.outcomes[outcome] += outcomes[outcome];
    this.durations.merge(durations);
  }
}

/** How triggered runs fared at the stages that they can tell themselves, and how many of them each connection served. */
export class PathTally {
  readonly served = new Map<string, number>();
  readonly stages: Readonly<Record<RunStageName, StageTally>> = { agent: new StageTally(), stream: new StageTally(), response: new StageTally() };

  /** Adds (`sign` 1) the path of one run of a connection, or takes it out (`sign` −1). */
  count(connection: string, path: readonly RunStage[], sign: 1 | -1): void {
    this.#serve(connection, sign);
    for (const { stage, outcome, durationMs } of path) {
      const { outcomes, durations } = this.stages[stage];
      outcomes[outcome] += sign;
      if (durationMs === undefined) continue;
      if (sign === 1) durations.add(durationMs);
      else durations.remove(durationMs);
    }
  }

  /** Takes in all that `other` counted; `other` stays as it is. */
  merge({ served, stages }: PathTally): void {
    for (const [connection, runs] of served) this.#serve(connection, runs);
    this.stages.agent.merge(stages.agent);
    this.stages.stream.merge(stages.stream);
    this.stages.response.merge(stages.response);
  }

  #serve(connection: string, runs: number): void {
    const served = (this.served.get(connection) ?? 0) + runs;
    if (served === 0) this.served.delete(connection);
    else this.served.set(connection, served);
  }
}

/**
 * How triggered runs fared along the golden path: login → connection → agent → stream → response.
 * A connection that never came so far as to trigger a run counts as one failure of the stage that stopped it; the handshake is part of the connection.
 * @param closed the closed runs of the window; stays as it is
 * @param open the runs that are under way, which are few
 * @param stages how each connection last fared at login, connection and handshake, by `<connection> <stage>`
 */
export function funnelOf(closed: PathTally, open: Iterable<Run>, statuses: readonly ConnectionStanding[], stages: ReadonlyMap<string, StageRecord>, last: string): GoldenPathStage[] {
  const runs = new PathTally();
  runs.merge(closed);
  for (const run of open) if (run.triggered) runs.count(run.connection.id, goldenPathOf(run, last), 1);

  const tallies: Readonly<Record<GoldenPathStageName, StageTally>> = { login: new StageTally(), connection: new StageTally(), ...runs.stages };
  for (const [connection, served] of runs.served) {
    const took = (stage: StageName): number | undefined => stages.get(`${connection} ${stage}`)?.durationMs;
    const opening = took('connection');
    tallies.login.passed(served, took('login'));
    tallies.connection.passed(served, opening === undefined ? undefined : opening + (took('handshake') ?? 0));
  }
  for (const status of statuses) {
    const stopped = runs.served.has(status.id) ? undefined : stageThatStopped(status, stages);
    if (stopped === undefined) continue;
    stageNames.forEach((stage, index) => (tallies[stage].outcomes[index < stopped ? 'passed' : index === stopped ? 'failed' : 'blocked'] += 1));
  }
  return stageNames.map((stage) => {
    const { outcomes, durations } = tallies[stage];
    return { stage, ...outcomes, medianMs: durations.quantile(0.5) ?? null, p95Ms: durations.quantile(0.95) ?? null };
  });
}

/** Which of the stages keeps a connection from serving runs, by its place; undefined where none has failed (yet). */
function stageThatStopped(status: ConnectionStanding, stages: ReadonlyMap<string, StageRecord>): 0 | 1 | undefined {
  if (status.ready) return undefined;
  const failed = (stage: StageName): boolean => stages.get(`${status.id} ${stage}`)?.outcome === 'failed';
  if (failed('login')) return 0;
  return failed('connection') || failed('handshake') || status.error !== undefined ? 1 : undefined;
}
