import type { EpochMs } from '#base/units.ts';
import { epochMs } from '#base/units.ts';
import { violationKinds, type Run, type ViolationKind } from '#runs/run.ts';
import type { TimelineRun, TimelineSlice } from './snapshot.ts';
import type { Watch } from './watch.ts';

const mostRuns = 2000;
/** Columns that let the store answer with single events however close they stand. */
const columnsPerEvent = 8;

/** The events and runs of [`from`, `to`) for the timeline; single events where they are `maxEvents` or fewer. */
export function timelineSlice(watch: Watch, from: EpochMs, to: EpochMs, maxEvents: number): TimelineSlice {
  const lanes = watch.lanes.map((_, lane) => lane);
  const answer = watch.store.query({ from, to, lanes, columns: maxEvents * columnsPerEvent, maxEvents });
  const bars = watch.store.runs.query(from, to, lanes, mostRuns);
  const runs: TimelineRun[] = [];
  for (const ordinal of bars.ordinals) {
    const run = watch.book.withOrdinal(ordinal);
    if (run !== undefined) runs.push(timelineRun(run, watch));
  }
  const common = {
    from,
    to,
    lanes: watch.lanes,
    typeNames: watch.types.names,
    runs,
    reconnects: watch.reconnects.filter((mark) => mark.at >= from && mark.at < to),
  };
  if (answer.mode === 'events') {
    const { times, lanes: eventLanes, types, flags } = answer;
    return { ...common, times, eventLanes, types, flags, leftOut: 0 };
  }
  const counted = answer.counts.reduce((sum, count) => sum + count, 0);
  const none = { times: new Float64Array(), eventLanes: new Uint16Array(), types: new Uint16Array(), flags: new Uint8Array() };
  return { ...common, ...none, leftOut: counted };
}

function timelineRun(run: Run, watch: Watch): TimelineRun {
  const violations: Partial<Record<ViolationKind, number>> = {};
  const closed = run.closedAt !== undefined;
  // What a running run lacks may still come: it is no violation yet.
  for (const kind of violationKinds) if ((closed || kind === 'duplicate') && run.violation(kind) > 0) violations[kind] = run.violation(kind);
  return {
    id: run.id,
    lane: watch.lanes.indexOf(run.connection.id),
    openedAt: run.openedAt,
    endedAt: closed ? epochMs(run.lastEventAt ?? run.closedAt ?? run.openedAt) : null,
    status: run.status,
    missing: closed ? run.delivery.missing : [],
    violations,
    letters: watch.book.spelling(run),
  };
}
