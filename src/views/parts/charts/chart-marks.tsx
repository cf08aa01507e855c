import { useId } from 'react';
import { ReferenceArea, usePlotArea, useXAxisScale, useYAxisScale } from 'recharts';
import type { EpochMs } from '#base/units.ts';
import type { MinutePoint } from '#monitor/snapshot.ts';
import { localTime } from '#views/parts/format.ts';

/** Marks that both charts share. They stand inside a Recharts chart. */

interface EndLabel {
  readonly key: string;
  /** Where on the y axis; `null` leaves the label out. */
  readonly at: number | null;
  readonly text: string;
  readonly strong?: boolean;
}

const labelHeight = 15;
/** A note this far from a line is clear of the words on it. */
const noteRoom = 28;

/** Names of the lines at their right end, pushed apart where they would lie on one another. */
export function EndLabels({ labels }: { readonly labels: readonly EndLabel[] }) {
  const scale = useYAxisScale();
  const plot = usePlotArea();
  if (scale === undefined || plot === undefined) return null;
  const placed = labels
    .flatMap((label) => {
      const y = label.at === null ? undefined : scale(label.at);
      return y === undefined ? [] : [{ ...label, y: Math.min(plot.y + plot.height, Math.max(plot.y, y)) + 4 }];
    })
    .toSorted((upper, lower) => upper.y - lower.y);
  return (
    <g>
      {spread(placed.map((label) => label.y), plot.y + 4, plot.y + plot.height + 4).map((y, index) => (
        <text key={placed[index]?.key} className={placed[index]?.strong === true ? 'end-label is-strong' : 'end-label'} x={plot.x + plot.width + 8} y={y}>
          {placed[index]?.text}
        </text>
      ))}
    </g>
  );
}

/** Moves sorted places apart to at least a label's height, and keeps them within the edges where there is room. */
export function spread(places: readonly number[], from: number, to: number): number[] {
  const down = places.reduce<number[]>((done, place) => [...done, Math.max(place, (done.at(-1) ?? -Infinity) + labelHeight)], []);
  const over = (down.at(-1) ?? to) - to;
  if (over <= 0) return down;
  return down.reduceRight<number[]>((done, place) => [Math.max(from, Math.min(place, (done[0] ?? to + labelHeight) - labelHeight)), ...done], []);
}

interface BeginningNoteProps {
  readonly beginsAt: EpochMs | undefined;
  /** A value of the y axis whose line has words of its own. */
  readonly clearOf?: number | null;
}

/** Says why the left of a chart is empty. */
export function BeginningNote({ beginsAt, clearOf = null }: BeginningNoteProps) {
  const scale = useXAxisScale();
  const rise = useYAxisScale();
  const plot = usePlotArea();
  const end = beginsAt === undefined ? undefined : scale?.(beginsAt);
  if (beginsAt === undefined || end === undefined || plot === undefined || end - plot.x < 150) return null;
  const middle = plot.y + plot.height / 2 + 12;
  const line = clearOf === null ? undefined : rise?.(clearOf);
  const y = line === undefined || Math.abs(line - middle) > noteRoom ? middle : line + noteRoom < plot.y + plot.height ? line + noteRoom : line - noteRoom;
  return (
    <text className="axis-text" x={(plot.x + end) / 2} y={y} textAnchor="middle">
      {`no data before ${localTime.time(beginsAt)}`}
    </text>
  );
}

/** Words that stand on a line, at its left end. */
export function LineNote({ at, text }: { readonly at: number; readonly text: string }) {
  const scale = useYAxisScale();
  const plot = usePlotArea();
  const y = scale?.(at);
  if (y === undefined || plot === undefined) return null;
  return (
    <text className="line-note" x={plot.x + 6} y={y - 6 < plot.y + 8 ? y + 14 : y - 6}>
      {text}
    </text>
  );
}

const halfMinute = 30_000;

/** Minutes in which the monitor was blind, hatched. */
export function useBlindMarks(minutes: readonly MinutePoint[], domain: readonly [EpochMs, EpochMs]) {
  const pattern = `hatch${useId()}`;
  return (
    <>
      <defs>
        <pattern id={pattern} width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
          <rect className="hatch" width="1.4" height="6" />
        </pattern>
      </defs>
      {minutes
        .filter((minute) => minute.blind && minute.at >= domain[0])
        .map((minute) => (
          <ReferenceArea key={minute.at} x1={Math.max(domain[0], minute.at - halfMinute)} x2={Math.min(domain[1], minute.at + halfMinute)} fill={`url(#${pattern})`} fillOpacity={1} stroke="none" />
        ))}
    </>
  );
}

/** A value between two gaps makes no line, so it alone gets a dot. */
export function LonelyDots({ minutes, values, low }: { readonly minutes: readonly MinutePoint[]; readonly values: readonly ((minute: MinutePoint) => number | null)[]; readonly low: number }) {
  const x = useXAxisScale();
  const y = useYAxisScale();
  if (x === undefined || y === undefined) return null;
  const dots = values.flatMap((value) =>
    minutes.flatMap((minute, index) => {
      const [before, at, after] = [minutes[index - 1], minute, minutes[index + 1]].map((each) => (each === undefined ? null : value(each)));
      return at === null || at === undefined || (before ?? null) !== null || (after ?? null) !== null ? [] : [{ cx: x(minute.at), cy: y(Math.max(low, at)) }];
    }),
  );
  return (
    <g className="lonely-dots">
      {dots.map(({ cx, cy }) => (
        <circle key={`${cx} ${cy}`} cx={cx} cy={cy} r="1.8" />
      ))}
    </g>
  );
}
