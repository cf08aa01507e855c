import type { StateWord as StateName } from '#monitor/snapshot.ts';
import { formatInterval, formatTarget, formatTargetFigure } from './format.ts';
import { axisFrom, placeOnAxis } from './share-axis.ts';
import './interval-bar.css';

interface IntervalBarProps {
  readonly state: StateName;
  readonly ratio: number | null;
  readonly interval: readonly [number, number];
  readonly target: number;
}

const width = 146;
const left = 6;
const right = 140;

/** Wilson's interval as a bar, the share as a dot, the target as a tick; an arrow where it runs off the axis. */
export function IntervalBar({ state, ratio, interval, target }: IntervalBarProps) {
  const from = axisFrom(target);
  const x = (share: number): number => left + placeOnAxis(share, from) * (right - left);
  const off = ratio !== null && ratio < from;
  const label = ratio === null ? `No data; target ${formatTarget(target)}` : `Interval ${formatInterval(interval)}, target ${formatTarget(target)}`;
  return (
    <svg className={`interval-bar is-${state}`} width={width} height="28" viewBox={`0 0 ${width} 28`} role="img" aria-label={label}>
      <path className="track" d={`M${left} 8H${right}`} />
      {ratio !== null && <path className="reach" d={`M${x(interval[0])} 8H${x(interval[1])}`} />}
      <path className="target" d={`M${x(target)} 1.500V14.500`} />
      {ratio !== null && (off ? <path className="arrow" d="M1 8 8 4V12Z" /> : <circle className="dot" cx={x(ratio)} cy="8" r="4" />)}
      <text className="axis-text" x={left} y="25">
        {formatTargetFigure(from)}
      </text>
      <text className="axis-text" x={x(target)} y="25" textAnchor="middle">
        {formatTargetFigure(target)} target
      </text>
      <text className="axis-text" x={right} y="25" textAnchor="end">
        {formatTarget(1)}
      </text>
    </svg>
  );
}
