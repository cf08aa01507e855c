/** Something that is due at a time; equal times go by the lower ordinal. */
export interface Due {
  readonly ordinal: number;
  /** When it is due now; it may move in either direction while queued. Infinity: never. */
  dueAt: number;
  /** The earliest time under which it is queued; kept by the queue. NaN: it is not. */
  queuedAt: number;
}

interface Entry<T extends Due> {
  readonly at: number;
  readonly item: T;
}

/**
 * A binary heap of due times that tolerates moves: an item that moved later is put back when its old time comes up,
 * one that moved earlier is queued again. So moving a deadline on with every event costs nothing.
 */
export class Deadlines<T extends Due> {
  readonly #heap: Entry<T>[] = [];

  /** Makes sure that `item` comes up at its `dueAt`. Call it whenever `dueAt` moved earlier, or at first. */
  schedule(item: T): void {
    if (item.queuedAt <= item.dueAt) return;
    item.queuedAt = item.dueAt;
    this.#push({ at: item.dueAt, item });
  }

  remove(item: T): void {
    item.queuedAt = Number.NaN;
  }

  /** The earliest item that is due at or before `limit`, left in the queue; undefined if there is none. */
  peek(limit: number): T | undefined {
    for (;;) {
      const top = this.#heap[0];
      if (top === undefined || top.at > limit) return undefined;
      // An entry is stale if its item was removed, or is queued under another time.
      const current = top.item.queuedAt === top.at;
      if (current && top.item.dueAt <= top.at) return top.item;
      this.#pop();
      if (!current) continue;
      this.remove(top.item);
      this.schedule(top.item);
    }
  }

  #push(entry: Entry<T>): void {
    const heap = this.#heap;
    let index = heap.length;
    heap.push(entry);
    while (index > 0) {
      const parent = (index - 1) >> 1;
      const above = heap[parent];
      if (above === undefined || !before(entry, above)) break;
      heap[index] = above;
      index = parent;
    }
    heap[index] = entry;
  }

  #pop(): void {
    const heap = this.#heap;
    const moved = heap.pop();
    if (moved === undefined || heap.length === 0) return;
    let index = 0;
    for (;;) {
      const left = heap[2 * index + 1];
      const right = heap[2 * index + 2];
      if (left === undefined) break;
      const takeRight = right !== undefined && before(right, left);
      const child = takeRight ? right : left;
      if (!before(child, moved)) break;
      heap[index] = child;
      index = 2 * index + (takeRight ? 2 : 1);
    }
    heap[index] = moved;
  }
}

const before = <T extends Due>(a: Entry<T>, b: Entry<T>): boolean => a.at < b.at || (a.at === b.at && a.item.ordinal < b.item.ordinal);
