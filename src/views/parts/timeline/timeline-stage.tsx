import { useCallback, useMemo, useState } from 'react';
import type { ConnectionSnapshot, EnvironmentSnapshot } from '#monitor/snapshot.ts';
import { useMedia } from '#views/parts/use-media.ts';
import { useSize } from '#views/parts/use-size.ts';
import { barAt } from './timeline-geometry.ts';
import { TimelineGrid } from './timeline-grid.tsx';
import { TimelineMinimap } from './timeline-minimap.tsx';
import type { RangeControls } from './use-range.ts';
import { useTimelineGestures } from './use-timeline-gestures.ts';
import { useTimelinePainter } from './use-timeline-painter.ts';
import { useTimelineReading } from './use-timeline-reading.ts';
import './timeline-stage.css';

interface TimelineStageProps {
  readonly connections: readonly ConnectionSnapshot[];
  readonly blinds: EnvironmentSnapshot['blinds'];
  readonly environmentId: string;
  readonly controls: RangeControls;
  readonly lossyCaption: string;
  readonly selected: string | undefined;
  readonly onOpen: (runId: string) => void;
}

const axisHeight = 24;
const lowestLane = 16;
const highestLane = 34;

/** The lanes: a canvas that a thread of its own paints with the running time, and behind it a grid for pointer, keyboard and screen reader. */
export function TimelineStage({ environmentId, connections, blinds, controls, lossyCaption, selected, onOpen }: TimelineStageProps) {
  const [attachSize, size] = useSize();
  const narrow = useMedia('(max-width: 599px)');
  const [hovered, setHovered] = useState<string>();
  const [focused, setFocused] = useState<string>();
  const { range } = controls;
  const { width, height } = size ?? { width: 0, height: 0 };
  const laneHeight = Math.min(highestLane, Math.max(lowestLane, Math.floor(((height - axisHeight - 2) / Math.max(1, connections.length)) * 2) / 2));

  const ids = useMemo(() => connections.map((connection) => connection.id), [connections]);
  const frame = useMemo(() => ({ left: narrow ? 42 : 144, right: Math.max(80, width - (narrow ? 12 : 114)), top: axisHeight, laneHeight, width, height }), [narrow, width, height, laneHeight]);
  const { lanes, newest } = useTimelineReading(environmentId, range.spanMs, range.endAt, ids, Math.max(1, frame.right - frame.left));
  const scene = useMemo(() => ({ blinds, hovered, focused, selected }), [blinds, hovered, focused, selected]);
  const { holder, scroller, geometryNow } = useTimelinePainter(environmentId, ids, frame, scene, range);

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
      <div className="timeline-stage" ref={attachSize}>
        <div className="timeline-scroller" ref={scroller} data-over={hovered !== undefined}>
          <div className="timeline-sticky" ref={holder} style={{ height, marginBottom: -height }}>
            <div className="timeline-labels" aria-hidden="true">
              <span>{narrow ? '' : 'Connection'}</span>
              <span>{narrow ? '' : lossyCaption}</span>
            </div>
          </div>
          <TimelineGrid
            connections={connections}
            lanes={lanes}
            laneHeight={laneHeight}
            offset={axisHeight}
            scroller={scroller}
            narrow={narrow}
            focused={focused}
            runUnder={runUnder}
            onHoverRun={setHovered}
            onFocusRun={setFocused}
            onOpen={onOpen}
          />
        </div>
      </div>
      <TimelineMinimap environmentId={environmentId} controls={controls} />
    </>
  );
}
