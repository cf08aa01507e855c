import { useId, useRef, useState, type KeyboardEvent, type PointerEvent } from 'react';
import { epochMs, type EpochMs } from '#base/units.ts';
import type { Incident, StripMark, StripMinute } from '#monitor/incident/incident-report.ts';
import { DataTable } from '#views/parts/data-table.tsx';
import { formatCount, formatDuration, localTime } from '#views/parts/format.ts';
import { Panel } from '#views/parts/panel.tsx';
import { shortConnection } from '#views/parts/run-words.ts';
import { closestMs, type RangeControls } from '#views/parts/timeline/use-range.ts';
import { useClock } from '#views/parts/use-clock.ts';
import { useSize } from '#views/parts/use-size.ts';
import { centred, dragged, stepped, type Grip, type Stretch } from './brush.ts';
import type { KnownIncidents } from './use-incident.ts';
import { cutTo, hourMs, lookOf, minuteMs, placeLabels, roundTop, ticksOf, timeAt, xOf, type StripScale } from './strip-scale.ts';
import './loss-strip.css';

interface LossStripProps {
  /** Of the stretch that is shown, and as of now. */
  readonly report: KnownIncidents;
  readonly whole: KnownIncidents;
  readonly incident: Incident | undefined;
  readonly controls: RangeControls;
  readonly mock: boolean;
  readonly table: { readonly shown: boolean; readonly toggle: () => void };
}

/** The last hour, minute by minute: how many events were lost, what happened when; its brush is the stretch of time that the page shows. */
export function LossStrip({ report, whole, incident, controls, mock, table }: LossStripProps) {
  const now = useClock(1000);
  const { range } = controls;
  // The hour up to now, or where the page looks further back, the hour before that.
  const isLongAgo = range.endAt !== undefined && range.endAt - range.spanMs < now - hourMs;
  const { strip, marks, lastGood } = isLongAgo ? report : whole;
  const endAt = isLongAgo ? (range.endAt ?? now) : now;
  const good = lastGood === null ? undefined : `last good run on ${shortConnection(lastGood.connection)} closed ${localTime.time(lastGood.closedAt)}`;
  return (
    <Panel className="loss-panel" title="Events lost per minute" caption="last 1 h" end={good !== undefined && <span className="dim">{good}</span>} mock={mock} table={table}>
      {table.shown ? <StripTable strip={strip} marks={marks} /> : <Strip strip={strip} marks={marks} endAt={endAt} incident={incident} controls={controls} />}
    </Panel>
  );
}

function StripTable({ strip, marks }: { readonly strip: readonly StripMinute[]; readonly marks: readonly StripMark[] }) {
  const marksOf = (from: number, to: number): string =>
    marks
      .filter(({ at }) => at >= from && at < to)
      .map(({ at, text }) => `${localTime.time(at)} ${text}`)
      .join('; ');
  return (
    <DataTable
      caption="Events lost per minute"
      columns={['Minute', 'Runs', 'Lossy runs', 'Expected events', 'Lost', 'What happened']}
      rows={strip.toReversed().map(({ at, runs, lossyRuns, expected, lost }) => ({
        key: String(at),
        cells: [localTime.minute(at), ...(runs === 0 ? ['no data', 'no data', 'no data', 'no data'] : [runs, lossyRuns, expected, lost].map(formatCount)), marksOf(at, at + minuteMs)],
      }))}
    />
  );
}

const axisTop = 34;
const axisBottom = 82;
const leftEdge = 44;
const rightInset = 16;
/** A pointer this near to an end holds it, in px. */
const gripPx = 6;
/** A pointer that went less far has clicked. */
const dragFromPx = 4;
const narrowestPx = 6;

interface StripProps extends Pick<LossStripProps, 'incident' | 'controls'> {
  readonly strip: readonly StripMinute[];
  readonly marks: readonly StripMark[];
  /** The right edge. */
  readonly endAt: EpochMs;
}

function Strip({ strip, marks, endAt, incident, controls }: StripProps) {
  const [attach, size] = useSize();
  const width = size?.width ?? 0;
  const scale: StripScale = { endAt, left: leftEdge, right: Math.max(leftEdge + 1, width - rightInset) };
  const highest = roundTop(Math.max(10, ...strip.map(({ lost }) => lost)));
  const { range } = controls;
  const shownTo = range.endAt ?? endAt;
  return (
    <div className="loss-strip" ref={attach}>
      {width > 0 && (
        <>
          <Drawing strip={strip} marks={marks} incident={incident} scale={scale} highest={highest} width={width} />
          <Brush scale={scale} stretch={{ from: shownTo - range.spanMs, to: shownTo }} onChange={({ from, to }) => controls.moveTo(epochMs(to), to - from)} />
        </>
      )}
    </div>
  );
}

