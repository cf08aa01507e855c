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

  /** The home of an id, undefined if it has none (any more) at `at`. */
  of(id: string, at: number): RunConnection | undefined {
    const home = this.#homes.get(id);
    if (home === undefined) return undefined;
    if (home.holders === 0 && home.namedAt + this.#rememberMs <= at) {
      this.#homes.delete(id);
      return undefined;
    }
    return home.connection;
  }

  /** Notes that an event named an id, and gives it a home if it has none. */
  name(id: string, connection: RunConnection, at: number): void {
    if (this.of(id, at) !== undefined) return this.touch(id, at);
    this.#homes.set(id, { connection, triggered: false, namedAt: at, holders: 0 });
    this.#queue.push({ id, at });
  }

  /** Notes that a trigger named an id: its home is where the first trigger named it, whatever events said before. */
  trigger(id: string, connection: RunConnection, at: number): void {
    this.name(id, connection, at);
    const home = this.#homes.get(id);
    if (home === undefined || home.triggered) return;
    home.triggered = true;
    home.connection = connection;
  }

  /** Notes that an id was named by an event that may not give it a home. */
  touch(id: string, at: number): void {
    const home = this.#homes.get(id);
    if (home !== undefined && at > home.namedAt) home.namedAt = at;
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

  /** Frees what may be forgotten at `at`. Only memory depends on it: `of` looks at the time itself. */
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
}
