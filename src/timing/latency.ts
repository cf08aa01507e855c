import type { DurationMs, EpochMs } from '#base/units.ts';
import { durationMs } from '#base/units.ts';
import type { ClockOffset } from './clock-offset.ts';
import { Histogram } from './histogram.ts';

/** What is known of one event's way from the target to the monitor. */
export interface Latency {
  kind: LatencyKind;
  /** The delivery latency; for `unsynced` the raw difference of two clocks that nobody compared. May be negative. */
  ms: DurationMs;
  /** How wrong `ms` may be, either way; infinite for `unsynced`. */
  uncertaintyMs: DurationMs;
}

export type LatencyKind =
  /** Counts in the percentiles, as it is: one that is negative within its uncertainty is not clipped. */
  | 'counted'
  /** The connection has no clock sample yet. */
  | 'unsynced'
  /** Negative beyond its uncertainty, or no finite number: the clock model is wrong. */
  | 'impossible';

/**
 * Delivery latency = at − sentAt + offset (contract.md, "Latency").
 *
 * @param clock the clock of the event's connection; undefined where the target was never asked
 * @param at when the event was received, on the monitor's clock
 * @param sentAt when the target says it sent it, on the target's clock
 * @param into is overwritten and returned, so that a busy stream need not make an object an event
 */
export function measureLatency(
  clock: ClockOffset | undefined,
  at: EpochMs,
  sentAt: EpochMs,
  into: Latency = { kind: 'unsynced', ms: durationMs(0), uncertaintyMs: durationMs(Infinity) },
): Latency {
  const offset = clock?.offset();
  if (clock === undefined || offset === undefined) {
    into.kind = 'unsynced';
    into.ms = durationMs(at - sentAt);
    into.uncertaintyMs = durationMs(Infinity);
    return into;
  }
  into.ms = durationMs(at - sentAt + offset);
  into.uncertaintyMs = clock.uncertainty(at);
  into.kind = into.ms + into.uncertaintyMs < 0 || !Number.isFinite(into.ms) ? 'impossible' : 'counted';
  return into;
}

/** What a report says of many latencies, in milliseconds; nulls where none was counted. */
export interface LatencySummary {
  readonly count: number;
  readonly unsynced: number;
  readonly impossible: number;
  readonly p50: number | null;
  readonly p95: number | null;
  readonly p99: number | null;
  readonly max: number | null;
  /** The largest uncertainty among the latencies counted. */
  readonly uncertaintyMs: number | null;
}

/** Counts latencies; those of several minutes or connections merge into one. */
export class LatencyTally {
  readonly #counted = new Histogram();
  #unsynced = 0;
  #impossible = 0;
  #uncertaintyMs = -Infinity;

  add(latency: Latency): void {
    if (latency.kind === 'unsynced') {
      this.#unsynced += 1;
    } else if (latency.kind === 'impossible') {
      this.#impossible += 1;
    } else {
      this.#counted.add(latency.ms);
      this.#uncertaintyMs = Math.max(this.#uncertaintyMs, latency.uncertaintyMs);
    }
  }

  /** Takes in all that `other` counted; `other` stays as it is. */
  merge(other: LatencyTally): void {
    this.#counted.merge(other.#counted);
    this.#unsynced += other.#unsynced;
    this.#impossible += other.#impossible;
    this.#uncertaintyMs = Math.max(this.#uncertaintyMs, other.#uncertaintyMs);
  }

  /** Forgets everything, and keeps its memory for what comes next. */
  clear(): void {
    this.#counted.clear();
    this.#unsynced = 0;
    this.#impossible = 0;
    this.#uncertaintyMs = -Infinity;
  }

  /** Percentiles are within 0.5 % of the exact nearest-rank value; `max` is exact. */
  summary(): LatencySummary {
    const counted = this.#counted;
    return {
      count: counted.count,
      unsynced: this.#unsynced,
      impossible: this.#impossible,
      p50: counted.quantile(0.5) ?? null,
      p95: counted.quantile(0.95) ?? null,
      p99: counted.quantile(0.99) ?? null,
      max: counted.max ?? null,
      uncertaintyMs: counted.count === 0 ? null : this.#uncertaintyMs,
    };
  }
}
