import { epochMs } from '#base/units.ts';
import { violationKinds, type Run, type ViolationKind } from '#runs/run.ts';
import type { TimelineRequest, TimelineRun, TimelineSlice } from './snapshot.ts';
import type { Recording } from './recording.ts';
import type { SliceMatcher } from './query/timeline-matches.ts';

const mostRuns = 2000;
/** Runs with something wrong that are marked on a density. */
const mostMarked = 300;

/**
 * The events and runs of a stretch for the timeline, or its density: whatever the screen has room for.
 * @param match marks what matches the request's query
 */
export function timelineSlice(recording: Recording, { from, to, columns, maxEvents, shownUntil, lanes: ids, query }: TimelineRequest, match?: SliceMatcher): TimelineSlice {
  const wanted = ids === undefined ? undefined : new Set(ids);
  const lanes = recording.lanes.flatMap((id, lane) => (wanted === undefined || wanted.has(id) ? [lane] : []));
  const answer = recording.store.query({ from, to, lanes, columns: Math.max(1, columns), maxEvents });
  const waitingSince = shownUntil === undefined ? undefined : recording.store.firstAfter(shownUntil);
  const single = answer.mode === 'events';
  const runs = single
    ? Array.from(recording.store.runs.query(from, to, lanes, mostRuns).ordinals, (ordinal) => recording.book.withOrdinal(ordinal)).filter((run) => run !== undefined)
    : recording.book.spoiltBetween(from, to, mostMarked);
  const matches = query === undefined ? undefined : match?.(recording, query, answer);
  return {
    from,
    to,
    lanes: recording.lanes,
    typeNames: recording.types.names,
    times: single ? answer.times : new Float64Array(),
    eventLanes: single ? answer.lanes : new Uint16Array(),
    types: single ? answer.types : new Uint16Array(),
    flags: single ? answer.flags : new Uint8Array(),
    density: single ? null : { from: answer.from, bucketMs: answer.bucketMs, completeFrom: answer.completeFrom, buckets: answer.buckets, lanes: answer.lanes, counts: answer.counts },
    ...(matches !== undefined && { matches: matches.events }),
    runs: runs.map((run) => (matches === undefined ? timelineRun(run, recording) : { ...timelineRun(run, recording), matches: matches.run(run) })),
    reconnects: recording.reconnects.filter((mark) => mark.at >= from && mark.at < to),
    newestAt: recording.newestAt ?? null,
    waitingSince: waitingSince === undefined ? null : epochMs(waitingSince),
  };
}

function timelineRun(run: Run, recording: Recording): TimelineRun {
  const violations: Partial<Record<ViolationKind, number>> = {};
  const closed = run.closedAt !== undefined;
  // What a running run lacks may still come: it is no violation yet.
  for (const kind of violationKinds) if ((closed || kind === 'duplicate') && run.violation(kind) > 0) violations[kind] = run.violation(kind);
  return {
    id: run.id,
    lane: recording.lanes.indexOf(run.connection.id),
    openedAt: run.openedAt,
    endedAt: closed ? epochMs(run.lastEventAt ?? run.closedAt ?? run.openedAt) : null,
    status: run.status,
    missing: closed ? run.delivery.missing : [],
    violations,
    letters: recording.book.spelling(run),
  };
}
