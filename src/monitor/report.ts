import type { EpochMs } from '#base/units.ts';
import type { Slo } from '#environment/schema.ts';
import type { RunFault, RunStatus, ViolationKind } from '#runs/run.ts';
import { assess } from '#slo/reliability.ts';
import type { CrossTalk, Engine } from './engine.ts';
import { runReport } from './run-report.ts';
import { addShare, emptySums, shareOf, sloCounts, type RunSums } from './run-totals.ts';

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

/** Of which runs a report's `slo` speaks. */
export interface ReportOptions {
  /** Only runs closed in the last so many milliseconds; left out: all since the first record. */
  readonly windowMs?: number;
}

/** The report of an engine as it stands. A pure reading: it changes nothing. */
export function makeReport(engine: Engine, options: ReportOptions = {}): Report {
  const { totals } = engine;
  const slo = sloReport(options.windowMs === undefined ? totals.sums : windowSums(engine, options.windowMs), engine.slo);
  return {
    format: 'runwatch-report',
    version: 1,
    environment: engine.header.environment.id,
    verdict: verdictOf(engine, slo),
    frames: { ...engine.frames, rejectedBy: Object.fromEntries(engine.rejectedBy) },
    events: { ...engine.events, byType: plainCounts(engine.byType) },
    runs: Array.from(engine.tracker.runs(), runReport),
    counts: countsOf(engine),
    slo,
    latency: engine.latency.summary(),
    crossTalk: engine.crossTalk.map(crossTalkReport),
  };
}

/** Runs by status since the first record, forgotten ones included. */
export function countsOf(engine: Engine): Report['counts'] {
  const { complete, incomplete, failed, inconclusive, good } = engine.totals.sums;
  return { running: engine.totals.running, complete, incomplete, failed, inconclusive, good };
}

/**
 * The sums over the runs that were closed in the last `windowMs` and are known still. Looks at each of them, which a report may;
 * what is asked every second has its windows counted as they roll (window-set.ts).
 */
export function windowSums(engine: Engine, windowMs: number): RunSums {
  const sums = emptySums();
  for (const run of engine.tracker.closedNewestFirst()) {
    if ((run.closedAt ?? 0) <= engine.now - windowMs) break;
    addShare(sums, shareOf(run), 1);
  }
  return sums;
}

/** What sums over runs say of the promise. */
export function sloReport(sums: RunSums, { target, sli }: Pick<Slo, 'target' | 'sli'>): SloReport {
  const counts = sloCounts(sums, sli);
  return { target, sli, ...counts, ...assess({ ...counts, target }) };
}

export function crossTalkReport(leak: CrossTalk): CrossTalkReport {
  const owner = typeof leak.owner === 'string' ? leak.owner : (leak.owner.user ?? leak.owner.id);
  return { at: leak.at, connection: leak.connection, type: leak.type, owner };
}

function verdictOf(engine: Engine, slo: SloReport): Report['verdict'] {
  const { asked } = engine.header;
  if (engine.events.crossTalk > 0 || (slo.ratio !== null && slo.ratio < slo.target)) return 'fail';
  if (slo.valid === 0) return 'inconclusive';
  if (asked?.requireProof === true && slo.verdict !== 'met') return 'inconclusive';
  if (asked?.runs !== undefined && engine.triggers < asked.runs) return 'inconclusive';
  return 'pass';
}

/** A remote name such as `__proto__` becomes a plain field of its own. */
function plainCounts(counts: ReadonlyMap<string, number>): Readonly<Record<string, number>> {
  const plain: Record<string, number> = Object.create(null);
  for (const [name, count] of counts) plain[name] = count;
  return plain;
}
