import { invariant } from '#base/assert.ts';
import { LogBuckets, smallestMagnitude } from './log-buckets.ts';

/**
 * Counts finite numbers so that any quantile can be told later, in bounded memory (80 kB at the very most, 8 kB for
 * values between 1 ms and 10 s).
 *
 * The buckets are those of DDSketch (Masson, Rim, Lee: "DDSketch", PVLDB 12, 2019), but never collapsed. A quantile is
 * within 0.5 % of the exact nearest-rank value where that lies between 1e-6 and 1e15 in magnitude; nearer to zero it is
 * within 1e-6, and whatever lies farther out reads as about 1e15. Count, smallest and largest value are exact until `subtract`.
 */
export class Histogram {
  readonly #negative = new LogBuckets();
  readonly #positive = new LogBuckets();
  #zeros = 0;
  #count = 0;
  #min = Infinity;
  #max = -Infinity;

  get count(): number {
    return this.#count;
  }

  /** The smallest value; undefined if there is none. */
  get min(): number | undefined {
    return this.#count === 0 ? undefined : this.#min;
  }

  /** The largest value; undefined if there is none. */
  get max(): number | undefined {
    return this.#count === 0 ? undefined : this.#max;
  }

  add(value: number): void {
    invariant(Number.isFinite(value), 'a histogram counts finite numbers');
    if (value >= smallestMagnitude) this.#positive.add(value);
    else if (value <= -smallestMagnitude) this.#negative.add(-value);
    else this.#zeros += 1;
    this.#count += 1;
    if (value < this.#min) this.#min = value;
    if (value > this.#max) this.#max = value;
  }

  /** Takes in all that `other` counted; `other` stays as it is. */
  merge(other: Histogram): void {
    this.#positive.merge(other.#positive, 1);
    this.#negative.merge(other.#negative, 1);
    this.#zeros += other.#zeros;
    this.#count += other.#count;
    this.#min = Math.min(this.#min, other.#min);
    this.#max = Math.max(this.#max, other.#max);
  }

  /**
   * Takes out what was merged in before, so that a window can roll on. `other` must be part of this histogram.
   * The smallest and the largest value are then known only as well as a quantile is, within 1 % (near zero 2e-6), for
   * the value that was the exact one may have left a bucket in which others stay.
   */
  subtract(other: Histogram): void {
    this.#positive.merge(other.#positive, -1);
    this.#negative.merge(other.#negative, -1);
    this.#zeros -= other.#zeros;
    this.#count -= other.#count;
    invariant(this.#zeros >= 0, 'only what a histogram has counted can be taken out of it');
    if (this.#count === 0) {
      this.#min = Infinity;
      this.#max = -Infinity;
      return;
    }
    this.#min = Math.max(this.#min, this.#lowerEdge());
    this.#max = Math.min(this.#max, this.#upperEdge());
  }

  /** Forgets everything, and keeps its memory for what comes next. */
  clear(): void {
    this.#positive.clear();
    this.#negative.clear();
    this.#zeros = 0;
    this.#count = 0;
    this.#min = Infinity;
    this.#max = -Infinity;
  }

  /**
   * The value at rank ceil(q · count), at least 1, in ascending order (nearest rank); undefined if nothing was counted.
   *
   * @param q between 0 and 1
   */
  quantile(q: number): number | undefined {
    if (this.#count === 0) return undefined;
    const rank = Math.max(1, Math.ceil(q * this.#count));
    if (rank === 1) return this.#min;
    if (rank >= this.#count) return this.#max;
    return Math.min(this.#max, Math.max(this.#min, this.#valueAt(rank)));
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
