import type { EpochMs } from '#base/units.ts';
import { timeOfDay, count, runs } from '#monitor/figures.ts';
import type { IncidentBook } from './incident-book.ts';
import type { LaneReport } from './incident-report.ts';
import type { Recording } from '#monitor/recording.ts';

/** What is wrong on a connection. */
export interface LaneTrouble {
  readonly since: EpochMs;
  readonly words: readonly string[];
}

interface LaneSums {
  judged: number;
  lossy: number;
  lost: number;
}

const minuteMs = 60_000;
const mostRuns = 20_000;

/**
 * How each connection fares from `from` to `to`, those with trouble first, each part in the pool's order.
 * @param isExact a short stretch is counted from its runs; else it is counted by whole minutes, which costs less, and which are known longer than runs
 */
export function laneReports(recording: Recording, book: IncidentBook, troubles: ReadonlyMap<number, LaneTrouble>, from: EpochMs, to: EpochMs, isExact: boolean): readonly LaneReport[] {
  const counted = isExact && to - from < 5 * minuteMs ? sumsOfRuns(recording, from, to) : undefined;
  const reports = recording.lanes.map((connection, lane): LaneReport => {
    const sums = counted === undefined ? ofMinutes(book, lane, from, to) : (counted.get(lane) ?? { judged: 0, lossy: 0, lost: 0 });
    const trouble = troubles.get(lane);
    const way = book.links.transportOf(lane);
    const words = [
      ...(way === undefined ? [] : [`${way.transport} since ${timeOfDay(way.since)}`]),
      ...(trouble?.words ?? []),
      ...(sums.lossy === 0 ? [] : [`${count(sums.lossy)} of ${runs(sums.judged)} lossy`]),
    ];
    return { connection, lane, ...sums, bad: trouble !== undefined, since: trouble?.since ?? null, words };
  });
  return [...reports.filter(({ bad }) => bad), ...reports.filter(({ bad }) => !bad)];
}

function ofMinutes(book: IncidentBook, lane: number, from: EpochMs, to: EpochMs): LaneSums {
  const { runs: judged, lossyRuns: lossy, lost } = book.minutes.ofLane(lane, from, to);
  return { judged, lossy, lost };
}

/** Undefined where the stretch reaches back beyond what is remembered. */
function sumsOfRuns(recording: Recording, from: EpochMs, to: EpochMs): ReadonlyMap<number, LaneSums> | undefined {
  const sums = new Map<number, LaneSums>();
  let looked = 0;
  for (const run of recording.engine.tracker.closedNewestFirst()) {
    const closedAt = run.closedAt ?? run.openedAt;
    if (closedAt < from) return sums;
    looked += 1;
    if (looked >= mostRuns) return undefined;
    if (closedAt > to) continue;
    const { status } = run;
    if (status !== 'complete' && status !== 'incomplete') continue;
    const lane = recording.laneOf(run.connection.id);
    let lanes = sums.get(lane);
    if (lanes === undefined) sums.set(lane, (lanes = { judged: 0, lossy: 0, lost: 0 }));
    lanes.judged += 1;
    if (status === 'incomplete') lanes.lossy += 1;
    lanes.lost += run.violation('missing');
  }
  return sums;
}
