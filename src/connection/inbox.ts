import type { Clock } from '#base/clock.ts';
import { durationMs, type EpochMs } from '#base/units.ts';
import type { WireMessage } from './connection.ts';
import type { Session } from './session.ts';

type Hearer = Pick<Session, 'hear'>;

/** A message waits this long for others to be taken together with. */
const patience = durationMs(3);
/** So many are taken at once, whatever the time. */
const mostWaiting = 256;

interface Waiting {
  readonly session: Hearer;
  readonly message: WireMessage;
  readonly at: EpochMs;
}

/**
 * Where messages wait, stamped with the time at which they came, when they come faster than one in a few milliseconds: taken
 * together, a message costs much less processor time than alone, since the code and the data for it are still
 * at hand. The first after a pause is taken at once.
 */
export class Inbox {
  readonly #clock: Clock;
  #waiting: Waiting[] = [];
  #emptiedAt = Number.NEGATIVE_INFINITY;
  #isEmptying = false;
  #isDue = false;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Takes a message that came at `at`. */
  put(session: Hearer, message: WireMessage, at: EpochMs): void {
    this.#waiting.push({ session, message, at });
    if (this.#isDue) {
      if (this.#waiting.length >= mostWaiting) this.empty();
      return;
    }
    if (at - this.#emptiedAt > patience) return this.empty();
    this.#isDue = true;
    this.#clock.after(patience, () => {
      this.#isDue = false;
      this.empty();
    });
  }

  /** Hands on all that waits. To be called before anything else is recorded: records go in the order of their times. */
  empty(): void {
    if (this.#isEmptying || this.#waiting.length === 0) return;
    this.#isEmptying = true;
    const waiting = this.#waiting;
    this.#waiting = [];
    try {
      for (const { session, message, at } of waiting) session.hear(message, at);
    } finally {
      this.#isEmptying = false;
      this.#emptiedAt = waiting.at(-1)?.at ?? this.#emptiedAt;
    }
  }
}
