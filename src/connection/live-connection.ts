import { between, durationMs, later, type EpochMs } from '#base/units.ts';
import type { WireTransport } from '#record/record.ts';
import { Attempt, type Failure, type OpenSocket } from './attempt.ts';
import type { PoolContext } from './connection-context.ts';
import { connectionErrors, printableUrl, type ConnectionError } from './connection-error.ts';
import type { ConnectionState, ConnectionStatus, SocketEnd } from './connection.ts';
import type { HandshakePass } from './handshake-gate.ts';
import { nextTry } from './reconnect-policy.ts';
import { Session } from './session.ts';
import type { SocketIoMemory } from './socketio.ts';

type Readiness = 'ready' | 'never';

const hopeless: ReadonlySet<ConnectionState> = new Set(['refused', 'failed', 'closed']);

/** One connection of the pool over all its reconnects: attempt after attempt, each with its session while it is open. */
export class LiveConnection {
  readonly #context: PoolContext;
  readonly #memory: SocketIoMemory = { session: undefined, offset: undefined };
  readonly #place: string;
  #status: Omit<ConnectionStatus, 'lastHeardAt' | 'probe'>;
  #lastHeardAt: EpochMs | undefined;
  #attempt: Attempt | undefined;
  #pass: HandshakePass | undefined;
  #session: Session | undefined;
  #openedAt: EpochMs | undefined;
  #wasOpen = false;
  /** Retries used up; unlike the status' count it survives an opening that does not last. */
  #attempts = 0;
  #cancelWait: () => unknown = () => undefined;
  #waiters: ((readiness: Readiness) => void)[] = [];

