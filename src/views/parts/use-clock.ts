import { startTransition, useEffect, useState } from 'react';
import type { EpochMs } from '#base/units.ts';
import { useMonitorStore } from './use-monitor.ts';

/**
 * The time that the view shows, read anew every `everyMs` by a timer of its own, so that an age grows also when no data come.
 * @param which `shown` stands still while frozen, `running` does not.
 */
export function useClock(everyMs: number, which: 'shown' | 'running' = 'shown'): EpochMs {
  const store = useMonitorStore();
  const read = which === 'shown' ? store.shownNow : store.now;
  const [at, setAt] = useState(read);
  useEffect(() => {
    const tick = (): void => setAt(read());
    tick();
    const timer = setInterval(tick, everyMs);
    return () => clearInterval(timer);
  }, [read, everyMs]);
  return at;
}

/** Charts of minutes look the same a second later. */
const chartPauseMs = 2000;

/**
 * `value`, taken over every two seconds at most, and when the page has time for it.
 * @param phase share of the pause by which the moment is shifted, so that several charts do not draw in one task
 */
export function useNowAndThen<T>(value: T, phase: number): T {
  const [held, setHeld] = useState(value);
  useEffect(() => {
    if (Object.is(value, held)) return;
    const wait = held === undefined ? 0 : chartPauseMs - ((performance.now() - phase * chartPauseMs) % chartPauseMs);
    const timer = setTimeout(() => startTransition(() => setHeld(value)), wait);
    return () => clearTimeout(timer);
  }, [value, held, phase]);
  return held;
}
