import { useEffect, useState } from 'react';
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

/** `value`, taken over once a second at most; `phaseMs` shifts the moment, so that several charts do not draw in one task. */
export function useEverySecond<T>(value: T, phaseMs: number): T {
  const [held, setHeld] = useState(value);
  useEffect(() => {
    if (Object.is(value, held)) return;
    const wait = held === undefined ? 0 : 1000 - ((performance.now() - phaseMs) % 1000);
    const timer = setTimeout(() => setHeld(value), wait);
    return () => clearTimeout(timer);
  }, [value, held, phaseMs]);
  return held;
}
