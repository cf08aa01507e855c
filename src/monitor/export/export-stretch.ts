import { epochMs, type EpochMs } from '#base/units.ts';
import type { RunwatchRecord } from '#record/record.ts';
import type { Recording } from '#monitor/recording.ts';

/** Samples of a clock that are this much older than what is exported say nothing of it any more. */
const clockMs = 600_000;

/** Says of each record whether it belongs to a stretch of time. */
export interface Stretch {
  readonly from: EpochMs;
  readonly to: EpochMs;
  holds(record: RunwatchRecord): boolean;
}

/**
 * A stretch of a recording. On each connection it begins where no run is under way: a run that lost its first half would be judged wrongly.
 * Who is signed in where is known from before it, and so are the clocks.
 */
export function stretchOf({ engine }: Recording, from: EpochMs, to: EpochMs): Stretch {
  const begins = new Map<string, number>();
  const runs = Array.from(engine.tracker.runs()).sort((a, b) => b.openedAt - a.openedAt);
  for (const { connection, openedAt, closedAt } of runs) {
    const begin = begins.get(connection.id) ?? from;
    if (openedAt < begin && (closedAt ?? Number.POSITIVE_INFINITY) >= begin) begins.set(connection.id, openedAt);
  }
  const earliest = Math.min(from, ...begins.values());
  const beginOf = (connection: string): number => begins.get(connection) ?? from;
  return {
    from: epochMs(earliest),
    to,
    holds(record) {
      if (record.at > to) return false;
      switch (record.record) {
        case 'connection-open':
        case 'connection-close':
          return true;
        case 'clock-sample':
          return record.at >= beginOf(record.connection) - clockMs;
        case 'frame':
        case 'trigger':
        case 'stage':
          return record.at >= beginOf(record.connection);
        case 'header':
        case 'end':
        case 'health':
        case 'blind':
        case 'note':
          return record.at >= earliest;
        default:
          return false;
      }
    },
  };
}
