import { useEffect, type RefObject } from 'react';
import { epochMs, type EpochMs } from '#base/units.ts';
import { timeAt, type TimelineGeometry } from './timeline-geometry.ts';
import type { RangeControls } from './use-range.ts';

/** A pointer that went less far, in px, has clicked. */
const dragFromPx = 4;
/** A notch of a wheel, about 100 px, zooms by this factor. */
const zoomPerNotch = 1.25;
const notchPx = 100;

interface Place {
  readonly x: number;
  readonly y: number;
}

/**
 * Wheel and fingers on the lanes: the wheel zooms around the pointer (with Shift, or sideways, it moves; where the lanes are more than
 * the screen has room for it scrolls them, and zooms with Ctrl), a drag moves, two fingers do both.
 */
export function useTimelineGestures(scroller: RefObject<HTMLDivElement | null>, geometryNow: () => { readonly geometry: TimelineGeometry }, { zoomAt, moveTo }: Pick<RangeControls, 'zoomAt' | 'moveTo'>): void {
  useEffect(() => {
    const element = scroller.current;
    if (element === null) return undefined;
    const fingers = new Map<number, Place>();
    let grabbed: { readonly x: number; readonly endAt: EpochMs } | undefined;
    let dragged = false;

    const timeUnder = (clientX: number): EpochMs => timeAt(geometryNow().geometry, clientX - element.getBoundingClientRect().left);
    const msPerPx = (): number => {
      const { spanMs, left, right } = geometryNow().geometry;
      return spanMs / Math.max(1, right - left);
    };
    const grab = (x: number): void => {
      grabbed = { x, endAt: geometryNow().geometry.endAt };
    };

    const onWheel = (event: WheelEvent): void => {
      const sideways = event.shiftKey ? event.deltaY || event.deltaX : Math.abs(event.deltaX) > Math.abs(event.deltaY) ? event.deltaX : 0;
      const pixels = event.deltaMode === WheelEvent.DOM_DELTA_PIXEL ? 1 : 33;
      const scrolls = element.scrollHeight > element.clientHeight + 1 && !event.ctrlKey && !event.metaKey && sideways === 0;
      if (scrolls) return;
      event.preventDefault();
      if (sideways === 0) zoomAt(timeUnder(event.clientX), zoomPerNotch ** ((event.deltaY * pixels) / notchPx));
      else moveTo(epochMs(geometryNow().geometry.endAt + sideways * pixels * msPerPx()));
    };
    const onDown = (event: PointerEvent): void => {
      if (event.button !== 0) return;
      fingers.set(event.pointerId, { x: event.clientX, y: event.clientY });
      dragged = false;
      grab(event.clientX);
    };
    const onMove = (event: PointerEvent): void => {
      const before = fingers.get(event.pointerId);
      if (before === undefined || grabbed === undefined) return;
      const other = Array.from(fingers).find(([id]) => id !== event.pointerId)?.[1];
      fingers.set(event.pointerId, { x: event.clientX, y: event.clientY });
      if (other !== undefined) {
        dragged = true;
        const apart = (place: Place): number => Math.max(20, Math.hypot(place.x - other.x, place.y - other.y));
        zoomAt(timeUnder((event.clientX + other.x) / 2), apart(before) / apart({ x: event.clientX, y: event.clientY }));
        grab(event.clientX);
        return;
      }
      const way = event.clientX - grabbed.x;
      if (!dragged && Math.abs(way) < dragFromPx) return;
      if (!dragged) element.setPointerCapture(event.pointerId);
      dragged = true;
      moveTo(epochMs(grabbed.endAt - way * msPerPx()));
    };
    const onUp = (event: PointerEvent): void => {
      fingers.delete(event.pointerId);
      const [rest] = fingers.values();
      if (rest === undefined) grabbed = undefined;
      else grab(rest.x);
    };
    // What ends a drag is no click on a run.
    const onClick = (event: MouseEvent): void => {
      if (dragged) event.stopPropagation();
      dragged = false;
    };
    // React's own listeners for the wheel may not keep the page from scrolling.
    element.addEventListener('wheel', onWheel, { passive: false });
    element.addEventListener('pointerdown', onDown);
    element.addEventListener('pointermove', onMove);
    element.addEventListener('pointerup', onUp);
    element.addEventListener('pointercancel', onUp);
    element.addEventListener('click', onClick, { capture: true });
    return () => {
      element.removeEventListener('wheel', onWheel);
      element.removeEventListener('pointerdown', onDown);
      element.removeEventListener('pointermove', onMove);
      element.removeEventListener('pointerup', onUp);
      element.removeEventListener('pointercancel', onUp);
      element.removeEventListener('click', onClick, { capture: true });
    };
  }, [scroller, geometryNow, zoomAt, moveTo]);
}
