import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { Server, type Socket as ServerSocket } from 'socket.io';
import { isJsonObject, type JsonObject } from '#base/json.ts';
import { durationMs } from '#base/units.ts';
import { readText } from './credentials.ts';
import type { ClosedBy, LedgerConnection } from './ledger.ts';
import type { Link } from './link.ts';
import type { Session } from './session.ts';
import type { Target } from './target.ts';

export interface SocketIoEndpoint {
  request(request: IncomingMessage, response: ServerResponse, url: URL): void;
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer, url: URL): void;
  close(): Promise<void>;
}

interface ClientEvents {
  /** The arguments come from outside: the last one should be the acknowledgement. */
  clock: (...args: readonly unknown[]) => void;
}
interface ServerEvents {
  agent_event: (message: JsonObject | string | Uint8Array) => void;
}
interface SocketData {
  entry: LedgerConnection;
  token: string | undefined;
  user: string | undefined;
}
type ClientSocket = ServerSocket<ClientEvents, ServerEvents, Record<string, never>, SocketData>;

/** What is used of Engine.IO's connection, whose own type hides the id. */
interface EngineConnection {
  readonly id: string;
  readonly request: IncomingMessage;
  on(event: 'close', listener: () => void): void;
}

/** A client, over all the sockets that its session has. */
interface Guest {
  socket: ClientSocket;
  readonly session: Session;
  /** Whom to tell when what was sent has left. */
  waiting: (() => void)[];
  /** Calls off the end that awaits a client that is away. */
  cancelEnd: () => void;
}

/** With these the client did not leave: Socket.IO keeps its session. */
const brokenReasons: ReadonlySet<string> = new Set(['transport error', 'transport close', 'forced close', 'ping timeout']);

/**
 * Socket.IO at `/socket.io/`: sign-in by `auth.token`, `?token=`, `auth.user`, `?user=` or a first message.
 * It is attached to an HTTP server that never listens, so that no request reaches it but through the front door.
 * With a `recoveryMs` above 0 the session of a broken connection goes on for that long, and the client that returns is sent what it missed.
 */
