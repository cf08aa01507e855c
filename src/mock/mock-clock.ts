import { performance } from 'node:perf_hooks';
import type { Clock } from '#base/clock.ts';
import { epochMs, type DurationMs, type EpochMs } from '#base/units.ts';

/** The target's wall clock, with microseconds, and every timer it has running, so that none outlives the target. */
export class MockClock implements Clock {
  readonly #timers = new Set<NodeJS.Timeout>();

  now(): EpochMs {
    return epochMs(Math.round((performance.timeOrigin + performance.now()) * 1000) / 1000);
  }

  after(delay: DurationMs, task: () => void): () => void {
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      task();
    }, delay);
    this.#timers.add(timer);
    return () => {
      clearTimeout(timer);
      this.#timers.delete(timer);
    };
  }

  /** Cancels everything that still waits. */
  stop(): void {
    for (const timer of this.#timers) clearTimeout(timer);
    this.#timers.clear();
  }
}
