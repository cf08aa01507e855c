import { createServer, type Server } from 'node:http';
import { expect, test } from 'vitest';
import { WebSocketServer } from 'ws';
import { Server as SocketIoServer } from 'socket.io';
import { listen, ofKind, until, watch } from './connection-world.ts';

const most = 20;

/** The largest number of `times` in any 100 ms. */
function burst(times: readonly number[]): number {
  return Math.max(...times.map((from) => times.filter((time) => time >= from && time < from + 100).length));
}

/** A server that notes when it is asked for an upgrade. */
function noting(times: number[], attach: (server: Server) => unknown): Server {
  const server = createServer();
  server.prependListener('upgrade', () => times.push(performance.now()));
  attach(server);
  return server;
}

test.each([
  ['websocket', 'ws', (server: Server): unknown => new WebSocketServer({ server })],
  ['socket.io', 'http', (server: Server): unknown => new SocketIoServer(server)],
] as const)('%s: a restarted target has all its connections back, never more than 10 in 100 ms', async (transport, scheme, attach) => {
  const times: number[] = [];
  const { port, close } = await listen(noting(times, attach));
  const { pool, records } = watch({ eventsUrl: `${scheme}://127.0.0.1:${port}`, transport, maxRetries: 20 }, { connections: most, random: () => Math.random() / 4 });
  const allOpen = (): void => expect(pool.statuses().filter(({ state }) => state === 'open')).toHaveLength(most);
  await until(allOpen);
  expect(burst(times)).toBeLessThanOrEqual(10);

  await close();
  times.length = 0;
  await until(() => expect(ofKind(records, 'connection-close').length).toBeGreaterThan(most));
  await listen(noting(times, attach), port);
  await until(allOpen);
  expect(times.length).toBeGreaterThanOrEqual(most);
  expect(burst(times)).toBeLessThanOrEqual(10);
});

test('when the connections are lost they are tried again spread out, not in lockstep', async () => {
  const { port } = await listen(noting([], (server) => new WebSocketServer({ server })));
  const { pool, records } = watch({ eventsUrl: `ws://127.0.0.1:${port}`, transport: 'websocket' }, { connections: most });
  await until(() => expect(pool.statuses().every(({ state }) => state === 'open')).toBe(true));
  for (let n = 0; n < most; n += 1) pool.cut(n);
  const due = pool.statuses().map(({ nextTryAt }) => nextTryAt ?? 0);
  expect(new Set(due).size).toBe(most);
  expect(Math.max(...due) - Math.min(...due)).toBeGreaterThan(200);
  expect(ofKind(records, 'connection-close')).toHaveLength(most);
});
