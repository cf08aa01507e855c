import { useCallback, useMemo, useState } from 'react';
import type { LaneReport } from '#monitor/incident/incident-report.ts';
import type { ConnectionSnapshot, EnvironmentSnapshot } from '#monitor/snapshot.ts';
import { useMedia } from '#views/parts/use-media.ts';
import { useSize } from '#views/parts/use-size.ts';
import { barAt, tallLane } from './timeline-geometry.ts';
import { TimelineGrid } from './timeline-grid.tsx';
import { TimelineMinimap } from './timeline-minimap.tsx';
import type { RangeControls } from './use-range.ts';
import { useTimelineGestures } from './use-timeline-gestures.ts';
import { useTimelinePainter } from './use-timeline-painter.ts';
import { useTimelineReading } from './use-timeline-reading.ts';
import './timeline-stage.css';

interface TimelineStageProps {
  /** From top to bottom. */
  readonly connections: readonly ConnectionSnapshot[];
  readonly blinds: EnvironmentSnapshot['blinds'];
  readonly environmentId: string;
  readonly controls: RangeControls;
  readonly lossyCaption: string;
  readonly selected: string | undefined;
  readonly onOpen: (runId: string) => void;
  /** These are not all connections that the monitor has. */
  readonly isPart?: boolean;
  /** How each of them fares, to be told in words beside its lane: lanes are higher then, and there are no figures at their end. */
  readonly told?: ReadonlyMap<string, LaneReport>;
  /** The last hour below the lanes. */
  readonly minimap?: boolean;
}

const axisHeight = 24;
const lowestLane = 16;
const highestLane = 34;
/** A lane with words beside it has at least two lines. */
const lowestToldLane = 36;
const highestToldLane = 72;

/** The lanes: a canvas that a thread of its own paints with the running time, and behind it a grid for pointer, keyboard and screen reader. */
export function TimelineStage({ environmentId, connections, blinds, controls, lossyCaption, selected, onOpen, isPart = false, told, minimap = true }: TimelineStageProps) {
  const [attachSize, size] = useSize();
  const narrow = useMedia('(max-width: 599px)');
  const [hovered, setHovered] = useState<string>();
  const [focused, setFocused] = useState<string>();
  const { range } = controls;
  const { width, height } = size ?? { width: 0, height: 0 };
  const [lowest, highest] = told === undefined ? [lowestLane, highestLane] : [lowestToldLane, highestToldLane];
  const laneHeight = Math.min(highest, Math.max(lowest, Math.floor(((height - axisHeight - 2) / Math.max(1, connections.length)) * 2) / 2));
  const [nameRoom, endRoom] = told === undefined ? [144, 114] : [laneHeight < tallLane ? 196 : 176, 16];

  // A snapshot brings new objects for the same connections: only another order of them is told to the painter.
  const order = connections.map(({ id }) => id).join('\n');
  const ids = useMemo(() => order.split('\n'), [order]);
  const frame = useMemo(() => ({ left: narrow ? 42 : nameRoom, right: Math.max(80, width - (narrow ? 12 : endRoom)), top: axisHeight, laneHeight, width, height }), [narrow, nameRoom, endRoom, width, height, laneHeight]);
  const { lanes, newest } = useTimelineReading(environmentId, range.spanMs, range.endAt, ids, isPart, Math.max(1, frame.right - frame.left));
  const scene = useMemo(() => ({ blinds, hovered, focused, selected }), [blinds, hovered, focused, selected]);
  const { holder, scroller, geometryNow } = useTimelinePainter(environmentId, ids, isPart, frame, scene, range);

  useTimelineGestures(scroller, geometryNow, controls);

  const runUnder = useCallback(
    (x: number, y: number) => {
      const box = holder.current?.getBoundingClientRect();
      if (box === undefined) return undefined;
      const { geometry, at } = geometryNow();
      return barAt(geometry, newest.current, at, x - box.left, y - box.top)?.run.id;
    },
    [holder, geometryNow, newest],
  );
  return (
    <>
      <div className={minimap ? 'timeline-stage' : 'timeline-stage is-alone'} ref={attachSize}>
        <div className="timeline-scroller" ref={scroller} data-over={hovered !== undefined}>
          <div className="timeline-sticky" ref={holder} style={{ height, marginBottom: -height }}>
            <div className="timeline-labels" aria-hidden="true">
              <span>{narrow ? '' : 'Connection'}</span>
              <span>{narrow || told !== undefined ? '' : lossyCaption}</span>
            </div>
          </div>
          <TimelineGrid
            connections={connections}
            lanes={lanes}
            laneHeight={laneHeight}
            offset={axisHeight}
            scroller={scroller}
            narrow={narrow}
            told={told}
            focused={focused}
            runUnder={runUnder}
            onHoverRun={setHovered}
            onFocusRun={setFocused}
            onOpen={onOpen}
          />
        </div>
      </div>
      {minimap && <TimelineMinimap environmentId={environmentId} controls={controls} />}
    </>
  );
}
