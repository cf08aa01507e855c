import type { Clock } from '#base/clock.ts';
import type { Random } from '#base/random.ts';
import { invariant } from '#base/assert.ts';
import { version } from '#base/version.ts';
import { between, durationMs, type DurationMs, type EpochMs } from '#base/units.ts';
import { createConnectionPool, type ConnectionPool } from '#connection/connection-pool.ts';
import type { SocketFactory } from '#connection/socket-factory.ts';
import type { ConnectionStatus } from '#connection/connection.ts';
import type { HandshakeGate } from '#connection/handshake-gate.ts';
import type { Environment } from '#environment/schema.ts';
import type { AgentEvent } from '#protocol/agent-event.ts';
import type { Dialect } from '#protocol/dialect.ts';
import type { BlindRecord, FrameRecord, HeaderRecord, HealthRecord, RunwatchRecord, StageRecord } from '#record/record.ts';
import type { Attribution } from '#runs/attribution.ts';
import type { Run } from '#runs/run.ts';
import { assessBurn, burnRules, type BurnAlert } from '#slo/burn-rate.ts';
import { createStreaks } from '#slo/streaks.ts';
import { StringTable } from '#store/string-table.ts';
import { eventFlags } from '#store/event-flags.ts';
import { EventStore } from '#store/event-store.ts';
import type { TextCodec } from '#store/text-ring.ts';
import type { Latency } from '#timing/latency.ts';
import { Alertness } from './alertness.ts';
import { BrokenRows } from './broken-rows.ts';
import { Capture } from './capture.ts';
import type { DiagnosisKit } from './diagnosis-kit.ts';
import { Engine } from './engine.ts';
import { age } from './figures.ts';
import { letterAt, letteredTypes } from './letters.ts';
import { Minutes } from './minutes.ts';
import { Prober } from './prober.ts';
import { Startup } from './startup.ts';
import { RunBook } from './run-book.ts';
import { sloCounts } from './run-totals.ts';
import { ShapeBook } from './shape-book.ts';
import type { RejectedFrame } from './snapshot.ts';
import { WindowSet } from './window-set.ts';

/** What the platform gives: sockets and HTTP of a page, of a worker, or of Node. */
export interface Platform {
  readonly clock: Clock;
  readonly random: Random;
  readonly sockets: SocketFactory;
  readonly fetch: typeof fetch;
  /** The dialects that are known here; a page loads all but its own when they are needed. */
  readonly dialectOf: (dialect: Environment['dialect']) => Dialect | undefined;
  /** Loaded once something is wrong where it is left out. */
  readonly diagnosis?: DiagnosisKit;
  /** The machine's own clock, which may be set; without one nobody notices. */
  readonly wall?: () => EpochMs;
  /** The limits on handshakes and sockets belong to a page, however many environments it watches. */
  readonly gate?: HandshakeGate;
}

export interface WatchOptions {
  /** With its placeholders filled in. */
  readonly environment: Environment;
  /** Connections to hold; default as the environment says. */
  readonly connections?: number;
  /** For a check: how many runs to trigger in all, and whether a pass needs proof. */
  readonly asked?: { readonly runs: number; readonly requireProof: boolean };
  /** Handed every record, in order, after it was folded. */
  readonly record?: (record: RunwatchRecord) => void;
  /** For a check: every planned run is triggered and closed, or can never be. */
  readonly finished?: () => void;
}

/** Who looks on while a watch goes on. */
export interface WatchObserver {
  /** A record was folded and handed on. */
  record(record: RunwatchRecord): void;
  /** An event came, of a frame whose record is still being folded. */
  event(frame: FrameRecord, event: AgentEvent, attribution: Attribution): void;
}

const app = `runwatch/${version}`;
const storedEvents = 1_000_000;
const mostOpenRuns = 10_000;
const captureBytes = 64 * 1024 * 1024;
const burnWindowsMs = burnRules.flatMap(({ longMs, shortMs }) => [longMs, shortMs]);
const keptRejected = 200;
const keptRejectedLength = 4096;
const keptBlinds = 1000;
const keptReconnects = 2000;

