import type { DurationMs, EpochMs } from './units.ts';

/** Time as an object that can be replaced: whoever needs to know or to wait gets one of these, and never asks the platform. */
export interface Clock {
  /** The monitor's clock: wall time at start, advanced monotonically, so that a stepped wall clock never bends a duration. */
  now(): EpochMs;
  /** Calls `task` once after `delay`; the returned function cancels it. */
  after(delay: DurationMs, task: () => void): () => void;
}
