import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { epochMs, type EpochMs } from '#base/units.ts';
import type { EnvironmentSnapshot } from '#monitor/snapshot.ts';
import { navigate, useQueryState } from '#views/parts/url-state.ts';
import { useMedia } from '#views/parts/use-media.ts';
import { useFrozenAt, useMonitorStore } from '#views/parts/use-monitor.ts';
import { fittingSpan } from './fitting-span.ts';

/** The stretch of time that the timeline shows. */
export interface TimelineRange {
  readonly spanMs: number;
  /** The right edge; `undefined` runs with the time. */
  readonly endAt: EpochMs | undefined;
  readonly following: boolean;
}

export interface RangeControls {
  readonly range: TimelineRange;
  readonly follow: () => void;
  /** Runs with the time, and shows this much of it. */
  readonly last: (spanMs: number) => void;
  readonly freeze: () => void;
  readonly toggle: () => void;
  /** Twice as close (`in`), twice as far, or back to the screen's own span. */
  readonly zoom: (how: 'in' | 'out' | 'fit') => void;
  /** A quarter of the screen back or on; a view that runs is frozen first. */
  readonly pan: (direction: -1 | 1) => void;
  /** By hand: `factor` times the span around a moment of it. A view that runs goes on, its right edge held. */
  readonly zoomAt: (at: EpochMs, factor: number) => void;
  /** By hand: another right edge, and another span where one is given; a view that runs is frozen first. */
  readonly moveTo: (endAt: EpochMs, spanMs?: number) => void;
}

export const closestMs = 5_000;
const farthestMs = 3_600_000;
/** A hand that rests this long has found its place: the address takes it over. A browser allows few changes of the address in a second. */
const settledMs = 250;

export function useRange(environment: Pick<EnvironmentSnapshot, 'id' | 'runs'> | undefined): RangeControls {
  const store = useMonitorStore();
  const frozenAt = useFrozenAt();
  const { from, to } = useQueryState();
  const own = useOwnSpan(environment);
  const [factor, setFactor] = useState(1);
  const [moving, setMoving] = useState<{ readonly endAt: EpochMs; readonly spanMs: number }>();
  const fixed = from !== undefined && to !== undefined && to > from;
  const spanMs = moving?.spanMs ?? (fixed ? to - from : withinReach(own * factor));
  const endAt = moving?.endAt ?? (fixed ? to : frozenAt);
  const range = useMemo(() => ({ spanMs, endAt, following: endAt === undefined }), [spanMs, endAt]);

  // By hand it goes many times a second: each step starts from where the last one came to.
  const reached = useRef({ endAt, spanMs });
  const settling = useRef<ReturnType<typeof setTimeout>>(undefined);
  const freeze = useCallback(() => store.freeze(), [store]);
  const follow = useCallback(() => {
    clearTimeout(settling.current);
    setMoving(undefined);
    store.resume();
    navigate({ from: undefined, to: undefined }, 'replace');
  }, [store]);
  const last = useCallback(
    (span: number) => {
      follow();
      setFactor(withinReach(span) / own);
    },
    [follow, own],
  );
  const show = useCallback((end: number, span: number) => navigate({ from: epochMs(end - span), to: epochMs(end) }, 'replace'), []);
  const zoom = useCallback(
    (how: 'in' | 'out' | 'fit') => {
      if (how === 'fit') {
        setFactor(1);
        if (fixed) show(to, own);
        return;
      }
      const next = withinReach(how === 'in' ? spanMs / 2 : spanMs * 2);
      if (fixed) show(to - spanMs / 2 + next / 2, next);
      else setFactor(next / own);
    },
    [fixed, to, own, spanMs, show],
  );
  const pan = useCallback(
    (direction: -1 | 1) => {
      store.freeze();
      show((endAt ?? store.shownNow()) + (direction * spanMs) / 4, spanMs);
    },
    [store, endAt, spanMs, show],
  );
  useEffect(() => {
    reached.current = { endAt, spanMs };
  }, [endAt, spanMs]);
  useEffect(() => () => clearTimeout(settling.current), []);
  const move = useCallback(
    (end: EpochMs, span: number) => {
      store.freeze();
      const place = { endAt: end, spanMs: span };
      reached.current = place;
      setMoving(place);
      clearTimeout(settling.current);
      settling.current = setTimeout(() => {
        show(end, span);
        setMoving(undefined);
      }, settledMs);
    },
    [store, show],
  );
  const zoomAt = useCallback(
    (at: EpochMs, by: number) => {
      const before = reached.current;
      const next = withinReach(before.spanMs * by);
      reached.current = { ...before, spanMs: next };
      if (before.endAt === undefined) setFactor(next / own);
      else move(epochMs(at + (before.endAt - at) * (next / before.spanMs)), next);
    },
    [move, own],
  );
  const moveTo = useCallback((end: EpochMs, span?: number) => move(end, withinReach(span ?? reached.current.spanMs)), [move]);
  const { following } = range;
  const toggle = useCallback(() => (following ? freeze() : follow()), [following, freeze, follow]);
  return { range, follow, last, freeze, toggle, zoom, pan, zoomAt, moveTo };
}

const withinReach = (spanMs: number): number => Math.min(farthestMs, Math.max(closestMs, spanMs));

/** How much time a screen of this width shows unasked; less where the runs of this environment are short. Chosen once per environment, so that it never jumps. */
function useOwnSpan(environment: Pick<EnvironmentSnapshot, 'id' | 'runs'> | undefined): number {
  const wide = useMedia('(min-width: 1280px)');
  const middle = useMedia('(min-width: 960px)');
  const small = useMedia('(min-width: 600px)');
  const [spanMs, marks] = wide ? [60_000, 70] : middle ? [45_000, 50] : small ? [30_000, 35] : [20_000, 24];
  const [fitted, setFitted] = useState<{ readonly id: string; readonly marks: number; readonly spanMs: number }>();
  const known = fitted !== undefined && fitted.id === environment?.id && fitted.marks === marks;
  const fitting = known || environment === undefined ? undefined : fittingSpan(environment.runs, spanMs, marks);
  if (environment !== undefined && fitting !== undefined) setFitted({ id: environment.id, marks, spanMs: fitting });
  return known ? fitted.spanMs : spanMs;
}
