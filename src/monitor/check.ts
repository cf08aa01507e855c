import { durationMs } from '#base/units.ts';
import type { ConnectionStatus } from '#connection/connection.ts';
import type { Environment } from '#environment/schema.ts';
import type { RunwatchRecord } from '#record/record.ts';
import { makeReport, type Report } from './report.ts';
import type { Problem } from './snapshot.ts';
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
  /** What kept connections from serving, each problem once with how many it hit. */
  readonly problems: readonly (Problem & { readonly connections: number })[];
}

const progressMs = 250;

/** A check under way. */
export interface Check {
  readonly result: Promise<CheckResult>;
  /** Ends it early; runs under way are inconclusive. */
  cancel(): void;
}

/** Opens the connections, triggers the runs, waits until they are closed, listens on for a while, and judges. */
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
      finished: () => (watch.engine.triggers === 0 ? over() : void clock.after(durationMs(options.lingerMs), over)),
    },
    platform,
  );
  const ticks = repeat(() => options.progress?.(progressOf(watch, options)));
  const giveUp = clock.after(durationMs(options.environment.startupTimeoutMs), () => {
    if (watch.engine.triggers === 0 && !watch.statuses().some((status) => status.state === 'open')) over();
  });

  async function judge(): Promise<CheckResult> {
    watch.start();
    await done;
    const statuses = watch.statuses();
    ticks();
    giveUp();
    await watch.stop('monitor');
    return { report: makeReport(watch.engine), problems: problemsOf(statuses) };
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

  return { result: judge(), cancel: over };
}

function progressOf(watch: Watch, options: CheckOptions): CheckProgress {
  const { sums } = watch.engine.totals;
  return {
    connections: options.connections,
    open: watch.statuses().filter((status) => status.state === 'open').length,
    runs: options.runs,
    triggered: watch.engine.triggers,
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