const yOf = (lost: number, highest: number): number => axisBottom - (lost / highest) * (axisBottom - axisTop);

function Drawing({ strip, marks, incident, scale, highest, width }: { readonly strip: readonly StripMinute[]; readonly marks: readonly StripMark[]; readonly incident: Incident | undefined; readonly scale: StripScale; readonly highest: number; readonly width: number }) {
  const lost = strip.reduce((sum, minute) => sum + minute.lost, 0);
  const expected = strip.reduce((sum, minute) => sum + minute.expected, 0);
  const label = `Events lost per minute over the last hour: ${formatCount(lost)} of ${formatCount(expected)}${incident === undefined ? '' : `, with onset at ${localTime.time(incident.onsetAt)}`}`;
  const begin = scale.endAt - hourMs;
  const barWidth = Math.max(1, (minuteMs / hourMs) * (scale.right - scale.left) - 2);
  const within = marks.filter(({ at, until }) => (until ?? at) > begin && at <= scale.endAt && at >= begin);
  return (
    <svg width={width} height={102} role="img" aria-label={label}>
      {[0, highest / 2, highest].map((count) => (
        <g key={count}>
          <path className="strip-grid" d={`M${scale.left} ${yOf(count, highest) + 0.5}H${scale.right}`} />
          <text className="axis-text" x={scale.left - 8} y={yOf(count, highest) + 4} textAnchor="end">
            {formatCount(count)}
          </text>
        </g>
      ))}
      {ticksOf(scale).map((at) => (
        <text key={at} className="axis-text" x={Math.min(xOf(scale, at), width - 18)} y="97" textAnchor="middle">
          {localTime.minute(at)}
        </text>
      ))}
      {strip.map((minute) => {
        const left = Math.max(scale.left, xOf(scale, minute.at) + 1);
        const right = Math.min(scale.right, xOf(scale, minute.at) + 1 + barWidth);
        if (right <= left) return null;
        const look = lookOf(minute);
        const rise = look === 'void' || look === 'quiet' ? 2 : Math.max(4, axisBottom - yOf(minute.lost, highest));
        return <rect key={minute.at} className={`strip-minute is-${look}`} x={left} y={axisBottom - rise} width={right - left} height={rise} rx="1" />;
      })}
      <Marks marks={within} scale={scale} />
      {incident !== undefined && <Onset at={incident.onsetAt} changes={incident.changes} scale={scale} />}
    </svg>
  );
}

/** The flag where it began, and what changed shortly before. */
function Onset({ at, changes, scale }: { readonly at: EpochMs; readonly changes: readonly string[]; readonly scale: StripScale }) {
  const isOlder = at < scale.endAt - hourMs;
  const x = Math.max(scale.left, xOf(scale, at));
  const flips = x > (scale.left + scale.right) / 2;
  const title = `${isOlder ? 'onset before, ' : 'onset '}${localTime.time(at)}`;
  const room = (flips ? x - scale.left : scale.right - x) - 20;
  const told = cutTo(changes.join('; '), room - title.length * 7 - 12);
  const edge = flips ? x - 14 : x + 14;
  return (
    <g className="strip-onset">
      <path className="strip-onset-line" d={`M${x} 6V${axisBottom}`} />
      <path className="strip-onset-flag" d={flips ? `M${x} 5h-9l3 4-3 4h9Z` : `M${x} 5h9l-3 4 3 4h-9Z`} />
      <path className="strip-onset-foot" d={`M${x} ${axisBottom}l-4 6h8Z`} />
      <text x={edge} y="13" textAnchor={flips ? 'end' : 'start'}>
        <tspan className="strip-onset-word">{title}</tspan>
        {told !== '' && <tspan className="strip-onset-changes" dx="10">{told}</tspan>}
        <title>{[title, ...changes].join('; ')}</title>
      </text>
    </g>
  );
}

