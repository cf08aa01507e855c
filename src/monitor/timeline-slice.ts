import { epochMs } from '#base/units.ts';
import { violationKinds, type Run, type ViolationKind } from '#runs/run.ts';
import type { TimelineRequest, TimelineRun, TimelineSlice } from './snapshot.ts';
import type { Watch } from './watch.ts';

const mostRuns = 2000;
/** Runs with something wrong that are marked on a density. */
const mostMarked = 300;

/** The events and runs of a stretch for the timeline, or its density: whatever the screen has room for. */
export function timelineSlice(watch: Watch, { from, to, columns, maxEvents, shownUntil }: TimelineRequest): TimelineSlice {
  const lanes = watch.lanes.map((_, lane) => lane);
  const answer = watch.store.query({ from, to, lanes, columns: Math.max(1, columns), maxEvents });
  const waitingSince = shownUntil === undefined ? undefined : watch.store.firstAfter(shownUntil);
  const single = answer.mode === 'events';
  const runs = single
    ? Array.from(watch.store.runs.query(from, to, lanes, mostRuns).ordinals, (ordinal) => watch.book.withOrdinal(ordinal)).filter((run) => run !== undefined)
    : watch.book.spoiltBetween(from, to, mostMarked);
  return {
    from,
    to,
    lanes: watch.lanes,
    typeNames: watch.types.names,
    times: single ? answer.times : new Float64Array(),
    eventLanes: single ? answer.lanes : new Uint16Array(),
    types: single ? answer.types : new Uint16Array(),
    flags: single ? answer.flags : new Uint8Array(),
    density: single ? null : { from: answer.from, bucketMs: answer.bucketMs, completeFrom: answer.completeFrom, buckets: answer.buckets, lanes: answer.lanes, counts: answer.counts },
    runs: runs.map((run) => timelineRun(run, watch)),
    reconnects: watch.reconnects.filter((mark) => mark.at >= from && mark.at < to),
    newestAt: watch.newestAt ?? null,
    waitingSince: waitingSince === undefined ? null : epochMs(waitingSince),
  };
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
