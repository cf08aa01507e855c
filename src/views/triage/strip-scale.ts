import { epochMs, type EpochMs } from '#base/units.ts';
import type { StripMark, StripMinute } from '#monitor/incident/incident-report.ts';

/** The strip reaches back this far. */
export const hourMs = 3_600_000;
export const minuteMs = 60_000;
/** Above this share lost a minute takes the colour of an exception, here as in every other strip. */
const exceptionShare = 0.01;
/** What a letter of a label takes, in px. */
const letterPx = 5.9;
const labelGap = 12;

/** Where times stand on the strip, in px. */
export interface StripScale {
  readonly endAt: EpochMs;
  readonly left: number;
  readonly right: number;
}

export const xOf = ({ endAt, left, right }: StripScale, at: number): number => right - ((endAt - at) / hourMs) * (right - left);

export const timeAt = ({ endAt, left, right }: StripScale, x: number): EpochMs => epochMs(endAt - ((right - x) / Math.max(1, right - left)) * hourMs);

/** The lowest round figure at or above `highest` whose half is round too. */
export function roundTop(highest: number): number {
  for (let unit = 1; ; unit *= 10) {
    const found = [2, 4, 6, 10].find((step) => step * unit >= highest);
    if (found !== undefined) return found * unit;
  }
}

export type MinuteLook = 'void' | 'quiet' | 'some' | 'exception';

/** How a minute is drawn: nothing counted, nothing lost, a little lost, or more than may be. */
export function lookOf({ runs, expected, lost }: StripMinute): MinuteLook {
  if (runs === 0) return 'void';
  if (lost === 0) return 'quiet';
  return expected > 0 && lost / expected <= exceptionShare ? 'some' : 'exception';
}

/** Full ten minutes within the strip. */
export function ticksOf({ endAt }: StripScale): EpochMs[] {
  const step = 10 * minuteMs;
  const ticks: EpochMs[] = [];
  for (let at = Math.ceil((endAt - hourMs) / step) * step; at <= endAt; at += step) ticks.push(epochMs(at));
  return ticks;
}

export interface PlacedLabel {
  readonly mark: StripMark;
  readonly x: number;
  readonly anchor: 'start' | 'end';
  readonly text: string;
}

/** What comes first has its words where there is not room for all. */
const priority: readonly StripMark['kind'][] = ['note', 'alert', 'blind', 'version', 'transport', 'reconnects'];

/** Puts the words of marks into one line, each beside its mark, as many as have room without touching. */
export function placeLabels(marks: readonly StripMark[], scale: StripScale): PlacedLabel[] {
  const taken: (readonly [number, number])[] = [];
  const placed: PlacedLabel[] = [];
  for (const kind of priority) {
    // Of several of a kind the newest is told.
    for (const mark of marks.filter((each) => each.kind === kind).toReversed()) {
      const x = xOf(scale, mark.at);
      const width = mark.text.length * letterPx;
      const sides = [
        { anchor: 'start', from: x + labelGap, to: x + labelGap + width },
        { anchor: 'end', from: x - labelGap - width, to: x - labelGap },
      ] as const;
      const side = sides.find(({ from, to }) => from >= scale.left && to <= scale.right && taken.every(([begin, end]) => to < begin || from > end));
      if (side === undefined) continue;
      taken.push([side.from - labelGap, side.to + labelGap]);
      placed.push({ mark, x: side.anchor === 'start' ? side.from : side.to, anchor: side.anchor, text: mark.text });
    }
  }
  return placed;
}

/** A text cut to a width, with a sign that it was. */
export function cutTo(text: string, room: number): string {
  const letters = Math.floor(room / letterPx);
  return text.length <= letters ? text : letters < 4 ? '' : `${text.slice(0, letters - 1).trimEnd()}…`;
}