  constructor(context: PoolContext, n: number) {
    this.#context = context;
    this.#place = printableUrl(context.environment.eventsUrl);
    this.#status = {
      id: `${context.environment.id}#${n}`,
      n,
      state: 'waiting',
      user: undefined,
      transport: undefined,
      heartbeat: undefined,
      ready: false,
      attempts: 0,
      nextTryAt: undefined,
      error: undefined,
    };
  }

  status(): ConnectionStatus {
    return { ...this.#status, lastHeardAt: this.#lastHeardAt, probe: this.#session?.probe };
  }

  start(): void {
    if (hopeless.has(this.#status.state)) return;
    this.#become('waiting', { nextTryAt: undefined });
    this.#cancelWait = this.#context.gate.enter((pass) => this.#try(pass));
  }

  whenReady(): Promise<Readiness> {
    if (this.#status.ready) return Promise.resolve('ready');
    if (hopeless.has(this.#status.state)) return Promise.resolve('never');
    return new Promise((resolve) => this.#waiters.push(resolve));
  }

  trigger(run: string): boolean {
    return this.#session?.trigger(run) ?? false;
  }

  askClock(): void {
    this.#session?.askClockAgain();
  }

  cut(): void {
    if (this.#session === undefined) return;
    this.#attempt?.cut();
    const end: SocketEnd = { cause: 'network', code: undefined, reason: 'cut on purpose' };
    this.#lost({ error: connectionErrors.connectionLost(this.#place, end.reason), end });
  }

  /** Settles when the socket is gone, after 1 s at the latest. */
  async stop(cause: 'operator' | 'monitor'): Promise<void> {
    if (hopeless.has(this.#status.state)) return;
    this.#cancelWait();
    // A connection that is only lost for now might still have brought the rest of its runs: they end here too.
    if (this.#wasOpen) this.#recordClose({ cause, code: undefined, reason: undefined });
    const closed = this.#attempt?.abandon();
    this.#leave();
    this.#become('closed', { error: undefined, nextTryAt: undefined });
    this.#answer('never');
    await closed;
  }

  #try(pass: HandshakePass): void {
    this.#pass = pass;
    const attempt = new Attempt(
      this.#context,
      { id: this.#status.id, n: this.#status.n, memory: this.#memory },
      {
        connecting: () => this.#become('connecting', {}),
        opened: (open) => this.#opened(open),
        upgraded: (transport) => this.#patch({ transport }),
        message: (message, at) => {
          this.#lastHeardAt = at;
          if (this.#session !== undefined) this.#context.inbox.put(this.#session, message, at);
        },
        heartbeat: () => {
          this.#lastHeardAt = this.#context.clock.now();
          this.#session?.stirred(this.#lastHeardAt);
        },
        lost: (failure) => this.#lost(failure),
      },
    );
    this.#attempt = attempt;
    if (this.#context.environment.auth.method === 'login') this.#become('signing-in', {});
    void attempt.begin();
  }

  #opened({ socket, request, redactor, user, transport, recovered, heartbeat }: OpenSocket): void {
    const { clock } = this.#context;
    const { id, n } = this.#status;
    this.#pass?.settled();
    this.#openedAt = clock.now();
    this.#lastHeardAt = this.#openedAt;
    this.#wasOpen = true;
    const session = new Session(this.#context, { id, n, user: user ?? this.#status.user, redactor }, socket, {
      ready: () => {
        this.#patch({ ready: true });
        this.#answer('ready');
      },
      userNamed: (named) => {
        this.#patch({ user: named });
        this.#recordOpen(named, this.#status.transport ?? transport, recovered);
      },
      authRefused: (why) => this.#giveUp({ error: connectionErrors.authRefused(request.place, why), end: { cause: 'auth', code: undefined, reason: why } }),
      unusable: (why) => this.#giveUp({ error: connectionErrors.unusable(request.place, why), end: { cause: 'monitor', code: undefined, reason: why } }),
    });
    this.#session = session;
    this.#recordOpen(user, transport, recovered);
    this.#become('open', { user: user ?? this.#status.user, transport, heartbeat, attempts: 0, error: undefined });
    session.begin(request.firstMessage);
  }

  /** The socket would live on, but there is no use in it. */
  #giveUp(failure: Failure): void {
    void this.#attempt?.abandon();
    this.#lost(failure);
  }

  #lost({ error: cause, end }: Failure): void {
    const { clock, inbox, random, environment } = this.#context;
    // What came before the end is heard before it.
    inbox.empty();
    const now = clock.now();
    const openFor = this.#openedAt === undefined ? durationMs(0) : between(this.#openedAt, now);
    // A login gives a new token, so the end of a session that was accepted is no refusal of the next.
    const isExpired = cause.reason === 'auth-refused' && environment.auth.method === 'login' && (this.#session?.isAccepted ?? false);
    this.#session?.end(cause);
    this.#recordClose(end);
    this.#leave();

    const error = isExpired ? connectionErrors.sessionExpired(this.#place, end.reason) : cause;
    const next = nextTry({ attempt: this.#attempts, openFor, reason: error.reason, maxRetries: environment.maxRetries }, random);
    if (next === undefined) return this.#endForGood(error);
    this.#attempts = next.attempt;
    this.#cancelWait = clock.after(next.delay, () => this.start());
    this.#become('retrying', { attempts: next.attempt, nextTryAt: later(now, next.delay), error });
  }

  #endForGood(error: ConnectionError): void {
    const isRefused = error.reason === 'auth-refused';
    const isHopeless = isRefused || error.reason === 'unusable' || error.reason === 'socket-limit';
    const { maxRetries } = this.#context.environment;
    this.#become(isRefused ? 'refused' : 'failed', { error: isHopeless ? error : connectionErrors.retriesUsedUp(maxRetries, error), nextTryAt: undefined });
    this.#answer('never');
  }

  /** Lets go of the socket and everything around it. */
  #leave(): void {
    this.#session?.end();
    this.#session = undefined;
    this.#attempt = undefined;
    this.#openedAt = undefined;
    this.#pass?.left();
    this.#pass = undefined;
  }

  #recordOpen(user: string | undefined, transport: WireTransport, recovered: boolean): void {
    const { clock, record } = this.#context;
    record({ record: 'connection-open', at: clock.now(), connection: this.#status.id, ...(user !== undefined && { user }), transport, recovered });
  }

  #recordClose({ cause, code, reason }: SocketEnd): void {
    const { clock, record } = this.#context;
    record({
      record: 'connection-close',
      at: clock.now(),
      connection: this.#status.id,
      cause,
      ...(code !== undefined && { code }),
      ...(reason !== undefined && { reason }),
    });
  }

  #become(state: ConnectionState, changes: Partial<Omit<ConnectionStatus, 'state' | 'ready' | 'lastHeardAt' | 'probe'>>): void {
    this.#patch({ heartbeat: undefined, ...changes, state, ready: false });
  }

  #patch(changes: Partial<Omit<ConnectionStatus, 'lastHeardAt' | 'probe'>>): void {
    this.#status = { ...this.#status, ...changes };
    this.#context.changed(this.status());
  }

  #answer(readiness: Readiness): void {
    const waiters = this.#waiters;
    this.#waiters = [];
    for (const waiter of waiters) waiter(readiness);
  }
}
