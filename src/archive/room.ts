import type { CaptureFiles } from './capture-files.ts';
import type { CaptureLocks } from './capture-locks.ts';
import { evict, pinnedBecause, type CaptureMeta, type Segment } from './capture-meta.ts';

/** A file takes so many bytes at the most, and a budget holds so many files at least. */
const leastSegments = 16;
const leastSegmentBytes = 65_536;

export interface RoomOptions {
  readonly files: CaptureFiles;
  readonly locks: CaptureLocks;
  /** The captures that this page writes. */
  readonly writing: ReadonlyMap<string, CaptureMeta>;
  /** How many bytes all captures may take, when those that are there take so many. */
  readonly budgetBytes: (held: number) => Promise<number>;
  readonly segmentBytes: number;
}

/** The room that captures have: the oldest segments of all of them make room for new bytes; what is pinned, and what other pages write, stays. */
export class Room {
  readonly #options: RoomOptions;
  #budget: number | undefined;
  /** What all captures take. */
  bytes = 0;
  /** Records that made room so far. */
  evicted = 0;

  constructor(options: RoomOptions) {
    this.#options = options;
  }

  /** How many bytes all captures may take; 0 while nobody asked the browser. */
  get budget(): number {
    return this.#budget ?? 0;
  }

  /** How large a file may grow: small budgets have small ones, so that there is something to evict. */
  get segmentBytes(): number {
    return Math.min(this.#options.segmentBytes, Math.max(leastSegmentBytes, this.budget / leastSegments));
  }

  /** The browser has less than it said, or another program took it: from now on less is planned with. */
  shrink(): void {
    if (this.#budget !== undefined) this.#budget = Math.max(0, this.bytes - this.segmentBytes);
  }

  /** False where so many bytes do not fit, and nothing is left that could make room. */
  async make(length: number): Promise<boolean> {
    const { files, locks, writing } = this.#options;
    const budget = (this.#budget ??= await this.#firstBudget());
    if (this.bytes + length <= budget) return true;
    return locks.alone(async () => {
      // Other pages write too.
      const { metas, bytes } = await files.holdings(writing);
      this.bytes = bytes;
      const candidates = metas.flatMap((meta) => {
        const evictable = writing.has(meta.id) ? meta.segments.slice(0, -1) : meta.segments;
        return evictable.flatMap((segment) => (pinnedBecause(meta, segment).length > 0 ? [] : [{ meta, segment }]));
      });
      for (const { meta, segment } of candidates.sort((a, b) => a.segment.to - b.segment.to)) {
        if (this.bytes + length <= budget) break;
        await this.#evict(meta, segment);
      }
      return this.bytes + length <= budget;
    });
  }

  async #firstBudget(): Promise<number> {
    const { files, writing, budgetBytes } = this.#options;
    const { bytes } = await files.holdings(writing);
    this.bytes = bytes;
    return budgetBytes(bytes);
  }

  async #evict(meta: CaptureMeta, segment: Segment): Promise<void> {
    const { files, locks, writing } = this.#options;
    const isOurs = writing.has(meta.id);
    if (!isOurs && !(await locks.take(meta.id, 0))) return;
    try {
      evict(meta, segment);
      // Not known any more before it goes, so that nobody looks for what is not there.
      await files.save(meta);
      await files.removeSegment(meta, segment);
      if (meta.segments.length === 0 && !isOurs) await files.remove(meta);
      this.bytes -= segment.bytes;
      this.evicted += segment.records;
    } finally {
      if (!isOurs) locks.release(meta.id);
    }
  }
}
