import { epochMs, type EpochMs } from '#base/units.ts';
import { LatencyTally, type Latency } from '#timing/latency.ts';

export const minuteMs = 60_000;

/** What happened in one minute that cannot be asked of the runs later. */
export interface Minute {
  readonly at: EpochMs;
  readonly latency: LatencyTally;
  crossTalk: number;
}

/** Sums by minute over a rolling window; older minutes are dropped. */
export class Minutes {
  readonly #keep: number;
  readonly #minutes: Minute[] = [];

  constructor(windowMs: number) {
    this.#keep = Math.ceil(windowMs / minuteMs) + 1;
  }

  addLatency(at: EpochMs, latency: Latency): void {
    this.#at(at).latency.add(latency);
  }

  addCrossTalk(at: EpochMs): void {
    this.#at(at).crossTalk += 1;
  }

  /** The minutes that reach beyond `from`, oldest first; a minute in which nothing was counted is absent. */
  after(from: EpochMs): readonly Minute[] {
    return this.#minutes.filter((minute) => minute.at + minuteMs > from);
  }

  #at(at: EpochMs): Minute {
    const start = epochMs(Math.floor(at / minuteMs) * minuteMs);
    // Times come nearly in order, so the newest minute is nearly always the one.
    const known = this.#minutes.findLast((minute) => minute.at <= start);
    if (known?.at === start) return known;
    const minute: Minute = { at: start, latency: new LatencyTally(), crossTalk: 0 };
    this.#minutes.splice(known === undefined ? 0 : this.#minutes.indexOf(known) + 1, 0, minute);
    if (this.#minutes.length > this.#keep) this.#minutes.shift();
    return minute;
  }
}
