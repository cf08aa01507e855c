import { epochMs, type EpochMs } from '#base/units.ts';
import type { StripMinute } from './incident-report.ts';
import { minuteMs } from '#monitor/minutes.ts';

/** Judged runs, and what they lacked. */
export interface MinuteSums {
  readonly runs: number;
  readonly lossyRuns: number;
  readonly expected: number;
  readonly lost: number;
}

const kept = 60;
const columns = 4;

/** What was lost in each of the last sixty minutes, in all and on each connection. It outlives the runs, which a busy target lets go after a minute. */
export class IncidentMinutes {
  /** Per lane and minute the four sums, one lane after the other; the last lane is all of them. */
  readonly #sums: Float64Array;
  /** Which minute each place holds. */
  readonly #numbers: Float64Array;
  readonly #lanes: number;

  constructor(lanes: number) {
    this.#lanes = lanes;
    this.#sums = new Float64Array((lanes + 1) * kept * columns);
    this.#numbers = new Float64Array((lanes + 1) * kept).fill(-1);
  }

  /** Counts a judged run of a lane (`sign` 1), or takes it out (`sign` −1). `expected` and `lost` are events. */
  add(lane: number, closedAt: EpochMs, expected: number, lost: number, sign: 1 | -1): void {
    const minute = Math.floor(closedAt / minuteMs);
    this.#add(lane, minute, expected, lost, sign);
    this.#add(this.#lanes, minute, expected, lost, sign);
  }

  /** The minutes up to `now`, the oldest first, from the one of `since` on. */
  strip(since: EpochMs, now: EpochMs): StripMinute[] {
    const newest = Math.floor(now / minuteMs);
    const oldest = Math.max(newest - kept + 1, Math.floor(since / minuteMs));
    return Array.from({ length: Math.max(0, newest - oldest + 1) }, (_, index) => {
      const at = epochMs((oldest + index) * minuteMs);
      return { at, ...this.#read(this.#lanes, oldest + index) };
    });
  }

  /** What was counted of a lane in the minutes that a stretch touches. */
  ofLane(lane: number, from: EpochMs, to: EpochMs): MinuteSums {
    const sums = { runs: 0, lossyRuns: 0, expected: 0, lost: 0 };
    const last = Math.floor(to / minuteMs);
    for (let minute = Math.max(Math.floor(from / minuteMs), last - kept + 1); minute <= last; minute += 1) {
      const each = this.#read(lane, minute);
      sums.runs += each.runs;
      sums.lossyRuns += each.lossyRuns;
      sums.expected += each.expected;
      sums.lost += each.lost;
    }
    return sums;
  }

  #add(lane: number, minute: number, expected: number, lost: number, sign: 1 | -1): void {
    const place = lane * kept + (minute % kept);
    const known = this.#numbers[place] ?? -1;
    // Too old to be shown, as its place is a later minute's already.
    if (known > minute) return;
    const first = place * columns;
    if (known !== minute) {
      if (sign === -1) return;
      this.#numbers[place] = minute;
      this.#sums.fill(0, first, first + columns);
    }
    this.#sums[first] = (this.#sums[first] ?? 0) + sign;
    this.#sums[first + 1] = (this.#sums[first + 1] ?? 0) + (lost > 0 ? sign : 0);
    this.#sums[first + 2] = (this.#sums[first + 2] ?? 0) + sign * expected;
    this.#sums[first + 3] = (this.#sums[first + 3] ?? 0) + sign * lost;
  }

  #read(lane: number, minute: number): MinuteSums {
    const place = lane * kept + (minute % kept);
    if (this.#numbers[place] !== minute) return { runs: 0, lossyRuns: 0, expected: 0, lost: 0 };
    const first = place * columns;
    return { runs: this.#sums[first] ?? 0, lossyRuns: this.#sums[first + 1] ?? 0, expected: this.#sums[first + 2] ?? 0, lost: this.#sums[first + 3] ?? 0 };
  }
}
