import { assertNever } from '#base/assert.ts';
import { durationMs, type EpochMs } from '#base/units.ts';
import type { Contract, Slo } from '#environment/schema.ts';
import type { AgentEvent } from '#protocol/agent-event.ts';
import type { Decoded, Decoder, Dialect, RejectReason } from '#protocol/dialect.ts';
import { identifierOf } from '#protocol/identifier.ts';
import type { ClockSampleRecord, FrameRecord, HeaderRecord, RunwatchRecord } from '#record/record.ts';
import type { Attribution, Owner } from '#runs/attribution.ts';
import { contractRules, type ContractRules } from '#runs/contract.ts';
import type { Run } from '#runs/run.ts';
import { RunTracker } from '#runs/run-tracker.ts';
import { createClockOffset, type ClockOffset } from '#timing/clock-offset.ts';
import { LatencyTally, measureLatency, type Latency } from '#timing/latency.ts';
import { RunTotals } from './run-totals.ts';

/** One event that was shown to somebody else's user. The owner is looked up when it is reported. */
export interface CrossTalk {
  readonly at: EpochMs;
  readonly connection: string;
  readonly type: string;
  readonly owner: Owner;
}

/** By what runs are judged. */
export interface Terms {
  readonly contract: Contract;
  readonly slo: Slo;
  readonly dialect: Dialect;
}

/** Who wants to know what the fold found out, as it finds it. */
export interface EngineListener {
  /** Of each frame that is not rejected, before its events. */
  decoded?(frame: FrameRecord, decoded: Decoded, decoder: Decoder): void;
  /** `latency` is overwritten by the next event. */
  event?(frame: FrameRecord, event: AgentEvent, attribution: Attribution, latency: Latency | undefined): void;
  control?(frame: FrameRecord): void;
  rejected?(frame: FrameRecord, reason: RejectReason): void;
  runOpened?(run: Run): void;
  runClosed?(run: Run): void;
  /** What is said of a closed run changed. */
  runRejudged?(run: Run): void;
  runForgotten?(run: Run): void;
}

/** What is known of one connection beside its runs. */
interface Wire {
  readonly decoder: Decoder;
  /** How far its target's clock is off; undefined while it has not answered. */
  clock: ClockOffset | undefined;
}

/** Leaked events that are kept in full; more are only counted. */
const keptCrossTalk = 10_000;
/** Distinct event types that are counted by name; a target that invents more has them counted together. */
const keptTypes = 10_000;
const otherTypes = '(other types)';

/**
 * The engine: a fold over records. The stages do not know each other; they are put together here, once.
 * It has no clock, no socket and no timer: time is the `at` of the record that is applied.
 */
export class Engine {
  readonly header: HeaderRecord;
  readonly rules: ContractRules;
  readonly slo: Slo;
  readonly tracker: RunTracker;
  readonly totals = new RunTotals();
  readonly latency = new LatencyTally();
  readonly frames = { received: 0, control: 0, eventful: 0, rejected: 0 };
  readonly rejectedBy = new Map<RejectReason, number>();
  readonly events = { decoded: 0, attributed: 0, crossTalk: 0, echo: 0, duplicate: 0, late: 0, orphan: 0 };
  readonly byType = new Map<string, number>();
  readonly crossTalk: CrossTalk[] = [];
  triggers = 0;
  /** The time of the newest record; state is as of then. */
  now: EpochMs;
  ended = false;
  readonly #dialect: Dialect;
  readonly #wires = new Map<string, Wire>();
  /** Overwritten by each event: a busy stream makes no object for it. */
  readonly #latency: Latency = { kind: 'unsynced', ms: durationMs(0), uncertaintyMs: durationMs(0) };
  readonly #listener: EngineListener;

  /** @param header what the capture begins with; `terms` are read from it, or are what it was made from. */
  constructor(header: HeaderRecord, terms: Terms, listener: EngineListener = {}) {
    this.header = header;
    this.now = header.at;
    this.rules = contractRules(terms.contract);
    this.slo = terms.slo;
    this.#dialect = terms.dialect;
    this.#listener = listener;
    this.tracker = new RunTracker(this.rules, {
      opened: (run) => {
        this.totals.opened();
        listener.runOpened?.(run);
      },
      closed: (run) => {
        this.totals.closed(run);
        listener.runClosed?.(run);
      },
      rejudged: (run) => {
        this.totals.rejudged(run);
        listener.runRejudged?.(run);
      },
      forgotten: (run) => {
        this.totals.forgotten(run);
        listener.runForgotten?.(run);
      },
    });
  }

