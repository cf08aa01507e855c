import type { Clock } from '#base/clock.ts';
import type { Random } from '#base/random.ts';
import { between, durationMs, type DurationMs, type EpochMs } from '#base/units.ts';
import type { Environment } from '#environment/schema.ts';
import type { Dialect } from '#protocol/dialect.ts';
import type { RunwatchRecord, WireTransport } from '#record/record.ts';
import { Attempt, type Failure, type OpenSocket } from './attempt.ts';
import { whyImpossible, withCombination, type Combination, type Impossibility } from './combination.ts';
import type { ConnectionContext } from './connection-context.ts';
import { connectionErrors, printableUrl, type ConnectionErrorReason } from './connection-error.ts';
import type { HandshakeGate, HandshakePass } from './handshake-gate.ts';
import { Session } from './session.ts';
import type { SocketFactory } from './socket-factory.ts';

/** What a trial needs of the platform and of the target's dialect; the gate is the page's own. */
export interface TrialPlatform {
  readonly dialect: Dialect;
  readonly clock: Clock;
  readonly random: Random;
  readonly sockets: SocketFactory;
  readonly fetch: typeof globalThis.fetch;
  readonly gate: HandshakeGate;
}

/** How far a trial came: the login, the transport, the handshake beyond it, or an open connection. */
export type TrialStage = 'login' | 'connection' | 'handshake' | 'open';

/** What became of one combination. Holds no token: what the target said has passed the redactor. */
export type TrialResult =
  | {
      readonly kind: 'works';
      /** From the first step of the transport to the welcome, else to the first control frame; where polling is to become a WebSocket, to the later of the two. */
      readonly ms: DurationMs;
      /** What it runs over at the end: still `polling` where an upgrade was wished for and never came. */
      readonly transport: WireTransport;
      /** As whom the target greeted; null where it named nobody. */
      readonly user: string | null;
    }
  /** It was open until the trial was over, and the target said nothing: whether it takes the token is not known. */
  | { readonly kind: 'unanswered'; readonly ms: DurationMs; readonly transport: WireTransport }
  | {
      readonly kind: 'failed';
      readonly stage: TrialStage;
      readonly reason: ConnectionErrorReason;
      readonly ms: DurationMs;
      /** A WebSocket's close code. */
      readonly code: number | null;
      /** The HTTP status, where a login or polling brought one; a page is not told that of a refused WebSocket. */
      readonly status: number | null;
      /** The target's own words. */
      readonly words: string | null;
      readonly message: string;
      readonly remedy: string;
    }
  | { readonly kind: 'impossible'; readonly why: Impossibility }
  | { readonly kind: 'cancelled' };

/** A trial takes no longer than this, login included; less where the environment allows a connection less. */
const longestTrial = 5000;
/** How long a connection has to last after its welcome: some targets greet first, and look at the token then. */
const keptFor = durationMs(250);

/**
 * Connects once with a combination, through the gate, the sign-in and the adapters of the pool, and lets go of the socket again.
 * No run is triggered, and nothing is recorded. Never rejects.
 *
 * @param environment with its placeholders filled in
 * @param n which connection's user it signs in as
 */
export function tryCombination(environment: Environment, combination: Combination, platform: TrialPlatform, n = 0, cancelled?: AbortSignal): Promise<TrialResult> {
  const why = whyImpossible(environment, combination);
  if (why !== undefined) return Promise.resolve({ kind: 'impossible', why });
  const connectionTimeoutMs = Math.min(environment.connectionTimeoutMs, longestTrial);
  const changed = { ...withCombination(environment, combination), connectionTimeoutMs };
  return new Trial(changed, combination.transport === 'socketio-upgrade', platform, n).run(cancelled);
}

class Trial {
  readonly #environment: Environment;
  readonly #awaitsUpgrade: boolean;
  readonly #platform: TrialPlatform;
  readonly #n: number;
  readonly #timers: (() => void)[] = [];
  #tell: (result: TrialResult) => void = () => undefined;
  #leaveQueue: () => unknown = () => undefined;
  #pass: HandshakePass | undefined;
  #attempt: Attempt | undefined;
  #session: Session | undefined;
  #isOver = false;
  #stage: TrialStage = 'connection';
  #since: EpochMs;
  #loginStatus: number | undefined;
  #transport: WireTransport | undefined;
  #upgradedAt: EpochMs | undefined;
  #heardAt: EpochMs | undefined;
  #welcomedAt: EpochMs | undefined;
  #isKept = false;
  #user: string | undefined;

  constructor(environment: Environment, awaitsUpgrade: boolean, platform: TrialPlatform, n: number) {
    this.#environment = environment;
    this.#awaitsUpgrade = awaitsUpgrade;
    this.#platform = platform;
    this.#n = n;
    this.#since = platform.clock.now();
  }

