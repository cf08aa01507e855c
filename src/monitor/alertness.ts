import type { Clock } from '#base/clock.ts';
import { durationMs, type EpochMs } from '#base/units.ts';
import type { BlindCause } from '#record/record.ts';

const tickMs = 500;
/** A ticker that stood still for longer was not running: nothing of that time can be trusted. */
const longestGapMs = 2000;

/**
 * Notices when the monitor itself could not see: its own ticker stood still, or the machine was offline.
 * Ask `check` before anything that happened is recorded, so that blindness is known before what it explains.
 */
export class Alertness {
  readonly #clock: Clock;
  readonly #wasBlind: (from: EpochMs, at: EpochMs, cause: BlindCause) => void;
  readonly #tick: (now: EpochMs) => void;
  #lastTick: EpochMs;
  #offlineSince: EpochMs | undefined;
  #cancel: (() => void) | undefined;

  /**
   * @param wasBlind the monitor has just woken; it was blind `from` then until `at`
   * @param tick called about twice a second
   */
  constructor(clock: Clock, wasBlind: (from: EpochMs, at: EpochMs, cause: BlindCause) => void, tick: (now: EpochMs) => void) {
    this.#clock = clock;
    this.#wasBlind = wasBlind;
    this.#tick = tick;
    this.#lastTick = clock.now();
  }

  start(): void {
    this.#lastTick = this.#clock.now();
    this.#schedule();
  }

  /** Nothing is told any more. */
  stop(): void {
    this.#cancel?.();
    this.#cancel = undefined;
    this.#offlineSince = undefined;
  }

  /** Notices a ticker that stood still; `now` is when what is to be recorded happened. */
  check(now: EpochMs): void {
    if (now - this.#lastTick > longestGapMs) {
      const from = this.#lastTick;
      this.#lastTick = now;
      this.#wasBlind(from, now, 'stalled');
    }
  }

  /** The machine lost its network, or has it again. Heard only between start and stop. */
  online(online: boolean): void {
    if (this.#cancel === undefined) return;
    if (!online) {
      this.#offlineSince ??= this.#clock.now();
    } else if (this.#offlineSince !== undefined) {
      const from = this.#offlineSince;
      this.#offlineSince = undefined;
      this.#wasBlind(from, this.#clock.now(), 'offline');
    }
  }

  /** True while the machine is offline. */
  get blindNow(): boolean {
    return this.#offlineSince !== undefined;
  }

  #schedule(): void {
    this.#cancel = this.#clock.after(durationMs(tickMs), () => {
      const now = this.#clock.now();
      this.check(now);
      this.#lastTick = now;
      this.#tick(now);
      this.#schedule();
    });
  }
}
