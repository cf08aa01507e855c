import { epochMs, type EpochMs } from '#base/units.ts';
import type { TimelineDensity } from '#monitor/snapshot.ts';

/** The events of a bucket of time, all lanes together. */
export interface DensityColumn {
  readonly at: EpochMs;
  readonly count: number;
  readonly flagged: number;
}

export interface DensityColumns {
  readonly columns: readonly DensityColumn[];
  readonly bucketMs: number;
  /** Where the first bucket begins. */
  readonly from: EpochMs;
}

export const noColumns: DensityColumns = { columns: [], bucketMs: 0, from: epochMs(0) };

const classes = 8;
const flaggedClass = 7;

/** The counts of all lanes together, bucket by bucket. */
export function columnsOf(density: TimelineDensity | null): DensityColumns {
  if (density === null) return noColumns;
  const sums = new Map<number, { count: number; flagged: number }>();
  density.buckets.forEach((bucket, cell) => {
    let sum = sums.get(bucket);
    if (sum === undefined) sums.set(bucket, (sum = { count: 0, flagged: 0 }));
    for (let kind = 0; kind < flaggedClass; kind += 1) sum.count += density.counts[cell * classes + kind] ?? 0;
    sum.flagged += density.counts[cell * classes + flaggedClass] ?? 0;
  });
  return { bucketMs: density.bucketMs, from: density.from, columns: Array.from(sums, ([bucket, sum]) => ({ at: epochMs(density.from + bucket * density.bucketMs), ...sum })) };
}
