/**
 * A map whose keys are numbers that lie close together: they come in order and go in order, or nearly so. Its memory is the span from
 * the oldest to the newest key, and stays as it is while keys come and go; a `Map` that is as full doubles once more before it rests.
 */
export class OrdinalMap<T> {
  /** A ring whose length is a power of two: a key lies at its remainder. */
  #items: (T | undefined)[] = emptyRing(1024);
  /** No key is below `#first`, none is `#end` or above it. */
  #first = 0;
  #end = 0;
  #size = 0;

  get size(): number {
    return this.#size;
  }

  get(ordinal: number): T | undefined {
    return ordinal < this.#first || ordinal >= this.#end ? undefined : this.#items[ordinal & (this.#items.length - 1)];
  }

  has(ordinal: number): boolean {
    return this.get(ordinal) !== undefined;
  }

  /** @param ordinal a whole number from 0 to below 2³¹ */
  set(ordinal: number, item: T): void {
    if (this.#size === 0) {
      this.#first = ordinal;
      this.#end = ordinal;
    }
    const first = Math.min(this.#first, ordinal);
    const end = Math.max(this.#end, ordinal + 1);
    while (end - first > this.#items.length) this.#grow();
    if (!this.has(ordinal)) this.#size += 1;
    this.#items[ordinal & (this.#items.length - 1)] = item;
    this.#first = first;
    this.#end = end;
  }

  delete(ordinal: number): void {
    if (!this.has(ordinal)) return;
    this.#items[ordinal & (this.#items.length - 1)] = undefined;
    this.#size -= 1;
    while (this.#first < this.#end && this.get(this.#first) === undefined) this.#first += 1;
  }

  /** In the order of their keys. */
  *values(): Iterable<T> {
    for (let ordinal = this.#first; ordinal < this.#end; ordinal += 1) {
      const item = this.get(ordinal);
      if (item !== undefined) yield item;
    }
  }

  #grow(): void {
    const before = this.#items;
    const items = emptyRing<T>(before.length * 2);
    for (let ordinal = this.#first; ordinal < this.#end; ordinal += 1) items[ordinal & (items.length - 1)] = before[ordinal & (before.length - 1)];
    this.#items = items;
  }
}

const emptyRing = <T>(length: number): (T | undefined)[] => Array.from({ length }, () => undefined);
