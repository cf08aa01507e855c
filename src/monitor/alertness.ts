import type { Clock } from '#base/clock.ts';
import { between, durationMs, type DurationMs, type EpochMs } from '#base/units.ts';
import type { BlindCause } from '#record/record.ts';

const tickMs = 500;
/** A ticker that stood still for longer was not running: nothing of that time can be trusted. */
const longestGapMs = 2000;
/** Clocks that are only kept right move by less than this in a tick; one that moved further was set. */
const smallestStepMs = 250;
/** Two clocks are compared only where both were read within this time. */
const longestReadingMs = 50;

/** Who must know how alert the monitor is. */
export interface AlertnessListener {
  /** The monitor has just woken; it was blind `from` then until `at`. */
  wasBlind(from: EpochMs, at: EpochMs, cause: BlindCause): void;
  /** Called about twice a second. */
  tick(now: EpochMs): void;
  /** The wall clock went by this much more than the time that passed: it was set (negative: back), or the machine slept. */
  clockSet(at: EpochMs, by: DurationMs): void;
}

/**
 * Notices when the monitor itself could not see: its own ticker stood still, the machine slept, or it was offline. A page that is
 * only hidden misses nothing, as its worker runs on; where a hidden page was frozen, the worker stood still with it.
 * Ask `check` before anything that happened is recorded, so that blindness is known before what it explains.
 */
export class Alertness {
  readonly #clock: Clock;
  readonly #wall: () => EpochMs;
  readonly #listener: AlertnessListener;
  #lastTick: EpochMs;
  /** By how much the wall clock is ahead of the monitor's, which no setting bends. */
  #wallAhead: DurationMs = durationMs(0);
  #offlineSince: EpochMs | undefined;
  #hidden = false;
  /** Whether it was hidden at the last tick, or since: what wakes it may be that the page is shown again. */
  #wasHidden = false;
  #cancel: (() => void) | undefined;

  /** @param wall what the machine's own clock says */
  constructor(clock: Clock, wall: () => EpochMs, listener: AlertnessListener) {
    this.#clock = clock;
    this.#wall = wall;
    this.#listener = listener;
    this.#lastTick = clock.now();
  }

  start(): void {
    this.#lastTick = this.#clock.now();
    this.#wallAhead = between(this.#lastTick, this.#wall());
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
    if (now - this.#lastTick > longestGapMs) this.#wake(now, this.#wasHidden ? 'hidden' : 'stalled');
  }

  /** The machine lost its network, or has it again. Heard only between start and stop. */
  online(online: boolean): void {
    if (this.#cancel === undefined) return;
    if (!online) {
      this.#offlineSince ??= this.#clock.now();
    } else if (this.#offlineSince !== undefined) {
      const from = this.#offlineSince;
      this.#offlineSince = undefined;
      this.#listener.wasBlind(from, this.#clock.now(), 'offline');
    }
  }

  /** The page is hidden, or shown again. */
  visible(visible: boolean): void {
    this.#hidden = !visible;
    if (!visible) this.#wasHidden = true;
  }

  /** True while the machine is offline. */
  get blindNow(): boolean {
    return this.#offlineSince !== undefined;
  }

  #schedule(): void {
    this.#cancel = this.#clock.after(durationMs(tickMs), () => {
      const now = this.#clock.now();
      const stepMs = this.#wallStep();
      // On most systems the monitor's clock stands still while the machine sleeps, and only the wall clock tells of it.
      if (stepMs > longestGapMs) this.#wake(now, 'asleep');
      else this.check(now);
      if (Math.abs(stepMs) > smallestStepMs) this.#listener.clockSet(now, stepMs);
      this.#lastTick = now;
      this.#wasHidden = this.#hidden;
      this.#listener.tick(now);
      this.#schedule();
    });
  }

  #wake(now: EpochMs, cause: BlindCause): void {
    const from = this.#lastTick;
    this.#lastTick = now;
    this.#listener.wasBlind(from, now, cause);
  }

  /** By how much more the wall clock went since the last tick than the monitor's. */
  #wallStep(): DurationMs {
    const before = this.#clock.now();
    const wall = this.#wall();
    const now = this.#clock.now();
    if (between(before, now) > longestReadingMs) return durationMs(0);
    const ahead = between(now, wall);
    const step = durationMs(ahead - this.#wallAhead);
    this.#wallAhead = ahead;
    return step;
  }
}
