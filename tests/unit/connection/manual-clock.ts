import type { Clock } from '#base/clock.ts';
import { epochMs, later, type DurationMs, type EpochMs } from '#base/units.ts';

/** A clock that stands still until it is told to go on; each task that falls due runs at its own time. */
export class ManualClock implements Clock {
  #now: EpochMs = epochMs(1_000_000);
  #timers: { readonly at: EpochMs; readonly task: () => void }[] = [];

  now(): EpochMs {
    return this.#now;
  }

  after(delay: DurationMs, task: () => void): () => void {
    const timer = { at: later(this.#now, delay), task };
    this.#timers.push(timer);
    return () => {
      this.#timers = this.#timers.filter((other) => other !== timer);
    };
  }

  /** Lets time pass, with what is due in it; promises settle in between. */
  async pass(ms: number): Promise<void> {
    const end = epochMs(this.#now + ms);
    await settled();
    for (;;) {
      const next = this.#timers.filter((timer) => timer.at <= end).sort((a, b) => a.at - b.at)[0];
      if (next === undefined) break;
      this.#timers = this.#timers.filter((timer) => timer !== next);
      if (next.at > this.#now) this.#now = next.at;
      next.task();
      await settled();
    }
    this.#now = end;
  }

  get timers(): number {
    return this.#timers.length;
  }
}

/** Every promise that can settle without time has settled. */
async function settled(): Promise<void> {
  for (let turn = 0; turn < 20; turn += 1) await Promise.resolve();
}
