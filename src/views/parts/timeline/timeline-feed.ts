import type { EpochMs } from '#base/units.ts';
import type { TimelineDensity, TimelineSlice } from '#monitor/snapshot.ts';
import { layOut, type LaneLayout } from './timeline-layout.ts';

/** What an answer of the monitor shows, sorted into the lanes of the screen. */
export interface TimelineFeed {
  readonly lanes: readonly LaneLayout[];
  readonly density: TimelineDensity | null;
  /** A query holds: what does not match it is dimmed. */
  readonly isFiltered: boolean;
  /** The lane of the screen for each lane of the monitor; undefined where it is not shown. */
  readonly laneOf: readonly (number | undefined)[];
  readonly reconnects: readonly { readonly at: EpochMs; readonly lane: number; readonly opened: boolean }[];
  /** When the newest event came that is in the picture. */
  readonly newestAt: EpochMs | null;
}

export const noFeed: TimelineFeed = { lanes: [], density: null, isFiltered: false, laneOf: [], reconnects: [], newestAt: null };

/** Fetched beyond the left edge, so that runs which reach over it have their events. */
const marginMs = 10_000;
/** Single events on the screen at the most; the monitor answers with a density before marks touch each other. */
const maxEvents = 4000;

/** The question for a stretch of `spanMs` that ends at `to` and takes `columns` pixels of the screen. */
export function stretchBefore(to: EpochMs, spanMs: number, columns: number) {
  const reach = spanMs + marginMs;
  return { from: to - reach, to, columns: Math.max(1, Math.ceil((columns * reach) / spanMs)), maxEvents };
}

/** @param ids the connections of the screen from top to bottom */
export function feedOf(slice: TimelineSlice | undefined, ids: readonly string[]): TimelineFeed {
  if (slice === undefined) return noFeed;
  const place = new Map(ids.map((id, index) => [id, index]));
  const laneOf = slice.lanes.map((id) => place.get(id));
  return {
    lanes: layOut(slice, ids),
    density: slice.density,
    isFiltered: slice.matches !== undefined,
    laneOf,
    reconnects: slice.reconnects.flatMap((mark) => {
      const lane = laneOf[mark.lane];
      return lane === undefined ? [] : [{ ...mark, lane }];
    }),
    newestAt: slice.newestAt,
  };
}