  /** Folds one record. Records after an `end` change nothing. */
  apply(record: RunwatchRecord): void {
    if (this.ended) return;
    // Blindness alone is taken note of before the deadlines that passed meanwhile fire: they are judged by it.
    if (record.record === 'blind') this.tracker.blind(record.from, record.at);
    this.advance(record.at);
    switch (record.record) {
      case 'frame':
        return this.#frame(record);
      case 'trigger':
        this.triggers += 1;
        this.tracker.trigger(record.connection, identifierOf(record.run), identifierOf(record.thread), record.at);
        return undefined;
      case 'clock-sample':
        return this.#addSample(record);
      case 'connection-open':
        return this.tracker.openConnection(record.connection, identifierOf(record.user));
      case 'connection-close':
        return this.tracker.closeConnection(record.connection, record.cause, record.at);
      case 'end':
        this.tracker.end(record.at);
        this.ended = true;
        return undefined;
      case 'header':
      case 'stage':
      case 'health':
      case 'blind':
      case 'note':
        return undefined;
      default:
        return assertNever(record);
    }
  }

  /** Lets time pass without a record: deadlines up to `at` fire. */
  advance(at: EpochMs): void {
    if (this.ended) return;
    this.tracker.advance(at);
    if (at > this.now) this.now = at;
  }

  /** The offset of the clock of a connection's target; undefined while it has not answered. */
  clockOf(connection: string): ClockOffset | undefined {
    return this.#wires.get(connection)?.clock;
  }

  #frame(frame: FrameRecord): void {
    this.frames.received += 1;
    const wire = this.#wire(frame.connection);
    const decoded = wire.decoder.decode(frame);
    switch (decoded.kind) {
      case 'control':
        this.frames.control += 1;
        this.#listener.decoded?.(frame, decoded, wire.decoder);
        this.#listener.control?.(frame);
        return;
      case 'rejected':
        this.frames.rejected += 1;
        this.rejectedBy.set(decoded.reason, (this.rejectedBy.get(decoded.reason) ?? 0) + 1);
        this.#listener.rejected?.(frame, decoded.reason);
        return;
      case 'events':
        this.frames.eventful += 1;
        this.#listener.decoded?.(frame, decoded, wire.decoder);
        for (const event of decoded.events) this.#event(frame, event, wire.clock);
        return;
      default:
        assertNever(decoded);
    }
  }

  #event(frame: FrameRecord, event: AgentEvent, clock: ClockOffset | undefined): void {
    const attribution = this.tracker.event(frame.connection, event, frame.at);
    this.events.decoded += 1;
    this.events[attribution.disposition] += 1;
    let latency: Latency | undefined;
    if (attribution.disposition === 'attributed') {
      this.#countType(event.type);
      if (event.sentAt !== undefined && !event.recovered) {
        latency = measureLatency(clock, frame.at, event.sentAt, this.#latency);
        this.latency.add(latency);
      }
    } else if (attribution.disposition === 'crossTalk' && this.crossTalk.length < keptCrossTalk) {
      this.crossTalk.push({ at: frame.at, connection: frame.connection, type: event.type, owner: attribution.owner });
    }
    this.#listener.event?.(frame, event, attribution, latency);
  }

  #countType(type: string): void {
    const known = this.byType.get(type);
    if (known !== undefined) this.byType.set(type, known + 1);
    else if (this.byType.size < keptTypes) this.byType.set(type, 1);
    else this.byType.set(otherTypes, (this.byType.get(otherTypes) ?? 0) + 1);
  }

  #addSample(sample: ClockSampleRecord): void {
    const wire = this.#wire(sample.connection);
    wire.clock ??= createClockOffset();
    wire.clock.add(sample);
  }

  #wire(connection: string): Wire {
    let wire = this.#wires.get(connection);
    if (wire === undefined) {
      wire = { decoder: this.#dialect.createDecoder(), clock: undefined };
      this.#wires.set(connection, wire);
    }
    return wire;
  }
}
