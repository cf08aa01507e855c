import { invariant } from '#base/assert.ts';
import { err, type Result } from '#base/result.ts';
import { between, durationMs, type EpochMs } from '#base/units.ts';
import type { StageName, WireTransport } from '#record/record.ts';
import type { ConnectionContext } from './connection-context.ts';
import { connectionErrors, type ConnectionError } from './connection-error.ts';
import type { Heartbeat, Socket, SocketEnd, SocketListener, WireMessage } from './connection.ts';
import { signIn, type Credentials, type SignInFailure } from './credentials.ts';
import { createRedactor, type Redactor } from './redactor.ts';
import type { SocketIoMemory } from './socketio.ts';
import { socketRequest, type SocketRequest } from './socket-request.ts';
import { openWebSocket } from './websocket.ts';

/** Why a try, or the socket that came of it, is over. */
export interface Failure {
  readonly error: ConnectionError;
  readonly end: SocketEnd;
}

/** A socket that is open, and what came with it. */
export interface OpenSocket {
  readonly socket: Socket;
  readonly request: SocketRequest;
  readonly redactor: Redactor;
  readonly user: string | undefined;
  readonly transport: WireTransport;
  readonly recovered: boolean;
  readonly heartbeat: Heartbeat | undefined;
}

/** What an attempt tells. Nothing after `lost`, nor after it was abandoned or cut. */
export interface AttemptListener {
  connecting(): void;
  opened(open: OpenSocket): void;
  upgraded(transport: WireTransport): void;
  message(message: WireMessage, at: EpochMs): void;
  heartbeat(): void;
  lost(failure: Failure): void;
}

/** One try to connect: sign in, open the socket, complete the handshake, in `connectionTimeoutMs` each; then the life of that socket. Writes the stage records. */
export class Attempt {
  readonly #context: ConnectionContext;
  readonly #connection: { readonly id: string; readonly n: number; readonly memory: SocketIoMemory };
  readonly #listener: AttemptListener;
  readonly #abandoned = new AbortController();
  #isOver = false;
  #isOpen = false;
  #socket: Socket | undefined;
  #cancelTimeout: () => void = () => undefined;

  constructor(context: ConnectionContext, connection: { readonly id: string; readonly n: number; readonly memory: SocketIoMemory }, listener: AttemptListener) {
    this.#context = context;
    this.#connection = connection;
    this.#listener = listener;
  }

