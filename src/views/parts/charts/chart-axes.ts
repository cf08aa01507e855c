import { epochMs, type EpochMs } from '#base/units.ts';
import type { MinutePoint } from '#monitor/snapshot.ts';
import { formatTarget, formatTargetFigure } from '#views/parts/format.ts';

/** The axes of the two charts, worked out from their data. */

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;

/** The last hour, ending with the newest minute; `undefined` where there is none. */
export function hourDomain(minutes: readonly MinutePoint[]): readonly [EpochMs, EpochMs] | undefined {
  const last = minutes.at(-1);
  return last === undefined ? undefined : [epochMs(last.at - hourMs + minuteMs), last.at];
}

/** A tick of the hour needs this much room for its label, in px. */
const hourTickRoom = 44;

/** Full tens of minutes within the domain; every second or third of them on a chart of little width. */
export function hourTicks([from, to]: readonly [EpochMs, EpochMs], width: number): EpochMs[] {
  const step = minuteMs * ([10, 20, 30].find((minutes) => (width * minutes) / 60 >= hourTickRoom) ?? 60);
  const ticks: EpochMs[] = [];
  for (let at = Math.ceil(from / step) * step; at <= to; at += step) ticks.push(epochMs(at));
  return ticks;
}

/** Where a series begins, if that is more than a minute after the left edge. */
export function beginningOf(minutes: readonly MinutePoint[], has: (minute: MinutePoint) => boolean, from: EpochMs): EpochMs | undefined {
  const first = minutes.find(has)?.at;
  return first !== undefined && first - from > minuteMs ? first : undefined;
}

const latencySteps = [0.1, 0.3, 1, 3, 10, 30, 100, 300, 1000, 3000, 10_000, 30_000, 100_000];

/** Steps of a logarithmic axis that hold all the values; never fewer than three. A value that cannot stand on such an axis is left out. */
export function latencyTicks(values: readonly (number | null)[]): number[] {
  const positive = values.filter((value): value is number => value !== null && value > 0);
  if (positive.length === 0) return [1, 3, 10];
  const low = Math.min(...positive);
  const high = Math.max(...positive);
  const first = Math.min(latencySteps.length - 3, Math.max(0, latencySteps.findLastIndex((step) => step <= low)));
  const last = latencySteps.findIndex((step) => step >= high);
  const end = Math.max(last < 0 ? latencySteps.length - 1 : last, first + 2);
  return latencySteps.slice(first, end + 1);
}

/** `3`, `10`, `30`, `100 ms`: the unit stands once, at the highest step of its kind. */
export function latencyTickLabel(step: number, steps: readonly number[]): string {
  const seconds = step >= 1000;
  const figure = String(seconds ? step / 1000 : step);
  const next = steps[steps.indexOf(step) + 1];
  return next === undefined || (!seconds && next >= 1000) ? `${figure} ${seconds ? 's' : 'ms'}` : seconds ? `${figure} s` : figure;
}

/** The left end of the share axis: 97.5 % for a target of 99 %, lower in a few steps where the shares are. */
export function shareAxisFrom(minutes: readonly MinutePoint[], target: number): number {
  const lowest = Math.min(1, ...minutes.flatMap((minute) => minute.ratio ?? []));
  const ends = [2.5, 5, 12.5, 60].map((times) => Math.max(0, 1 - times * (1 - target)));
  return ends.find((end) => end <= lowest) ?? 0;
}

/** A tick of the share axis needs this much room for its label, in px. */
const shareTickRoom = 13;

/**
 * Round shares for the axis, the target among them.
 * @param height of the axis in px
 */
export function shareTicks(from: number, target: number, height: number): number[] {
  const second = 1 - 2 * (1 - target);
  const ticks = from <= second && second - from < 1.5 * (1 - target) ? [second, target, 1] : [from, target, 1];
  // Where the axis is low or reaches far down, target and whole would stand on one another.
  return ((1 - target) / (1 - from)) * height < shareTickRoom ? ticks.filter((tick) => tick !== 1) : ticks;
}

export const shareTickLabel = (share: number): string => (share === 1 ? formatTarget(1) : formatTargetFigure(share));

/** The lower end of the budget axis: 0, or lower in steps of a half when overspent. */
export function budgetAxisFrom(minutes: readonly MinutePoint[]): number {
  const lowest = Math.min(0, ...minutes.flatMap((minute) => minute.budgetLeft ?? []));
  return Math.floor(lowest * 2) / 2;
}

/** `100`, `0 %`, `−50 %`: the unit stands at the lower end. */
export const budgetTickLabel = (share: number): string => (share === 1 ? '100' : formatTarget(share).replace('-', '\u2212'));

/** The last minute of a series that has a value. */
export const lastOf = (minutes: readonly MinutePoint[], value: (minute: MinutePoint) => number | null): number | null => minutes.map(value).findLast((each) => each !== null) ?? null;
