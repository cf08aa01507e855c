import { useEffect, useRef, useState, type RefObject } from 'react';
import { epochMs, type EpochMs } from '#base/units.ts';
import type { TimelineDensity, TimelineSlice } from '#monitor/snapshot.ts';
import { useMonitorStore } from '#views/parts/use-monitor.ts';
import { layOut, type LaneLayout } from './timeline-layout.ts';

/** What the newest answer of the monitor shows, sorted into the lanes of the screen. */
export interface TimelineFeed {
  /** Counts the answers: another number, another picture. */
  readonly version: number;
  readonly lanes: readonly LaneLayout[];
  readonly density: TimelineDensity | null;
  /** The lane of the screen for each lane of the monitor; undefined where it is not shown. */
  readonly laneOf: readonly (number | undefined)[];
  readonly reconnects: readonly { readonly at: EpochMs; readonly lane: number; readonly opened: boolean }[];
  /** When the newest event came that is in the picture. */
  readonly newestAt: EpochMs | null;
}

export interface TimelineFeeds {
  /** Changes with every answer, many times a second: what is painted. */
  readonly newest: RefObject<TimelineFeed>;
  /** Follows it about twice a second: what is read out. */
  readonly read: TimelineFeed;
}

/** Single events on the screen at the most; the monitor answers with a density before marks touch each other. */
const maxEvents = 5000;
/** Fetched beyond the left edge, so that runs which reach over it have their events. */
const marginMs = 10_000;
/** Pause after an answer that brought nothing new. */
const idlePauseMs = 60;
/** Sorting an answer may take this share of the page's time. */
const workShare = 0.25;
const readPauseMs = 500;

/**
 * Asks for the stretch that ends at `endAt` (or at the running time if that is undefined), the next time as soon as the
 * last answer is there to be painted. Answers go round React: at 60 a second a render for each would take the page's time.
 * @param ids the connections of the screen from top to bottom
 * @param columns pixels that the stretch takes
 */
export function useTimelineFeed(environmentId: string, spanMs: number, endAt: EpochMs | undefined, ids: readonly string[], columns: number): TimelineFeeds {
  const store = useMonitorStore();
  const newest = useRef<TimelineFeed>(noFeed);
  const [read, setRead] = useState<TimelineFeed>(noFeed);
  useEffect(() => {
    let stopped = false;
    let timer: ReturnType<typeof setTimeout> | undefined;
    let readAt = Number.NEGATIVE_INFINITY;
    const ask = async (): Promise<void> => {
      const to = endAt ?? store.now();
      const reach = spanMs + marginMs;
      const slice = await store.client.timeline(environmentId, { from: epochMs(to - reach), to, columns: Math.ceil((columns * reach) / spanMs), maxEvents });
      if (stopped) return;
      const before = newest.current;
      const began = performance.now();
      newest.current = feedOf(slice, ids, before.version + 1);
      const spent = performance.now() - began;
      if (endAt !== undefined || began - readAt >= readPauseMs) {
        readAt = began;
        setRead(newest.current);
      }
      if (endAt !== undefined) return;
      const pause = newest.current.newestAt === before.newestAt ? idlePauseMs : spent / workShare;
      timer = setTimeout(run, pause);
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
  return { newest, read };
}

const noFeed: TimelineFeed = { version: 0, lanes: [], density: null, laneOf: [], reconnects: [], newestAt: null };

function feedOf(slice: TimelineSlice | undefined, ids: readonly string[], version: number): TimelineFeed {
  if (slice === undefined) return { ...noFeed, version };
  const place = new Map(ids.map((id, index) => [id, index]));
  const laneOf = slice.lanes.map((id) => place.get(id));
  return {
    version,
    lanes: layOut(slice, ids),
    density: slice.density,
    laneOf,
    reconnects: slice.reconnects.flatMap((mark) => {
      const lane = laneOf[mark.lane];
      return lane === undefined ? [] : [{ ...mark, lane }];
    }),
    newestAt: slice.newestAt,
  };
}
