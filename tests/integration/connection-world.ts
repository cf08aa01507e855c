import type { Server as NetServer, Socket } from 'node:net';
import { onTestFinished, vi } from 'vitest';
import { createConnectionPool, type ConnectionPool, type ConnectionPoolOptions } from '#connection/connection-pool.ts';
import { nodeSockets } from '#connection/socket-factory.node.ts';
import type { ConnectionStatus } from '#connection/connection.ts';
import { environmentSchema } from '#environment/schema.ts';
import { systemClock, systemRandom } from '#monitor/system-clock.ts';
import { canonical } from '#protocol/canonical.ts';
import type { RunwatchRecord } from '#record/record.ts';

/** A pool against a real server, and everything it told. */
export interface Watched {
  readonly pool: ConnectionPool;
  readonly records: RunwatchRecord[];
  readonly changes: ConnectionStatus[];
}

/** Starts a pool in Node; it is stopped when the test is over. */
export function watch(fields: object, options: Partial<ConnectionPoolOptions> = {}): Watched {
  const records: RunwatchRecord[] = [];
  const changes: ConnectionStatus[] = [];
  const pool = createConnectionPool({
    environment: environmentSchema.parse({ id: 'local', connectionTimeoutMs: 3000, ...fields }),
    dialect: canonical,
    clock: systemClock(),
    random: systemRandom(),
    sockets: nodeSockets,
    fetch: globalThis.fetch,
    record: (record) => records.push(record),
    changed: (status) => changes.push(status),
    connections: 1,
    ...options,
  });
  onTestFinished(() => pool.stop('monitor'));
  pool.start();
  return { pool, records, changes };
}

/** A server that listens, and how to end it with all its connections, as the end of its process would. */
export interface Listening<S> {
  readonly server: S;
  readonly port: number;
  readonly close: () => Promise<void>;
}

/** Listens on a port of the loopback, a free one if none is given, until the test is over. */
export async function listen<S extends NetServer>(server: S, port = 0): Promise<Listening<S>> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket.on('error', () => undefined));
    socket.on('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', () => resolve()));
  const close = (): Promise<void> =>
    new Promise((resolve) => {
      server.close(() => resolve());
      for (const socket of sockets) socket.destroy();
    });
  onTestFinished(close);
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('a port was expected');
  return { server, port: address.port, close };
}

export function ofKind<K extends RunwatchRecord['record']>(records: readonly RunwatchRecord[], kind: K): Extract<RunwatchRecord, { record: K }>[] {
  return records.filter((record): record is Extract<RunwatchRecord, { record: K }> => record.record === kind);
}

/** Waits until `condition` holds, 4 s at most. */
export const until = (condition: () => void): Promise<void> => vi.waitFor(condition, { timeout: 4000, interval: 5 });
