import type { Clock } from '#base/clock.ts';
import { durationMs, later, type EpochMs } from '#base/units.ts';
import type { Heartbeat, LinkProbe } from './connection.ts';

/** One answered question. The first and the last are on the monitor's clock, `serverAt` on the target's. */
export interface ClockSample {
  readonly sentAt: EpochMs;
  readonly serverAt: EpochMs;
  readonly receivedAt: EpochMs;
}

/** Asks once. Calls `answered` at most once, with what the target's clock said and when that was received. False: it cannot be asked now. */
export type AskClock = (sentAt: EpochMs, answered: (serverAt: EpochMs, receivedAt: EpochMs) => void) => boolean;

/** After this an answer no longer counts. */
export const answerTimeout = durationMs(5000);
/**
 * Quick samples first: the one of the smallest round trip is used, and one alone may have been unlucky. As many as are compared
 * with each other, so that after a reconnect, or a step of this machine's clock, none from before it is used for long.
 */
const quickSamples = 8;
const quickPause = durationMs(250);
const steadyPause = durationMs(15_000);
/** A target that left several questions in a row unanswered is asked rarely. */
const patience = 3;
const rarePause = durationMs(300_000);
/** A target that answers is asked also when nothing was heard for `intervalMs`: a dead link is known within 8 s, whatever its transport promises. */
const ownHeartbeat: Heartbeat = { intervalMs: durationMs(4500), timeoutMs: durationMs(3500) };

/**
 * Keeps one open socket's clock known: one question at a time, some quick ones first, then one every 15 s. The same questions are
 * the monitor's own sign that the link is alive: where nothing is heard, they come sooner.
 */
export class ClockSampler {
  readonly #clock: Clock;
  readonly #ask: AskClock;
  readonly #heardAt: () => EpochMs;
  readonly #sampled: (sample: ClockSample) => void;
  #cancel: () => void = () => undefined;
  #samples = 0;
  #unanswered = 0;
  /** The target answered, and did not cease to. */
  #answers = false;
  /** When the first of the questions left that were not answered. */
  #askedAt: EpochMs | undefined;
  /** Counts the questions, so that a late answer finds its question closed. */
  #question = 0;

  /** @param heardAt when anything last came over this socket */
  constructor(clock: Clock, ask: AskClock, heardAt: () => EpochMs, sampled: (sample: ClockSample) => void) {
    this.#clock = clock;
    this.#ask = ask;
    this.#heardAt = heardAt;
    this.#sampled = sampled;
  }

  /** Begins with quick samples, or begins anew. False: this target has no clock to ask, and the sampler stays idle. */
  start(): boolean {
    this.#samples = 0;
    return this.#askNow();
  }

  stop(): void {
    this.#question += 1;
    this.#cancel();
  }

  /** What the target is known to do: undefined until its first answer, and where it ceased to answer though it goes on to send. */
  get probe(): LinkProbe | undefined {
    if (!this.#answers) return undefined;
    const isOpen = this.#askedAt !== undefined && this.#heardAt() <= this.#askedAt;
    return { ...ownHeartbeat, askedAt: isOpen ? this.#askedAt : undefined };
  }

  #askNow(): boolean {
    this.stop();
    const question = this.#question;
    const sentAt = this.#clock.now();
    if (this.#askedAt === undefined || this.#heardAt() > this.#askedAt) this.#askedAt = sentAt;
    const asked = this.#ask(sentAt, (serverAt, receivedAt) => {
      if (question !== this.#question) return;
      this.#answers = true;
      this.#unanswered = 0;
      this.#askedAt = undefined;
      this.#samples += 1;
      this.#askAfter(this.#samples < quickSamples ? quickPause : steadyPause);
      this.#sampled({ sentAt, serverAt, receivedAt });
    });
    if (!asked) return false;
    // An answer may have come at once, and the next question be due already.
    if (question === this.#question) this.#cancel = this.#clock.after(answerTimeout, () => this.#giveUp(sentAt));
    return true;
  }

  #giveUp(sentAt: EpochMs): void {
    // Of a link over which nothing came at all, it is not known whether the target would have answered.
    if (!this.#answers || this.#heardAt() > sentAt) this.#unanswered += 1;
    if (this.#unanswered >= patience) this.#answers = false;
    this.#askAfter(this.#unanswered < patience ? steadyPause : rarePause);
  }

  #askAfter(pause: typeof steadyPause): void {
    this.stop();
    this.#askAt(later(this.#clock.now(), pause));
  }

  /** Asks at `dueAt`, or as soon as nothing was heard for too long; that moment moves on with all that is heard. */
  #askAt(dueAt: EpochMs): void {
    const soonest = this.#answers ? Math.min(dueAt, later(this.#heardAt(), ownHeartbeat.intervalMs)) : dueAt;
    const wait = durationMs(soonest - this.#clock.now());
    if (wait <= 0) this.#askNow();
    else this.#cancel = this.#clock.after(wait, () => this.#askAt(dueAt));
  }
}
