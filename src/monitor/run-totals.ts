import { OrdinalMap } from '#base/ordinal-map.ts';
import type { Slo } from '#environment/schema.ts';
import type { Run, RunStatus } from '#runs/run.ts';
import type { Counts } from '#slo/reliability.ts';

/** What one closed run adds to sums, as it is judged now. */
export interface RunShare {
  readonly status: Exclude<RunStatus, 'running'>;
  readonly good: number;
  readonly expected: number;
  readonly delivered: number;
}

/** Sums over closed runs; `expected` and `delivered` over complete and incomplete ones alone. */
export interface RunSums {
  complete: number;
  incomplete: number;
  failed: number;
  inconclusive: number;
  good: number;
  expected: number;
  delivered: number;
}

export const emptySums = (): RunSums => ({ complete: 0, incomplete: 0, failed: 0, inconclusive: 0, good: 0, expected: 0, delivered: 0 });

/** What sums over runs count for the promise (contract.md, "Reliability against the target"). */
export function sloCounts({ complete, incomplete, failed, good, expected, delivered }: RunSums, sli: Slo['sli']): Counts {
  const judged = complete + incomplete;
  return sli === 'events' ? { good: delivered, valid: expected, trials: judged } : { good, valid: judged + failed, trials: judged + failed };
}

/**
 * The sums since the first record. They outlive the runs: a run that is forgotten stays counted, and one that is
 * judged anew is counted anew.
 */
export class RunTotals {
  readonly sums = emptySums();
  readonly #shares = new OrdinalMap<RunShare>();
  running = 0;

  opened(): void {
    this.running += 1;
  }

  closed(run: Run): void {
    this.running -= 1;
    const share = shareOf(run);
    this.#shares.set(run.ordinal, share);
    addShare(this.sums, share, 1);
  }

  rejudged(run: Run): void {
    const before = this.#shares.get(run.ordinal);
    if (before === undefined) return;
    addShare(this.sums, before, -1);
    const share = shareOf(run);
    this.#shares.set(run.ordinal, share);
    addShare(this.sums, share, 1);
  }

  forgotten(run: Run): void {
    this.#shares.delete(run.ordinal);
  }
}

export function shareOf(run: Run): RunShare {
  const { expected, delivered } = run.delivery;
  return { status: run.statusIfClosed, good: Number(run.good), expected, delivered };
}

/** Adds (`sign` 1) what a run counts for, or takes it out (`sign` −1). */
export function addShare(sums: RunSums, share: RunShare, sign: 1 | -1): void {
  sums[share.status] += sign;
  sums.good += sign * share.good;
  if (!isJudged(share)) return;
  sums.expected += sign * share.expected;
  sums.delivered += sign * share.delivered;
}

/** True of a run that says whether the target delivers. */
export const isJudged = ({ status }: RunShare): boolean => status === 'complete' || status === 'incomplete';
