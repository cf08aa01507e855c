import { useCallback, useState } from 'react';
import { epochMs, type EpochMs } from '#base/units.ts';
import type { LaneReport } from '#monitor/incident/incident-report.ts';
import type { TimelineSlice } from '#monitor/snapshot.ts';
import { formatCount, formatRuns } from '#views/parts/format.ts';
import { columnsOf, noColumns, type DensityColumns } from '#views/parts/timeline/density-columns.ts';
import type { TimelineRange } from '#views/parts/timeline/use-range.ts';
import { useMonitorStore } from '#views/parts/use-monitor.ts';
import { useRepeated } from '#views/parts/use-repeated.ts';
import { useSize } from '#views/parts/use-size.ts';

interface FoldRowProps {
  readonly environmentId: string;
  /** The connections that are folded. */
  readonly ids: readonly string[];
  readonly reports: readonly LaneReport[];
  readonly range: TimelineRange;
  /** Some connections differ from these. */
  readonly hasBad: boolean;
}

/** From one answer to the next question: a short stretch runs off sooner. */
const pauseFor = (spanMs: number): number => Math.min(2000, Math.max(500, spanMs / 60));
/** A bar of the density with its gap, in px. */
const pitch = 11;
const height = 34;

/** The lanes that are as expected, as one: how many, their runs, and how much came over them. */
export function FoldRow({ environmentId, ids, reports, range, hasBad }: FoldRowProps) {
  const [attach, size] = useSize();
  const width = size?.width ?? 0;
  const { columns, bucketMs, from } = useFoldedColumns(environmentId, ids, range, Math.max(1, Math.floor(width / pitch)));
  const known = new Set(ids);
  const own = reports.filter(({ connection }) => known.has(connection));
  const judged = own.reduce((sum, lane) => sum + lane.judged, 0);
  const lossy = own.reduce((sum, lane) => sum + lane.lossy, 0);
  const events = columns.reduce((sum, { count }) => sum + count, 0);
  const perSecond = Math.round(events / Math.max(1, range.spanMs / 1000));
  const highest = Math.max(1, ...columns.map(({ count }) => count));
  const told = `${formatCount(events)} ${events === 1 ? 'event' : 'events'}, ${perSecond < 1 ? 'less than one' : formatCount(perSecond)} a second`;
  return (
    <div className="fold-row">
      <div className="fold-words">
        <b>{`${formatCount(ids.length)} ${hasBad ? 'normal' : 'as expected'}`}</b>
        <span>{`folded, ${formatRuns(judged)}`}</span>
        <span>{`${formatCount(lossy)} lossy`}</span>
      </div>
      <div className="fold-density" ref={attach}>
        {width > 0 && (
          <svg width={width} height={height} role="img" aria-label={`Folded connections: ${told}`}>
            {columns.map(({ at, count }) => {
              const rise = Math.max(2, (count / highest) * height);
              const barWidth = Math.max(1, (bucketMs / range.spanMs) * width - 1.2);
              return <rect key={at} className="fold-bar" x={((at - from) / range.spanMs) * width} y={height - rise} width={barWidth} height={rise} rx="1" />;
            })}
          </svg>
        )}
        <span>{told}</span>
      </div>
    </div>
  );
}

/** How many events came over these connections, in as many columns as there is room for. */
function useFoldedColumns(environmentId: string, ids: readonly string[], { endAt, spanMs }: TimelineRange, room: number): DensityColumns {
  const store = useMonitorStore();
  const [answer, setAnswer] = useState<DensityColumns>(noColumns);
  const ask = useCallback(() => {
    const to: EpochMs = endAt ?? store.now();
    return store.client.timeline(environmentId, { from: epochMs(to - spanMs), to, columns: room, maxEvents: 0, lanes: ids });
  }, [store, environmentId, ids, endAt, spanMs, room]);
  const take = useCallback((slice: TimelineSlice | undefined) => setAnswer(columnsOf(slice?.density ?? null)), []);
  useRepeated(ask, take, endAt === undefined ? pauseFor(spanMs) : null);
  return answer;
}
