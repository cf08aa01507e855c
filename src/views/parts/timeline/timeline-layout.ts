import { epochMs, type EpochMs } from '#base/units.ts';
import type { TimelineRun, TimelineSlice } from '#monitor/snapshot.ts';
import { byRunOrder } from '#views/parts/event-style.ts';
import { runReason, runTone, type RunTone } from '#views/parts/run-words.ts';

/** Flags of an event in a slice, bit by bit. */
export const eventFlags = { duplicate: 1, late: 2, crossTalk: 4, echo: 8, orphan: 16, recovered: 32 } as const;
/** Events with one of these may come after their run was closed. */
const afterClose = eventFlags.late | eventFlags.duplicate;
/** Events with one of these belong to no run of the lane. */
const foreign = eventFlags.crossTalk | eventFlags.echo | eventFlags.orphan;

export interface EventMark {
  readonly at: EpochMs;
  readonly type: string;
  readonly flags: number;
  /** It does not match the query that holds. */
  readonly isDim?: true;
}

/** A run as it lies in its lane. */
export interface RunBar {
  readonly run: TimelineRun;
  readonly lane: number;
  readonly tone: RunTone;
  /** What stands in words behind the bar; empty for a good run. */
  readonly reason: string;
  readonly events: readonly EventMark[];
  /** Expected events that never came, at the places where they would have been. */
  readonly missing: readonly { readonly at: EpochMs; readonly type: string }[];
  readonly openedAt: EpochMs;
  /** The last event that came after the run was closed; it stands behind the bar. */
  readonly lateAt: EpochMs | null;
  /** Null while running: the bar reaches to now. */
  readonly endedAt: EpochMs | null;
}

export interface LaneLayout {
  /** By opening. */
  readonly bars: readonly RunBar[];
  /** Events that lie in no run: of others, echoes, orphans, or without a run in this stretch. */
  readonly loose: readonly EventMark[];
  /** How many events the lane holds in all. */
  readonly count: number;
}

/**
 * Sorts a slice into lanes once, so that a frame has only to place and to paint.
 * @param lanes the connections of the screen from top to bottom; what the slice holds of others is left out
 */
export function layOut(slice: TimelineSlice, lanes: readonly string[]): LaneLayout[] {
  const place = new Map(lanes.map((id, index) => [id, index]));
  const laneOf = slice.lanes.map((id) => place.get(id));
  const events: EventMark[][] = lanes.map(() => []);
  for (let index = 0; index < slice.times.length; index += 1) {
    const lane = laneOf[slice.eventLanes[index] ?? -1];
    const type = slice.typeNames[slice.types[index] ?? -1];
    if (lane === undefined || type === undefined) continue;
    const mark = { at: epochMs(slice.from + (slice.times[index] ?? 0)), type, flags: slice.flags[index] ?? 0 };
    events[lane]?.push(slice.matches?.[index] === 0 ? { ...mark, isDim: true } : mark);
  }
  const runs: TimelineRun[][] = lanes.map(() => []);
  for (const run of slice.runs) {
    const lane = laneOf[run.lane];
    if (lane !== undefined) runs[lane]?.push(run);
  }
  return lanes.map((_, lane) => layOutLane(lane, events[lane] ?? [], runs[lane] ?? []));
}

function layOutLane(lane: number, events: readonly EventMark[], runs: readonly TimelineRun[]): LaneLayout {
  const sorted = runs.toSorted((left, right) => left.openedAt - right.openedAt);
  const held: EventMark[][] = sorted.map(() => []);
  const loose: EventMark[] = [];
  for (const event of events) {
    // Of runs that overlap, the one that opened last takes the event: marks fall on the same place either way.
    const own = (event.flags & foreign) === 0;
    const index = own ? sorted.findLastIndex((run) => run.openedAt <= event.at && (event.at <= (run.endedAt ?? Infinity) || (event.flags & afterClose) !== 0)) : -1;
    (held[index] ?? loose).push(event);
  }
  const bars = sorted.map((run, index): RunBar => {
    const own = held[index] ?? [];
    const duplicate = own.find((event) => (event.flags & eventFlags.duplicate) !== 0);
    const last = own.at(-1);
    return {
      run,
      lane,
      tone: runTone(run),
      reason: runReason(run, duplicate?.type),
      events: own,
      // What came late is not spelt in the letters.
      missing: run.status === 'incomplete' ? placeMissing(run, own.filter((event) => (event.flags & eventFlags.late) === 0)) : [],
      openedAt: run.openedAt,
      lateAt: run.endedAt !== null && last !== undefined && last.at > run.endedAt ? last.at : null,
      endedAt: run.endedAt,
    };
  });
  return { bars, loose, count: events.length };
}

/**
 * Places what never came. The letters of a run (`STE·C`) say between which events a gap lies; the gap's marks share the
 * time between these two evenly. Which type stands at which gap follows the order of a run.
 */
export function placeMissing(run: Pick<TimelineRun, 'letters' | 'missing' | 'openedAt' | 'endedAt'>, events: readonly EventMark[]): { at: EpochMs; type: string }[] {
  const types = run.missing.toSorted(byRunOrder);
  const letters = [...run.letters];
  const marks: { at: EpochMs; type: string }[] = [];
  // A run that began before the slice has letters for events that are not in it.
  let came = events.length - letters.filter((letter) => letter !== '·').length;
  for (let index = 0; index < letters.length && marks.length < types.length; ) {
    if (letters[index] !== '·') {
      came += 1;
      index += 1;
      continue;
    }
    let gap = 0;
    while (letters[index + gap] === '·') gap += 1;
    const before = events[came - 1]?.at ?? run.openedAt;
    const after = events[came]?.at ?? run.endedAt ?? before;
    for (let mark = 1; mark <= gap; mark += 1) {
      const type = types[marks.length];
      if (type !== undefined) marks.push({ at: epochMs(before + ((after - before) * mark) / (gap + 1)), type });
    }
    index += gap;
  }
  return marks;
}
