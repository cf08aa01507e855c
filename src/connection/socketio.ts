import { Manager } from 'socket.io-client';
import type { Clock } from '#base/clock.ts';
import { isJsonObject, type JsonValue } from '#base/json.ts';
import { err, ok, type Result } from '#base/result.ts';
import { between, durationMs, type EpochMs } from '#base/units.ts';
import type { Environment } from '#environment/schema.ts';
import { instantOf } from '#protocol/time.ts';
import type { WireTransport } from '#record/record.ts';
import { endOfConnectError, endOfSocketIo } from './close-cause.ts';
import type { Heartbeat, Socket, SocketListener } from './connection.ts';
import type { SocketRequest } from './socket-request.ts';
import { goodbyeTimeout } from './websocket.ts';

/**
 * What a connection remembers from socket to socket, so that the target can resume its session and send what was missed
 * (connection state recovery: https://socket.io/docs/v4/connection-state-recovery).
 */
export interface SocketIoMemory {
  session: string | undefined;
  offset: string | undefined;
}

const connectPacket = 0;
const connectErrorPacket = 4;

/** Names that Socket.IO keeps to itself: emitting one throws. */
const reservedEvents: ReadonlySet<string> = new Set(['connect', 'connect_error', 'disconnect', 'disconnecting', 'newListener', 'removeListener']);

/** Opens a Socket.IO connection to one namespace; a sentence where the environment cannot work. */
export function openSocketIo(request: SocketRequest, environment: Environment, memory: SocketIoMemory, clock: Clock, listener: SocketListener): Result<Socket, string> {
  const { socketio: options, probe } = environment;
  if (!URL.canParse(request.url)) return err('the address is not a URL');
  if (reservedEvents.has(probe.event)) return err(`the event name ${probe.event} (probe.event) is reserved by Socket.IO`);
  const { origin, searchParams } = new URL(request.url);
  // One manager for each socket, so that no two connections share a transport; all retries are the pool's.
  const manager = new Manager(origin, {
    path: options.path,
    transports: [...options.transports],
    // A WebSocket that is refused does not say why, and polling may get through; polling that is refused says it.
    tryAllTransports: options.transports[0] === 'websocket',
    query: Object.fromEntries(searchParams),
    reconnection: false,
    autoConnect: false,
  });
  // The pool's own timeout goes around the whole handshake.
  manager.timeout(false);
  const resume = memory.session === undefined || memory.offset === undefined ? {} : { pid: memory.session, offset: memory.offset };
  const socket = manager.socket(options.namespace, { auth: { ...request.auth, ...resume } });
  const wanted = options.events === '*' ? undefined : new Set(options.events);

  let recovered = false;
  let opened = false;
  /** After its end, or after it was let go from here, a socket's late callbacks do nothing. */
  let over = false;
  /** What the target dictates, and when its heartbeat last came. */
  let heartbeat: Heartbeat | undefined;
  let pingAt: EpochMs = clock.now();

  const transportName = (): WireTransport => (manager.engine.transport.name === 'polling' ? 'polling' : 'websocket');
  const open = (): void => {
    if (over || opened) return;
    opened = true;
    listener.opened(transportName(), recovered, heartbeat);
  };
  const end = (ended: ReturnType<typeof endOfSocketIo>): void => {
    if (over) return;
    over = true;
    // Frees the transport where only the namespace was lost.
    socket.disconnect();
    listener.ended(ended);
  };

  manager.on('open', () => {
    if (!over) listener.reached();
  });
  manager.on('packet', (packet) => {
    if (over || packet.nsp !== options.namespace) return;
    // The protocol allows a bare text as the reason of a refusal; the client looks for a `message` in it, and would lose it.
    if (packet.type === connectErrorPacket && typeof packet.data === 'string') packet.data = { message: packet.data };
    if (packet.type !== connectPacket) return;
    const session: unknown = isJsonObject(packet.data) ? packet.data['pid'] : undefined;
    recovered = typeof session === 'string' && session === memory.session;
    if (recovered) return;
    memory.session = typeof session === 'string' ? session : undefined;
    memory.offset = undefined;
  });
  socket.on('connect', open);
  socket.onAny((name: unknown, ...args: unknown[]) => {
    if (over) return;
    // What was missed arrives before `connect` is told.
    open();
    const event = String(name);
    if (!over && (wanted === undefined || wanted.has(event))) {
      const [argument] = args;
      listener.message({ kind: 'event', event, argument: typeof argument === 'function' ? undefined : argument });
    }
    const last = args.at(-1);
    if (typeof last === 'string') memory.offset = last;
    // The target waits for an acknowledgement, as it would from its user's client, and might send again without one.
    if (typeof last === 'function') last();
  });
  socket.on('connect_error', (error) => end(endOfConnectError(error)));
  socket.on('disconnect', (reason) => {
    // The client compares wall clocks, so a stepped one looks like a silent target; on the monitor's clock nothing was late.
    const longestSilence = heartbeat === undefined ? Infinity : heartbeat.intervalMs + heartbeat.timeoutMs;
    const isStepped = reason === 'ping timeout' && between(pingAt, clock.now()) < longestSilence - 100;
    if (isStepped) end({ cause: 'monitor', code: undefined, reason: 'the clock of this machine was set, which Socket.IO takes for silence' });
    else end(endOfSocketIo(reason));
  });

  socket.connect();
  const { engine } = manager;
  engine.on('handshake', ({ pingInterval, pingTimeout }) => {
    heartbeat = { intervalMs: durationMs(pingInterval), timeoutMs: durationMs(pingTimeout) };
    pingAt = clock.now();
  });
  engine.on('packet', (packet) => {
    if (packet.type === 'ping') pingAt = clock.now();
    if (packet.type === 'open' && !isEngineHandshake(packet.data)) {
      // The client would throw on this outside of any handler; as a `noop` it does no harm, and the handshake times out.
      packet.type = 'noop';
    }
    if (!over && packet.type !== 'message') listener.heartbeat();
  });
  engine.on('upgrade', () => {
    if (!over && opened) listener.upgraded(transportName());
  });

  return ok({
    writable: () => !over && socket.connected,
    send(message, event) {
      if (!over && socket.connected) socket.emit(event, message);
    },
    askClock(sentAt, timeout, answered) {
      socket.timeout(timeout).emit('clock', sentAt, (error: unknown, answer: unknown) => {
        if (over || error !== null) return answered(undefined);
        listener.heartbeat();
        answered(serverTime(answer));
      });
    },
    close() {
      over = true;
      if (engine.readyState === 'closed') return Promise.resolve();
      return new Promise((resolve) => {
        const cancel = clock.after(goodbyeTimeout, resolve);
        engine.once('close', () => {
          cancel();
          resolve();
        });
        socket.disconnect();
      });
    },
    cut() {
      over = true;
      // Without the packet that leaves the namespace, or the target would not keep the session for a return.
      engine.close();
    },
  });
}

/** The time in an acknowledgement: a number, or `serverTime`. */
function serverTime(answer: unknown): EpochMs | undefined {
  const time: unknown = isJsonObject(answer) ? answer['serverTime'] : answer;
  return typeof time === 'number' || typeof time === 'string' ? instantOf(time) : undefined;
}

function isEngineHandshake(data: unknown): boolean {
  if (typeof data !== 'string') return false;
  try {
    const value: JsonValue = JSON.parse(data);
    return (
      isJsonObject(value) && typeof value['sid'] === 'string' && Array.isArray(value['upgrades']) && Number.isFinite(value['pingInterval']) && Number.isFinite(value['pingTimeout'])
    );
  } catch {
    return false;
  }
}