function Marks({ marks, scale }: { readonly marks: readonly StripMark[]; readonly scale: StripScale }) {
  const hatch = useId();
  const notes = marks.filter(({ kind }) => kind === 'note');
  const shown = marks.filter(({ kind }) => kind !== 'onset');
  return (
    <g>
      <pattern id={hatch} width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
        <rect className="strip-hatch" width="1.4" height="6" />
      </pattern>
      {shown.map((mark) => {
        const x = xOf(scale, mark.at);
        const title = <title>{`${localTime.time(mark.at)} ${mark.text}`}</title>;
        if (mark.kind === 'blind') {
          const end = Math.min(scale.right, xOf(scale, mark.until ?? scale.endAt));
          return (
            <g key={`${mark.kind}${mark.at}${mark.text}`}>
              <rect className="strip-blind-ground" x={x} y={axisTop} width={Math.max(4, end - x)} height={axisBottom - axisTop} />
              <rect fill={`url(#${hatch})`} className="strip-blind" x={x} y={axisTop} width={Math.max(4, end - x)} height={axisBottom - axisTop} />
              {title}
            </g>
          );
        }
        return (
          <g key={`${mark.kind}${mark.at}${mark.text}`} className={`strip-mark is-${mark.kind}`}>
            <path className="strip-mark-line" d={`M${x} 32V${axisBottom}`} />
            {mark.kind === 'note' ? (
              <g transform={`translate(${x - 7} 18)`}>
                <path className="strip-note" d="M0 0h14v10l-4 4h-10z" />
                <text x="7" y="11" textAnchor="middle">
                  {notes.indexOf(mark) + 1}
                </text>
              </g>
            ) : (
              <path className="strip-mark-head" d={mark.kind === 'alert' ? `M${x} 22l5 9h-10Z` : `M${x - 3} 26h6v6h-6Z`} />
            )}
            {title}
          </g>
        );
      })}
      {placeLabels(shown, scale).map(({ mark, x, anchor, text }) => (
        <text key={`${mark.kind}${mark.at}${text}`} className="strip-label" x={x} y="28" textAnchor={anchor}>
          {text}
        </text>
      ))}
    </g>
  );
}

interface BrushProps {
  readonly scale: StripScale;
  readonly stretch: Stretch;
  readonly onChange: (stretch: Stretch) => void;
}

interface Drag {
  readonly grip: Grip;
  readonly x: number;
  readonly grabbedAt: EpochMs;
  readonly before: Stretch;
  readonly moved: boolean;
}

/** The stretch that the page shows: drawn, moved and resized by pointer; arrows move it, with Shift its right end. */
function Brush({ scale, stretch, onChange }: BrushProps) {
  const area = useRef<HTMLDivElement>(null);
  const drag = useRef<Drag>(undefined);
  const [held, setHeld] = useState(false);
  const limits: Stretch = { from: scale.endAt - hourMs, to: scale.endAt };
  const left = Math.min(scale.right - narrowestPx, Math.max(scale.left, xOf(scale, stretch.from)));
  const right = Math.max(left + narrowestPx, Math.min(scale.right, xOf(scale, stretch.to)));
  const pointerX = (event: PointerEvent): number => event.clientX - (area.current?.getBoundingClientRect().left ?? 0);
  const gripAt = (x: number): Grip => (Math.abs(x - left) <= gripPx ? 'from' : Math.abs(x - right) <= gripPx ? 'to' : x > left && x < right ? 'body' : 'new');
  const onDown = (event: PointerEvent<HTMLDivElement>): void => {
    if (event.button !== 0) return;
    const x = pointerX(event);
    event.currentTarget.setPointerCapture(event.pointerId);
    drag.current = { grip: gripAt(x), x, grabbedAt: timeAt(scale, x), before: stretch, moved: false };
    setHeld(true);
  };
  const onMove = (event: PointerEvent): void => {
    const { current } = drag;
    if (current === undefined) return;
    const x = pointerX(event);
    if (!current.moved && Math.abs(x - current.x) < dragFromPx) return;
    drag.current = { ...current, moved: true };
    onChange(dragged(current.before, current.grip, current.grabbedAt, timeAt(scale, x), limits, closestMs));
  };
  const onUp = (): void => {
    const { current } = drag;
    if (current !== undefined && !current.moved && current.grip === 'new') onChange(centred(stretch, current.grabbedAt, limits));
    drag.current = undefined;
    setHeld(false);
  };
  const onKey = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    const next = stepped(stretch, event.key, event.shiftKey, limits, closestMs);
    if (next === undefined) return;
    // Else the page moves by the same key once more.
    event.preventDefault();
    onChange(next);
  };
  const from = epochMs(stretch.from);
  const to = epochMs(stretch.to);
  return (
    <div className="strip-brush" ref={area} data-held={held} onPointerDown={onDown} onPointerMove={onMove} onPointerUp={onUp} onPointerCancel={onUp}>
      <i className="strip-shade" style={{ left: scale.left, width: Math.max(0, left - scale.left) }} />
      <i className="strip-shade" style={{ left: right, width: Math.max(0, scale.right - right) }} />
      <div
        className="strip-window"
        role="slider"
        tabIndex={0}
        aria-label="Shown stretch of time; arrows move it, Shift and arrows resize it"
        aria-valuemin={Math.round(limits.from / 1000)}
        aria-valuemax={Math.round(limits.to / 1000)}
        aria-valuenow={Math.round(Math.min(limits.to, Math.max(limits.from, to)) / 1000)}
        aria-valuetext={`${localTime.time(from)} to ${localTime.time(to)}, ${formatDuration(Math.round((to - from) / 1000) * 1000)}`}
        style={{ left, width: right - left }}
        onKeyDown={onKey}
      >
        <i className="strip-handle" />
        <i className="strip-handle is-right" />
      </div>
    </div>
  );
}
