import { useEffect, useRef, useState, type RefObject } from 'react';
import { epochMs, type EpochMs } from '#base/units.ts';
import { useMonitorStore } from '#views/parts/use-monitor.ts';
import { feedOf, noFeed, stretchBefore } from './timeline-feed.ts';
import type { LaneLayout } from './timeline-layout.ts';

const pauseMs = 500;

/**
 * The runs of the stretch that is painted, about twice a second: for the pointer, the keyboard and a screen reader.
 * @param ids the connections of the screen from top to bottom
 * @param columns pixels that the stretch takes
 */
export function useTimelineReading(environmentId: string, spanMs: number, endAt: EpochMs | undefined, ids: readonly string[], columns: number): { readonly lanes: readonly LaneLayout[]; readonly newest: RefObject<readonly LaneLayout[]> } {
  const store = useMonitorStore();
  const [lanes, setLanes] = useState<readonly LaneLayout[]>(noFeed.lanes);
  const newest = useRef(lanes);
  useEffect(() => {
    let stopped = false;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const ask = async (): Promise<void> => {
      const { from, ...rest } = stretchBefore(endAt ?? store.now(), spanMs, columns);
      const slice = await store.client.timeline(environmentId, { from: epochMs(from), ...rest });
      if (stopped) return;
      newest.current = feedOf(slice, ids).lanes;
      setLanes(newest.current);
      if (endAt === undefined) timer = setTimeout(run, pauseMs);
    };
    const run = (): void => {
      // A monitor that has gone answers nothing more; its silence is shown by the age of the data.
      ask().catch(() => undefined);
    };
    run();
    return () => {
      stopped = true;
      clearTimeout(timer);
    };
  }, [store, environmentId, spanMs, endAt, ids, columns]);
  return { lanes, newest };
}
