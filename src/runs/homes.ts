import type { RunConnection } from './run-connection.ts';

/** Where an id is at home. */
interface Home {
  connection: RunConnection;
  /** A trigger named it: the monitor knows best to whom its own runs belong, so no later name moves it. */
  triggered: boolean;
  namedAt: number;
  /** How many known runs hold the id. */
  holders: number;
}

/**
 * The connection on which each run id (or each thread id) was first named. An id that no run holds is forgotten
 * `rememberMs` after it was last named; a held one is forgotten with its last holder.
 */
export class Homes {
  readonly #rememberMs: number;
  readonly #homes = new Map<string, Home>();
  /** Ids by when they may be forgotten at the earliest, oldest first; looked at again when that time comes. */
  #queue: { id: string; at: number }[] = [];
  #queueStart = 0;

  constructor(rememberMs: number) {
    this.#rememberMs = rememberMs;
  }

  /** Notes that an id was named, and gives its home; undefined if it has none (any more) at `at`. */
  named(id: string, at: number): RunConnection | undefined {
    return this.#named(id, at)?.connection;
  }

  /** Gives a home to an id that has none. */
  settle(id: string, connection: RunConnection, at: number): Home {
    const home = { connection, triggered: false, namedAt: at, holders: 0 };
    this.#homes.set(id, home);
    this.#queue.push({ id, at });
    return home;
  }

  /** Notes that a trigger named an id: its home is where the first trigger named it, whatever events said before. */
  trigger(id: string, connection: RunConnection, at: number): void {
    const home = this.#named(id, at) ?? this.settle(id, connection, at);
    if (home.triggered) return;
    home.triggered = true;
    home.connection = connection;
  }

  hold(id: string): void {
    const home = this.#homes.get(id);
    if (home !== undefined) home.holders += 1;
  }

  /** A run that held the id is forgotten; with the last one the id is too. */
  release(id: string): void {
    const home = this.#homes.get(id);
    if (home === undefined) return;
    home.holders -= 1;
    if (home.holders <= 0) this.#homes.delete(id);
  }

  /** Frees what may be forgotten at `at`. Only memory depends on it: `named` looks at the time itself. */
  sweep(at: number): void {
    for (;;) {
      const next = this.#queue[this.#queueStart];
      if (next === undefined || next.at + this.#rememberMs > at) break;
      this.#queueStart += 1;
      const home = this.#homes.get(next.id);
      if (home === undefined) continue;
      if (home.holders === 0 && home.namedAt + this.#rememberMs <= at) this.#homes.delete(next.id);
      // Still needed: it gets another round, at the end of the queue.
      else this.#queue.push({ id: next.id, at });
    }
    if (this.#queueStart > 1024 && this.#queueStart * 2 > this.#queue.length) {
      this.#queue = this.#queue.slice(this.#queueStart);
      this.#queueStart = 0;
    }
  }

  get size(): number {
    return this.#homes.size;
  }

  #named(id: string, at: number): Home | undefined {
    const home = this.#homes.get(id);
    if (home === undefined) return undefined;
    if (home.holders === 0 && home.namedAt + this.#rememberMs <= at) {
      this.#homes.delete(id);
      return undefined;
    }
    if (at > home.namedAt) home.namedAt = at;
    return home;
  }
}
