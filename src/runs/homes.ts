import type { Run } from './run.ts';
import type { RunConnection } from './run-connection.ts';

/** Where an id is at home. */
export interface Home {
  readonly id: string;
  connection: RunConnection;
  /** A trigger named it: the monitor knows best to whom its own runs belong, so no later name moves it. */
  triggered: boolean;
  namedAt: number;
  /** The known runs that are named by the id, whatever their connection, in the order in which they were opened. */
  holders: readonly Run[];
  /** No home any more. */
  forgotten: boolean;
  /** When it was last looked at whether it may be forgotten. */
  sweptAt: number;
}

const sweepEveryMs = 1000;

/**
 * The connection on which each run id (or each thread id) was first named. An id that no run holds is forgotten
 * `rememberMs` after it was last named; a held one is forgotten with its last holder.
 */
export class Homes {
  readonly #rememberMs: number;
  /** In the order in which they were last looked at. */
  readonly #homes = new Map<string, Home>();
  #nextSweep = Number.NEGATIVE_INFINITY;

  constructor(rememberMs: number) {
    this.#rememberMs = rememberMs;
  }

  /**
   * Notes that an id was named, and gives its home; undefined if it has none (any more) at `at`.
   *
   * @param guess the home that it most likely is, found without a look-up
   */
  named(id: string, at: number, guess?: Home): Home | undefined {
    const home = guess?.id === id && !guess.forgotten ? guess : this.#homes.get(id);
    if (home === undefined) return undefined;
    if (this.#isOver(home, at)) {
      this.#forget(home);
      return undefined;
    }
    if (at > home.namedAt) home.namedAt = at;
    return home;
  }

  /** Gives a home to an id that has none. */
  settle(id: string, connection: RunConnection, at: number): Home {
    const home: Home = { id, connection, triggered: false, namedAt: at, holders: [], forgotten: false, sweptAt: at };
    this.#homes.set(id, home);
    return home;
  }

  /** Notes that a trigger named an id: its home is where the first trigger named it, whatever events said before. */
  trigger(id: string, connection: RunConnection, at: number): void {
    const home = this.named(id, at) ?? this.settle(id, connection, at);
    if (home.triggered) return;
    home.triggered = true;
    home.connection = connection;
  }

  /** A run is named by the id. */
  hold(id: string, run: Run): void {
    const home = this.#homes.get(id);
    if (home === undefined) return;
    const place = home.holders.findLastIndex((other) => other.ordinal < run.ordinal);
    home.holders = home.holders.toSpliced(place + 1, 0, run);
  }

  /** A run that held the id is forgotten; with the last one the id is too. */
  release(id: string, run: Run): void {
    const home = this.#homes.get(id);
    if (home === undefined) return;
    home.holders = home.holders.filter((other) => other !== run);
    if (home.holders.length === 0) this.#forget(home);
  }

  /** Frees what may be forgotten at `at`, once a second. Only memory depends on it: `named` looks at the time itself. */
  sweep(at: number): void {
    if (at < this.#nextSweep) return;
    this.#nextSweep = at + sweepEveryMs;
    for (const home of this.#homes.values()) {
      if (home.sweptAt + this.#rememberMs > at) break;
      if (this.#isOver(home, at)) {
        this.#forget(home);
      } else {
        // Still needed: it gets another round, behind the others.
        home.sweptAt = at;
        this.#homes.delete(home.id);
        this.#homes.set(home.id, home);
      }
    }
  }

  get size(): number {
    return this.#homes.size;
  }

  #isOver({ holders, namedAt }: Home, at: number): boolean {
    return holders.length === 0 && namedAt + this.#rememberMs <= at;
  }

  #forget(home: Home): void {
    home.forgotten = true;
    this.#homes.delete(home.id);
  }
}
