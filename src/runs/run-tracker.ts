import { OrdinalMap } from '#base/ordinal-map.ts';
import { epochMs, type EpochMs } from '#base/units.ts';
import type { AgentEvent } from '#protocol/agent-event.ts';
import { attribute, identityOf, type Attributing, type Attribution } from './attribution.ts';
import { ClosedRuns } from './closed-runs.ts';
import type { ContractRules, TypeRole } from './contract.ts';
import { Deadlines } from './deadlines.ts';
import { Homes } from './homes.ts';
import type { Identity } from './identities.ts';
import { Run, type RunClosing } from './run.ts';
import { RunConnection } from './run-connection.ts';

/** Who must know what becomes of runs. */
export interface RunListener {
  opened(run: Run): void;
  closed(run: Run): void;
  /** What is said of a closed run changed. */
  rejudged(run: Run): void;
  forgotten(run: Run): void;
}

/** Who closed a connection; the contract's words. */
export type ConnectionClosing = 'server' | 'network' | 'auth' | 'operator' | 'monitor';

interface Interval {
  readonly from: number;
  readonly to: number;
}

const rememberedBlinds = 10_000;

/**
 * Folds what happened on the connections into runs. It has no clock: time is what the caller hands in, and
 * `advance` must be called with the time of each record before the record is applied.
 * contract.md, "Life of a run" and "What is remembered".
 */
export class RunTracker {
  readonly #rules: ContractRules;
  readonly #listener: RunListener;
  readonly #connections = new Map<string, RunConnection>();
  readonly #runHomes: Homes;
  readonly #threadHomes: Homes;
  readonly #known: Attributing;
  readonly #deadlines = new Deadlines<Run>();
  readonly #closed = new ClosedRuns();
  /** Every known run by its ordinal, in the order in which they were opened. */
  readonly #runs = new OrdinalMap<Run>();
  readonly #blinds: Interval[] = [];
  #opened = 0;

  constructor(rules: ContractRules, listener: RunListener) {
    this.#rules = rules;
    this.#listener = listener;
    this.#runHomes = new Homes(rules.contract.rememberMs);
    this.#threadHomes = new Homes(rules.contract.rememberMs);
    this.#known = { runs: this.#runs, runHomes: this.#runHomes, threadHomes: this.#threadHomes };
  }

  /** Every run that is known still, in the order in which they were opened. */
  runs(): Iterable<Run> {
    return this.#runs.values();
  }

