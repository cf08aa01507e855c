import type { EpochMs } from '#base/units.ts';
import type { ContractRules } from './contract.ts';
import { DeliveryTally, type Delivery } from './delivery.ts';
import type { RunConnection } from './run-connection.ts';

export type RunStatus =
  /** Open: events may come. */
  | 'running'
  /** All that was expected came. */
  | 'complete'
  /** Something expected did not come, and nobody but the target or the network can be the reason. */
  | 'incomplete'
  /** The agent said that it failed. */
  | 'failed'
  /** The monitor cannot know: it was blind, or the run was cut short by it, by sign-in, or by the end of the capture. */
  | 'inconclusive';

/** Where to look first. */
export type RunFault = 'none' | 'agent' | 'auth' | 'monitor' | 'network' | 'server';

export const violationKinds = ['missing', 'out_of_order', 'sequence_gap', 'duplicate', 'late', 'dumped'] as const;
export type ViolationKind = (typeof violationKinds)[number];

/** Why a run was closed. */
export type RunClosing = 'settled' | 'no-first-event' | 'silence' | 'age' | 'operator' | 'monitor' | 'auth' | 'end';

/** One agent execution as one user sees it, from its trigger or its first event until it is closed. Changed by the tracker alone. */
export class Run {
  /** Counts all runs in the order in which they were opened, from 0. */
  readonly ordinal: number;
  /** The n-th run of its connection, from 1. */
  readonly nth: number;
  readonly connection: RunConnection;
  readonly triggered: boolean;
  readonly openedAt: EpochMs;
  /** Every run id that names this run: the trigger's, its events'. */
  names: readonly string[] = [];
  /** The texts of its events' identities, which are forgotten with it. */
  readonly identities: string[] = [];
  triggerName: string | undefined;
  firstEventName: string | undefined;
  thread: string | undefined;
  events = 0;
  firstEventAt: EpochMs | undefined;
  lastEventAt: EpochMs | undefined;
  /** When the contract's `first` came, and the latest of the expected events but `last`. */
  startedAt: EpochMs | undefined;
  lastAt: EpochMs | undefined;
  terminal = false;
  agentFailed = false;
  duplicates = 0;
  lates = 0;
  closedAt: EpochMs | undefined;
  closing: RunClosing | undefined;
  /** The network closed its connection between opening and close, both included; and likewise auth. */
  networkClosed = false;
  authClosed = false;
  /** A blind interval of the monitor overlaps it. */
  blind = false;
  /** When the tracker must look at it next. */
  dueAt = Number.POSITIVE_INFINITY;
  queuedAt = Number.NaN;
  #tally: DeliveryTally | undefined;
  #final: Delivery | undefined;

  constructor(rules: ContractRules, connection: RunConnection, ordinal: number, nth: number, openedAt: EpochMs, triggered: boolean) {
    this.#tally = new DeliveryTally(rules);
    this.connection = connection;
    this.ordinal = ordinal;
    this.nth = nth;
    this.openedAt = openedAt;
    this.triggered = triggered;
  }

  get id(): string {
    return this.triggerName ?? this.firstEventName ?? `${this.connection.id}/${this.nth}`;
  }

  get tally(): DeliveryTally | undefined {
    return this.#tally;
  }

  /** Expected and delivered: final once closed, until then as if it were closed now. */
  get delivery(): Delivery {
    return this.#final ?? this.#tally?.judge() ?? nothing;
  }

  /** Fixes what was delivered, and frees what was only needed for counting. */
  close(at: EpochMs, closing: RunClosing): void {
    this.#final = this.delivery;
    this.#tally = undefined;
    this.closedAt = at;
    this.closing = closing;
    this.dueAt = Number.POSITIVE_INFINITY;
  }

  get status(): RunStatus {
    if (this.closedAt === undefined) return 'running';
    return this.statusIfClosed;
  }

  /** The status of a closed run; of a running one, what it would be. Contract: the first that holds, in this order. */
  get statusIfClosed(): Exclude<RunStatus, 'running'> {
    if (this.agentFailed) return 'failed';
    const { expected, delivered } = this.delivery;
    if (delivered === expected) return 'complete';
    if (this.blind || this.closing === 'operator' || this.closing === 'monitor' || this.closing === 'auth' || this.closing === 'end') return 'inconclusive';
    return 'incomplete';
  }

  get fault(): RunFault {
    switch (this.status) {
      case 'running':
      case 'complete':
        return 'none';
      case 'failed':
        return 'agent';
      case 'inconclusive':
        return this.authClosed ? 'auth' : 'monitor';
      case 'incomplete':
        return this.networkClosed ? 'network' : 'server';
    }
  }

  /** How often each kind of violation occurred; 0 for those that did not. */
  violation(kind: ViolationKind): number {
    switch (kind) {
      case 'missing':
        return Math.max(0, this.delivery.expected - this.delivery.delivered);
      case 'out_of_order':
        return this.delivery.outOfOrder;
      case 'sequence_gap':
        return this.delivery.sequenceGap;
      case 'duplicate':
        return this.duplicates;
      case 'late':
        return this.lates;
      case 'dumped':
        return Number(this.delivery.dumped);
    }
  }

  /** Complete, and nothing wrong but that events were dumped together or came late. */
  get good(): boolean {
    return this.status === 'complete' && this.delivery.outOfOrder === 0 && this.delivery.sequenceGap === 0 && this.duplicates === 0;
  }
}

const nothing: Delivery = { expected: 0, delivered: 0, missing: [], outOfOrder: 0, sequenceGap: 0, dumped: false, byType: [] };
