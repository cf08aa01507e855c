import { useVirtualizer } from '@tanstack/react-virtual';
import { memo, useId, type KeyboardEvent, type RefObject } from 'react';
import type { LaneReport } from '#monitor/incident/incident-report.ts';
import type { ConnectionSnapshot } from '#monitor/snapshot.ts';
import { formatPart } from '#views/parts/format.ts';
import { useClock } from '#views/parts/use-clock.ts';
import { useMonitorStore } from '#views/parts/use-monitor.ts';
import { LaneName } from './lane-name.tsx';
import { LaneTold } from './lane-told.tsx';
import { neighbourOf, newestBar, runWords } from './timeline-cells.ts';
import { tallLane } from './timeline-geometry.ts';
import type { LaneLayout, RunBar } from './timeline-layout.ts';

interface TimelineGridProps {
  readonly connections: readonly ConnectionSnapshot[];
  readonly lanes: readonly LaneLayout[];
  readonly laneHeight: number;
  /** Room above the first lane, in px. */
  readonly offset: number;
  readonly scroller: RefObject<HTMLDivElement | null>;
  readonly narrow: boolean;
  readonly told: ReadonlyMap<string, LaneReport> | undefined;
  readonly focused: string | undefined;
  /** The run at a point of the window. */
  readonly runUnder: (x: number, y: number) => string | undefined;
  readonly onHoverRun: (runId: string | undefined) => void;
  readonly onFocusRun: (runId: string | undefined) => void;
  readonly onOpen: (runId: string) => void;
}

/** The labels of the lanes, and for each lane its runs as cells: arrows move, Enter opens. */
export const TimelineGrid = memo(function TimelineGrid({ connections, lanes, laneHeight, offset, scroller, narrow, told, focused, runUnder, onHoverRun, onFocusRun, onOpen }: TimelineGridProps) {
  const prefix = useId();
  // What it gives changes in place; no compiler memoises this component.
  // oxlint-disable-next-line react/incompatible-library
  const rows = useVirtualizer({ count: connections.length, getScrollElement: () => scroller.current, estimateSize: () => laneHeight, overscan: 4, scrollMargin: offset });
  // Ages grow by a clock of the page's own: also when no snapshot comes.
  const now = useClock(1000);
  const snapshotAt = useMonitorStore().shown()?.at ?? now;
  const cellId = (bar: RunBar): string => `${prefix}${bar.lane}-${bar.run.id}`;
  const current = focused === undefined ? undefined : lanes.flatMap((lane) => lane.bars).find((bar) => bar.run.id === focused);

  const moveTo = (bar: RunBar | undefined): void => {
    if (bar === undefined) return;
    onFocusRun(bar.run.id);
    rows.scrollToIndex(bar.lane);
  };
  const onKey = (event: KeyboardEvent): void => {
    const next = current === undefined ? newestBar(lanes) : neighbourOf(lanes, current, event.key);
    if (event.key === 'Enter' && current !== undefined) onOpen(current.run.id);
    else if (!event.key.startsWith('Arrow') && event.key !== 'Home' && event.key !== 'End') return;
    else moveTo(next);
    event.preventDefault();
  };
  return (
    <div
      className="timeline-grid"
      role="grid"
      aria-label="Runs by connection; arrows move, Enter opens a run"
      aria-rowcount={connections.length}
      aria-activedescendant={current === undefined ? undefined : cellId(current)}
      tabIndex={0}
      style={{ paddingTop: offset }}
      onFocus={() => {
        if (current === undefined) moveTo(newestBar(lanes));
      }}
      onBlur={() => onFocusRun(undefined)}
      onKeyDown={onKey}
      onPointerMove={(event) => onHoverRun(runUnder(event.clientX, event.clientY))}
      onPointerLeave={() => onHoverRun(undefined)}
      onClick={(event) => {
        const run = runUnder(event.clientX, event.clientY);
        if (run !== undefined) onOpen(run);
      }}
    >
      <div className="timeline-rows" role="rowgroup" style={{ height: connections.length * laneHeight }}>
        {rows.getVirtualItems().map(({ index }) => {
          const connection = connections[index];
          if (connection === undefined) return null;
          return (
            <div key={connection.id} className="timeline-row" role="row" aria-rowindex={index + 1} style={{ height: laneHeight, transform: `translateY(${index * laneHeight}px)` }}>
              {told === undefined ? (
                <LaneName connection={connection} snapshotAt={snapshotAt} now={now} narrow={narrow} />
              ) : (
                <LaneTold report={told.get(connection.id)} isTall={laneHeight >= tallLane}>
                  <LaneName connection={connection} snapshotAt={snapshotAt} now={now} narrow={narrow} />
                </LaneTold>
              )}
              {lanes[index]?.bars.map((bar) => (
                <span key={bar.run.id} id={cellId(bar)} className="visually-hidden" role="gridcell" aria-selected={bar.run.id === focused} data-matches={bar.run.matches}>
                  {runWords(bar)}
                </span>
              ))}
              {!narrow && told === undefined && (
                <span className={`lossy ${connection.lossyRuns === 0 ? 'dim' : ''}`} role="gridcell">
                  {connection.judgedRuns === 0 ? 'no data' : formatPart(connection.lossyRuns, connection.judgedRuns)}
                  <span className="visually-hidden"> runs lossy</span>
                </span>
              )}
            </div>
          );
        })}
      </div>
    </div>
  );
});
