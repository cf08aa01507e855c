import { between, type DurationMs } from '#base/units.ts';
import type { Run } from './run.ts';

/** The stages that a triggered run itself can tell: agent execution, event stream, response. */
export type RunStageName = 'agent' | 'stream' | 'response';
export type StageOutcome = 'passed' | 'failed' | 'blocked' | 'inconclusive' | 'pending';

export interface RunStage {
  readonly stage: RunStageName;
  readonly outcome: StageOutcome;
  /** agent: trigger → `first`; stream: `first` → the last event before `last`; response: trigger → `last`. */
  readonly durationMs: DurationMs | undefined;
}

/**
 * How a triggered run fared on the golden path after its connection stood. After a stage that failed, the later ones are blocked.
 * contract.md, "Golden path".
 */
export function goldenPathOf(run: Run, last: string): readonly RunStage[] {
  const { delivery } = run;
  const open = run.closedAt === undefined;
  const unknown = run.status === 'inconclusive';
  const streamed = delivery.outOfOrder === 0 && delivery.missing.every((type) => type === last);
  const facts: readonly [RunStageName, boolean, DurationMs | undefined][] = [
    ['agent', run.startedAt !== undefined, run.startedAt === undefined ? undefined : between(run.openedAt, run.startedAt)],
    // While the run is open, what is missing may still come, so only its end tells.
    ['stream', streamed && (!open || run.terminal), run.startedAt === undefined || run.lastEventAt === undefined ? undefined : between(run.startedAt, run.lastEventAt)],
    ['response', run.lastAt !== undefined, run.lastAt === undefined ? undefined : between(run.openedAt, run.lastAt)],
  ];
  let stopped: Exclude<StageOutcome, 'passed' | 'blocked'> | undefined;
  return facts.map(([stage, passed, durationMs]) => {
    if (stopped !== undefined) return { stage, outcome: stopped === 'failed' ? 'blocked' : stopped, durationMs: undefined };
    if (passed) return { stage, outcome: 'passed', durationMs };
    stopped = open ? 'pending' : unknown ? 'inconclusive' : 'failed';
    return { stage, outcome: stopped, durationMs: undefined };
  });
}