  /** The runs that are open, connection by connection. */
  *openRuns(): Iterable<Run> {
    for (const connection of this.#connections.values()) yield* connection.open;
  }

  /** Closed runs that are known still, the newest close first. */
  closedNewestFirst(): Iterable<Run> {
    return this.#closed.newestFirst();
  }

  connection(id: string): RunConnection {
    let connection = this.#connections.get(id);
    if (connection === undefined) {
      connection = new RunConnection(id);
      this.#connections.set(id, connection);
    }
    return connection;
  }

  /** A connection is open; an opening that names no user keeps the one before. */
  openConnection(id: string, user: string | undefined): void {
    const connection = this.connection(id);
    if (user !== undefined) connection.user = user;
  }

  /** Lost connections keep their runs; those that we or sign-in closed lose the ones that have no terminal event. */
  closeConnection(id: string, closing: ConnectionClosing, at: EpochMs): void {
    const connection = this.connection(id);
    if (closing === 'server') return;
    if (closing === 'network') {
      connection.networkClosedAt = at;
      for (const run of connection.open) run.networkClosed = true;
      // A run whose deadline fell on this very moment is closed already, and yet the moment belongs to it.
      for (const run of this.#closed.closedAtOrAfter(at)) {
        if (run.connection !== connection || run.openedAt > at) continue;
        run.networkClosed = true;
        this.#listener.rejudged(run);
      }
      return;
    }
    for (const run of connection.open.slice()) {
      if (closing === 'auth') run.authClosed = true;
      if (!run.terminal) this.#close(run, at, closing);
    }
  }

  /** A run was triggered; `name` and `thread` are what its message carried. */
  trigger(id: string, name: string | undefined, thread: string | undefined, at: EpochMs): Run {
    const connection = this.connection(id);
    const run = this.#open(connection, at, true);
    if (thread !== undefined) {
      this.#threadHomes.trigger(thread, connection, at);
      run.thread = thread;
    }
    if (name !== undefined) {
      this.#runHomes.trigger(name, connection, at);
      run.triggerName = name;
      this.#addName(run, name);
    }
    this.#schedule(run);
    return run;
  }

  /** An event came; says to which run it belongs, or why to none. */
  event(id: string, event: AgentEvent, at: EpochMs): Attribution {
    const connection = this.connection(id);
    const role = this.#rules.roles.get(event.type);
    const identity = identityOf(event);
    const attribution = attribute(this.#known, connection, event, role, identity, at);
    switch (attribution.disposition) {
      case 'duplicate':
        attribution.run.duplicates += 1;
        if (attribution.run.closedAt !== undefined) this.#listener.rejudged(attribution.run);
        return attribution;
      case 'late':
        attribution.run.lates += 1;
        this.#listener.rejudged(attribution.run);
        return attribution;
      case 'attributed': {
        const run = attribution.run ?? this.#open(connection, at, false);
        this.#accept(run, event, role, identity, at);
        return attribution.run === undefined ? { disposition: 'attributed', run } : attribution;
      }
      case 'crossTalk':
      case 'echo':
      case 'orphan':
        return attribution;
    }
  }

  /** The monitor was blind from `from` to `to`. Call it before `advance(to)`: it is taken note of before any deadline fires. */
  blind(from: EpochMs, to: EpochMs): void {
    this.#blinds.push({ from, to });
    if (this.#blinds.length > rememberedBlinds) this.#blinds.shift();
    for (const run of this.#closed.closedAtOrAfter(from)) {
      if (run.blind || run.openedAt > to) continue;
      run.blind = true;
      this.#listener.rejudged(run);
    }
  }

  /** Lets time pass: every deadline up to `to` fires, oldest first, and what is due to be forgotten is. */
  advance(to: EpochMs): void {
    for (;;) {
      const due = this.#deadlines.peek(to);
      const oldest = this.#closed.oldest();
      const forgetAt = oldest?.closedAt === undefined ? Number.POSITIVE_INFINITY : oldest.closedAt + this.#rules.contract.rememberMs;
      if (oldest !== undefined && forgetAt <= to && (due === undefined || forgetAt < due.dueAt)) this.#forget(oldest);
      else if (due !== undefined) this.#closeDue(due);
      else break;
    }
    this.#runHomes.sweep(to);
    this.#threadHomes.sweep(to);
  }

  /** The capture ends: every open run is closed at that moment. */
  end(at: EpochMs): void {
    for (const run of this.#runs.values()) if (run.closedAt === undefined) this.#close(run, at, 'end');
  }

  #open(connection: RunConnection, at: EpochMs, triggered: boolean): Run {
    connection.opened += 1;
    const run = new Run(this.#rules, connection, this.#opened, connection.opened, at, triggered);
    this.#opened += 1;
    run.networkClosed = connection.networkClosedAt === at;
    connection.open.push(run);
    if (triggered) connection.openTriggered.push(run);
    this.#runs.set(run.ordinal, run);
    this.#listener.opened(run);
    return run;
  }

  #accept(run: Run, event: AgentEvent, role: TypeRole | undefined, identity: Identity | undefined, at: EpochMs): void {
    run.tally?.add(event, role, at);
    run.events += 1;
    run.firstEventAt ??= at;
    run.lastEventAt = at;
    if (role !== undefined) {
      if (role.isFirst) run.startedAt ??= at;
      if (role.isLast) run.lastAt = at;
      if (role.isFailure) run.agentFailed = true;
      if (role.isLast || role.isFailure) run.terminal = true;
    }
    if (event.runId !== undefined) {
      run.firstEventName ??= event.runId;
      this.#addName(run, event.runId);
    }
    run.thread ??= event.threadId;
    if (identity !== undefined) run.connection.identities.add(identity, run, this.#runs);
    this.#schedule(run);
  }

  #addName(run: Run, name: string): void {
    if (run.names.includes(name)) return;
    run.names = [...run.names, name];
    this.#runHomes.hold(name, run);
  }

  #schedule(run: Run): void {
    const { contract } = this.#rules;
    const oldAge = run.openedAt + contract.runTimeoutMs;
    const quiet =
      run.lastEventAt === undefined
        ? run.openedAt + contract.firstEventTimeoutMs
        : run.lastEventAt + (run.terminal ? contract.settleMs : contract.eventTimeoutMs);
    run.dueAt = Math.min(oldAge, quiet);
    this.#deadlines.schedule(run);
  }

  #closeDue(run: Run): void {
    const old = run.dueAt === run.openedAt + this.#rules.contract.runTimeoutMs;
    const quiet = run.terminal ? 'settled' : run.lastEventAt === undefined ? 'no-first-event' : 'silence';
    this.#close(run, epochMs(run.dueAt), old ? 'age' : quiet);
  }

  #close(run: Run, at: EpochMs, closing: RunClosing): void {
    this.#deadlines.remove(run);
    run.close(at, closing);
    const { open, openTriggered } = run.connection;
    open.splice(open.indexOf(run), 1);
    if (run.triggered) openTriggered.splice(openTriggered.indexOf(run), 1);
    run.blind = this.#overlapsBlind(run.openedAt, at);
    this.#closed.add(run);
    this.#listener.closed(run);
    if (this.#closed.size > this.#rules.contract.rememberRuns) {
      const oldest = this.#closed.oldest();
      if (oldest !== undefined) this.#forget(oldest);
    }
  }

  #overlapsBlind(from: number, to: number): boolean {
    for (let index = this.#blinds.length - 1; index >= 0; index -= 1) {
      const interval = this.#blinds[index];
      // Intervals end in order, so no earlier one can reach into the run either.
      if (interval === undefined || interval.to < from) return false;
      if (interval.from <= to) return true;
    }
    return false;
  }

  #forget(run: Run): void {
    this.#closed.remove(run);
    this.#runs.delete(run.ordinal);
    run.connection.identities.forget(run);
    for (const name of run.names) this.#runHomes.release(name, run);
    this.#listener.forgotten(run);
  }
}