/** One environment being watched: its connections, the fold over what they bring, and what the screen remembers of it. */
export class Watch {
  readonly environment: Environment;
  readonly engine: Engine;
  readonly pool: ConnectionPool;
  readonly store: EventStore;
  readonly types = new StringTable(letteredTypes, '(other types)', 4096);
  readonly book = new RunBook();
  readonly minutes: Minutes;
  readonly windows: WindowSet;
  readonly startup: Startup;
  readonly streaks = createStreaks();
  readonly brokenRows = new BrokenRows();
  /** The shapes of frames that came, and the types of events that neither the contract nor this program names. */
  readonly shapes = new ShapeBook();
  readonly unknownTypes = new ShapeBook();
  readonly blinds: BlindRecord[] = [];
  readonly rejected: RejectedFrame[] = [];
  readonly reconnects: { readonly at: EpochMs; readonly lane: number; readonly opened: boolean }[] = [];
  /** Per connection and stage: how it last fared. */
  readonly stages = new Map<string, StageRecord>();
  readonly capture: Capture;
  readonly lanes: readonly string[];
  /** Per connection, by its number: when an event last came over it. */
  readonly lastEventAt: (EpochMs | undefined)[] = [];
  burn: readonly BurnAlert[] = [];
  newestAt: EpochMs | undefined;
  /** The largest delay from a socket's callback to the fold since it was last asked for. */
  lagMs = 0;
  stopped = false;
  #stopping: Promise<void> | undefined;
  readonly #clock: Clock;
  readonly #namedTypes: ReadonlySet<string>;
  readonly #alertness: Alertness;
  readonly #prober: Prober | undefined;
  readonly #laneOf: ReadonlyMap<string, number>;
  readonly #record: ((record: RunwatchRecord) => void) | undefined;
  readonly #observers = new Set<WatchObserver>();
  #burnAt = Number.NEGATIVE_INFINITY;

