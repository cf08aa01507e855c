/**
 * The distinct sequence numbers of a run, kept as one gap-free stretch and the few numbers outside it,
 * so that a run of a million events in order costs two numbers.
 */
export class Sequence {
  #from = 0;
  #to = -1;
  #outside: Set<number> | undefined;
  #lowest = Number.POSITIVE_INFINITY;
  #highest = Number.NEGATIVE_INFINITY;
  #wentBack = false;

  /** Takes note of the next event's number, in receive order. */
  add(seq: number): void {
    if (seq < this.#highest) this.#wentBack = true;
    if (seq < this.#lowest) this.#lowest = seq;
    if (seq > this.#highest) this.#highest = seq;
    if (this.#to < this.#from) {
      this.#from = seq;
      this.#to = seq;
    } else if (seq === this.#to + 1) {
      this.#to = seq;
      while (this.#outside?.delete(this.#to + 1) === true) this.#to += 1;
    } else if (seq === this.#from - 1) {
      this.#from = seq;
      while (this.#outside?.delete(this.#from - 1) === true) this.#from -= 1;
    } else if (seq < this.#from || seq > this.#to) {
      this.#outside ??= new Set();
      this.#outside.add(seq);
    }
  }

  /** True if a number was lower than one received before it. */
  get wentBack(): boolean {
    return this.#wentBack;
  }

  /** How many numbers between the lowest and the highest never came. */
  get gaps(): number {
    if (this.#to < this.#from) return 0;
    const missing = this.#highest - this.#lowest + 1 - (this.#to - this.#from + 1) - (this.#outside?.size ?? 0);
    // A target may send any integer; a report must stay a number that JSON can carry.
    return Math.min(missing, Number.MAX_SAFE_INTEGER);
  }
}
