import { invariant } from '#base/assert.ts';
import { LogBuckets, onlyCounted, smallestMagnitude } from './log-buckets.ts';

/**
 * Counts finite numbers so that any quantile can be told later, in bounded memory (80 kB at the very most, 8 kB for
 * values between 1 ms and 10 s).
 *
 * The buckets are those of DDSketch (Masson, Rim, Lee: "DDSketch", PVLDB 12, 2019), but never collapsed. A quantile is
 * within 0.5 % of the exact nearest-rank value where that lies between 1e-6 and 1e15 in magnitude; nearer to zero it is
 * within 1e-6, and whatever lies farther out reads as about 1e15. The count is exact; the smallest and the largest value are until
 * something is taken out.
 */
export class Histogram {
  readonly #negative = new LogBuckets();
  readonly #positive = new LogBuckets();
  #zeros = 0;
  #count = 0;
  #min = Infinity;
  #max = -Infinity;
  /** Something was taken out, so `#min` and `#max` are bounds: the values that they were may be gone. */
  #endsAreBounds = false;

  get count(): number {
    return this.#count;
  }

  /** The smallest value, within 1 % below it once something was taken out (near zero 2e-6); undefined if there is none. */
  get min(): number | undefined {
    if (this.#count === 0) return undefined;
    return this.#endsAreBounds ? Math.max(this.#min, this.#lowerEdge()) : this.#min;
  }

  /** The largest value, within 1 % above it once something was taken out (near zero 2e-6); undefined if there is none. */
  get max(): number | undefined {
    if (this.#count === 0) return undefined;
    return this.#endsAreBounds ? Math.min(this.#max, this.#upperEdge()) : this.#max;
  }

  /** @param times how often the value came, a whole number above 0 */
  add(value: number, times = 1): void {
    this.#change(value, times);
    if (value < this.#min) this.#min = value;
    if (value > this.#max) this.#max = value;
  }

  /** Takes out a value that was added before, so that a window can roll on. */
  remove(value: number): void {
    this.#change(value, -1);
    this.#endsAreBounds = true;
    if (this.#count === 0) this.#forgetEnds();
  }

  /** Takes in all that `other` counted; `other` stays as it is. */
  merge(other: Histogram): void {
    this.#positive.merge(other.#positive);
    this.#negative.merge(other.#negative);
    this.#zeros += other.#zeros;
    this.#count += other.#count;
    this.#min = Math.min(this.#min, other.#min);
    this.#max = Math.max(this.#max, other.#max);
    this.#endsAreBounds ||= other.#endsAreBounds;
  }

  /** Forgets everything, and keeps its memory for what comes next. */
  clear(): void {
    this.#positive.clear();
    this.#negative.clear();
    this.#zeros = 0;
    this.#count = 0;
    this.#forgetEnds();
  }

  /**
   * The value at rank ceil(q · count), at least 1, in ascending order (nearest rank); undefined if nothing was counted.
   *
   * @param q between 0 and 1
   */
  quantile(q: number): number | undefined {
    if (this.#count === 0) return undefined;
    const rank = Math.max(1, Math.ceil(q * this.#count));
    if (!this.#endsAreBounds && rank === 1) return this.#min;
    if (!this.#endsAreBounds && rank >= this.#count) return this.#max;
    return Math.min(this.#max, Math.max(this.#min, this.#valueAt(rank)));
  }

  #change(value: number, by: number): void {
    invariant(Number.isFinite(value), 'a histogram counts finite numbers');
    if (value >= smallestMagnitude) this.#positive.change(value, by);
    else if (value <= -smallestMagnitude) this.#negative.change(-value, by);
    else {
      invariant(this.#zeros + by >= 0, onlyCounted);
      this.#zeros += by;
    }
    this.#count += by;
  }

  #forgetEnds(): void {
    this.#min = Infinity;
    this.#max = -Infinity;
    this.#endsAreBounds = false;
  }

  #valueAt(rank: number): number {
    const negatives = this.#negative.count;
    // The negative value that is farthest from zero is the first in ascending order.
    if (rank <= negatives) return -this.#negative.valueAt(negatives - rank + 1);
    if (rank <= negatives + this.#zeros) return 0;
    return this.#positive.valueAt(rank - negatives - this.#zeros);
  }

  #lowerEdge(): number {
    if (this.#negative.count > 0) return -this.#negative.upperEdge();
    return this.#zeros > 0 ? -smallestMagnitude : this.#positive.lowerEdge();
  }

  #upperEdge(): number {
    if (this.#positive.count > 0) return this.#positive.upperEdge();
    return this.#zeros > 0 ? smallestMagnitude : -this.#negative.lowerEdge();
  }
}
