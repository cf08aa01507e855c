import type { Clock } from '#base/clock.ts';
import { between, durationMs, type EpochMs } from '#base/units.ts';
import type { AgentEvent } from '#protocol/agent-event.ts';
import type { RunwatchRecord } from '#record/record.ts';
import type { Attribution } from '#runs/attribution.ts';
import type { Run } from '#runs/run.ts';
import { reconnectSentence } from './experiment-sentence.ts';
import type { Watch } from './watch.ts';

/** What became of a run whose connection was cut in its middle. */
export interface ReconnectResult {
  readonly experiment: 'reconnect';
  /**
   * `resumed`: everything that was expected came. `lost`: some of it did not. `not-reopened`: the connection did not come back in time.
   * `not-done`: no run could be cut, or nothing can be said of the one that was.
   */
  readonly outcome: 'resumed' | 'lost' | 'not-reopened' | 'not-done';
  /** The same in words. */
  readonly sentence: string;
  readonly connection: string | null;
  readonly run: string | null;
  readonly cutAt: EpochMs | null;
  /** From the cut until it was open again; null if it was not. */
  readonly reopenedAfterMs: number | null;
  /** Whether the target claimed that the session goes on (Socket.IO's connection state recovery); null where it cannot claim it. */
  readonly recovered: boolean | null;
  readonly expected: number;
  readonly delivered: number;
  readonly lost: number;
  /** The types that are lacking, each as often as it lacks. */
  readonly missing: readonly string[];
  /** Events that came after the reconnect though they are older: sent before it by the target's clock, marked as sent again, or here already. */
  readonly replayed: number;
  /** Events that came twice after the cut. */
  readonly doubled: number;
}

/** An experiment under way. */
export interface ReconnectExperiment {
  /** Never rejects. */
  readonly result: Promise<ReconnectResult>;
  /** True once a connection was cut. */
  readonly hasCut: boolean;
  /** Ends it, with what is known. */
  cancel(): void;
}

/** What is learnt until the result can be told. */
export interface ReconnectFacts {
  readonly cut: { readonly at: EpochMs; readonly run: Run } | undefined;
  readonly reopened: { readonly at: EpochMs; readonly recovered: boolean } | undefined;
  /** Whether the transport has a recovery that the target could claim. */
  readonly canClaim: boolean;
  readonly replayed: number;
  readonly doubled: number;
  /** Why the connection was not open in the end, in a sentence. */
  readonly problem: string | undefined;
  /** How long it was waited for a run, in ms; undefined where the experiment was ended before that. */
  readonly waitedMs: number | undefined;
}

const lookMs = 250;
const hourMs = 3_600_000;
/** A run to cut is waited for at least this long; where runs are rarer, for two of their intervals, up to the longest. */
const shortestWaitMs = 60_000;
const longestWaitMs = 600_000;
/** After the run was closed, the connection has this long to come back. */
const reopeningMs = 60_000;

/**
 * Cuts the connection of the first run that begins from now on, after its first event and before its last; then waits for the run's
 * close and the connection's return. The run that is cut is judged like any other: its user would have lost the same.
 */
export function startReconnectExperiment(watch: Watch, clock: Clock): ReconnectExperiment {
  const trial = new Trial(watch, clock);
  return {
    result: trial.result,
    get hasCut() {
      return trial.hasCut;
    },
    cancel: () => trial.finish(),
  };
}

/** Judges what was learnt. */
export function reconnectResult(facts: ReconnectFacts): ReconnectResult {
  const { cut, reopened, canClaim, replayed, doubled } = facts;
  if (cut === undefined) return { ...nothingDone, sentence: reconnectSentence(nothingDone, facts) };
  const { at, run } = cut;
  const { expected, delivered, missing } = run.delivery;
  // A run that had to be closed before its end, or that the monitor did not see all of, proves nothing but what did come.
  const isUnknown = delivered < expected && (run.status === 'inconclusive' || run.status === 'running');
  const result = {
    experiment: 'reconnect',
    outcome: isUnknown ? 'not-done' : reopened === undefined ? 'not-reopened' : delivered < expected ? 'lost' : 'resumed',
    connection: run.connection.id,
    run: run.id,
    cutAt: at,
    reopenedAfterMs: reopened === undefined ? null : between(at, reopened.at),
    recovered: reopened === undefined || !canClaim ? null : reopened.recovered,
    expected,
    delivered,
    lost: expected - delivered,
    missing,
    replayed,
    doubled,
  } as const;
  return { ...result, sentence: reconnectSentence(result, facts) };
}

const nothingDone = {
  experiment: 'reconnect',
  outcome: 'not-done',
  connection: null,
  run: null,
  cutAt: null,
  reopenedAfterMs: null,
  recovered: null,
  expected: 0,
  delivered: 0,
  lost: 0,
  missing: [],
  replayed: 0,
  doubled: 0,
} as const satisfies Omit<ReconnectResult, 'sentence'>;

