import type { LaneReport } from '#monitor/incident/incident-report.ts';

/** How lanes are shown: the bad ones alone, all with the bad ones first, or all by number. The address says it in `show`. */
export type LaneOrder = 'folded' | 'all' | 'number';

export const laneOrderOf = (show: string | undefined): LaneOrder => (show === 'all' || show === 'number' ? show : 'folded');

export interface Lanes {
  /** The connections of the screen from top to bottom. */
  readonly shown: readonly string[];
  readonly folded: readonly string[];
  readonly bad: number;
}

/**
 * Which lanes are shown, in which order. Within each part connections keep the order of the pool, so that a lane changes its place
 * only when it turns bad, or good again.
 * @param connections ids in the pool's order
 */
export function arrangeLanes(connections: readonly string[], reports: readonly LaneReport[], order: LaneOrder): Lanes {
  const badOnes = new Set(reports.flatMap(({ connection, bad }) => (bad ? [connection] : [])));
  const bad = connections.filter((id) => badOnes.has(id));
  const good = connections.filter((id) => !badOnes.has(id));
  switch (order) {
    case 'folded':
      return { shown: bad, folded: good, bad: bad.length };
    case 'all':
      return { shown: [...bad, ...good], folded: [], bad: bad.length };
    case 'number':
      return { shown: connections, folded: [], bad: bad.length };
  }
}
