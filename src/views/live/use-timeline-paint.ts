import { useCallback, useEffect, useLayoutEffect, useRef, type RefObject } from 'react';
import { epochMs, type EpochMs } from '#base/units.ts';
import { useMedia } from '#views/parts/use-media.ts';
import { measurePaintLag } from '#views/parts/paint-lag.ts';
import { useMonitorStore } from '#views/parts/use-monitor.ts';
import { drawTimeline, type TimelineScene } from './timeline-canvas.ts';
import type { TimelineGeometry } from './timeline-geometry.ts';
import type { TimelineFeed } from './use-timeline-feed.ts';
import { readPalette, type TimelinePalette } from './timeline-palette.ts';
import type { TimelineRange } from './use-range.ts';

/** What of the geometry changes with the size of the screen alone. */
export type TimelineFrame = Omit<TimelineGeometry, 'scrollTop' | 'endAt' | 'spanMs'>;
/** What of the scene React knows; the rest comes with the feed. */
export type StillScene = Pick<TimelineScene, 'blinds' | 'hovered' | 'focused' | 'selected'>;

export interface TimelinePaint {
  readonly canvas: RefObject<HTMLCanvasElement | null>;
  readonly scroller: RefObject<HTMLDivElement | null>;
  /** The geometry of this moment, and its time. */
  readonly geometryNow: () => { readonly geometry: TimelineGeometry; readonly at: EpochMs };
}

/** Gliding alone takes half the frames of a usual screen; what is new is painted at once. */
const shortestFrameMs = 30;

/** Paints whenever something changed or the time has moved on by a pixel of the screen; whoever asks for less motion gets a step a second. */
export function useTimelinePaint(frame: TimelineFrame, scene: StillScene, feed: RefObject<TimelineFeed>, range: TimelineRange): TimelinePaint {
  const store = useMonitorStore();
  const calm = useMedia('(prefers-reduced-motion: reduce)');
  const canvas = useRef<HTMLCanvasElement>(null);
  const scroller = useRef<HTMLDivElement>(null);
  const latest = useRef({ frame, scene, range, calm });
  const changed = useRef(true);
  useLayoutEffect(() => {
    latest.current = { frame, scene, range, calm };
    changed.current = true;
  }, [frame, scene, range, calm]);

  const geometryNow = useCallback(() => {
    const now = latest.current;
    const running = store.shownNow();
    const at = now.calm ? epochMs(Math.floor(running / 1000) * 1000) : running;
    const geometry: TimelineGeometry = { ...now.frame, scrollTop: scroller.current?.scrollTop ?? 0, endAt: now.range.endAt ?? at, spanMs: now.range.spanMs };
    return { geometry, at };
  }, [store]);

  useEffect(() => {
    let palette: TimelinePalette | undefined;
    const lag = measurePaintLag(store);
    let painted = '';
    let paintedAt = 0;
    let version = 0;
    let request = 0;
    // A new theme changes what the CSS variables hold, and nothing that React would know of.
    const themes = new MutationObserver(() => {
      palette = undefined;
      changed.current = true;
    });
    themes.observe(document.documentElement, { attributeFilter: ['data-theme'] });
    const paint = (frameAt: number): void => {
      request = requestAnimationFrame(paint);
      const element = canvas.current;
      // Nothing shines through, which spares the screen a blend.
      const context = element?.getContext('2d', { alpha: false }) ?? null;
      const { geometry, at } = geometryNow();
      if (element === null || context === null || geometry.width === 0) return;
      const density = window.devicePixelRatio || 1;
      const pixelMs = geometry.spanMs / Math.max(1, (geometry.right - geometry.left) * density);
      const moment = `${Math.floor(geometry.endAt / pixelMs)} ${geometry.scrollTop} ${density}`;
      const { lanes, density: cells, laneOf, reconnects, newestAt, version: newest } = feed.current;
      if (!changed.current && newest === version && (moment === painted || frameAt - paintedAt < shortestFrameMs)) return;
      version = newest;
      changed.current = false;
      paintedAt = frameAt;
      painted = moment;
      fit(element, geometry, density);
      palette ??= readPalette(element);
      context.setTransform(density, 0, 0, density, 0, 0);
      drawTimeline(context, geometry, { ...latest.current.scene, lanes, density: cells, laneOf, reconnects, now: at, following: latest.current.range.following }, palette);
      if (newestAt !== null && latest.current.range.following) lag.painted(newestAt);
    };
    request = requestAnimationFrame(paint);
    return () => {
      cancelAnimationFrame(request);
      themes.disconnect();
      lag.stop();
    };
  }, [store, feed, geometryNow]);
  return { canvas, scroller, geometryNow };
}

/** Gives the canvas as many pixels as the screen has for it; setting them clears it, so it is done only when they change. */
function fit(element: HTMLCanvasElement, geometry: TimelineGeometry, density: number): void {
  const width = Math.round(geometry.width * density);
  const height = Math.round(geometry.height * density);
  if (element.width === width && element.height === height) return;
  element.width = width;
  element.height = height;
}
