import type { StageRecord } from '#record/record.ts';
import { goldenPathOf } from '#runs/golden-path.ts';
import type { Run } from '#runs/run.ts';
import { Histogram } from '#timing/histogram.ts';
import { TypeTally } from '#monitor/completeness.ts';
import { comparedFlaws, type ComparedDurations, type ComparedFlaw } from './comparison-report.ts';
import { funnelOf, PathTally } from '#monitor/funnel.ts';
import type { Recording } from '#monitor/recording.ts';
import { addShare, emptySums, isJudged, shareOf } from '#monitor/run-totals.ts';
import type { GoldenPathStage } from '#monitor/snapshot.ts';

/** Rows that are looked at before others get their turn: about 5 ms. */
const rowsAtOnce = 65_536;
/** Events of several connections, or of a capture, lie a little out of order. */
const disorderMs = 10_000;

/** What one side of a comparison came to. */
export class ComparisonTally {
  readonly sums = emptySums();
  readonly byType = new TypeTally();
  readonly path = new PathTally();
  /** Runs with at least one of each kind of violation, and how many there are in all. */
  readonly flaws: Readonly<Record<ComparedFlaw, { runs: number; count: number }>>;
  /** Per event type: its delivery latencies, and how long after their triggers its events came. */
  readonly latencies = new Map<string, Histogram>();
  readonly sinceTrigger = new Map<string, Histogram>();
  /** The most that a latency may be wrong. */
  uncertaintyMs = 0;
  readonly #runs = new Map<number, Run>();

  constructor(runs: Iterable<Run>, last: string) {
    const none = (): { runs: number; count: number } => ({ runs: 0, count: 0 });
    this.flaws = { duplicate: none(), late: none(), out_of_order: none(), sequence_gap: none(), dumped: none() };
    for (const run of runs) this.#count(run, last);
  }

  /** Closed runs of any status. */
  get closed(): number {
    return this.#runs.size;
  }

  /** Reads the runs' stored events. Others get their turn in between: there may be a million. */
  async readEvents({ store, types, lanes, engine }: Recording): Promise<void> {
    const runs = [...this.#runs.values()];
    if (runs.length === 0) return;
    const from = runs.reduce((earliest, run) => Math.min(earliest, run.openedAt), Infinity);
    const to = runs.reduce((latest, run) => Math.max(latest, run.lastEventAt ?? run.openedAt), -Infinity);
    const heard = new Set<number>();
    for (let row = firstRowFrom(store, from - disorderMs), looked = 1; ; row += 1, looked += 1) {
      const event = store.event(row);
      if (event === undefined || event.at > to + disorderMs) break;
      const run = event.flags === 0 ? this.#runs.get(event.run) : undefined;
      if (run !== undefined) {
        const type = types.names[event.type] ?? '';
        if (run.triggered) histogramOf(this.sinceTrigger, type).add(event.at - run.openedAt);
        if (!Number.isNaN(event.latencyMs)) {
          histogramOf(this.latencies, type).add(event.latencyMs);
          heard.add(event.lane);
        }
      }
      if (looked % rowsAtOnce === 0) await new Promise((resolve) => setTimeout(resolve));
    }
    for (const lane of heard) {
      const clock = engine.clockOf(lanes[lane] ?? '');
      for (const run of [runs[0], runs.at(-1)]) this.uncertaintyMs = Math.max(this.uncertaintyMs, (run === undefined ? undefined : clock?.at(run.openedAt)?.uncertainty) ?? 0);
    }
  }

  /** How the runs fared along the golden path, and connections that came no further than their login or opening between `from` and `to`. */
  stages({ stages, lanes, environment }: Recording, from: number, to: number): GoldenPathStage[] {
    const inTime = new Map<string, StageRecord>();
    for (const [name, stage] of stages) if (stage.at >= from && stage.at < to) inTime.set(name, stage);
    return funnelOf(this.path, [], lanes.map((id) => ({ id, ready: false, error: undefined })), inTime, environment.contract.last);
  }

  #count(run: Run, last: string): void {
    this.#runs.set(run.ordinal, run);
    const share = shareOf(run);
    addShare(this.sums, share, 1);
    if (isJudged(share)) this.byType.count(run.delivery.byType, 1);
    if (run.triggered) this.path.count(run.connection.id, goldenPathOf(run, last), 1);
    for (const kind of comparedFlaws) {
      const count = run.violation(kind);
      this.flaws[kind].count += count;
      this.flaws[kind].runs += Number(count > 0);
    }
  }
}

/** Median and 95th percentile, within 0.5 %. */
export const durationsOf = (histogram: Histogram | undefined): ComparedDurations => ({
  count: histogram?.count ?? 0,
  p50: histogram?.quantile(0.5) ?? null,
  p95: histogram?.quantile(0.95) ?? null,
});

function histogramOf(histograms: Map<string, Histogram>, type: string): Histogram {
  let histogram = histograms.get(type);
  if (histogram === undefined) histograms.set(type, (histogram = new Histogram()));
  return histogram;
}

/** The first stored row that came at `at` or later; rows lie in the order of time, but for a little disorder. */
function firstRowFrom(store: Recording['store'], at: number): number {
  let low = store.evicted;
  let high = low + store.stored;
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if ((store.event(middle)?.at ?? Infinity) < at) low = middle + 1;
    else high = middle;
  }
  return low;
}
