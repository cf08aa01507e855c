import type { EpochMs } from '#base/units.ts';
import type { GarbageForm } from './faults.ts';
import type { ConnectionScenario, RunScenario, Share } from './scenarios.ts';

/** Which transport a client speaks to the target. */
export type LinkTransport = 'websocket' | 'socket.io';
/** Who ended a connection; `network`: no close frame came. */
export type ClosedBy = 'client' | 'mock' | 'network';

/** One connection, or a try that was refused. Users are null for those who gave no name. */
export interface LedgerConnection {
  readonly id: string;
  user: string | null;
  readonly transport: LinkTransport;
  /** The fault that it was drawn for, else null. */
  readonly scenario: ConnectionScenario | null;
  readonly openedAt: EpochMs;
  closedAt: EpochMs | null;
  closedBy: ClosedBy | null;
  /** The WebSocket close code that was sent or received; 1006 where there was none; null for Socket.IO, which has no codes. */
  code: number | null;
}

/**
 * How a run ended as the target knows it: `completed` (the agent came to its end, whatever was lost on the way), `failed` (`agent_error`),
 * `cut` (its connection ended first), `stalled` (it was left unfinished on purpose).
 */
export type RunOutcome = 'running' | 'completed' | 'failed' | 'cut' | 'stalled';

export interface LedgerRun {
  readonly id: string;
  readonly thread: string;
  readonly user: string | null;
  readonly connection: string;
  readonly triggeredAt: EpochMs;
  readonly scenario: RunScenario;
  /** Types of the agent's events in order, before any fault. */
  readonly planned: readonly string[];
  /** Events written for it so far on its user's connections, those sent again included. */
  sent: number;
  outcome: RunOutcome;
  /** What was done to it, in a sentence; empty for nothing. */
  fault: string;
}

/** What a frame said of one event. Times are on the clock that the target showed, in milliseconds since the epoch. */
export interface LedgerEvent {
  readonly type: string;
  readonly runId: string;
  readonly threadId: string;
  readonly userId: string | null;
  readonly eventId: string;
  readonly seq: number;
  readonly sentAt: number;
  readonly tool: string | null;
  readonly toolCallId: string | null;
}

/**
 * `control`: welcome, pong, heartbeat. `event`: one agent event. `batch`: several. `malformed`: what nobody can decode.
 * `error`: an `error_message`; it names no run, and a canonical reader counts it as an event of that type.
 */
export type FrameKind = 'event' | 'batch' | 'control' | 'malformed' | 'error';

/** One frame, in the order in which the frames of its connection were written. Acknowledgements and transport pings are none. */
export interface LedgerFrame {
  readonly at: EpochMs;
  readonly connection: string;
  /** To whom it was sent. */
  readonly user: string | null;
  readonly kind: FrameKind;
  readonly types: readonly string[];
  /** The run that it was sent for. */
  readonly runId?: string;
  /** Whose events they are. */
  readonly ownerUser?: string | null;
  readonly events?: readonly LedgerEvent[];
  /** The event id that was sent before. */
  readonly duplicateOf?: string;
  /** Sent after the run had ended. */
  readonly late?: true;
  /** Re-sent after a reconnect. */
  readonly recovered?: true;
  readonly malformed?: GarbageForm;
  /** True once it was written to an open socket. */
  delivered: boolean;
}

export interface Ledger {
  readonly seed: number;
  readonly startedAt: EpochMs;
  /** The mix in force; what it leaves over is healthy. */
  readonly scenario: readonly Share[];
  readonly connections: readonly LedgerConnection[];
  readonly runs: readonly LedgerRun[];
  readonly frames: readonly LedgerFrame[];
  /** How many of the oldest entries were forgotten, so that the ledger stays bounded. */
  readonly evicted: { readonly connections: number; readonly runs: number; readonly frames: number };
}

/** A list that forgets its oldest entries, in steps, and counts them. */
export class BoundedList<T> {
  readonly #limit: number;
  #entries: T[] = [];
  #evicted = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  add(entry: T): T {
    this.#entries.push(entry);
    // An eighth at a time: dropping one by one would move the whole list at every entry.
    if (this.#entries.length > this.#limit) {
      const dropped = Math.ceil(this.#limit / 8);
      this.#entries = this.#entries.slice(dropped);
      this.#evicted += dropped;
    }
    return entry;
  }

  get entries(): readonly T[] {
    return this.#entries;
  }

  get evicted(): number {
    return this.#evicted;
  }
}

/** The truth about what the target did: written by the sessions, read by tests and by people. */
export class LedgerBook {
  readonly connections = new BoundedList<LedgerConnection>(5000);
  readonly runs = new BoundedList<LedgerRun>(20_000);
  readonly frames = new BoundedList<LedgerFrame>(100_000);
  readonly #startedAt: EpochMs;

  constructor(startedAt: EpochMs) {
    this.#startedAt = startedAt;
  }

  /** What was written so far; the entries live on, so whoever keeps it makes a copy. */
  read(seed: number, scenario: readonly Share[]): Ledger {
    return {
      seed,
      startedAt: this.#startedAt,
      scenario,
      connections: this.connections.entries,
      runs: this.runs.entries,
      frames: this.frames.entries,
      evicted: { connections: this.connections.evicted, runs: this.runs.evicted, frames: this.frames.evicted },
    };
  }
}
