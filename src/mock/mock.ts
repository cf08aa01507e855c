import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { corsHeaders, refusalOf } from './guard.ts';
import { createHttpEndpoint, reply } from './http-endpoint.ts';
import type { Ledger } from './ledger.ts';
import { isSeed, readScenarioRequest, type ScenarioName, type ScenarioRequest } from './scenarios.ts';
import { createSocketIoEndpoint } from './socketio-endpoint.ts';
import { Target } from './target.ts';
import { createWebSocketEndpoint } from './websocket-endpoint.ts';

export interface MockOptions {
  /** Default 0: a free port is chosen. */
  readonly port?: number;
  /** Default 127.0.0.1. */
  readonly host?: string;
  /** Default `healthy`. */
  readonly scenario?: ScenarioName | ScenarioRequest;
  /** Default 1. A seed in `scenario` comes first. */
  readonly seed?: number;
  /** Multiplies the delays of the agents; 1 (the default) gives runs of 300 to 1500 ms. */
  readonly pace?: number;
  /** How long the clients listen on after a run's end, in milliseconds: a late event comes after that. Default 1000. */
  readonly settleMs?: number;
  /** How long the clients wait for a first event, in milliseconds: a slow one comes after that. Default 10 000. */
  readonly firstEventTimeoutMs?: number;
  /** Default 5000. */
  readonly heartbeatMs?: number;
  /** Socket.IO only: for how long a broken connection's session waits for its client, which is then sent what it missed, in milliseconds. Default 0: it does not. */
  readonly recoveryMs?: number;
  /** Size of a huge event's payload; default 400 000. */
  readonly hugeBytes?: number;
  /** If given, a login needs it in the header X-E2E-Bypass-Key. */
  readonly bypassKey?: string;
  /** What `/health` says; default 1.0.0. */
  readonly version?: string;
  readonly log?: (line: string) => void;
}

export interface Mock {
  readonly port: number;
  /** For example `http://127.0.0.1:4180`. */
  readonly url: string;
  /** A copy of the truth so far. */
  ledger(): Ledger;
  /** The same as `POST /scenario`; throws a RangeError that says what was expected. */
  setScenario(request: ScenarioName | ScenarioRequest): void;
  /** Ends every connection and frees the port. */
  close(): Promise<void>;
}

const maxMessageBytes = 64 * 1024;
const maxConnections = 5000;
/** How long clients may take to answer a closing handshake. */
const farewellMs = 100;

/** Starts the target. Rejects with Node's error where the port cannot be had, and with a RangeError for an option out of range. */
export async function startMock(options: MockOptions = {}): Promise<Mock> {
  const { host = '127.0.0.1', port = 0, seed = 1, pace = 1 } = options;
  if (!isSeed(seed)) throw new RangeError('seed: expected a whole number from 0 to 4294967295');
  if (!(pace > 0 && pace <= 100)) throw new RangeError('pace: expected a number above 0, and 100 at most');
  const choice = readChoice(options.scenario ?? 'healthy');
  const target = new Target(
    {
      seed: choice.seed ?? seed,
      pace,
      settleMs: options.settleMs ?? 1000,
      firstEventTimeoutMs: options.firstEventTimeoutMs ?? 10_000,
      heartbeatMs: options.heartbeatMs ?? 5000,
      hugeBytes: options.hugeBytes ?? 400_000,
      bypassKey: options.bypassKey,
      version: options.version ?? '1.0.0',
      log: options.log ?? (() => {}),
    },
    choice.mix,
  );
  const http = createHttpEndpoint(target);
  const socketIo = createSocketIoEndpoint(target, maxMessageBytes, options.recoveryMs ?? 0);
  const webSocket = createWebSocketEndpoint(target, maxMessageBytes);

  // The front door: nothing gets past it without the guard's leave, neither a request nor an upgrade.
  const server = createServer((request, response) => {
    const refusal = refusalOf(request.headers);
    const url = urlOf(request.url);
    if (refusal !== undefined) reply(request, response, { status: 403, body: { error: refusal } });
    else if (url === undefined) reply(request, response, { status: 400, body: { error: 'expected a path' } });
    else if (!url.pathname.startsWith('/socket.io/') || request.method === 'OPTIONS') http(request, response, url);
    else {
      for (const [name, value] of Object.entries(corsHeaders(request.headers.origin))) response.setHeader(name, value);
      socketIo.request(request, response, url);
    }
  });
  server.on('upgrade', (request, socket, head) => {
    socket.on('error', () => socket.destroy());
    const refusal = refusalOf(request.headers);
    const url = urlOf(request.url);
    if (refusal !== undefined) socket.end(`HTTP/1.1 403 Forbidden\r\nConnection: close\r\nContent-Length: ${refusal.length}\r\n\r\n${refusal}`);
    else if (url?.pathname === '/ws') webSocket.upgrade(request, socket, head, url);
    else if (url?.pathname.startsWith('/socket.io/') === true) socketIo.upgrade(request, socket, head, url);
    else socket.end('HTTP/1.1 404 Not Found\r\nConnection: close\r\nContent-Length: 0\r\n\r\n');
  });
  const sockets = new Set<Socket>();
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  server.maxConnections = maxConnections;

  server.listen(port, host);
  // Rejects with the error where the port is taken.
  await once(server, 'listening');
  const bound = addressOf(server.address());

  const close = async (): Promise<void> => {
    const closed = once(server, 'close');
    server.close();
    target.stop();
    await socketIo.close();
    await Promise.race([closed, wait(farewellMs)]);
    for (const socket of sockets) socket.destroy();
    await closed;
  };
  let closing: Promise<void> | undefined;

  return {
    port: bound.port,
    url: `http://${bound.family === 'IPv6' ? `[${bound.address}]` : bound.address}:${bound.port}`,
    ledger: () => structuredClone(target.ledger()),
    setScenario: (request) => target.setScenario(readChoice(request)),
    close: () => (closing ??= close()),
  };
}

function readChoice(request: ScenarioName | ScenarioRequest) {
  const choice = readScenarioRequest(typeof request === 'string' ? { scenario: request } : request);
  if (!choice.ok) throw new RangeError(choice.error);
  return choice.value;
}

function urlOf(path: string | undefined): URL | undefined {
  return path?.startsWith('/') === true && URL.canParse(path, 'http://localhost') ? new URL(path, 'http://localhost') : undefined;
}

function addressOf(address: AddressInfo | string | null): AddressInfo {
  if (address === null || typeof address === 'string') throw new Error('Broken assumption: the server listens on a port');
  return address;
}
