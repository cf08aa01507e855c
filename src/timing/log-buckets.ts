import { invariant } from '#base/assert.ts';

/** Magnitudes below this count as zero: a thousandth of the step of a millisecond clock with microseconds. */
export const smallestMagnitude = 1e-6;
/** Magnitudes above this share the last bucket, so that a hostile time stamp cannot make the counts grow. */
const largestMagnitude = 1e15;

/** What is broken when a count would fall below 0. */
export const onlyCounted = 'only what a histogram has counted can be taken out of it';

/** Each bucket is 1 % wide, so that its middle is within 1/201 = 0.4976 % of everything in it. */
const growth = 1.01;
const logGrowth = Math.log(growth);
const bucketOf = (magnitude: number): number => Math.ceil(Math.log(magnitude) / logGrowth);
const largestBucket = bucketOf(largestMagnitude);
/** Room is made in steps of this many buckets, so that a slowly widening range does not copy at every value. */
const roomStep = 64;

/** Counts positive numbers in buckets (growth^(i−1), growth^i]; the counts are one stretch of memory, grown on demand. */
export class LogBuckets {
  #counts = new Float64Array(0);
  /** Number of the bucket that stands first in `#counts`. */
  #first = 0;
  #count = 0;

  get count(): number {
    return this.#count;
  }

  /** Counts a number `by` times more, or where that is negative, less. */
  change(magnitude: number, by: number): void {
    const bucket = Math.min(largestBucket, bucketOf(magnitude));
    this.#makeRoom(bucket, bucket);
    this.#change(bucket - this.#first, by);
    this.#count += by;
  }

  /** Takes in the counts of `other`. */
  merge(other: LogBuckets): void {
    if (other.#count === 0) return;
    const last = other.#first + other.#counts.length - 1;
    this.#makeRoom(other.#first, last);
    const shift = other.#first - this.#first;
    other.#counts.forEach((count, place) => {
      if (count > 0) this.#change(place + shift, count);
    });
    this.#count += other.#count;
  }

  clear(): void {
    this.#counts.fill(0);
    this.#count = 0;
  }

  /** The middle of the bucket that holds the `rank`-th smallest number; the rank is between 1 and `count`. */
  valueAt(rank: number): number {
    let seen = 0;
    const place = this.#counts.findIndex((count) => (seen += count) >= rank);
    // Of all values, this one has the smallest relative distance to both edges.
    return (2 * growth ** (this.#first + place)) / (1 + growth);
  }

  /** No number counted is below this; only where something is counted. */
  lowerEdge(): number {
    return growth ** (this.#first + this.#counts.findIndex((count) => count > 0) - 1);
  }

  /** No number counted is above this, those beyond the largest magnitude aside; only where something is counted. */
  upperEdge(): number {
    const bucket = this.#first + this.#counts.findLastIndex((count) => count > 0);
    return bucket === largestBucket ? Infinity : growth ** bucket;
  }

  #change(place: number, by: number): void {
    const count = (this.#counts[place] ?? 0) + by;
    invariant(count >= 0, onlyCounted);
    this.#counts[place] = count;
  }

  #makeRoom(from: number, to: number): void {
    const isEmpty = this.#counts.length === 0;
    const end = this.#first + this.#counts.length;
    if (!isEmpty && from >= this.#first && to < end) return;
    const newFirst = Math.floor((isEmpty ? from : Math.min(from, this.#first)) / roomStep) * roomStep;
    const newEnd = Math.ceil((isEmpty ? to + 1 : Math.max(to + 1, end)) / roomStep) * roomStep;
    const counts = new Float64Array(newEnd - newFirst);
    if (!isEmpty) counts.set(this.#counts, this.#first - newFirst);
    this.#counts = counts;
    this.#first = newFirst;
  }
}
