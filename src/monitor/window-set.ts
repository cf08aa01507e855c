import type { EpochMs } from '#base/units.ts';
import type { Run } from '#runs/run.ts';
import { addShare, emptySums, type RunSums } from './run-totals.ts';
import { WindowQueue } from './window-queue.ts';
import { WindowTally, windowShare, type WindowShare } from './window-tally.ts';

export interface WindowSetOptions {
  /** The window that the screen judges, in milliseconds. */
  readonly windowMs: number;
  /** The windows of the burn alerts, in milliseconds. */
  readonly burnWindowsMs: readonly number[];
  /** The event type that the contract ends a run with. */
  readonly last: string;
}

/** Every window of one environment, rolled over the closed runs that an engine knows: tell it what its listener is told. */
export class WindowSet {
  /** As of the last `advance`. */
  readonly shown = new WindowTally();
  readonly #burn: ReadonlyMap<number, RunSums>;
  readonly #queue: WindowQueue<WindowShare>;

  constructor({ windowMs, burnWindowsMs, last }: WindowSetOptions) {
    const { shown } = this;
    this.#burn = new Map(burnWindowsMs.map((burnMs) => [burnMs, emptySums()]));
    this.#queue = new WindowQueue((run, before) => windowShare(run, last, before), [
      { windowMs, count: (share, sign) => shown.count(share, sign) },
      ...Array.from(this.#burn, ([burnMs, sums]) => ({ windowMs: burnMs, count: (share: WindowShare, sign: 1 | -1) => addShare(sums, share, sign) })),
    ]);
  }

  closed(run: Run): void {
    this.#queue.closed(run);
  }

  rejudged(run: Run): void {
    this.#queue.rejudged(run);
  }

  forgotten(run: Run): void {
    this.#queue.forgotten(run);
  }

  /** Lets runs that are too old by `now` leave their windows. */
  advance(now: EpochMs): void {
    this.#queue.advance(now);
  }

  /** The sums of one of the burn windows, as of the last `advance`. */
  burnSums(windowMs: number): Readonly<RunSums> {
    return this.#burn.get(windowMs) ?? emptySums();
  }
}
