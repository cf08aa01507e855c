import { createServer, type Server as HttpServer } from 'node:http';
import { Server } from 'socket.io';
import { describe, expect, test } from 'vitest';
import { epochMs } from '#base/units.ts';
import { environmentSchema } from '#environment/schema.ts';
import { startMock } from '#mock/mock.ts';
import { livenessNow } from '#monitor/liveness.ts';
import { Monitor } from '#monitor/monitor.ts';
import { nodePlatform } from '#monitor/platform.node.ts';
import type { ConnectionSnapshot } from '#monitor/snapshot.ts';
import { startBlackHole, type BlackHole } from '../fixtures/black-hole.ts';

/** What the snapshot said of the one connection, and how old that was. */
interface Sample {
  readonly at: number;
  readonly ageMs: number;
  readonly connection: ConnectionSnapshot;
}

interface World {
  readonly hole: BlackHole;
  readonly samples: Sample[];
  /** Resolves with the first sample from now on that is so; the test's own timeout ends the wait. */
  readonly until: (is: (sample: Sample) => boolean) => Promise<Sample>;
}

const silentWithinMs = 8500;

/** Watches one connection through a black hole, and samples its snapshot ten times a second. */
async function watching(port: number, fields: object, act: (world: World) => Promise<void>): Promise<void> {
  const hole = await startBlackHole(port);
  const environment = environmentSchema.parse({ id: 'local', mode: 'observe', concurrentConnections: 1, eventsUrl: `http://127.0.0.1:${hole.port}`, transport: 'socket.io', ...fieldsAt(fields, hole.port) });
  const monitor = new Monitor([environment], nodePlatform());
  const samples: Sample[] = [];
  const waiting = new Set<(sample: Sample) => void>();
  const timer = setInterval(() => {
    const { at, environments } = monitor.snapshot();
    const connection = environments[0]?.connections[0];
    if (connection === undefined) return;
    const sample = { at, ageMs: connection.lastHeardAt === null ? Infinity : at - connection.lastHeardAt, connection };
    samples.push(sample);
    for (const look of waiting) look(sample);
  }, 100);
  const until: World['until'] = (is) =>
    new Promise((resolve) => {
      const look = (sample: Sample): void => {
        if (!is(sample)) return;
        waiting.delete(look);
        resolve(sample);
      };
      waiting.add(look);
    });
  monitor.watch(environment);
  try {
    await act({ hole, samples, until });
  } finally {
    clearInterval(timer);
    hole.release();
    await monitor.stop();
    await hole.close();
  }
}

/** `{port}` in a field is the port of the black hole. */
const fieldsAt = (fields: object, port: number): object => JSON.parse(JSON.stringify(fields).replaceAll('{port}', String(port)));

/** A Socket.IO target that sends an event every half second, and answers for its clock if `hasClock`. */
async function socketIo(options: { readonly pingInterval: number; readonly pingTimeout: number; readonly hasClock?: boolean }, act: (port: number) => Promise<void>): Promise<void> {
  const { hasClock = false, ...pings } = options;
  const http: HttpServer = createServer();
  const io = new Server(http, pings);
  io.on('connection', (socket) => {
    if (hasClock) socket.on('clock', (_sentAt: number, answer: (at: number) => void) => answer(Date.now()));
  });
  const events = setInterval(() => io.emit('agent_event', { type: 'agent_thinking', runId: 'r1' }), 500);
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', () => resolve()));
  const address = http.address();
  try {
    await act(typeof address === 'object' && address !== null ? address.port : 0);
  } finally {
    clearInterval(events);
    await io.close();
  }
}

const isWell = ({ connection }: Sample): boolean => connection.liveness === 'live' || connection.liveness === 'quiet';
const is = (liveness: ConnectionSnapshot['liveness']) => (sample: Sample): boolean => sample.connection.liveness === liveness;

/** No sample may speak of life with an age that its promise does not cover. */
const liesOf = (samples: readonly Sample[], lateAfterMs: number): Sample[] => samples.filter((sample) => isWell(sample) && sample.ageMs > lateAfterMs);

/** The link dies; gives how long it took until that was told, and all that was told of it. */
async function die({ hole, samples, until }: World): Promise<{ readonly tookMs: number; readonly since: readonly Sample[] }> {
  const { at } = await until(is('live'));
  const from = samples.length;
  hole.swallow();
  const silent = await until(is('silent'));
  return { tookMs: silent.at - at, since: samples.slice(from) };
}

