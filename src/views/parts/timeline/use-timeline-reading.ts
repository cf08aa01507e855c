import { useCallback, useRef, useState, type RefObject } from 'react';
import { epochMs, type EpochMs } from '#base/units.ts';
import type { TimelineSlice } from '#monitor/snapshot.ts';
import { useQueryState } from '#views/parts/url-state.ts';
import { useMonitorStore } from '#views/parts/use-monitor.ts';
import { useRepeated } from '#views/parts/use-repeated.ts';
import { feedOf, noFeed, stretchBefore } from './timeline-feed.ts';
import type { LaneLayout } from './timeline-layout.ts';

const pauseMs = 500;

/**
 * The runs of the stretch that is painted, about twice a second: for the pointer, the keyboard and a screen reader.
 * @param ids the connections of the screen from top to bottom
 * @param isPart whether the monitor has others too
 * @param columns pixels that the stretch takes
 */
export function useTimelineReading(
  environmentId: string,
  spanMs: number,
  endAt: EpochMs | undefined,
  ids: readonly string[],
  isPart: boolean,
  columns: number,
): { readonly lanes: readonly LaneLayout[]; readonly newest: RefObject<readonly LaneLayout[]> } {
  const store = useMonitorStore();
  const { filter } = useQueryState();
  const [lanes, setLanes] = useState<readonly LaneLayout[]>(noFeed.lanes);
  const newest = useRef(lanes);
  const ask = useCallback(() => {
    const { from, ...rest } = stretchBefore(endAt ?? store.now(), spanMs, columns);
    return store.client.timeline(environmentId, { from: epochMs(from), ...rest, ...(isPart && { lanes: ids }), ...(filter !== undefined && { query: filter }) });
  }, [store, environmentId, spanMs, endAt, ids, isPart, columns, filter]);
  const take = useCallback(
    (slice: TimelineSlice | undefined) => {
      newest.current = feedOf(slice, ids).lanes;
      setLanes(newest.current);
    },
    [ids],
  );
  useRepeated(ask, take, endAt === undefined ? pauseMs : null);
  return { lanes, newest };
}
