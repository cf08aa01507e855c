import { io } from 'socket.io-client';
import { WebSocket } from 'ws';
import { isJsonObject, type JsonObject } from '#base/json.ts';
import type { Ledger, LedgerFrame } from '#mock/ledger.ts';
import type { Mock } from '#mock/mock.ts';

/** A frame as a client saw it. */
export type Received = { readonly json: JsonObject } | { readonly text: string } | { readonly bytes: number };

/** A bare client: it notes what comes, and answers nothing by itself. */
export interface TestClient {
  readonly transport: 'websocket' | 'socket.io';
  readonly received: Received[];
  /** How it ended: a WebSocket close code, or Socket.IO's words. */
  readonly ended: Promise<number | string>;
  send(message: JsonObject): void;
  close(): void;
}

export interface OpenOptions {
  readonly user?: string;
  readonly token?: string;
}

export const transports = ['websocket', 'socket.io'] as const;

/** Opens a plain WebSocket; resolves when the upgrade is done. */
export async function openWebSocket(mock: Mock, options: OpenOptions & { readonly protocols?: readonly string[] } = {}): Promise<TestClient & { readonly protocol: string }> {
  const url = new URL('/ws', mock.url.replace('http', 'ws'));
  if (options.user !== undefined) url.searchParams.set('user', options.user);
  if (options.token !== undefined) url.searchParams.set('token', options.token);
  const socket = new WebSocket(url, [...(options.protocols ?? [])]);
  const received: Received[] = [];
  socket.on('message', (data, isBinary) => {
    if (!Buffer.isBuffer(data)) throw new Error('expected a buffer');
    received.push(isBinary ? { bytes: data.length } : read(data.toString('utf8')));
  });
  const ended = new Promise<number>((resolve) => socket.on('close', resolve));
  await new Promise<void>((resolve, reject) => {
    socket.once('open', resolve);
    socket.once('error', reject);
  });
  socket.on('error', () => {});
  return { transport: 'websocket', received, ended, protocol: socket.protocol, send: (message) => socket.send(JSON.stringify(message)), close: () => socket.close() };
}

/** Opens a Socket.IO connection; resolves when the namespace is joined, rejects with its connect_error. */
export async function openSocketIo(
  mock: Mock,
  options: OpenOptions & { readonly transports?: ('polling' | 'websocket')[] } = {},
): Promise<TestClient & { askClock(): Promise<unknown>; readonly wire: () => string | undefined }> {
  const socket = io(mock.url, {
    transports: options.transports ?? ['websocket'],
    forceNew: true,
    reconnection: false,
    auth: { ...(options.user === undefined ? {} : { user: options.user }), ...(options.token === undefined ? {} : { token: options.token }) },
  });
  const received: Received[] = [];
  socket.on('agent_event', (data: unknown) => {
    if (typeof data === 'string') received.push({ text: data });
    else if (Buffer.isBuffer(data)) received.push({ bytes: data.length });
    else if (isJsonObject(data)) received.push({ json: data });
    else throw new Error('expected text, bytes or an object');
  });
  const ended = new Promise<string>((resolve) => socket.on('disconnect', resolve));
  await new Promise<void>((resolve, reject) => {
    socket.once('connect', resolve);
    socket.once('connect_error', (error) => {
      socket.close();
      reject(error);
    });
  });
  return {
    transport: 'socket.io',
    received,
    ended,
    send: (message) => socket.emit('user_message', message),
    close: () => socket.close(),
    askClock: () => socket.timeout(2000).emitWithAck('clock', Date.now()),
    wire: () => socket.io.engine.transport.name,
  };
}

export const openClient = (transport: 'websocket' | 'socket.io', mock: Mock, options: OpenOptions = {}): Promise<TestClient> =>
  transport === 'websocket' ? openWebSocket(mock, options) : openSocketIo(mock, options);

function read(text: string): Received {
  try {
    const json: unknown = JSON.parse(text);
    return isJsonObject(json) ? { json } : { text };
  } catch {
    return { text };
  }
}

/** A frame in few words, the same for what the ledger wrote and for what a client read. */
export type FrameSummary = readonly (string | number | boolean | null | undefined)[];

/** What a client should have received over a connection, by the ledger alone. */
export const written = (ledger: Ledger, connection: string): FrameSummary[] =>
  ledger.frames.filter((frame) => frame.connection === connection && frame.delivered).map(summaryOfWritten);

function summaryOfWritten(frame: LedgerFrame): FrameSummary {
  if (frame.kind === 'malformed') return ['malformed', frame.malformed];
  const events = (frame.events ?? []).flatMap((event) => [event.type, event.runId, event.threadId, event.userId, event.eventId, event.seq, event.tool, event.toolCallId]);
  return [frame.kind === 'batch' ? 'batch' : 'single', ...(frame.events === undefined ? frame.types : events), frame.recovered === true];
}

/** The same of what was read off the wire. */
export function summaryOfRead(frame: Received): FrameSummary {
  if ('text' in frame) return ['malformed', 'text'];
  if ('bytes' in frame) return ['malformed', 'binary'];
  const { json } = frame;
  if (typeof json['type'] !== 'string') return ['malformed', 'no-type'];
  const events: readonly unknown[] = Array.isArray(json['events']) ? json['events'] : [json];
  const isBatch = json['type'] === 'event_batch';
  if (!isBatch && typeof json['eventId'] !== 'string') return ['single', json['type'], false];
  const fields = ['type', 'runId', 'threadId', 'userId', 'eventId', 'seq', 'tool', 'toolCallId'];
  return [isBatch ? 'batch' : 'single', ...events.flatMap((event) => fields.map((field) => scalar(isJsonObject(event) ? event[field] : undefined))), json['recovered'] === true];
}

const scalar = (value: unknown): string | number | null => (typeof value === 'string' || typeof value === 'number' ? value : null);

/** The agent events that a client read, batches unpacked. */
export function eventsOf(client: TestClient): JsonObject[] {
  return client.received.flatMap((frame) => {
    if (!('json' in frame)) return [];
    const list: readonly unknown[] = Array.isArray(frame.json['events']) ? frame.json['events'] : [frame.json];
    return list.filter(isJsonObject).filter((event) => typeof event['eventId'] === 'string');
  });
}

export const typesOf = (client: TestClient): unknown[] => eventsOf(client).map((event) => event['type']);