describe.concurrent('a link that went dead without a word', () => {
  test('over Socket.IO at 5/3 s is silent within 8.5 s, and no snapshot says live with an older age', { timeout: 40_000 }, () =>
    socketIo({ pingInterval: 5000, pingTimeout: 3000 }, (port) =>
      watching(port, {}, async (world) => {
        const { tookMs, since } = await die(world);
        expect(tookMs).toBeLessThanOrEqual(silentWithinMs);
        expect(tookMs).toBeGreaterThan(5000);
        expect(liesOf(world.samples, 6000)).toEqual([]);
        expect(since.some(is('late'))).toBe(true);
        expect(since[0]?.connection).toMatchObject({ lateAfterMs: 6000, silentAfterMs: 8000 });
        // It is taken up again in vain, and stays what it is.
        const from = world.samples.length;
        await world.until(({ at }) => at > (since.at(-1)?.at ?? 0) + 2000);
        expect(world.samples.slice(from).filter((sample) => !is('silent')(sample))).toEqual([]);
        expect(world.samples.at(-1)).toMatchObject({ connection: { problem: { reason: 'fell-silent' } } });
      }),
    ));

  test('over Socket.IO at 25/20 s ages every second until its heartbeat is due; the monitor’s own question finds it within 8.5 s where it is answered', { timeout: 40_000 }, async () => {
    const slow = { pingInterval: 25_000, pingTimeout: 20_000 };
    const aged = socketIo(slow, (port) =>
      watching(port, {}, async (world) => {
        const { at } = await world.until(is('live'));
        world.hole.swallow();
        const last = await world.until((sample) => sample.at > at + 9500);
        expect(last.connection).toMatchObject({ lateAfterMs: 30_000, silentAfterMs: 45_000 });
        const seconds = new Set(world.samples.filter((sample) => sample.at > at + 600).map(({ ageMs }) => Math.floor(ageMs / 1000)));
        expect([...seconds]).toEqual([...seconds].sort((left, right) => left - right));
        for (const second of [1, 2, 3, 4, 5, 6, 7, 8]) expect(seconds).toContain(second);
        // That age is also what a page goes by, between snapshots.
        const shown = [29_900, 30_100, 44_900, 45_100].map((ms) => {
          const then = epochMs((last.connection.lastHeardAt ?? last.at) + ms);
          return livenessNow(last.connection, then, then).state;
        });
        expect(shown).toEqual(['live', 'late', 'late', 'silent']);
      }),
    );
    const asked = socketIo({ ...slow, hasClock: true }, (port) =>
      watching(port, {}, async (world) => {
        await world.until(({ connection }) => connection.clock !== null);
        const { tookMs } = await die(world);
        expect(tookMs).toBeLessThanOrEqual(silentWithinMs);
        expect(liesOf(world.samples, 6300)).toEqual([]);
      }),
    );
    await Promise.all([aged, asked]);
  });

  test('over a plain WebSocket is silent within 8.5 s though its socket stays open, and well again when the link is', { timeout: 40_000 }, async () => {
    const mock = await startMock({ pace: 0.3, scenario: 'healthy' });
    try {
      const fields = { transport: 'websocket', eventsUrl: 'ws://127.0.0.1:{port}/ws', mode: 'probe', probe: { everyMs: 1000, maxRunsPerHour: 100_000 } };
      await watching(mock.port, fields, async (world) => {
        await world.until(({ connection }) => connection.clock !== null);
        const { tookMs, since } = await die(world);
        expect(tookMs).toBeLessThanOrEqual(silentWithinMs);
        expect(liesOf(world.samples, 6300)).toEqual([]);
        expect(since.every(({ connection }) => connection.state === 'open')).toBe(true);
        await world.until(({ ageMs }) => ageMs > 9500);
        world.hole.release();
        await world.until(is('live'));
      });
    } finally {
      await mock.close();
    }
  });

  test('negative control: one that is only idle is quiet, and never late', { timeout: 40_000 }, async () => {
    const mock = await startMock({ heartbeatMs: 60_000 });
    try {
      await watching(mock.port, { transport: 'websocket', eventsUrl: 'ws://127.0.0.1:{port}/ws' }, async (world) => {
        const { at } = await world.until(is('quiet'));
        await world.until((sample) => sample.at > at + 12_000);
        expect(world.samples.filter((sample) => sample.at >= at && !isWell(sample))).toEqual([]);
        expect(liesOf(world.samples, 6300)).toEqual([]);
      });
    } finally {
      await mock.close();
    }
  });
});
