/**
 * The target of the benchmark, in a process of its own: greets connections as the bundled mock does, and sends them pre-built frames,
 * at a rate or as fast as they are taken. Told what to do over HTTP.
 *
 * As fast as they are taken: after every chunk of frames goes a `ping` in the stream, which every client of this dialect answers at once;
 * the next chunk goes when an answer comes. So little is under way, and the receiver alone sets the pace. Each frame is a write of its own,
 * in turns over the connections, as a server's events are: many frames in one write would spare the browser work that it has in earnest.
 */
import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import process from 'node:process';
import { Server } from 'socket.io';
import { WebSocketServer } from 'ws';
import { endWithParent } from './end-with-parent.ts';
import { frameOf, FrameTape, type PerFrame, type Wire } from './frame-tape.ts';

interface Client {
  readonly user: string;
  readonly wire: Wire;
  /** The TCP connection under the frames: what is written here need not be framed one by one. */
  readonly tcp: Duplex;
  tape: FrameTape | undefined;
  /** Frames that may be sent before the next answer. */
  credit: number;
  /** Frames since the last `ping`. */
  sincePing: number;
}

interface Plan {
  readonly perFrame: PerFrame;
  /** Events a second over all connections; 0: as fast as they are taken. */
  readonly rate: number;
  /** Stops by itself after so many events. */
  readonly most: number;
}

/** Events under way over all connections together, in so many chunks on each; but no chunk smaller than that, or the pings would be the load. */
const underWay: Readonly<Record<PerFrame, number>> = { 1: 2000, 50: 16_000 };
const chunksAhead = 4;
const smallestChunk: Readonly<Record<PerFrame, number>> = { 1: 20, 50: 250 };
/** Frames in one go, before answers are listened to again. */
const framesAtOnce = 128;

const clients = new Set<Client>();
let plan: Plan | undefined;
let sent = 0;
/** Across all tapes of this process: a page that stays open must not get a run's id twice. */
let nextRun = 0;
let pumping = false;
let paced: ReturnType<typeof setInterval> | undefined;

function begin(next: Plan): void {
  stop();
  plan = next;
  sent = 0;
  for (const client of clients) client.tape = new FrameTape(client.user, client.wire, next.perFrame, nextRun);
  if (next.rate > 0) return pace(next);
  for (const client of clients) Object.assign(client, { credit: chunksAhead * chunkFrames(next.perFrame), sincePing: 0 });
  setImmediate(pump);
}

const chunkFrames = (perFrame: PerFrame): number => Math.round(Math.max(smallestChunk[perFrame], underWay[perFrame] / chunksAhead / clients.size) / perFrame);

function answered(client: Client): void {
  if (plan === undefined || plan.rate > 0) return;
  client.credit += chunkFrames(plan.perFrame);
  if (!pumping) setImmediate(pump);
  pumping = true;
}

/** Sends a frame on each connection that may have one, in turns. */
function pump(): void {
  pumping = false;
  if (plan === undefined || plan.rate > 0) return;
  const { perFrame, most } = plan;
  let frames = 0;
  for (let before = -1; frames < framesAtOnce && frames !== before; ) {
    before = frames;
    for (const client of clients) {
      if (client.credit === 0 || client.tape === undefined || sent >= most) continue;
      send(client, client.tape);
      frames += 1;
      client.credit -= 1;
      client.sincePing += 1;
      if (client.sincePing < chunkFrames(perFrame)) continue;
      client.sincePing = 0;
      client.tcp.write(frameOf('{"type":"ping"}', client.wire));
    }
  }
  if (frames === 0) return;
  pumping = true;
  setImmediate(pump);
}

