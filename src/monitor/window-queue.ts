import { OrdinalMap } from '#base/ordinal-map.ts';
import type { Run } from '#runs/run.ts';

/** One window over the closed runs: what it is told is what was closed in the last so many milliseconds, and is known still. */
export interface RunWindow<Share> {
  readonly windowMs: number;
  /** Adds (`sign` 1) what a run counts for, or takes it out (`sign` −1); what it takes out is what it added. */
  count(share: Share, sign: 1 | -1): void;
}

interface Entry<Share> {
  readonly closedAt: number;
  share: Share;
  older: Entry<Share> | undefined;
  newer: Entry<Share> | undefined;
}

/** How far a window reaches back: it holds exactly the entries that were closed after `from`. */
interface Reach<Share> {
  readonly window: RunWindow<Share>;
  from: number;
  oldest: Entry<Share> | undefined;
}

/**
 * The known closed runs in order of closing, and windows that roll over them. A run costs each window one addition when it is
 * closed, one subtraction when it leaves, and both when it is judged anew; reading a window costs nothing.
 */
export class WindowQueue<Share> {
  readonly #shareOf: (run: Run, before?: Share) => Share;
  readonly #reaches: readonly Reach<Share>[];
  readonly #entries = new OrdinalMap<Entry<Share>>();
  #newest: Entry<Share> | undefined;

  /**
   * @param shareOf what a closed run counts for as it is judged now; `before` itself where that is what it counts for already.
   * It is kept until the run is judged anew, for it is taken out as it was added.
   */
  constructor(shareOf: (run: Run, before?: Share) => Share, windows: readonly RunWindow<Share>[]) {
    this.#shareOf = shareOf;
    this.#reaches = windows.map((window) => ({ window, from: Number.NEGATIVE_INFINITY, oldest: undefined }));
  }

  /** Closes come in order but for the small disorder between connections. */
  closed(run: Run): void {
    const closedAt = run.closedAt ?? run.openedAt;
    let older = this.#newest;
    let newer: Entry<Share> | undefined;
    while (older !== undefined && older.closedAt > closedAt) {
      newer = older;
      older = older.older;
    }
    const entry: Entry<Share> = { closedAt, share: this.#shareOf(run), older, newer };
    if (older !== undefined) older.newer = entry;
    if (newer === undefined) this.#newest = entry;
    else newer.older = entry;
    this.#entries.set(run.ordinal, entry);
    for (const reach of this.#around(entry)) {
      reach.window.count(entry.share, 1);
      if (reach.oldest === newer) reach.oldest = entry;
    }
  }

  /** What is said of a closed run changed. One that is not known any more stays as it was left. */
  rejudged(run: Run): void {
    const entry = this.#entries.get(run.ordinal);
    if (entry === undefined) return;
    const before = entry.share;
    entry.share = this.#shareOf(run, before);
    if (entry.share === before) return;
    for (const { window } of this.#around(entry)) {
      window.count(before, -1);
      window.count(entry.share, 1);
    }
  }

  forgotten(run: Run): void {
    const entry = this.#entries.get(run.ordinal);
    if (entry === undefined) return;
    this.#entries.delete(run.ordinal);
    for (const reach of this.#around(entry)) {
      reach.window.count(entry.share, -1);
      if (reach.oldest === entry) reach.oldest = entry.newer;
    }
    const { older, newer } = entry;
    if (older !== undefined) older.newer = newer;
    if (newer === undefined) this.#newest = older;
    else newer.older = older;
    // A dead entry that held on to its neighbours would keep them from being collected early.
    entry.older = entry.newer = undefined;
  }

  /** Lets every window roll on to `now`: what it holds are the runs that were closed after `now` − its length. Time never goes back. */
  advance(now: number): void {
    for (const reach of this.#reaches) {
      reach.from = now - reach.window.windowMs;
      while (reach.oldest !== undefined && reach.oldest.closedAt <= reach.from) {
        reach.window.count(reach.oldest.share, -1);
        reach.oldest = reach.oldest.newer;
      }
    }
  }

  *#around(entry: Entry<Share>): Iterable<Reach<Share>> {
    for (const reach of this.#reaches) if (entry.closedAt > reach.from) yield reach;
  }
}
