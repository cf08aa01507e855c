import type { Clock } from '#base/clock.ts';
import { epochMs, type EpochMs } from '#base/units.ts';
import type { Random } from '#base/random.ts';

/** Longer delays overflow the platform's timer, which then fires at once. */
const longestDelayMs = 2 ** 31 - 1;

/**
 * The real clock, the same in a page, a worker and Node: wall time when it was made, carried on by the monotonic timer,
 * so that a stepped wall clock never bends a duration.
 */
export function systemClock(): Clock {
  const startedAt = Date.now() - performance.now();
  return {
    now: () => epochMs(startedAt + performance.now()),
    after: (delay, task) => {
      const timer = setTimeout(task, Math.min(Math.max(0, delay), longestDelayMs));
      return () => clearTimeout(timer);
    },
  };
}

/** What the machine's own clock says; it may be set at any time. */
export const wallTime = (): EpochMs => epochMs(Date.now());

/** Numbers that nobody can foretell, for ids and jitter. */
export function systemRandom(): Random {
  const words = new Uint32Array(1);
  return () => (crypto.getRandomValues(words)[0] ?? 0) / 2 ** 32;
}