export function createSocketIoEndpoint(target: Target, maxMessageBytes: number, recoveryMs: number): SocketIoEndpoint {
  const backRoom = createServer();
  const io = new Server<ClientEvents, ServerEvents, Record<string, never>, SocketData>(backRoom, {
    path: '/socket.io',
    serveClient: false,
    perMessageDeflate: false,
    httpCompression: false,
    maxHttpBufferSize: maxMessageBytes,
    // A dead link is seen within 15 s, where the library's own defaults take 45 s.
    pingInterval: 5000,
    pingTimeout: 10_000,
    ...(recoveryMs > 0 ? { connectionStateRecovery: { maxDisconnectionDuration: recoveryMs } } : {}),
  });
  /** The TCP socket that now carries each open Engine.IO session. */
  const carriers = new Map<string, Duplex>();
  const silenced = new Set<string>();
  /** By the id of their socket, which a recovered one has again. */
  const guests = new Map<string, Guest>();
  const idOf = new WeakMap<object, string>();

  io.engine.on('connection', (connection: EngineConnection) => {
    idOf.set(connection, connection.id);
    carriers.set(connection.id, connection.request.socket);
    connection.on('close', () => {
      carriers.delete(connection.id);
      silenced.delete(connection.id);
    });
  });

  const linkOf = (guestNow: () => Guest): Link => {
    const engineIdNow = () => idOf.get(guestNow().socket.conn) ?? '';
    return {
      transport: 'socket.io',
      send(payload, written) {
        const { socket, waiting } = guestNow();
        // For a client that is away, Socket.IO keeps what is emitted.
        if (!socket.connected && recoveryMs === 0) return;
        waiting.push(written);
        socket.emit('agent_event', payload);
      },
      close: () => leave(guestNow()).disconnect(true),
      drop() {
        // The session ends with this: whoever comes back begins a new one.
        const socket = leave(guestNow());
        carriers.get(engineIdNow())?.destroy();
        if (socket.conn.transport.name === 'polling') socket.conn.close(true);
      },
      silence() {
        silenced.add(engineIdNow());
        // A corked stream keeps what is written to it: Engine.IO's pings stay here as well.
        carriers.get(engineIdNow())?.cork();
      },
    };
  };

  const leave = (guest: Guest): ClientSocket => {
    if (guests.get(guest.socket.id) === guest) guests.delete(guest.socket.id);
    return guest.socket;
  };

  /** Listens to the socket that a guest has now. */
  const attach = (guest: Guest): void => {
    const { socket, session } = guest;
    // Socket.IO does not say when a packet has left; Engine.IO does, for all that it had in hand.
    socket.conn.on('flush', () => {
      const left = guest.waiting;
      guest.waiting = [];
      for (const written of left) written();
    });
    socket.on('disconnect', (reason) => {
      const end = (): void => {
        leave(guest);
        session.ended(reason === 'client namespace disconnect' ? 'client' : 'network', null);
      };
      if (recoveryMs > 0 && brokenReasons.has(reason)) guest.cancelEnd = target.clock.after(durationMs(recoveryMs), end);
      else end();
    });
    socket.on('clock', (...args) => {
      const answer = args.at(-1);
      if (typeof answer === 'function') answer({ serverTime: session.now() });
    });
    socket.onAny((event: string, message: unknown) => {
      if (event !== 'clock') session.hear(isJsonObject(message) ? { type: event, ...message } : { type: event });
    });
  };

  io.use((socket, next) => {
    const entry = target.arrive('socket.io');
    const ended = (by: ClosedBy) => {
      if (entry.closedAt !== null) return;
      entry.closedAt = target.clock.now();
      entry.closedBy = by;
    };
    if (entry.scenario === 'handshake-never') {
      socket.conn.on('close', () => ended('network'));
      return;
    }
    const { auth, query } = socket.handshake;
    socket.data.token = readText(auth['token']) ?? readText(query['token']);
    socket.data.user = readText(auth['user']) ?? readText(query['user']);
    const admitted = target.admit({ token: socket.data.token, user: socket.data.user }, entry);
    if (!admitted.ok) {
      ended('mock');
      next(Object.assign(new Error(admitted.error), { data: { code: 'AUTH_FAILED' } }));
      return;
    }
    socket.data.entry = entry;
    next();
  });

  io.on('connection', (socket) => {
    const returned = socket.recovered ? guests.get(socket.id) : undefined;
    if (returned !== undefined) {
      returned.cancelEnd();
      returned.socket = socket;
      attach(returned);
      return;
    }
    const { token, user } = socket.data;
    // A recovered socket has passed no middleware, and its data are those of the connection before.
    const entry = socket.recovered ? target.arrive('socket.io') : socket.data.entry;
    if (entry === undefined || !idOf.has(socket.conn)) {
      socket.disconnect(true);
      return;
    }
    const guest: Guest = { socket, session: target.open(entry, linkOf(() => guest)), waiting: [], cancelEnd: () => {} };
    guests.set(socket.id, guest);
    attach(guest);
    guest.session.begin({ token, user });
  });

  return {
    request(request, response, url) {
      const id = url.searchParams.get('sid');
      // A poll of a silenced session is left without an answer.
      if (id !== null && silenced.has(id)) return;
      if (id !== null && carriers.has(id) && request.method === 'GET') carriers.set(id, request.socket);
      backRoom.emit('request', request, response);
    },
    upgrade(request, socket, head, url) {
      const id = url.searchParams.get('sid');
      if (id !== null && carriers.has(id)) carriers.set(id, socket);
      backRoom.emit('upgrade', request, socket, head);
    },
    close: () => io.close(),
  };
}