/** One experiment, from its wait for a run to its result. */
class Trial {
  readonly result: Promise<ReconnectResult>;
  readonly #watch: Watch;
  readonly #clock: Clock;
  readonly #startedAt: EpochMs;
  readonly #endObserving: () => void;
  #settle: (result: ReconnectResult) => void = () => undefined;
  #cancelLook: () => void = () => undefined;
  /** A run that has begun: to be cut as soon as its frame is folded. */
  #begun: Run | undefined;
  #cut: { at: EpochMs; run: Run; duplicates: number } | undefined;
  #reopened: { at: EpochMs; recovered: boolean } | undefined;
  #replayed = 0;
  #isOver = false;

  constructor(watch: Watch, clock: Clock) {
    this.#watch = watch;
    this.#clock = clock;
    this.#startedAt = clock.now();
    this.result = new Promise((resolve) => (this.#settle = resolve));
    this.#endObserving = watch.recording.observe({
      record: (record) => this.#learn(record),
      event: (_, event, attribution) => this.#hear(event, attribution),
    });
    this.#lookLater();
  }

  get hasCut(): boolean {
    return this.#cut !== undefined;
  }

  finish(waitedMs?: number): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#endObserving();
    this.#cancelLook();
    this.#watch.catchUp();
    const cut = this.#cut;
    const status = cut === undefined ? undefined : this.#statusOf(cut.run);
    this.#settle(
      reconnectResult({
        cut,
        reopened: this.#reopened,
        canClaim: this.#watch.environment.transport === 'socket.io',
        replayed: this.#replayed,
        doubled: cut === undefined ? 0 : cut.run.duplicates - cut.duplicates,
        problem: status?.error?.message,
        waitedMs,
      }),
    );
  }

  #hear(event: AgentEvent, attribution: Attribution): void {
    if (!('run' in attribution) || attribution.run === undefined) return;
    const { run, disposition } = attribution;
    if (this.#cut === undefined) {
      // One that was under way already may have nothing left to lose but its end.
      if (isInMidRun(run) && (run.startedAt ?? 0) >= this.#startedAt) this.#begun = run;
      return;
    }
    if (run !== this.#cut.run || this.#reopened === undefined) return;
    // By the target's clock, corrected: without one, a time before the return proves nothing.
    const offset = this.#watch.recording.engine.clockOf(run.connection.id)?.offset();
    const isOld = event.sentAt !== undefined && offset !== undefined && event.sentAt - offset < this.#reopened.at;
    if (event.recovered || disposition === 'duplicate' || isOld) this.#replayed += 1;
  }

  #learn(record: RunwatchRecord): void {
    const begun = this.#begun;
    if (this.#cut === undefined && begun !== undefined) {
      this.#begun = undefined;
      if (isInMidRun(begun)) this.#cutConnectionOf(begun);
      return;
    }
    if (record.record !== 'connection-open' || record.connection !== this.#cut?.run.connection.id) return;
    this.#reopened ??= { at: record.at, recovered: record.recovered };
  }

  #cutConnectionOf(run: Run): void {
    const n = this.#statusOf(run)?.n;
    if (n === undefined) return;
    this.#cut = { at: this.#clock.now(), run, duplicates: run.duplicates };
    this.#watch.pool.cut(n);
  }

  #lookLater(): void {
    this.#cancelLook = this.#clock.after(durationMs(lookMs), () => {
      this.#look();
      if (!this.#isOver) this.#lookLater();
    });
  }

  /** Ends the experiment once everything is known that will be. */
  #look(): void {
    const { environment, recording, stopping } = this.#watch;
    const now = this.#clock.now();
    if (stopping) return this.finish();
    if (this.#cut === undefined) {
      const { everyMs, maxRunsPerHour } = environment.probe;
      const rareMs = 2 * Math.max(everyMs, (recording.lanes.length * hourMs) / maxRunsPerHour);
      const waitMs = Math.min(longestWaitMs, Math.max(shortestWaitMs, rareMs));
      return between(this.#startedAt, now) >= waitMs ? this.finish(waitMs) : undefined;
    }
    const { run } = this.#cut;
    if (run.closedAt === undefined) return undefined;
    const state = this.#statusOf(run)?.state;
    const isHopeless = state === 'refused' || state === 'failed' || state === 'closed';
    // What is sent again may come right after the return, and a copy after the run's end.
    const lastAt = Math.max(run.closedAt, this.#reopened?.at ?? now);
    const isSettled = this.#reopened !== undefined && now - lastAt >= environment.contract.settleMs;
    if (isSettled || isHopeless || now - run.closedAt >= reopeningMs) this.finish();
    return undefined;
  }

  #statusOf(run: Run) {
    return this.#watch.statuses().find((status) => status.id === run.connection.id);
  }
}

/** It began, and its end is still to come. */
const isInMidRun = (run: Run): boolean => run.startedAt !== undefined && !run.terminal && run.closedAt === undefined;