  run(cancelled: AbortSignal | undefined): Promise<TrialResult> {
    const cancel = (): void => this.#end({ kind: 'cancelled' });
    return new Promise((resolve) => {
      this.#tell = (result) => {
        cancelled?.removeEventListener('abort', cancel);
        resolve(result);
      };
      if (cancelled?.aborted === true) return cancel();
      cancelled?.addEventListener('abort', cancel);
      this.#leaveQueue = this.#platform.gate.enter((pass) => this.#begin(pass));
    });
  }

  #begin(pass: HandshakePass): void {
    const { clock } = this.#platform;
    const context = this.#context();
    this.#pass = pass;
    this.#since = clock.now();
    if (this.#environment.auth.method === 'login') this.#stage = 'login';
    this.#after(durationMs(this.#environment.connectionTimeoutMs), () => this.#timeIsUp());
    const memory = { session: undefined, offset: undefined };
    this.#attempt = new Attempt(context, { id: 'trial', n: this.#n, memory }, {
      connecting: () => {
        this.#stage = 'connection';
        this.#since = clock.now();
      },
      opened: (open) => this.#opened(open, context),
      upgraded: (transport) => {
        this.#transport = transport;
        this.#upgradedAt = clock.now();
        this.#decide();
      },
      message: (message, at) => this.#session?.hear(message, at),
      heartbeat: () => undefined,
      lost: (failure) => this.#end(this.#failure(failure)),
    });
    void this.#attempt.begin();
  }

  /** What the pool's own parts need. They write records as they always do; a trial reads in them how far it came, and keeps none. */
  #context(): ConnectionContext {
    const { dialect } = this.#platform;
    const decoder = dialect.createDecoder();
    return {
      ...this.#platform,
      environment: this.#environment,
      dialect: { ...dialect, createConversation: () => this.#conversation() },
      record: (record) => {
        this.#read(record);
        if (record.record === 'frame' && decoder.decode(record).kind === 'control') this.#heardAt ??= record.at;
      },
      changed: () => undefined,
    };
  }

  /** The dialect's own conversation, with an ear at its welcome. */
  #conversation(): ReturnType<Dialect['createConversation']> {
    const conversation = this.#platform.dialect.createConversation();
    return {
      hear: (frame, now) => {
        const heard = conversation.hear(frame, now);
        this.#user = heard.user ?? this.#user;
        if (heard.ready === true && this.#welcomedAt === undefined) {
          this.#welcomedAt = now;
          this.#after(keptFor, () => {
            this.#isKept = true;
            this.#decide();
          });
        }
        return heard;
      },
      clockQuestion: (now) => conversation.clockQuestion(now),
    };
  }

  #read(record: RunwatchRecord): void {
    if (record.record === 'clock-sample') this.#heardAt ??= record.at;
    if (record.record !== 'stage') return;
    if (record.stage === 'login') this.#loginStatus = typeof record.code === 'number' ? record.code : undefined;
    else if (record.stage === 'connection' && record.outcome === 'passed') this.#stage = 'handshake';
  }

  #opened({ socket, request, redactor, user, transport }: OpenSocket, context: ConnectionContext): void {
    this.#pass?.settled();
    this.#stage = 'open';
    this.#transport = transport;
    const refused = (why: string): void => {
      this.#end(this.#failure({ error: connectionErrors.authRefused(request.place, why), end: { cause: 'auth', code: undefined, reason: why } }));
    };
    this.#session = new Session(context, { id: 'trial', n: this.#n, user, redactor }, socket, {
      ready: () => undefined,
      userNamed: () => undefined,
      authRefused: refused,
      unusable: (why) => this.#end(this.#failure({ error: connectionErrors.unusable(request.place, why), end: { cause: 'monitor', code: undefined, reason: why } })),
    });
    this.#session.begin(request.firstMessage);
  }

  /** Works as soon as the welcome has lasted, and the upgrade is there if one is awaited. */
  #decide(): void {
    if (this.#isKept && (!this.#awaitsUpgrade || this.#upgradedAt !== undefined)) this.#works();
  }

  #works(): void {
    const answeredAt = this.#welcomedAt ?? this.#heardAt ?? this.#since;
    const doneAt = this.#upgradedAt !== undefined && this.#upgradedAt > answeredAt ? this.#upgradedAt : answeredAt;
    this.#end({ kind: 'works', ms: between(this.#since, doneAt), transport: this.#transport ?? 'websocket', user: this.#user ?? null });
  }

  #timeIsUp(): void {
    const { clock } = this.#platform;
    const limit = durationMs(this.#environment.connectionTimeoutMs);
    if (this.#stage === 'open') {
      // It was kept all the time. A target that never greets has at least said something, or not.
      if (this.#welcomedAt !== undefined || this.#heardAt !== undefined) return this.#works();
      return this.#end({ kind: 'unanswered', ms: between(this.#since, clock.now()), transport: this.#transport ?? 'websocket' });
    }
    const place = printableUrl(this.#environment.eventsUrl);
    const error = connectionErrors.timeout(stageWords[this.#stage], place, limit);
    this.#end(this.#failure({ error, end: { cause: 'network', code: undefined, reason: undefined } }));
  }

  #failure({ error, end }: Failure): TrialResult {
    const inLogin = this.#stage === 'login';
    const status = inLogin ? this.#loginStatus : statusIn(end.reason);
    return {
      kind: 'failed',
      stage: this.#stage,
      reason: error.reason,
      ms: between(this.#since, this.#platform.clock.now()),
      code: end.code ?? null,
      status: status ?? null,
      // Of a login and of a bare status there are no words but our own, which are the message.
      words: inLogin || status !== undefined ? null : (end.reason ?? null),
      message: error.message,
      remedy: error.remedy,
    };
  }

  #end(result: TrialResult): void {
    if (this.#isOver) return;
    this.#isOver = true;
    for (const cancel of this.#timers) cancel();
    this.#leaveQueue();
    this.#session?.end();
    // The next trial begins when this one's socket is gone: a target may allow a user one connection.
    void (this.#attempt?.abandon() ?? Promise.resolve()).then(() => {
      this.#pass?.left();
      this.#tell(result);
    });
  }

  #after(delay: DurationMs, task: () => void): void {
    this.#timers.push(this.#platform.clock.after(delay, task));
  }
}

const stageWords = { login: 'The login', connection: 'The connection', handshake: 'The handshake' } as const satisfies Record<Exclude<TrialStage, 'open'>, string>;

/** The status in what an adapter gives as the reason where HTTP refused. */
function statusIn(reason: string | undefined): number | undefined {
  const status = /^HTTP (\d{3})$/.exec(reason ?? '')?.[1];
  return status === undefined ? undefined : Number(status);
}
