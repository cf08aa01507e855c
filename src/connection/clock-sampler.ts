import type { Clock } from '#base/clock.ts';
import { durationMs, type EpochMs } from '#base/units.ts';

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
/** A few quick samples first: the one of the smallest round trip is used, and one alone may have been unlucky. */
const quickSamples = 4;
const quickPause = durationMs(250);
const steadyPause = durationMs(15_000);
/** A target that left several questions in a row unanswered is asked rarely. */
const patience = 3;
const rarePause = durationMs(300_000);

/** Keeps one open socket's clock known: one question at a time, four quick ones first, then one every 15 s. */
export class ClockSampler {
  readonly #clock: Clock;
  readonly #ask: AskClock;
  readonly #sampled: (sample: ClockSample) => void;
  #cancel: () => void = () => undefined;
  #samples = 0;
  #unanswered = 0;
  /** Counts the questions, so that a late answer finds its question closed. */
  #question = 0;

  constructor(clock: Clock, ask: AskClock, sampled: (sample: ClockSample) => void) {
    this.#clock = clock;
    this.#ask = ask;
    this.#sampled = sampled;
  }

  /** Asks for the first time. False: this target has no clock to ask, and the sampler stays idle. */
  start(): boolean {
    const question = (this.#question += 1);
    const sentAt = this.#clock.now();
    const asked = this.#ask(sentAt, (serverAt, receivedAt) => {
      if (question !== this.#question) return;
      this.#unanswered = 0;
      this.#samples += 1;
      this.#next(this.#samples < quickSamples ? quickPause : steadyPause);
      this.#sampled({ sentAt, serverAt, receivedAt });
    });
    if (!asked) return false;
    // An answer may have come at once, and the next question be due already.
    if (question === this.#question) {
      this.#cancel = this.#clock.after(answerTimeout, () => {
        this.#unanswered += 1;
        this.#next(this.#unanswered < patience ? steadyPause : rarePause);
      });
    }
    return true;
  }

  stop(): void {
    this.#question += 1;
    this.#cancel();
  }

  #next(pause: typeof steadyPause): void {
    this.stop();
    this.#cancel = this.#clock.after(pause, () => this.start());
  }
}