/** Sends what is due, event by event in turns over the connections. */
function pace({ rate, most, perFrame }: Plan): void {
  const since = performance.now();
  const turns = [...clients];
  let turn = 0;
  paced = setInterval(() => {
    const due = Math.min(most, (rate * (performance.now() - since)) / 1000);
    while (sent + perFrame <= due) {
      const client = turns[turn % turns.length];
      turn += 1;
      if (client?.tape === undefined) return;
      send(client, client.tape);
    }
  }, 2);
}

function send(client: Client, tape: FrameTape): void {
  client.tcp.write(tape.next(Date.now()));
  sent += tape.eventsPerFrame;
  nextRun = Math.max(nextRun, tape.nextRun);
}

function stop(): void {
  clearInterval(paced);
  plan = undefined;
}

const welcome = (user: string): string => JSON.stringify({ type: 'connection_established', data: { user_id: user } });
const seconds = (): number => Date.now() / 1000;

const server = createServer(answer);
const files = new Map([
  ['/reference.html', 'text/html; charset=utf-8'],
  ['/reference.js', 'text/javascript; charset=utf-8'],
]);

function answer(request: IncomingMessage, response: ServerResponse): void {
  const url = new URL(request.url ?? '/', 'http://sender');
  const type = files.get(url.pathname);
  if (type !== undefined) {
    response.writeHead(200, { 'Content-Type': type }).end(readFileSync(new URL(`./pages${url.pathname}`, import.meta.url)));
    return;
  }
  if (url.pathname === '/begin') {
    const number = (name: string): number => Number(url.searchParams.get(name) ?? 0);
    begin({ perFrame: number('perFrame') === 50 ? 50 : 1, rate: number('rate'), most: number('most') || Number.MAX_SAFE_INTEGER });
  } else if (url.pathname === '/stop') stop();
  const body = url.pathname === '/health' ? { status: 'ok' } : { sent, connections: clients.size, cpuMs: process.cpuUsage().user / 1000 + process.cpuUsage().system / 1000 };
  response.writeHead(200, { 'Content-Type': 'application/json', 'Access-Control-Allow-Origin': '*', 'Cache-Control': 'no-store' }).end(JSON.stringify(body));
}

const webSockets = new WebSocketServer({ noServer: true, perMessageDeflate: false });
server.on('upgrade', (request, tcp, head) => {
  const url = new URL(request.url ?? '/', 'http://sender');
  if (url.pathname !== '/ws') return;
  webSockets.handleUpgrade(request, tcp, head, (socket) => {
    const client: Client = { user: url.searchParams.get('user') ?? `user-${clients.size}`, wire: 'websocket', tcp, tape: undefined, credit: 0, sincePing: 0 };
    clients.add(client);
    socket.on('close', () => clients.delete(client));
    socket.on('error', () => clients.delete(client));
    socket.on('message', (data: Buffer) => {
      const message: { readonly type?: unknown } = JSON.parse(data.toString('utf8'));
      if (message.type === 'pong') answered(client);
      else if (message.type === 'ping') socket.send(JSON.stringify({ type: 'pong', data: { timestamp: seconds() }, timestamp: seconds() }));
    });
    socket.send(welcome(client.user));
  });
});

const io = new Server(server, { transports: ['websocket'], cors: { origin: true }, destroyUpgrade: false });
io.on('connection', (socket) => {
  const { user } = socket.handshake.auth;
  const client: Client = { user: typeof user === 'string' ? user : `user-${clients.size}`, wire: 'socket.io', tcp: socket.request.socket, tape: undefined, credit: 0, sincePing: 0 };
  clients.add(client);
  socket.on('disconnect', () => clients.delete(client));
  socket.on('clock', (_sentAt: unknown, acknowledge: unknown) => {
    if (typeof acknowledge === 'function') acknowledge({ serverTime: Date.now() });
  });
  socket.on('pong', () => answered(client));
  socket.emit('agent_event', JSON.parse(welcome(client.user)));
});

server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  if (address !== null && typeof address === 'object') process.stdout.write(`http://127.0.0.1:${address.port}\n`);
});
endWithParent();
