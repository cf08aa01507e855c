import { useEffect, useLayoutEffect, useMemo, useRef, useState, type RefObject } from 'react';
import { epochMs } from '#base/units.ts';
import type { ConnectionSnapshot, EnvironmentSnapshot, TimelineSlice } from '#monitor/snapshot.ts';
import { useMedia } from '#views/parts/use-media.ts';
import { useMonitorStore } from '#views/parts/use-monitor.ts';
import { useSize } from '#views/parts/use-size.ts';
import { drawTimeline } from './timeline-canvas.ts';
import { barAt, type TimelineGeometry } from './timeline-geometry.ts';
import { TimelineGrid } from './timeline-grid.tsx';
import { layOut } from './timeline-layout.ts';
import { readPalette, type TimelinePalette } from './timeline-palette.ts';
import type { TimelineRange } from './use-range.ts';
import './timeline-stage.css';

interface TimelineStageProps {
  readonly connections: readonly ConnectionSnapshot[];
  readonly blinds: EnvironmentSnapshot['blinds'];
  readonly slice: TimelineSlice | undefined;
  readonly range: TimelineRange;
  readonly lossyCaption: string;
  readonly selected: string | undefined;
  readonly onOpen: (runId: string) => void;
}

const axisHeight = 24;
const lowestLane = 19;
const highestLane = 26;

/** The lanes: a canvas that is painted with the running time, and behind it a grid for keyboard and screen reader. */
export function TimelineStage({ connections, blinds, slice, range, lossyCaption, selected, onOpen }: TimelineStageProps) {
  const [attachSize, size] = useSize();
  const narrow = useMedia('(max-width: 599px)');
  const scroller = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const [hovered, setHovered] = useState<string>();
  const [focused, setFocused] = useState<string>();

  const lanes = useMemo(() => (slice === undefined ? connections.map(() => ({ bars: [], loose: [], count: 0 })) : layOut(slice, connections.map((each) => each.id))), [slice, connections]);
  const laneHeight = size === undefined ? lowestLane : Math.min(highestLane, Math.max(lowestLane, Math.floor(((size.height - axisHeight - 2) / Math.max(1, connections.length)) * 2) / 2));
  const frame = useMemo(
    () => ({ left: narrow ? 42 : 112, right: Math.max(80, (size?.width ?? 0) - (narrow ? 12 : 114)), top: axisHeight, laneHeight, width: size?.width ?? 0, height: size?.height ?? 0 }),
    [narrow, size, laneHeight],
  );
  const reconnects = useMemo(() => {
    const place = new Map(connections.map((each, index) => [each.id, index]));
    return (slice?.reconnects ?? []).flatMap((each) => {
      const lane = place.get(slice?.lanes[each.lane] ?? '');
      return lane === undefined ? [] : [{ ...each, lane }];
    });
  }, [slice, connections]);
  const scene = useMemo(() => ({ lanes, blinds, reconnects, hovered, focused, selected }), [lanes, blinds, reconnects, hovered, focused, selected]);
  const geometryNow = useTimelinePaint(canvas, scroller, frame, scene, range);

  const barUnder = (event: { readonly clientX: number; readonly clientY: number }) => {
    const box = canvas.current?.getBoundingClientRect();
    const now = geometryNow();
    if (box === undefined) return undefined;
    return barAt(now.geometry, lanes, now.at, event.clientX - box.left, event.clientY - box.top);
  };
  return (
    <div className="timeline-stage" ref={attachSize}>
      <div
        className="timeline-scroller"
        ref={scroller}
        data-over={hovered !== undefined}
        onPointerMove={(event) => setHovered(barUnder(event)?.run.id)}
        onPointerLeave={() => setHovered(undefined)}
        onClick={(event) => {
          const bar = barUnder(event);
          if (bar !== undefined) onOpen(bar.run.id);
        }}
      >
        <div className="timeline-sticky" style={{ height: frame.height, marginBottom: -frame.height }}>
          <canvas ref={canvas} className="timeline-canvas" style={{ width: frame.width, height: frame.height }} aria-hidden="true" />
          <div className="timeline-labels" aria-hidden="true">
            <span>{narrow ? '' : 'Connection'}</span>
            <span>{narrow ? '' : lossyCaption}</span>
          </div>
        </div>
        <TimelineGrid connections={connections} lanes={lanes} laneHeight={laneHeight} offset={axisHeight} scroller={scroller} narrow={narrow} focused={focused} onFocusRun={setFocused} onOpen={onOpen} />
      </div>
    </div>
  );
}

type Frame = Omit<TimelineGeometry, 'scrollTop' | 'endAt' | 'spanMs'>;
type StillScene = Omit<Parameters<typeof drawTimeline>[2], 'now' | 'following'>;

/** Paints whenever something changed or the time has moved on by a pixel of the screen. */
function useTimelinePaint(canvas: RefObject<HTMLCanvasElement | null>, scroller: RefObject<HTMLDivElement | null>, frame: Frame, scene: StillScene, range: TimelineRange) {
  const store = useMonitorStore();
  const still = useMedia('(prefers-reduced-motion: reduce)');
  const latest = useRef({ frame, scene, range, still });
  const changed = useRef(true);
  useLayoutEffect(() => {
    latest.current = { frame, scene, range, still };
    changed.current = true;
  }, [frame, scene, range, still]);

  const geometryNow = useMemo(
    () => () => {
      const { frame: at, range: { endAt, spanMs }, still: steps } = latest.current;
      const running = store.shownNow();
      const now = steps ? epochMs(Math.floor(running / 1000) * 1000) : running;
      const geometry: TimelineGeometry = { ...at, scrollTop: scroller.current?.scrollTop ?? 0, endAt: endAt ?? now, spanMs };
      return { geometry, at: now };
    },
    [store, scroller],
  );

  useEffect(() => {
    let palette: TimelinePalette | undefined;
    let painted = '';
    let request = 0;
    // A new theme changes what the CSS variables hold, and nothing that React would know of.
    const themes = new MutationObserver(() => {
      palette = undefined;
      changed.current = true;
    });
    themes.observe(document.documentElement, { attributeFilter: ['data-theme'] });
    const paint = (): void => {
      request = requestAnimationFrame(paint);
      const element = canvas.current;
      const context = element?.getContext('2d');
      const { geometry, at } = geometryNow();
      if (element === null || context === null || context === undefined || geometry.width === 0) return;
      const density = window.devicePixelRatio || 1;
      const pixel = geometry.spanMs / Math.max(1, (geometry.right - geometry.left) * density);
      const moment = `${Math.floor(geometry.endAt / pixel)} ${geometry.scrollTop} ${density}`;
      if (!changed.current && moment === painted) return;
      changed.current = false;
      painted = moment;
      const width = Math.round(geometry.width * density);
      const height = Math.round(geometry.height * density);
      if (element.width !== width || element.height !== height) {
        element.width = width;
        element.height = height;
      }
      palette ??= readPalette(element);
      context.setTransform(density, 0, 0, density, 0, 0);
      drawTimeline(context, geometry, { ...latest.current.scene, now: at, following: latest.current.range.following }, palette);
    };
    request = requestAnimationFrame(paint);
    return () => {
      cancelAnimationFrame(request);
      themes.disconnect();
    };
  }, [canvas, geometryNow]);
  return geometryNow;
}
