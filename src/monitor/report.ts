import type { EpochMs } from '#base/units.ts';

/** The report of records.md: the same for the screen, the CLI and `window.runwatch`. */
export interface Report {
  readonly format: 'runwatch-report';
  readonly version: 1;
  readonly environment: string;
  readonly verdict: 'pass' | 'fail' | 'inconclusive';
  readonly frames: {
    readonly received: number;
    readonly control: number;
    readonly eventful: number;
    readonly rejected: number;
    readonly rejectedBy: Readonly<Record<string, number>>;
  };
  readonly events: {
    readonly decoded: number;
    readonly attributed: number;
    readonly crossTalk: number;
    readonly echo: number;
    readonly duplicate: number;
    readonly late: number;
    readonly orphan: number;
    readonly byType: Readonly<Record<string, number>>;
  };
  readonly runs: readonly RunReport[];
  readonly counts: {
    readonly running: number;
    readonly complete: number;
    readonly incomplete: number;
    readonly failed: number;
    readonly inconclusive: number;
    readonly good: number;
  };
  readonly slo: SloReport;
  readonly latency: LatencyReport;
  readonly crossTalk: readonly CrossTalkReport[];
}

export type RunStatus = 'running' | 'complete' | 'incomplete' | 'failed' | 'inconclusive';
export type RunFault = 'none' | 'agent' | 'auth' | 'monitor' | 'network' | 'server';
export type ViolationKind = 'missing' | 'out_of_order' | 'sequence_gap' | 'duplicate' | 'late' | 'dumped';

export interface RunReport {
  readonly id: string;
  readonly connection: string;
  readonly user: string | null;
  readonly thread: string | null;
  readonly status: RunStatus;
  readonly fault: RunFault;
  readonly good: boolean;
  readonly openedAt: EpochMs;
  readonly closedAt: EpochMs | null;
  readonly expected: number;
  readonly delivered: number;
  readonly missing: readonly string[];
  readonly violations: Readonly<Partial<Record<ViolationKind, number>>>;
  readonly timeToFirstEventMs: number | null;
  readonly durationMs: number | null;
}

export interface SloReport {
  readonly target: number;
  readonly sli: 'events' | 'runs';
  readonly good: number;
  readonly valid: number;
  readonly ratio: number | null;
  readonly trials: number;
  /** Wilson's score interval, 95 %: drawn. */
  readonly interval: readonly [number, number];
  /** Clopper–Pearson, 95 % two-sided: decides. */
  readonly exact: readonly [number, number];
  readonly verdict: 'no-data' | 'met' | 'missed' | 'unproven';
  readonly cleanRunsNeeded: number | null;
  readonly budgetConsumed: number | null;
}

export interface LatencyReport {
  readonly count: number;
  readonly unsynced: number;
  readonly impossible: number;
  readonly p50: number | null;
  readonly p95: number | null;
  readonly p99: number | null;
  readonly max: number | null;
  readonly uncertaintyMs: number | null;
}

export interface CrossTalkReport {
  readonly at: EpochMs;
  readonly connection: string;
  readonly type: string;
  readonly owner: string;
}
