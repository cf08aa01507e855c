import { useCallback, useEffect, useLayoutEffect, useRef, useState, type RefObject } from 'react';
import { epochMs, type EpochMs } from '#base/units.ts';
import { notePaintLags, notePictures } from '#views/parts/paint-lag.ts';
import { trustedScript } from '#monitor/trusted-script.ts';
import { useMedia } from '#views/parts/use-media.ts';
import { useMonitorStore } from '#views/parts/use-monitor.ts';
import { useQueryState } from '#views/parts/url-state.ts';
import type { TimelineGeometry } from './timeline-geometry.ts';
import type { FromPainter, PainterView, StillScene, TimelineFrame, ToPainter } from './timeline-messages.ts';
import { readPalette, type TimelinePalette } from './timeline-palette.ts';
import workerUrl from './timeline.worker.ts?worker&url';
import type { TimelineRange } from './use-range.ts';

export interface TimelinePainter {
  /** Takes the canvas. */
  readonly holder: RefObject<HTMLDivElement | null>;
  readonly scroller: RefObject<HTMLDivElement | null>;
  /** The geometry of this moment, and its time. */
  readonly geometryNow: () => { readonly geometry: TimelineGeometry; readonly at: EpochMs };
}

/** Has the timeline painted by a thread of its own, and tells that thread what the page knows. */
export function useTimelinePainter(environmentId: string, ids: readonly string[], isPart: boolean, frame: TimelineFrame, scene: StillScene, range: TimelineRange): TimelinePainter {
  const store = useMonitorStore();
  const { filter } = useQueryState();
  const calm = useMedia('(prefers-reduced-motion: reduce)');
  const pixelRatio = usePixelRatio();
  const palette = usePalette();
  const holder = useRef<HTMLDivElement>(null);
  const scroller = useRef<HTMLDivElement>(null);
  const worker = useRef<Worker>(undefined);
  const latest = useRef({ frame, range, calm });
  useLayoutEffect(() => {
    latest.current = { frame, range, calm };
  }, [frame, range, calm]);

  const geometryNow = useCallback(() => {
    const now = latest.current;
    const running = store.shownNow();
    const at = now.calm ? epochMs(Math.floor(running / 1000) * 1000) : running;
    const geometry: TimelineGeometry = { ...now.frame, scrollTop: scroller.current?.scrollTop ?? 0, endAt: now.range.endAt ?? at, spanMs: now.range.spanMs };
    return { geometry, at };
  }, [store]);

  useEffect(() => {
    const place = holder.current;
    const scrolled = scroller.current;
    if (place === null || scrolled === null) return undefined;
    // A canvas can be handed over once, so each painter has its own.
    const canvas = document.createElement('canvas');
    canvas.className = 'timeline-canvas';
    place.append(canvas);
    const painter = new Worker(trustedScript(workerUrl), { type: 'module', name: 'runwatch-timeline' });
    const offscreen = canvas.transferControlToOffscreen();
    const monitor = store.client.timelineLine();
    painter.addEventListener('message', ({ data }: MessageEvent<FromPainter>) => {
      notePaintLags(data.lags);
      notePictures(data.pictures);
    });
    painter.postMessage({ kind: 'start', canvas: offscreen, monitor } satisfies ToPainter, [offscreen, monitor]);
    const onScroll = (): void => painter.postMessage({ kind: 'scroll', top: scrolled.scrollTop } satisfies ToPainter);
    scrolled.addEventListener('scroll', onScroll, { passive: true });
    worker.current = painter;
    return () => {
      worker.current = undefined;
      scrolled.removeEventListener('scroll', onScroll);
      painter.terminate();
      canvas.remove();
    };
  }, [store]);

  useEffect(() => {
    if (palette === undefined) return undefined;
    const tell = (): void => {
      const frozenAt = range.endAt === undefined ? undefined : store.frozenAt();
      const view: PainterView = {
        environmentId,
        ids,
        isPart,
        query: filter ?? null,
        frame,
        pixelRatio,
        spanMs: range.spanMs,
        endAt: range.endAt ?? null,
        frozenAt: frozenAt ?? null,
        clock: { at: store.now(), machineAt: performance.timeOrigin + performance.now(), rate: store.rate() },
        calm,
        palette,
        scene,
      };
      worker.current?.postMessage({ kind: 'view', view } satisfies ToPainter);
    };
    tell();
    // The monitor's clock is known better with every snapshot; it hardly moves after the first ones.
    const read = (): number => store.now() - store.rate() * performance.now();
    let known = read();
    return store.subscribe(() => {
      const measured = read();
      if (Math.abs(measured - known) < clockStepMs) return;
      known = measured;
      tell();
    });
  }, [store, environmentId, ids, isPart, filter, frame, pixelRatio, range, calm, palette, scene]);
  return { holder, scroller, geometryNow };
}

/** A clock that is read this much otherwise than before is told. */
const clockStepMs = 0.5;

/** Read anew when the theme changes. */
function usePalette(): TimelinePalette | undefined {
  const [palette, setPalette] = useState<TimelinePalette>();
  useLayoutEffect(() => {
    const read = (): void => setPalette(readPalette(document.documentElement));
    read();
    const themes = new MutationObserver(read);
    themes.observe(document.documentElement, { attributeFilter: ['data-theme'] });
    const scheme = window.matchMedia('(prefers-color-scheme: dark)');
    scheme.addEventListener('change', read);
    return () => {
      themes.disconnect();
      scheme.removeEventListener('change', read);
    };
  }, []);
  return palette;
}

/** Changes when the page is zoomed or moves to another screen. */
function usePixelRatio(): number {
  const [ratio, setRatio] = useState(() => window.devicePixelRatio || 1);
  useEffect(() => {
    const list = window.matchMedia(`(resolution: ${ratio}dppx)`);
    const read = (): void => setRatio(window.devicePixelRatio || 1);
    list.addEventListener('change', read);
    return () => list.removeEventListener('change', read);
  }, [ratio]);
  return ratio;
}
