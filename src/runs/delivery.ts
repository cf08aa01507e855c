import type { EpochMs } from '#base/units.ts';
import type { AgentEvent } from '#protocol/agent-event.ts';
import type { ContractPair, ContractRules, TypeRole } from './contract.ts';
import { Sequence } from './sequence.ts';

/** The two sides of a pair under one key, counted in receive order. */
interface PairCount {
  opened: number;
  answered: number;
  /** An answer came before its opening did. */
  ahead: boolean;
}

/** One pair of a run, counted under both keys that the contract may choose between. */
interface PairTally {
  readonly byCall: Map<string, PairCount>;
  readonly byTool: Map<string, PairCount>;
  everyEventHasCall: boolean;
  callOutOfOrder: boolean;
  toolOutOfOrder: boolean;
}

/** What a run should have brought and what it brought. */
export interface Delivery {
  readonly expected: number;
  readonly delivered: number;
  /** The types that lack, each as often as it lacks, sorted by code unit. */
  readonly missing: readonly string[];
  /** How many of the four order rules are broken. */
  readonly outOfOrder: number;
  readonly sequenceGap: number;
  readonly dumped: boolean;
  /** The same by event type; a type of two pairs comes twice. */
  readonly byType: readonly TypeDelivery[];
}

/** Expected and delivered of one event type in one run. */
export interface TypeDelivery {
  readonly type: string;
  readonly expected: number;
  readonly delivered: number;
}

const dumpedMinimumEvents = 5;
const dumpedMinimumSpanMs = 1000;
const dumpedReceiveShare = 0.2;

/**
 * Counts the events that are attributed to one run, in receive order, in memory that grows with tools and not with events.
 * Rules: contract.md, "Expected and delivered" and "Violations of a run".
 */
export class DeliveryTally {
  readonly #rules: ContractRules;
  readonly #singles: number[];
  readonly #pairs: (PairTally | undefined)[];
  readonly #sequence = new Sequence();
  #firstSeen = false;
  #firstIsFirst = false;
  #lastSeen = false;
  #newestIsLast = false;
  #events = 0;
  #timed = 0;
  #sentFrom = 0;
  #sentTo = 0;
  #receivedFrom = 0;
  #receivedTo = 0;

  constructor(rules: ContractRules) {
    this.#rules = rules;
    this.#singles = rules.singles.map(() => 0);
    this.#pairs = rules.pairs.map(() => undefined);
  }

  /** Counts one event; `role` is what the contract says of its type, undefined if nothing. */
  add(event: AgentEvent, role: TypeRole | undefined, at: EpochMs): void {
    this.#events += 1;
    this.#newestIsLast = false;
    if (role !== undefined) {
      if (role.isFirst) {
        this.#firstSeen = true;
        if (this.#events === 1) this.#firstIsFirst = true;
      }
      if (role.isLast) {
        this.#lastSeen = true;
        this.#newestIsLast = true;
      }
      if (role.single >= 0) this.#singles[role.single] = (this.#singles[role.single] ?? 0) + 1;
      for (const pair of role.opens) this.#countPair(pair, event, true);
      for (const pair of role.answers) this.#countPair(pair, event, false);
    }
    if (event.seq !== undefined) this.#sequence.add(event.seq);
    if (event.sentAt !== undefined && !event.recovered) this.#time(event.sentAt, at);
  }

  #countPair(pair: ContractPair, event: AgentEvent, opens: boolean): void {
    let tally = this.#pairs[pair.index];
    if (tally === undefined) {
      tally = { byCall: new Map(), byTool: new Map(), everyEventHasCall: true, callOutOfOrder: false, toolOutOfOrder: false };
      this.#pairs[pair.index] = tally;
    }
    if (count(tally.byTool, event.tool ?? '', opens)) tally.toolOutOfOrder = true;
    if (event.toolCallId === undefined) tally.everyEventHasCall = false;
    else if (tally.everyEventHasCall && count(tally.byCall, event.toolCallId, opens)) tally.callOutOfOrder = true;
  }

  #time(sentAt: EpochMs, at: EpochMs): void {
    if (this.#timed === 0) {
      this.#sentFrom = this.#sentTo = sentAt;
      this.#receivedFrom = this.#receivedTo = at;
    } else {
      if (sentAt < this.#sentFrom) this.#sentFrom = sentAt;
      if (sentAt > this.#sentTo) this.#sentTo = sentAt;
      if (at < this.#receivedFrom) this.#receivedFrom = at;
      if (at > this.#receivedTo) this.#receivedTo = at;
    }
    this.#timed += 1;
  }

  /** How the run stands if it is judged now. */
  judge(): Delivery {
    let expected = 0;
    let delivered = 0;
    const missing: string[] = [];
    const byType = this.#byType();
    for (const part of byType) {
      expected += part.expected;
      delivered += part.delivered;
      for (let lacking = part.expected - part.delivered; lacking > 0; lacking -= 1) missing.push(part.type);
    }
    const sentSpan = this.#sentTo - this.#sentFrom;
    return {
      expected,
      delivered,
      missing: missing.length === 0 ? nothing : missing.sort(byCodeUnit),
      outOfOrder: this.#brokenOrderRules(),
      sequenceGap: this.#sequence.gaps,
      dumped:
        this.#timed >= dumpedMinimumEvents &&
        sentSpan >= dumpedMinimumSpanMs &&
        this.#receivedTo - this.#receivedFrom <= dumpedReceiveShare * sentSpan,
      byType,
    };
  }

  /** Types that are neither required nor came in a pair are left out. */
  #byType(): readonly TypeDelivery[] {
    const { singles, pairs } = this.#rules;
    const parts: TypeDelivery[] = [];
    for (const [index, type] of singles.entries()) parts.push({ type, expected: 1, delivered: Math.min(1, this.#singles[index] ?? 0) });
    for (const { index, opens, answers, opensRequired, answersRequired } of pairs) {
      const tally = this.#pairs[index];
      if (tally === undefined) {
        if (opensRequired) parts.push({ type: opens, expected: 1, delivered: 0 });
        if (answersRequired) parts.push({ type: answers, expected: 1, delivered: 0 });
        continue;
      }
      let expected = 0;
      let opened = 0;
      let answered = 0;
      for (const key of (tally.everyEventHasCall ? tally.byCall : tally.byTool).values()) {
        expected += Math.max(key.opened, key.answered);
        opened += key.opened;
        answered += key.answered;
      }
      parts.push({ type: opens, expected, delivered: opened }, { type: answers, expected, delivered: answered });
    }
    // A list that grew has room to spare, and this one is kept as long as its run.
    return parts.slice();
  }

  #brokenOrderRules(): number {
    const pairBroken = this.#pairs.some((tally) => tally !== undefined && (tally.everyEventHasCall ? tally.callOutOfOrder : tally.toolOutOfOrder));
    return (
      Number(this.#firstSeen && !this.#firstIsFirst) +
      Number(this.#lastSeen && !this.#newestIsLast) +
      Number(pairBroken) +
      Number(this.#sequence.wentBack)
    );
  }
}

/** Counts one side of a pair under a key; true if this opening comes after its answer did. */
function count(counts: Map<string, PairCount>, key: string, opens: boolean): boolean {
  let both = counts.get(key);
  if (both === undefined) {
    both = { opened: 0, answered: 0, ahead: false };
    counts.set(key, both);
  }
  if (opens) {
    both.opened += 1;
    return both.ahead;
  }
  both.answered += 1;
  if (both.answered > both.opened) both.ahead = true;
  return false;
}

const nothing: readonly string[] = [];

const byCodeUnit = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
