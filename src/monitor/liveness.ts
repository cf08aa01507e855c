import type { EpochMs } from '#base/units.ts';
import type { ConnectionStatus } from '#connection/connection.ts';

/** How a connection stands, told by what is heard over it and not by whether its socket is open. */
export type Liveness =
  /** Events come. */
  | 'live'
  /** No event came for a while, and the transport shows that it is alive. */
  | 'quiet'
  /** A sign of life is overdue. */
  | 'late'
  /** Nothing was heard for longer than what was promised: the link may be half open. */
  | 'silent'
  /** The monitor itself could not hear. */
  | 'blind'
  /** Not open, for a reason that was told. */
  | 'down';

/** What is known of one connection. */
export interface LivenessFacts {
  readonly status: Pick<ConnectionStatus, 'state' | 'lastHeardAt' | 'heartbeat' | 'probe' | 'error'>;
  /** When an agent event last came over it. */
  readonly lastEventAt: EpochMs | undefined;
  /** How often an event, or where none is awaited anything at all, is expected on it, in ms. */
  readonly expectedIntervalMs: number;
  /** Until when the monitor was blind last: `now` while it still is; undefined if it never was. */
  readonly blindUntil: EpochMs | undefined;
}

export interface LivenessReading {
  readonly state: Liveness;
  /** Since anything was last heard, transport heartbeats included; null if nothing ever was. */
  readonly ageMs: number | null;
  /** From these ages on it is late, and silent. Null where nothing can be expected of it. */
  readonly lateAfterMs: number | null;
  readonly silentAfterMs: number | null;
}

/** A heartbeat is late when this much more than its interval has passed; an answer, when half of its time has. */
const lateness = 1.2;
/** Where nobody promises a heartbeat, a connection is silent when it missed what is expected on it twice. */
const missedIntervals = 2;
/** Snapshots come several times a second: a page that got none for this long looks at a monitor that stands still. */
const stillMonitorMs = 5000;

const endedStates: ReadonlySet<ConnectionStatus['state']> = new Set(['refused', 'failed', 'closed']);

/**
 * How a connection stands at `now`. Of what the transport promises (Socket.IO: the target's pingInterval and pingTimeout) and of
 * the answers to the monitor's own questions, that decides which notices a dead link first; without either it is what is expected.
 */
export function livenessOf(facts: LivenessFacts, now: EpochMs): LivenessReading {
  const { status, lastEventAt, expectedIntervalMs, blindUntil } = facts;
  const { state, lastHeardAt, error } = status;
  const ageMs = lastHeardAt === undefined ? null : Math.max(0, now - lastHeardAt);
  const without = (word: Liveness): LivenessReading => ({ state: word, ageMs, lateAfterMs: null, silentAfterMs: null });
  if (endedStates.has(state)) return without('down');
  if (blindUntil !== undefined && blindUntil >= now) return without('blind');
  if (state !== 'open' || lastHeardAt === undefined || ageMs === null) return without(error?.reason === 'fell-silent' ? 'silent' : 'down');

  // What was not heard while the monitor could not hear is nobody's silence.
  const since = Math.max(lastHeardAt, blindUntil ?? lastHeardAt);
  const excusedMs = since - lastHeardAt;
  const limits = limitsOf(facts, since);
  const lateAfterMs = excusedMs + limits.lateMs;
  const silentAfterMs = excusedMs + limits.silentMs;
  const isEventful = lastEventAt !== undefined && now - lastEventAt <= expectedIntervalMs;
  const calm = excusedMs > 0 ? 'blind' : isEventful ? 'live' : 'quiet';
  return { state: ageMs > silentAfterMs ? 'silent' : ageMs > lateAfterMs ? 'late' : calm, ageMs, lateAfterMs, silentAfterMs };
}

/** How long after `since` a connection is late, and silent. */
function limitsOf({ status: { heartbeat, probe }, expectedIntervalMs }: LivenessFacts, since: number): { readonly lateMs: number; readonly silentMs: number } {
  const limits: { readonly lateMs: number; readonly silentMs: number }[] = [];
  if (heartbeat !== undefined) limits.push({ lateMs: lateness * heartbeat.intervalMs, silentMs: heartbeat.intervalMs + heartbeat.timeoutMs });
  if (probe !== undefined) {
    // A question that left late, or before the monitor was blind, has its whole time all the same.
    const askedMs = probe.askedAt === undefined ? probe.intervalMs : Math.max(0, probe.askedAt - since);
    limits.push({ lateMs: askedMs + probe.timeoutMs / 2, silentMs: askedMs + probe.timeoutMs });
  }
  if (limits.length === 0) limits.push({ lateMs: lateness * expectedIntervalMs, silentMs: missedIntervals * expectedIntervalMs });
  return limits.reduce((soonest, each) => (each.silentMs < soonest.silentMs ? each : soonest));
}

/** What a snapshot holds of a connection's liveness. */
export interface LivenessMemory {
  readonly liveness: Liveness;
  readonly lastHeardAt: EpochMs | null;
  readonly lateAfterMs: number | null;
  readonly silentAfterMs: number | null;
}

/**
 * How a connection stands at `now` as far as a snapshot of `snapshotAt` can tell, with the age of what was heard last. A word is
 * never carried on past its time: between snapshots, and when none come any more, the age decides.
 */
export function livenessNow(memory: LivenessMemory, snapshotAt: EpochMs, now: EpochMs): { readonly state: Liveness; readonly ageMs: number | null } {
  const { liveness, lastHeardAt, lateAfterMs, silentAfterMs } = memory;
  const ageMs = lastHeardAt === null ? null : Math.max(0, now - lastHeardAt);
  if (now - snapshotAt > stillMonitorMs) return { state: 'blind', ageMs };
  if (ageMs === null || lateAfterMs === null || silentAfterMs === null) return { state: liveness, ageMs };
  return { state: ageMs > silentAfterMs ? 'silent' : ageMs > lateAfterMs ? 'late' : liveness, ageMs };
}
