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
import type { Dialect } from '#protocol/dialect.ts';
import type { HeaderRecord, HealthRecord, RunwatchRecord } from '#record/record.ts';
import { Alertness } from './alertness.ts';
import type { NoteInput } from './desk-questions.ts';
import type { DiagnosisKit } from './diagnosis-kit.ts';
import { age } from './figures.ts';
import { Prober } from './prober.ts';
import { Recording } from './recording.ts';

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
  /** What is known of it from before, with the same lanes, as of now; its records go on where they ended. */
  readonly earlier?: Recording;
  /** For a check: how many runs to trigger in all, and whether a pass needs proof. */
  readonly asked?: { readonly runs: number; readonly requireProof: boolean };
  /** Handed every record, in order, after it was folded. */
  readonly record?: (record: RunwatchRecord) => void;
  /** For a check: every planned run is triggered and closed, or can never be. */
  readonly finished?: () => void;
}

const app = `runwatch/${version}`;

/** One environment being watched: its connections, the fold over what they bring, and what the screen remembers of it. */
export class Watch {
  readonly recording: Recording;
  readonly pool: ConnectionPool;
  /** The largest delay from a socket's callback to the fold since it was last asked for. */
  lagMs = 0;
  readonly isPast = false;
  stopped = false;
  #stopping: Promise<void> | undefined;
  readonly #clock: Clock;
  readonly #alertness: Alertness;
  readonly #prober: Prober | undefined;

  constructor(options: WatchOptions, platform: Platform) {
    const { environment } = options;
    const wanted = options.connections ?? environment.concurrentConnections;
    this.#clock = platform.clock;
    const dialect = platform.dialectOf(environment.dialect);
    invariant(dialect !== undefined, 'the schema lets in known dialects alone');
    this.recording = options.earlier ?? new Recording({ environment, dialect, header: headerOf(environment, platform.clock.now(), options.asked), lanes: lanesOf(environment, wanted) });
    this.recording.runClosed = (run, lane) => {
      if (run.triggered) this.#prober?.runClosed(lane);
    };
    if (options.record !== undefined) {
      options.record(this.recording.engine.header);
      this.recording.observe({ record: options.record, event: () => undefined });
    }
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
        this.recording.apply({ record: 'blind', at, from, cause });
      },
      tick: (now) => this.#tick(now),
      clockSet: (at, by) => {
        this.pool.catchUp();
        this.recording.apply({ record: 'note', at, text: clockSetText(by), author: 'runwatch' });
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

  get environment(): Environment {
    return this.recording.environment;
  }

  /** Writes down what somebody has to say; when all is over, as of its end. */
  note(note: NoteInput): void {
    this.catchUp();
    const { engine } = this.recording;
    this.recording.apply({ record: 'note', at: engine.ended ? engine.now : this.#clock.now(), ...note });
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
    this.recording.apply({ record: 'end', at: this.#clock.now() });
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
    if (!this.blindNow) this.recording.advance(now);
  }

  #take(record: RunwatchRecord, wireText: string | undefined): void {
    this.#alertness.check(record.at);
    this.recording.apply(record, wireText);
    if (record.record === 'frame') this.lagMs = Math.max(this.lagMs, between(record.at, this.#clock.now()));
  }

  #tick(now: EpochMs): void {
    // While the machine is offline time stands still: the blind record that ends it must be known before any deadline in it fires.
    if (this.blindNow) return;
    this.pool.catchUp();
    this.recording.advance(now);
  }
}

/** Ids of the connections to an environment, in the order in which they are drawn. */
export const lanesOf = ({ id }: Environment, connections: number): readonly string[] => Array.from({ length: connections }, (_, n) => `${id}#${n}`);

function headerOf(environment: Environment, at: EpochMs, asked: WatchOptions['asked']): HeaderRecord {
  const { id, name, kind, transport, dialect, contract, slo } = environment;
  const header = { record: 'header', at, format: 'runwatch', version: 1, app, environment: { id, name, kind, transport, dialect, contract, slo } } as const;
  return asked === undefined ? header : { ...header, asked };
}

function clockSetText(by: DurationMs): string {
  const how = by < 0 ? `was set back by ${age(durationMs(Math.abs(by)))}` : `was set forward by ${age(by)}, or it slept that long`;
  return `The clock of this machine ${how}. Times here go on as they were; the targets are asked for theirs anew.`;
}
