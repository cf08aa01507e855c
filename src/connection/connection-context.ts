import type { Clock } from '#base/clock.ts';
import type { Random } from '#base/random.ts';
import type { Environment } from '#environment/schema.ts';
import type { Dialect } from '#protocol/dialect.ts';
import type { ConnectionStatus, TakeRecord } from './connection.ts';
import type { HandshakeGate } from './handshake-gate.ts';
import type { Inbox } from './inbox.ts';
import type { SocketFactory } from './socket-factory.ts';

/** What all connections of a pool share. */
export interface ConnectionContext {
  readonly environment: Environment;
  readonly dialect: Dialect;
  readonly clock: Clock;
  readonly random: Random;
  readonly sockets: SocketFactory;
  readonly fetch: typeof globalThis.fetch;
  readonly gate: HandshakeGate;
  readonly record: TakeRecord;
  readonly changed: (status: ConnectionStatus) => void;
}

/** What a pool's own connections share beside that. */
export interface PoolContext extends ConnectionContext {
  readonly inbox: Inbox;
}
