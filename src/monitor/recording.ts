import type { AgentEvent } from '#protocol/agent-event.ts';
import type { Dialect } from '#protocol/dialect.ts';
import type { Environment } from '#environment/schema.ts';
import type { BlindRecord, CloseCause, FrameRecord, HeaderRecord, NoteRecord, RunwatchRecord, StageRecord, WireTransport } from '#record/record.ts';
import type { EpochMs } from '#base/units.ts';
import type { Attribution } from '#runs/attribution.ts';
import type { Run } from '#runs/run.ts';
import { assessBurn, burnRules, type BurnAlert } from '#slo/burn-rate.ts';
import { createStreaks } from '#slo/streaks.ts';
import { eventFlags } from '#store/event-flags.ts';
import { EventStore } from '#store/event-store.ts';
import { StringTable } from '#store/string-table.ts';
import type { TextCodec } from '#store/text-ring.ts';
import type { Latency } from '#timing/latency.ts';
import { BrokenRows } from './broken-rows.ts';
import { Capture } from './capture.ts';
import { Engine } from './engine.ts';
import { letterAt, letteredTypes } from './letters.ts';
import { Minutes } from './minutes.ts';
import { longestNote } from './notes.ts';
import { RunBook } from './run-book.ts';
import { sloCounts } from './run-totals.ts';
import { ShapeBook } from './shape-book.ts';
import type { RejectedFrame } from './snapshot.ts';
import { Startup } from './startup.ts';
import { WindowSet } from './window-set.ts';

export interface RecordingOptions {
  /** By which runs are judged; of a live one with its placeholders filled in. */
  readonly environment: Environment;
  readonly dialect: Dialect;
  /** The first record. */
  readonly header: HeaderRecord;
  /** Ids of the connections, in the order in which they are drawn. */
  readonly lanes: readonly string[];
  /** Told of each run that is closed. */
  readonly runClosed?: (run: Run, lane: number) => void;
}

/** Who looks on while records are folded. */
export interface RecordingObserver {
  /** A record was folded. */
  record(record: RunwatchRecord): void;
  /** An event came, of a frame whose record is still being folded. `latency` is overwritten by the next event. */
  event(frame: FrameRecord, event: AgentEvent, attribution: Attribution, latency: Latency | undefined): void;
  runClosed?(run: Run, lane: number): void;
  /** What is said of a closed run changed. */
  runRejudged?(run: Run, lane: number): void;
}

const storedEvents = 1_000_000;
const mostOpenRuns = 10_000;
const captureBytes = 64 * 1024 * 1024;
const burnWindowsMs = burnRules.flatMap(({ longMs, shortMs }) => [longMs, shortMs]);
const keptRejected = 200;
const keptRejectedLength = 4096;
const keptBlinds = 1000;
const keptNotes = 1000;
const keptReconnects = 2000;

/** What is known of one environment: the fold over its records, and what the screen remembers of it. Where they come from it does not know. */
export class Recording {
  readonly environment: Environment;
  readonly engine: Engine;
  readonly store: EventStore;
  readonly types = new StringTable(letteredTypes, '(other types)', 4096);
  readonly book = new RunBook();
  readonly minutes: Minutes;
  readonly windows: WindowSet;
  startup: Startup;
  readonly streaks = createStreaks();
  readonly brokenRows = new BrokenRows();
  /** The shapes of frames that came, and the types of events that neither the contract nor this program names. */
  readonly shapes = new ShapeBook();
  readonly unknownTypes = new ShapeBook();
  readonly blinds: BlindRecord[] = [];
  readonly notes: NoteRecord[] = [];
  readonly rejected: RejectedFrame[] = [];
  readonly reconnects: { readonly at: EpochMs; readonly lane: number; readonly opened: boolean; readonly transport?: WireTransport; readonly cause?: CloseCause }[] = [];
  /** Per connection and stage: how it last fared. */
  readonly stages = new Map<string, StageRecord>();
  readonly capture: Capture;
  readonly lanes: readonly string[];
  /** Per connection, by its number: when an event last came over it. */
  readonly lastEventAt: (EpochMs | undefined)[] = [];
  burn: readonly BurnAlert[] = [];
  newestAt: EpochMs | undefined;
  readonly #namedTypes: ReadonlySet<string>;
  readonly #laneOf: ReadonlyMap<string, number>;
  readonly #observers = new Set<RecordingObserver>();
  /** Told of each run that is closed. */
  runClosed: RecordingOptions['runClosed'];
  #burnAt = Number.NEGATIVE_INFINITY;

