import { epochMs } from '#base/units.ts';
import type { AgentEvent } from '#protocol/agent-event.ts';
import type { Run } from '#runs/run.ts';
import { eventFlags } from '#store/event-flags.ts';
import type { FrameReader } from './frame-reader.ts';
import type { Recording } from './recording.ts';
import type { RunElsewhere } from './snapshot.ts';

/** Events that a store looks at for one answer; it is the most that it gives. */
const mostRows = 65_536;
/** Frames that are read back and taken apart. */
const mostRead = 500;
const mostShown = 50;
/** An event may still be shown elsewhere when its run is over. */
const afterwardsMs = 60_000;

/** What names a run, or its thread alone, and came over another connection: to its own user again (echo), or to somebody else (cross-talk). */
export function runElsewhere(recording: Recording, run: Run, reader: FrameReader): RunElsewhere {
  const own = recording.laneOf(run.connection.id);
  const lanes = recording.lanes.flatMap((_, lane) => (lane === own ? [] : [lane]));
  const to = epochMs((run.closedAt ?? recording.engine.now) + afterwardsMs);
  const window = recording.store.query({ from: run.openedAt, to, lanes, columns: 8 * mostRows, maxEvents: mostRows });
  if (window.mode === 'density') return { events: [], whole: false };
  const events: RunElsewhere['events'][number][] = [];
  let read = 0;
  let whole = true;
  for (let place = 0; place < window.rows.length; place += 1) {
    const flags = (window.flags[place] ?? 0) & (eventFlags.crossTalk | eventFlags.echo);
    if (flags === 0) continue;
    if (read === mostRead || events.length === mostShown) {
      whole = false;
      break;
    }
    read += 1;
    const event = reader.at(window.rows[place] ?? -1)?.event;
    if (event === undefined) whole = false;
    else if (isOf(run, event)) {
      const connection = recording.lanes[window.lanes[place] ?? 0] ?? '';
      events.push({
        at: epochMs(window.from + (window.times[place] ?? 0)),
        connection,
        user: recording.engine.tracker.connection(connection).user ?? null,
        type: event.type,
        disposition: (flags & eventFlags.crossTalk) === 0 ? 'echo' : 'crossTalk',
      });
    }
  }
  return { events, whole };
}

/** The run is named, or nothing but its thread is. */
const isOf = (run: Run, { runId, threadId }: AgentEvent): boolean => (runId === undefined ? threadId !== undefined && threadId === run.thread : run.names.includes(runId));
