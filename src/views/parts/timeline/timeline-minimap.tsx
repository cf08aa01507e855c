import { useCallback, useRef, useState, type PointerEvent } from 'react';
import { epochMs } from '#base/units.ts';
import type { TimelineSlice } from '#monitor/snapshot.ts';
import { formatWindow, localTime } from '#views/parts/format.ts';
import { useClock } from '#views/parts/use-clock.ts';
import { useMonitorStore } from '#views/parts/use-monitor.ts';
import { useRepeated } from '#views/parts/use-repeated.ts';
import { useSize } from '#views/parts/use-size.ts';
import { columnsOf, noColumns, type DensityColumn, type DensityColumns } from './density-columns.ts';
import type { RangeControls } from './use-range.ts';
import './timeline-minimap.css';

interface TimelineMinimapProps {
  readonly environmentId: string;
  readonly controls: Pick<RangeControls, 'range' | 'moveTo'>;
}

const reachMs = 3_600_000;
const pauseMs = 2000;
/** Bars of the strip are this wide, in px. */
const barPx = 2;
/** The window is drawn at least this wide, in px. */
const narrowest = 4;

/** The last hour at a glance, and which part of it the lanes show: a click or a drag moves there. */
export function TimelineMinimap({ environmentId, controls }: TimelineMinimapProps) {
  const [attach, size] = useSize();
  const strip = useRef<HTMLDivElement>(null);
  const now = useClock(1000, 'running');
  const width = size?.width ?? 0;
  const { columns, bucketMs } = useColumns(environmentId, Math.max(1, Math.floor(width / barPx)));
  const { range, moveTo } = controls;
  const begin = now - reachMs;
  const xOf = (at: number): number => ((at - begin) / reachMs) * width;
  const highest = Math.max(1, ...columns.map(({ count }) => count));
  const endAt = range.endAt ?? now;
  const left = Math.max(0, Math.min(width - narrowest, xOf(endAt - range.spanMs)));
  const right = Math.max(left + narrowest, Math.min(width, xOf(endAt)));
  const go = (event: PointerEvent): void => {
    const box = strip.current?.getBoundingClientRect();
    if (box === undefined || width === 0) return;
    const middle = begin + ((event.clientX - box.left) / width) * reachMs;
    moveTo(epochMs(Math.min(now, middle + range.spanMs / 2)));
  };
  return (
    <div className="timeline-minimap" ref={attach}>
      <div
        ref={strip}
        className="minimap-strip"
        role="img"
        aria-label={`Events of the last hour; the lanes show ${formatWindow(Math.max(1000, Math.round(range.spanMs / 1000) * 1000))} up to ${localTime.time(endAt)}`}
        onPointerDown={(event) => {
          event.currentTarget.setPointerCapture(event.pointerId);
          go(event);
        }}
        onPointerMove={(event) => {
          if (event.buttons === 1) go(event);
        }}
      >
        {width > 0 && (
          <svg width={width} height={stripHeight} aria-hidden="true">
            <path className="minimap-bars" d={barsPath(columns, (column) => column.count, highest, xOf, Math.max(barPx - 0.5, (bucketMs / reachMs) * width))} />
            <path className="minimap-flags" d={barsPath(columns, (column) => column.flagged, highest, xOf, Math.max(barPx, (bucketMs / reachMs) * width))} />
            <rect className="minimap-window" x={left + 0.5} y={0.5} width={right - left - 1} height={stripHeight - 1} rx="2" />
          </svg>
        )}
      </div>
    </div>
  );
}

const stripHeight = 15;

/** Heights by the logarithm, so that a trickle shows beside a flood. */
function barsPath(columns: readonly DensityColumn[], of: (column: DensityColumn) => number, highest: number, xOf: (at: number) => number, width: number): string {
  return columns
    .filter((column) => of(column) > 0)
    .map((column) => {
      const height = Math.max(2, (Math.log1p(of(column)) / Math.log1p(highest)) * (stripHeight - 4));
      return `M${xOf(column.at).toFixed(1)} ${stripHeight - 2}v${(-height).toFixed(1)}h${width.toFixed(1)}v${height.toFixed(1)}z`;
    })
    .join('');
}

/** How many events came over the last hour, in as many columns as there is room for. */
function useColumns(environmentId: string, room: number): DensityColumns {
  const store = useMonitorStore();
  const [answer, setAnswer] = useState<DensityColumns>(noColumns);
  const ask = useCallback(() => {
    const to = store.now();
    return store.client.timeline(environmentId, { from: epochMs(to - reachMs), to, columns: room, maxEvents: 0 });
  }, [store, environmentId, room]);
  const take = useCallback((slice: TimelineSlice | undefined) => setAnswer(columnsOf(slice?.density ?? null)), []);
  useRepeated(ask, take, pauseMs);
  return answer;
}
