import { epochMs, type EpochMs } from '#base/units.ts';
import type { Run } from '#runs/run.ts';
import { eventFlags } from '#store/event-flags.ts';
import { FrameReader } from './frame-reader.ts';
import { runElsewhere } from './run-elsewhere.ts';
import { runReport } from './run-report.ts';
import { whyOf } from './run-why.ts';
import type { RunBeside, RunDetail, RunEventDetail, RunNeighbour } from './snapshot.ts';
import type { Recording } from './recording.ts';

const mostEvents = 2000;
/** Events of a run that is only drawn beside another. */
const mostBeside = 200;
/** Neighbours on each side. */
const mostNeighbours = 3;
const longestCall = 200;
/** A time beyond this is none that a calendar has. */
const farthestTime = 8.64e15;

/** All that is known of a run; undefined when it is forgotten, or never was. */
export function runDetail(recording: Recording, runId: string): RunDetail | undefined {
  const run = recording.book.withId(runId);
  if (run === undefined) return undefined;
  const events = eventsOfRun(recording, run, mostEvents);
  const last = events.findLast((event) => event.disposition === 'attributed' && event.at === run.lastEventAt);
  return {
    run: runReport(run),
    why: whyOf(run, recording, last?.type),
    letters: recording.book.spelling(run),
    expectedByType: run.delivery.byType,
    events,
    leftOut: Math.max(0, run.events + run.duplicates + run.lates - events.length),
    lastRecord: new FrameReader(recording).at(recording.store.rowsOfRun(run.ordinal, mostEvents).at(-1) ?? -1)?.record ?? null,
    lastGood: besideOf(recording, lastGoodBefore(recording, run)),
    neighbours: neighboursOf(recording, run),
    elsewhere: runElsewhere(recording, run, new FrameReader(recording)),
    notes: recording.notes.filter((note) => note.run === run.id),
  };
}

/** The newest good run of the same connection that was closed before this one began; undefined where none is known. */
export function lastGoodBefore(recording: Recording, run: Run): Run | undefined {
  for (const other of recording.engine.tracker.closedNewestFirst()) {
    if (other.connection === run.connection && other.good && (other.closedAt ?? Infinity) <= run.openedAt) return other;
  }
  return undefined;
}

/** Every stored event of a run, what came of it, and when by which clock; the oldest `most`. */
export function eventsOfRun(recording: Recording, run: Run, most: number): RunEventDetail[] {
  const reader = new FrameReader(recording);
  return recording.store.rowsOfRun(run.ordinal, most).flatMap((row) => eventDetail(recording, row, reader));
}

function eventDetail(recording: Recording, row: number, reader: FrameReader): RunEventDetail[] {
  const event = recording.store.event(row);
  if (event === undefined) return [];
  const reading = reader.at(row);
  const at = epochMs(event.at);
  const latencyMs = Number.isNaN(event.latencyMs) ? null : event.latencyMs;
  const sentAt = sentAtOf(reading?.event?.sentAt);
  // Without a time of sending there is nothing that a clock could be wrong about.
  const clock = latencyMs === null && sentAt === null ? undefined : recording.engine.clockOf(recording.lanes[event.lane] ?? '')?.at(at);
  return [
    {
      at,
      type: recording.types.names[event.type] ?? '',
      call: (reading?.event?.toolCallId ?? reading?.event?.tool)?.slice(0, longestCall) ?? null,
      disposition: dispositionOf(event.flags),
      latencyMs,
      uncertaintyMs: clock?.uncertainty ?? null,
      sentAt,
      offsetMs: clock?.offset ?? null,
      recovered: (event.flags & eventFlags.recovered) !== 0,
      raw: reading?.payload ?? null,
    },
  ];
}

const sentAtOf = (sentAt: EpochMs | undefined): EpochMs | null => (sentAt === undefined || Math.abs(sentAt) > farthestTime ? null : sentAt);

function dispositionOf(flags: number): RunEventDetail['disposition'] {
  for (const kind of ['duplicate', 'late', 'crossTalk', 'echo', 'orphan'] as const) if ((flags & eventFlags[kind]) !== 0) return kind;
  return 'attributed';
}

function besideOf(recording: Recording, run: Run | undefined): RunBeside | null {
  if (run === undefined) return null;
  const events = recording.store.rowsOfRun(run.ordinal, mostBeside).flatMap((row) => {
    const event = recording.store.event(row);
    return event === undefined || dispositionOf(event.flags) !== 'attributed' ? [] : [{ at: epochMs(event.at), type: recording.types.names[event.type] ?? '' }];
  });
  return { run: runReport(run), events };
}

function neighboursOf(recording: Recording, run: Run): RunNeighbour[] {
  const own = Array.from(recording.engine.tracker.runs()).filter(({ connection }) => connection === run.connection);
  const place = own.indexOf(run);
  return own
    .slice(Math.max(0, place - mostNeighbours), place + mostNeighbours + 1)
    .filter((other) => other !== run)
    .map((other) => ({ id: other.id, openedAt: other.openedAt, status: other.status, lacks: other.violation('missing') }));
}