  async begin(): Promise<void> {
    const { environment, fetch, clock } = this.#context;
    const since = clock.now();
    const signedIn = await signIn(environment, this.#connection.n, fetch, clock, this.#abandoned.signal);
    if (this.#isOver) return;
    if (environment.auth.method === 'login') this.#stage('login', since, signedIn.ok ? undefined : signedIn.error);
    if (signedIn.ok) this.#connect(signedIn.value);
    else this.#lose(failureOfSignIn(signedIn.error));
  }

  /** Lets go of whatever it has; settles when the socket is gone, after 1 s at the latest. */
  abandon(): Promise<void> {
    this.#over();
    this.#abandoned.abort();
    return this.#socket?.close() ?? Promise.resolve();
  }

  /** Breaks the socket without a goodbye. */
  cut(): void {
    this.#over();
    this.#abandoned.abort();
    this.#socket?.cut();
  }

  #connect(credentials: Credentials): void {
    const { environment, clock, gate, sockets } = this.#context;
    const { limit } = sockets;
    const request = socketRequest(environment, credentials);
    const redactor = createRedactor(request.secrets);
    const since = clock.now();
    let stage: StageName = 'connection';
    let stageSince = since;
    const passed = (): void => {
      this.#stage(stage, stageSince, undefined);
      stage = 'handshake';
      stageSince = clock.now();
    };
    const fail = (failure: Failure): void => {
      const error = { ...failure.error, message: redactor.text(failure.error.message) };
      const reason = failure.end.reason === undefined ? undefined : redactor.reason(failure.end.reason);
      if (!this.#isOpen) this.#stage(stage, stageSince, { error, status: failure.end.code });
      this.#lose({ error, end: { ...failure.end, reason } });
    };
    const isFull = (): boolean => limit !== undefined && gate.held >= limit;
    if (limit !== undefined && gate.held > limit) return fail({ error: connectionErrors.socketLimit(limit), end: ownEnd('no socket left in this page') });

    this.#listener.connecting();
    const timeout = durationMs(environment.connectionTimeoutMs);
    this.#cancelTimeout = clock.after(timeout, () => {
      const what = stage === 'connection' ? 'The connection' : 'The handshake';
      const reason = `${stage} not completed within ${timeout} ms`;
      void this.#socket?.close();
      fail({ error: connectionErrors.timeout(what, request.place, timeout), end: { cause: 'network', code: undefined, reason } });
    });

    const opened = this.#open(request, {
      reached: () => passed(),
      opened: (transport, recovered, heartbeat) => {
        const socket = this.#socket;
        invariant(socket !== undefined, 'no socket opens before it is made');
        this.#cancelTimeout();
        // A plain WebSocket has no handshake beyond its own opening; a welcome, if one comes, is the session's.
        if (environment.transport === 'socket.io') passed();
        this.#isOpen = true;
        this.#listener.opened({ socket, request, redactor, user: credentials.user, transport, recovered, heartbeat });
      },
      upgraded: (transport) => this.#listener.upgraded(transport),
      message: (message) => this.#listener.message(message, clock.now()),
      heartbeat: () => this.#listener.heartbeat(),
      ended: (end) => {
        const reason = end.reason === undefined ? undefined : redactor.reason(end.reason);
        const noSocketLeft = !this.#isOpen && end.cause === 'network' && isFull();
        fail({ error: noSocketLeft ? connectionErrors.socketLimit(limit ?? 0) : errorOfEnd({ ...end, reason }, this.#isOpen, request.place), end });
      },
    });
    if (opened.ok) this.#socket = opened.value;
    else fail({ error: connectionErrors.unusable(request.place, opened.error), end: ownEnd(opened.error) });
  }

  #open(request: SocketRequest, listener: SocketListener): Result<Socket, string> {
    const { environment, sockets, clock } = this.#context;
    if (environment.transport === 'socket.io') {
      invariant(sockets.socketIo !== undefined, 'whoever watches a Socket.IO target has loaded what it takes');
      return sockets.socketIo(request, environment, this.#connection.memory, clock, listener);
    }
    return URL.canParse(request.url) ? openWebSocket(request, sockets, clock, listener) : err('the address is not a URL');
  }

  #stage(stage: StageName, since: EpochMs, failure: SignInFailure | undefined): void {
    const { clock, record } = this.#context;
    const at = clock.now();
    const base = { record: 'stage', at, connection: this.#connection.id, stage, durationMs: between(since, at) } as const;
    if (failure === undefined) record({ ...base, outcome: 'passed' });
    else record({ ...base, outcome: 'failed', code: failure.status ?? failure.error.reason, reason: failure.error.message });
  }

  #lose(failure: Failure): void {
    if (this.#isOver) return;
    this.#over();
    this.#listener.lost(failure);
  }

  #over(): void {
    this.#isOver = true;
    this.#cancelTimeout();
  }
}

const ownEnd = (reason: string): SocketEnd => ({ cause: 'monitor', code: undefined, reason });

function failureOfSignIn({ error }: SignInFailure): Failure {
  const cause = error.reason === 'auth-refused' ? 'auth' : error.reason === 'login-failed' ? 'server' : 'network';
  return { error, end: { cause, code: undefined, reason: error.message } };
}

function errorOfEnd({ cause, code, reason }: SocketEnd, wasOpen: boolean, place: string): ConnectionError {
  if (cause === 'auth') return connectionErrors.authRefused(place, reason);
  if (cause === 'server') return wasOpen ? connectionErrors.closedByServer(place, code, reason) : connectionErrors.handshakeRefused(place, reason);
  // The words of Socket.IO's own client, once the target's heartbeat is overdue.
  if (wasOpen && reason === 'ping timeout') return connectionErrors.fellSilent(place);
  return wasOpen ? connectionErrors.connectionLost(place, reason) : connectionErrors.unreachable(place);
}