  constructor(options: WatchOptions, platform: Platform) {
    const { environment } = options;
    const wanted = options.connections ?? environment.concurrentConnections;
    this.environment = environment;
    this.#clock = platform.clock;
    this.#record = options.record;
    const { contract, slo } = environment;
    this.#namedTypes = new Set([...letteredTypes, ...contract.requiredEvents, ...contract.pairs.flat(), contract.first, contract.last, ...contract.failureEvents]);
    this.lanes = Array.from({ length: wanted }, (_, n) => `${environment.id}#${n}`);
    this.#laneOf = new Map(this.lanes.map((id, n) => [id, n]));
    this.startup = new Startup(platform.clock.now(), environment.startupTimeoutMs);
    this.minutes = new Minutes(environment.slo.windowMs);
    this.windows = new WindowSet({ windowMs: environment.slo.windowMs, burnWindowsMs, last: environment.contract.last });
    const { rememberRuns } = environment.contract;
    // Bars are drawn of runs that are known: those that are remembered, and those that are open.
    const runs = Math.min(storedEvents, rememberRuns + mostOpenRuns);
    this.store = new EventStore({ capacity: storedEvents, runs, lanes: wanted, textBytes: captureBytes, codec: textCodec() });
    this.capture = new Capture(this.store);
    const header = headerOf(environment, platform.clock.now(), options.asked);
    const dialect = platform.dialectOf(environment.dialect);
    invariant(dialect !== undefined, 'the schema lets in known dialects alone');
    this.engine = new Engine(header, { contract, slo, dialect }, {
      decoded: (frame, decoded, decoder) => {
        const shape = decoder.shapeOf?.(frame, decoded);
        if (shape !== undefined) this.shapes.add(shape, frame.at);
      },
      event: (frame, event, attribution, latency) => this.#keepEvent(frame, event, attribution, latency),
      rejected: (frame, reason) => this.#keepRejected(frame, reason, dialect.explain?.(frame).find((remark) => remark.kind === 'no-type')?.text),
      runOpened: (run) => {
        this.book.opened(run);
        this.store.runs.open(run.id, this.#lane(run.connection.id), run.openedAt, 0);
      },
      runClosed: (run) => this.#keepClosed(run),
      runRejudged: (run) => this.windows.rejudged(run),
      runForgotten: (run) => {
        this.book.forgotten(run);
        this.windows.forgotten(run);
      },
    });
    this.pool = createConnectionPool({
      environment,
      dialect,
      clock: platform.clock,
      random: platform.random,
      sockets: platform.sockets,
      fetch: platform.fetch,
      record: (record, wireText) => this.#take(record, wireText),
      changed: () => {},
      connections: wanted,
      ...(platform.gate === undefined ? {} : { gate: platform.gate }),
    });
    this.#alertness = new Alertness(platform.clock, platform.wall ?? (() => platform.clock.now()), {
      wasBlind: (from, at, cause) => {
        this.pool.catchUp();
        this.#apply({ record: 'blind', at, from, cause });
      },
      tick: (now) => this.#tick(now),
      clockSet: (at, by) => {
        this.pool.catchUp();
        this.#apply({ record: 'note', at, text: clockSetText(by), author: 'runwatch' });
        this.pool.askClocks();
      },
    });
    if (options.asked !== undefined || environment.mode === 'probe') {
      const everyMs = options.asked === undefined ? environment.probe.everyMs : 0;
      const plan = { connections: wanted, everyMs, maxRunsPerHour: environment.probe.maxRunsPerHour };
      this.#prober = new Prober(
        this.pool,
        platform.clock,
        platform.random,
        options.asked === undefined ? plan : { ...plan, maxRunsPerHour: Number.MAX_SAFE_INTEGER, total: options.asked.runs },
        options.finished,
      );
    }
    this.#apply(header);
  }

  start(): void {
    this.#alertness.start();
    this.pool.start();
    this.#prober?.start();
  }

  /** Closes every connection and ends the capture; what was learnt stays readable. */
  stop(cause: 'operator' | 'monitor'): Promise<void> {
    this.#stopping ??= this.#stop(cause);
    return this.#stopping;
  }

  /** What the target said when it was asked how it is; of one that was let go, nothing is learnt any more. */
  heard(record: HealthRecord): void {
    if (this.stopping) return;
    this.pool.catchUp();
    this.#take({ ...record, at: this.#clock.now() }, undefined);
  }

  /** True from the moment on at which it was told to stop. */
  get stopping(): boolean {
    return this.#stopping !== undefined;
  }

  async #stop(cause: 'operator' | 'monitor'): Promise<void> {
    this.#prober?.stop();
    await this.pool.stop(cause);
    // A blindness that still lasts is known before the end judges by it.
    this.#alertness.online(true);
    this.#apply({ record: 'end', at: this.#clock.now() });
    this.#alertness.stop();
    this.stopped = true;
  }

  statuses(): readonly ConnectionStatus[] {
    return this.pool.statuses();
  }

  /** The machine lost its network, or has it again. */
  online(online: boolean): void {
    this.#alertness.online(online);
  }

  /** The page is hidden, or shown again. */
  visible(visible: boolean): void {
    this.#alertness.visible(visible);
  }

  /** Lets somebody look on; the returned function ends it. */
  observe(observer: WatchObserver): () => void {
    this.#observers.add(observer);
    return () => this.#observers.delete(observer);
  }

  get blindNow(): boolean {
    return this.#alertness.blindNow;
  }

  /** Lets time pass up to now, so that what is read is as of now. */
  catchUp(): void {
    if (this.stopped) return;
    // No deadline may pass before what came in time for it was heard.
    this.pool.catchUp();
    const now = this.#clock.now();
    this.#alertness.check(now);
    if (!this.blindNow) this.engine.advance(now);
  }

  #take(record: RunwatchRecord, wireText: string | undefined): void {
    this.#alertness.check(record.at);
    this.#apply(record, wireText);
    if (record.record === 'frame') this.lagMs = Math.max(this.lagMs, between(record.at, this.#clock.now()));
  }

  #apply(record: RunwatchRecord, wireText?: string): void {
    this.capture.write(record, wireText);
    this.engine.apply(record);
    if (record.record !== 'frame') this.startup.learn(record);
    if (record.record === 'frame') this.newestAt = record.at;
    else if (record.record === 'blind') keep(this.blinds, record, keptBlinds);
    else if (record.record === 'stage') this.stages.set(`${record.connection} ${record.stage}`, record);
    else if (record.record === 'connection-open' || record.record === 'connection-close') {
      const opened = record.record === 'connection-open';
      keep(this.reconnects, { at: record.at, lane: this.#lane(record.connection), opened }, keptReconnects);
    }
    this.#record?.(record);
    // Last of all, as it may bring about a further record.
    for (const observer of this.#observers) observer.record(record);
  }

  #tick(now: EpochMs): void {
    // While the machine is offline time stands still: the blind record that ends it must be known before any deadline in it fires.
    if (this.blindNow) return;
    this.pool.catchUp();
    this.engine.advance(now);
    if (now - this.#burnAt < 1000) return;
    this.#burnAt = now;
    const { target, sli } = this.engine.slo;
    this.windows.advance(this.engine.now);
    this.burn = assessBurn((windowMs) => sloCounts(this.windows.burnSums(windowMs), sli), target, this.burn);
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
    const lane = this.#lane(frame.connection);
    this.lastEventAt[lane] = frame.at;
    this.store.append(frame.at, lane, type, run?.ordinal ?? -1, flags, latencyMs);
    for (const observer of this.#observers) observer.event(frame, event, attribution);
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
    if (run.triggered) this.#prober?.runClosed(this.#lane(run.connection.id));
  }

  #lane(connection: string): number {
    return this.#laneOf.get(connection) ?? 0;
  }
}

function headerOf(environment: Environment, at: EpochMs, asked: WatchOptions['asked']): HeaderRecord {
  const { id, name, kind, transport, dialect, contract, slo } = environment;
  const header = { record: 'header', at, format: 'runwatch', version: 1, app, environment: { id, name, kind, transport, dialect, contract, slo } } as const;
  return asked === undefined ? header : { ...header, asked };
}

function clockSetText(by: DurationMs): string {
  const how = by < 0 ? `was set back by ${age(durationMs(Math.abs(by)))}` : `was set forward by ${age(by)}, or it slept that long`;
  return `The clock of this machine ${how}. Times here go on as they were; the targets are asked for theirs anew.`;
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
