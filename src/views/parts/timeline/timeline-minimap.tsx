import { useEffect, useRef, useState, type PointerEvent } from 'react';
import { epochMs, type EpochMs } from '#base/units.ts';
import type { TimelineDensity } from '#monitor/snapshot.ts';
import { formatWindow, localTime } from '#views/parts/format.ts';
import { useClock } from '#views/parts/use-clock.ts';
import { useMonitorStore } from '#views/parts/use-monitor.ts';
import { useSize } from '#views/parts/use-size.ts';
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

interface Column {
  readonly at: EpochMs;
  readonly count: number;
  readonly flagged: number;
}

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
function barsPath(columns: readonly Column[], of: (column: Column) => number, highest: number, xOf: (at: number) => number, width: number): string {
  return columns
    .filter((column) => of(column) > 0)
    .map((column) => {
      const height = Math.max(2, (Math.log1p(of(column)) / Math.log1p(highest)) * (stripHeight - 4));
      return `M${xOf(column.at).toFixed(1)} ${stripHeight - 2}v${(-height).toFixed(1)}h${width.toFixed(1)}v${height.toFixed(1)}z`;
    })
    .join('');
}

/** How many events came over the last hour, in as many columns as there is room for. */
function useColumns(environmentId: string, room: number): { readonly columns: readonly Column[]; readonly bucketMs: number } {
  const store = useMonitorStore();
  const [answer, setAnswer] = useState<{ readonly columns: readonly Column[]; readonly bucketMs: number }>({ columns: [], bucketMs: 0 });
  useEffect(() => {
    let stopped = false;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const ask = async (): Promise<void> => {
      const to = store.now();
      const slice = await store.client.timeline(environmentId, { from: epochMs(to - reachMs), to, columns: room, maxEvents: 0 });
      if (stopped) return;
      setAnswer(columnsOf(slice?.density ?? null));
      timer = setTimeout(run, pauseMs);
    };
    const run = (): void => {
      ask().catch(() => undefined);
    };
    run();
    return () => {
      stopped = true;
      clearTimeout(timer);
    };
  }, [store, environmentId, room]);
  return answer;
}

const classes = 8;
const flaggedClass = 7;

/** The counts of all lanes together, bucket by bucket. */
function columnsOf(density: TimelineDensity | null): { readonly columns: readonly Column[]; readonly bucketMs: number } {
  if (density === null) return { columns: [], bucketMs: 0 };
  const sums = new Map<number, { count: number; flagged: number }>();
  density.buckets.forEach((bucket, cell) => {
    let sum = sums.get(bucket);
    if (sum === undefined) sums.set(bucket, (sum = { count: 0, flagged: 0 }));
    for (let kind = 0; kind < flaggedClass; kind += 1) sum.count += density.counts[cell * classes + kind] ?? 0;
    sum.flagged += density.counts[cell * classes + flaggedClass] ?? 0;
  });
  return { bucketMs: density.bucketMs, columns: Array.from(sums, ([bucket, sum]) => ({ at: epochMs(density.from + bucket * density.bucketMs), ...sum })) };
}
