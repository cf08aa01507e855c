import type { Run, RunStatus } from '#runs/run.ts';

/** What one closed run adds to the totals. */
interface Share {
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

/** Adds a closed run to sums. */
export function addRun(sums: RunSums, run: Run): void {
  add(sums, shareOf(run), 1);
}

/**
 * The sums since the first record. They outlive the runs: a run that is forgotten stays counted, and one that is
 * judged anew is counted anew.
 */
export class RunTotals {
  readonly sums = emptySums();
  readonly #shares = new Map<Run, Share>();
  running = 0;

  opened(): void {
    this.running += 1;
  }

  closed(run: Run): void {
    this.running -= 1;
    const share = shareOf(run);
    this.#shares.set(run, share);
    add(this.sums, share, 1);
  }

  rejudged(run: Run): void {
    const before = this.#shares.get(run);
    if (before === undefined) return;
    add(this.sums, before, -1);
    const share = shareOf(run);
    this.#shares.set(run, share);
    add(this.sums, share, 1);
  }

  forgotten(run: Run): void {
    this.#shares.delete(run);
  }
}

function shareOf(run: Run): Share {
  const { expected, delivered } = run.delivery;
  return { status: run.statusIfClosed, good: Number(run.good), expected, delivered };
}

function add(sums: RunSums, share: Share, sign: 1 | -1): void {
  sums[share.status] += sign;
  sums.good += sign * share.good;
  if (share.status !== 'complete' && share.status !== 'incomplete') return;
  sums.expected += sign * share.expected;
  sums.delivered += sign * share.delivered;
}
