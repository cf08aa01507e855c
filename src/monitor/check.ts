import { durationMs } from '#base/units.ts';
import type { ConnectionStatus } from '#connection/connection.ts';
import type { Environment } from '#environment/schema.ts';
import type { RunwatchRecord } from '#record/record.ts';
import { Diagnoser } from './diagnoser.ts';
import { startReconnectExperiment, type ReconnectResult } from './experiment.ts';
import { makeReport, type Report } from './report.ts';
import type { DiagnosisSnapshot, Problem, RejectedFrame } from './snapshot.ts';
import { Watch, type Platform } from './watch.ts';

export interface CheckOptions {
  /** With its placeholders filled in. */
  readonly environment: Environment;
  readonly connections: number;
  /** Runs to trigger in all. */
  readonly runs: number;
  readonly requireProof: boolean;
  /** How long to listen on after the last run is closed. */
  readonly lingerMs: number;
  /** Cuts the connection of one run in its middle. */
  readonly experiment?: 'reconnect';
  readonly record?: (record: RunwatchRecord) => void;
  /** Called about four times a second. */
  readonly progress?: (progress: CheckProgress) => void;
}

export interface CheckProgress {
  readonly connections: number;
  readonly open: number;
  readonly runs: number;
  readonly triggered: number;
  readonly closed: number;
  readonly lost: number;
}

export interface CheckResult {
  readonly report: Report;
  /** Where one was asked for. */
  readonly experiment?: ReconnectResult;
  /** What kept connections from serving, each problem once with how many it hit. */
  readonly problems: readonly (Problem & { readonly connections: number })[];
  /** What is behind the problems; null where there are none. */
  readonly diagnosis: DiagnosisSnapshot | null;
  /** One of the frames that could not be decoded, kept raw; null where there were none. */
  readonly rejected: RejectedFrame | null;
}

const progressMs = 250;

/** A check under way. */
export interface Check {
  readonly result: Promise<CheckResult>;
  /** Ends it early; runs under way are inconclusive. */
  cancel(): void;
}

/** Opens the connections, triggers the runs, waits until they are closed and an experiment is done, listens on for a while, and judges. */
export function startCheck(options: CheckOptions, platform: Platform): Check {
  const { clock } = platform;
  let over: () => void = () => {};
  const done = new Promise<void>((resolve) => (over = resolve));
  const watch = new Watch(
    {
      environment: options.environment,
      connections: options.connections,
      asked: { runs: options.runs, requireProof: options.requireProof },
      ...(options.record === undefined ? {} : { record: options.record }),
      // A target that took no run at all has nothing late to say.
      finished: () => (watch.recording.engine.triggers === 0 ? over() : void clock.after(durationMs(options.lingerMs), over)),
    },
    platform,
  );
  const diagnoser = new Diagnoser(watch, platform);
  const experiment = options.experiment === undefined ? undefined : startReconnectExperiment(watch, clock);
  const ticks = repeat(() => options.progress?.(progressOf(watch, options)));
  const giveUp = clock.after(durationMs(options.environment.startupTimeoutMs), () => {
    if (watch.recording.engine.triggers === 0 && !watch.statuses().some((status) => status.state === 'open')) over();
  });

  async function judge(): Promise<CheckResult> {
    diagnoser.start();
    watch.start();
    await done;
    // Once all runs are over there is nothing left to cut; what was cut is seen to its end.
    if (experiment?.hasCut === false) experiment.cancel();
    const told = await experiment?.result;
    const problems = problemsOf(watch.statuses());
    const diagnosis = problems.length === 0 ? null : await diagnoser.settled();
    diagnoser.stop();
    ticks();
    giveUp();
    await watch.stop('monitor');
    return { report: makeReport(watch.recording.engine), problems, diagnosis, rejected: watch.recording.rejected[0] ?? null, ...(told === undefined ? {} : { experiment: told }) };
  }

  function repeat(task: () => void): () => void {
    let cancel = (): void => {};
    const again = (): void => {
      cancel = clock.after(durationMs(progressMs), () => {
        task();
        again();
      });
    };
    again();
    return () => cancel();
  }

  function cancel(): void {
    experiment?.cancel();
    over();
  }

  return { result: judge(), cancel };
}

function progressOf(watch: Watch, options: CheckOptions): CheckProgress {
  const { sums } = watch.recording.engine.totals;
  return {
    connections: options.connections,
    open: watch.statuses().filter((status) => status.state === 'open').length,
    runs: options.runs,
    triggered: watch.recording.engine.triggers,
    closed: sums.complete + sums.incomplete + sums.failed + sums.inconclusive,
    lost: sums.incomplete,
  };
}

function problemsOf(statuses: readonly ConnectionStatus[]): CheckResult['problems'] {
  const problems = new Map<string, Problem & { connections: number }>();
  for (const { error, state } of statuses) {
    if (error === undefined || state === 'open') continue;
    const known = problems.get(error.message);
    if (known === undefined) problems.set(error.message, { reason: error.reason, message: error.message, remedy: error.remedy, connections: 1 });
    else known.connections += 1;
  }
  return [...problems.values()];
}