  constructor({ environment, dialect, header, lanes, runClosed }: RecordingOptions) {
    this.environment = environment;
    this.lanes = lanes;
    this.runClosed = runClosed;
    const { contract, slo } = environment;
    this.#namedTypes = new Set([...letteredTypes, ...contract.requiredEvents, ...contract.pairs.flat(), contract.first, contract.last, ...contract.failureEvents]);
    this.#laneOf = new Map(lanes.map((id, n) => [id, n]));
    this.startup = new Startup(header.at, environment.startupTimeoutMs);
    this.minutes = new Minutes(slo.windowMs);
    this.windows = new WindowSet({ windowMs: slo.windowMs, burnWindowsMs, last: contract.last });
    // Bars are drawn of runs that are known: those that are remembered, and those that are open.
    const runs = Math.min(storedEvents, contract.rememberRuns + mostOpenRuns);
    this.store = new EventStore({ capacity: storedEvents, runs, lanes: Math.max(1, lanes.length), textBytes: captureBytes, codec: textCodec() });
    this.capture = new Capture(this.store);
    this.engine = new Engine(header, { contract, slo, dialect }, {
      decoded: (frame, decoded, decoder) => {
        const shape = decoder.shapeOf?.(frame, decoded);
        if (shape !== undefined) this.shapes.add(shape, frame.at);
      },
      event: (frame, event, attribution, latency) => this.#keepEvent(frame, event, attribution, latency),
      rejected: (frame, reason) => this.#keepRejected(frame, reason, dialect.explain?.(frame).find((remark) => remark.kind === 'no-type')?.text),
      runOpened: (run) => {
        this.book.opened(run);
        this.store.runs.open(run.id, this.laneOf(run.connection.id), run.openedAt, 0);
      },
      runClosed: (run) => this.#keepClosed(run),
      runRejudged: (run) => {
        this.windows.rejudged(run);
        for (const observer of this.#observers) observer.runRejudged?.(run, this.laneOf(run.connection.id));
      },
      runForgotten: (run) => {
        this.book.forgotten(run);
        this.windows.forgotten(run);
      },
    });
    this.apply(header);
  }

  /** Folds the next record; the header is folded already. Of a frame, `wireText` is the JSON out of which its data was parsed. */
  apply(record: RunwatchRecord, wireText?: string): void {
    this.capture.write(record, wireText);
    this.engine.apply(record);
    if (record.record !== 'frame') this.startup.learn(record);
    if (record.record === 'frame') this.newestAt = record.at;
    else if (record.record === 'blind') keep(this.blinds, record, keptBlinds);
    else if (record.record === 'note') keep(this.notes, { ...record, text: record.text.slice(0, longestNote) }, keptNotes);
    else if (record.record === 'stage') this.stages.set(`${record.connection} ${record.stage}`, record);
    else if (record.record === 'connection-open' || record.record === 'connection-close') {
      const how = record.record === 'connection-open' ? { opened: true, transport: record.transport } : { opened: false, cause: record.cause };
      keep(this.reconnects, { at: record.at, lane: this.laneOf(record.connection), ...how }, keptReconnects);
    }
    // Last of all, as it may bring about a further record.
    for (const observer of this.#observers) observer.record(record);
  }

  /** Lets time pass without a record. */
  advance(now: EpochMs): void {
    this.engine.advance(now);
    if (now - this.#burnAt < 1000) return;
    this.#burnAt = now;
    const { target, sli } = this.engine.slo;
    this.windows.advance(this.engine.now);
    this.burn = assessBurn((windowMs) => sloCounts(this.windows.burnSums(windowMs), sli), target, this.burn);
  }

  /** Goes on at `at` after a time in which nobody watched: the connections that were open by then are closed, and all start anew. */
  resume(at: EpochMs, open: Iterable<string>): void {
    this.apply({ record: 'blind', at, from: this.engine.now, cause: 'stalled' });
    for (const connection of open) this.apply({ record: 'connection-close', at, connection, cause: 'monitor' });
    this.startup = new Startup(at, this.environment.startupTimeoutMs);
  }

  /** Lets somebody look on; the returned function ends it. */
  observe(observer: RecordingObserver): () => void {
    this.#observers.add(observer);
    return () => this.#observers.delete(observer);
  }

  /** The number of a connection; of one that is not known, the first. */
  laneOf(connection: string): number {
    return this.#laneOf.get(connection) ?? 0;
  }

  #keepEvent(frame: FrameRecord, event: AgentEvent, attribution: Attribution, latency: Latency | undefined): void {
    const { disposition } = attribution;
    this.startup.event(frame.connection, frame.at);
    const run = 'run' in attribution ? attribution.run : undefined;
    const type = this.types.intern(event.type);
    if (run !== undefined && (disposition === 'attributed' || disposition === 'duplicate')) this.book.came(run, letterAt(type));
    if (latency !== undefined) this.minutes.addLatency(frame.at, latency);
    if (type >= letteredTypes.length && !this.#namedTypes.has(event.type)) this.unknownTypes.add(event.type, frame.at);
    if (disposition === 'crossTalk') this.minutes.addCrossTalk(frame.at);
    const flags = (disposition === 'attributed' ? 0 : eventFlags[disposition]) | (event.recovered ? eventFlags.recovered : 0);
    const latencyMs = latency?.kind === 'counted' ? latency.ms : Number.NaN;
    const lane = this.laneOf(frame.connection);
    this.lastEventAt[lane] = frame.at;
    this.store.append(frame.at, lane, type, run?.ordinal ?? -1, flags, latencyMs);
    for (const observer of this.#observers) observer.event(frame, event, attribution, latency);
  }

  #keepRejected(frame: FrameRecord, reason: string, why: string | undefined): void {
    const raw = frame.text ?? frame.base64 ?? JSON.stringify(frame.data);
    const { at, connection } = frame;
    keep(this.rejected, { at, connection, reason, raw: raw.slice(0, keptRejectedLength), ...(why !== undefined && { why }) }, keptRejected);
  }

  #keepClosed(run: Run): void {
    this.store.runs.end(run.ordinal, run.lastEventAt ?? run.closedAt ?? run.openedAt, 1);
    if (!run.good) this.book.spoilt(run);
    this.windows.closed(run);
    this.brokenRows.closed(run);
    this.streaks.add({ connection: run.connection.id, user: run.connection.user, status: run.status, missing: run.delivery.missing });
    const lane = this.laneOf(run.connection.id);
    for (const observer of this.#observers) observer.runClosed?.(run, lane);
    this.runClosed?.(run, lane);
  }
}

function keep<T>(list: T[], item: T, most: number): void {
  list.push(item);
  if (list.length > most) list.shift();
}

function textCodec(): TextCodec {
  const encoder = new TextEncoder();
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  return {
    encodeInto: (text, target) => encoder.encodeInto(text, target),
    encode: (text) => encoder.encode(text),
    decode: (bytes) => decoder.decode(bytes),
  };
}
