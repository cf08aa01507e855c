import type { Clock } from '#base/clock.ts';
import type { Random } from '#base/random.ts';
import { epochMs } from '#base/units.ts';
import type { Environment } from '#environment/schema.ts';
import type { Dialect } from '#protocol/dialect.ts';
import type { RunwatchRecord } from '#record/record.ts';
import type { ConnectionStatus, TakeRecord } from './connection.ts';
import { createHandshakeGate, type HandshakeGate } from './handshake-gate.ts';
import { Inbox } from './inbox.ts';
import { LiveConnection } from './live-connection.ts';
import type { SocketFactory } from './socket-factory.ts';

export interface ConnectionPoolOptions {
  /** With its placeholders filled in. */
  readonly environment: Environment;
  readonly dialect: Dialect;
  readonly clock: Clock;
  readonly random: Random;
  /** The WebSockets of this runtime. */
  readonly sockets: SocketFactory;
  /** For the login. */
  readonly fetch: typeof globalThis.fetch;
  /** Takes the records stage, connection-open, connection-close, clock-sample, trigger and frame in order; `at` never decreases. */
  readonly record: TakeRecord;
  /** Told of every change but those of `lastHeardAt` and `probe`, which `statuses` has. */
  readonly changed: (status: ConnectionStatus) => void;
  /** Default: the environment's concurrentConnections. */
  readonly connections?: number;
  /** Shared by all pools of a page; a pool without one makes its own. */
  readonly gate?: HandshakeGate;
}

/** Holds the connections to one environment. */
export interface ConnectionPool {
  start(): void;
  /** Settles when connection `n` is ready for a trigger, or can never be. */
  whenReady(n: number): Promise<'ready' | 'never'>;
  /** Writes the trigger record just before the message is sent; false if the connection is not open. `run` is the caller's name for the run. */
  trigger(n: number, run: string): boolean;
  statuses(): readonly ConnectionStatus[];
  /** Records what has come and waits to be taken together with what comes next. */
  catchUp(): void;
  /** Asks the target for its time anew over every open connection, as when the clock of this machine may have been set. */
  askClocks(): void;
  /** Cuts an open connection's transport as a lost network would, for experiments; it is retried like any other loss. */
  cut(n: number): void;
  /** Closes all connections for good and writes their connection-close records; settles when the sockets are gone, after about 1 s at the latest. */
  stop(cause: 'operator' | 'monitor'): Promise<void>;
}

/** The only place where sockets are opened; the same in a browser's worker and in Node. */
export function createConnectionPool(options: ConnectionPoolOptions): ConnectionPool {
  const { environment, clock, record } = options;
  let lastAt = epochMs(-Infinity);
  const inbox = new Inbox(clock);
  const context = {
    ...options,
    inbox,
    gate: options.gate ?? createHandshakeGate(clock),
    record: (made: RunwatchRecord, wireText?: string): void => {
      inbox.empty();
      if (made.at > lastAt) lastAt = made.at;
      record(made.at === lastAt ? made : { ...made, at: lastAt }, wireText);
    },
  };
  const connections = Array.from({ length: options.connections ?? environment.concurrentConnections }, (_, n) => new LiveConnection(context, n));
  let isStarted = false;
  return {
    start() {
      if (isStarted) return;
      isStarted = true;
      for (const connection of connections) connection.start();
    },
    whenReady: (n) => connections[n]?.whenReady() ?? Promise.resolve('never'),
    trigger: (n, run) => connections[n]?.trigger(run) ?? false,
    catchUp: () => inbox.empty(),
    statuses: () => connections.map((connection) => connection.status()),
    askClocks() {
      for (const connection of connections) connection.askClock();
    },
    cut: (n) => connections[n]?.cut(),
    async stop(cause) {
      await Promise.all(connections.map((connection) => connection.stop(cause)));
    },
  };
}
