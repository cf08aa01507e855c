import type { Clock } from '#base/clock.ts';
import type { JsonObject } from '#base/json.ts';
import type { Result } from '#base/result.ts';
import { durationMs, epochMs, type EpochMs } from '#base/units.ts';
import type { ScriptedEvent } from './agent-script.ts';
import { readText, type Credentials } from './credentials.ts';
import type { GarbageForm } from './faults.ts';
import type { ClosedBy, LedgerBook, LedgerConnection, LedgerFrame, LedgerRun } from './ledger.ts';
import type { Link } from './link.ts';
import type { RunPlayer } from './run-player.ts';
import { isTrigger, readTrigger, type Trigger } from './trigger.ts';
import { authError, batchMessage, eventMessage, eventTruth, garbage, heartbeat, heartbeatAck, pong, welcome, type TypedMessage } from './wire.ts';

/** An event with the instant that it claims to have been sent at. */
export interface DatedEvent {
  readonly event: ScriptedEvent;
  /** Milliseconds since the epoch, on the clock that the target shows. */
  readonly sentAt: number;
}

/** The rest of a run whose connection broke, kept for its user's return. */
export interface KeptRun {
  readonly run: LedgerRun;
  readonly rest: readonly DatedEvent[];
}

/** What a session needs of the target as a whole. */
export interface SessionHost {
  readonly clock: Clock;
  readonly book: LedgerBook;
  readonly heartbeatMs: number;
  readonly pace: number;
  /** The user to sign in, undefined for a nameless one; an error for a token that is not valid. */
  admit(credentials: Credentials, entry: LedgerConnection): Result<string | undefined, 'authentication failed'>;
  expireToken(token: string): void;
  /** Plans a run and enters it in the ledger. */
  startRun(trigger: Trigger, session: Session): RunPlayer;
  /** An open session of another user. */
  strangerTo(session: Session): Session | undefined;
  keep(user: string, kept: KeptRun): void;
  takeKept(user: string): readonly KeptRun[];
  left(session: Session): void;
}

/** How events are marked on the wire and in the ledger. */
export interface SendingMarks {
  readonly batch?: boolean;
  readonly again?: boolean;
  readonly late?: boolean;
  readonly recovered?: boolean;
  readonly mixedTimes?: boolean;
}

/** How long a nameless client may take to sign in with its first message before it is greeted as nameless. */
const firstMessageMs = durationMs(150);
const recoveryDelayMs = durationMs(100);
const maxOpenRuns = 32;

/** One open connection, transport aside: it greets, answers, plays runs, and enters every frame in the ledger. */
export class Session {
  readonly entry: LedgerConnection;
  readonly #host: SessionHost;
  readonly #link: Link;
  readonly #runs = new Set<RunPlayer>();
  readonly #waits = new Set<() => void>();
  #user: string | undefined;
  #token: string | undefined;
  #skewMs: number;
  #greeted = false;
  #silent = false;
  #ended = false;

  /** `skewMs`: by how much the clock that this connection is shown is ahead. */
  constructor(host: SessionHost, link: Link, entry: LedgerConnection, skewMs: number) {
    this.#host = host;
    this.#link = link;
    this.entry = entry;
    this.#skewMs = skewMs;
  }

  get user(): string | undefined {
    return this.#user;
  }

  /** True while frames can reach the client. */
  get reachable(): boolean {
    return this.#greeted && !this.#silent && !this.#ended;
  }

  /** The time as this connection is shown it. */
  now(): EpochMs {
    return epochMs(this.#host.clock.now() + this.#skewMs);
  }

  skewClock(skewMs: number): void {
    this.#skewMs = skewMs;
  }

  /** Calls `task` after `delayMs`, unless the connection has ended by then. */
  after(delayMs: number, task: () => void): void {
    const cancel = this.#host.clock.after(durationMs(delayMs), () => {
      this.#waits.delete(cancel);
      task();
    });
    this.#waits.add(cancel);
  }

  /** Begins the conversation: refuses, greets, or waits a moment for a sign-in by message. */
  begin(credentials: Credentials): void {
    const comesNameless = credentials.token === undefined && credentials.user === undefined;
    if (!comesNameless || this.entry.scenario === 'refuse-auth') this.#signIn(credentials);
    else this.after(firstMessageMs, () => this.#greetOnce());
  }

  /** Takes a message of the client; what it does not know it ignores. */
  hear(message: JsonObject): void {
    if (this.#ended || this.#silent) return;
    const type = message['type'];
    if (type === 'auth') {
      this.#signIn({ token: readText(message['token']) ?? '', user: undefined });
      return;
    }
    this.#greetOnce();
    if (type === 'ping') this.#control(pong(this.#user, this.now()));
    else if (type === 'heartbeat') this.#control(heartbeatAck(this.now()));
    else if (isTrigger(type) && this.#runs.size < maxOpenRuns) {
      const player = this.#host.startRun(readTrigger(message), this);
      this.#runs.add(player);
      player.start();
    }
  }

  /** Writes events of a run: one frame each, or one frame for all of a batch. */
  sendEvents(run: LedgerRun, events: readonly DatedEvent[], marks: SendingMarks): void {
    if (this.#ended || this.#silent) return;
    const how = { mixedTimes: marks.mixedTimes === true, recovered: marks.recovered === true };
    const messages = events.map(({ event, sentAt }) => eventMessage(event, sentAt, how));
    if (marks.batch === true) this.#write({ ...this.#ledgerOf(run, events, marks), kind: 'batch' }, batchMessage(messages));
    else messages.forEach((message, index) => this.#write(this.#ledgerOf(run, events.slice(index, index + 1), marks), message));
    if (run.connection === this.entry.id || marks.recovered === true) run.sent += events.length;
  }

  sendGarbage(run: LedgerRun, form: GarbageForm): void {
    this.#write({ kind: 'malformed', types: [], runId: run.id, malformed: form }, garbage(form));
  }

  /** Says that the sign-in was refused, and closes. */
  refuse(): void {
    this.#write({ kind: 'error', types: ['error_message'] }, authError('AUTH_FAILED', this.now()));
    this.close(1008, 'authentication failed');
  }

  /** The user's token runs out: a new sign-in with it is refused, and this connection is closed as a real server does. */
  expire(): void {
    if (this.#token !== undefined) this.#host.expireToken(this.#token);
    this.#write({ kind: 'error', types: ['error_message'] }, authError('AUTH_EXPIRED', this.now()));
    this.close(1008, 'token expired');
  }

  close(code: number, reason: string): void {
    if (this.#ended) return;
    this.ended('mock', this.#link.transport === 'websocket' ? code : null);
    this.#link.close(code, reason);
  }

  drop(): void {
    if (this.#ended) return;
    this.ended('mock', this.#link.transport === 'websocket' ? 1006 : null);
    this.#link.drop();
  }

  /** Leaves the connection open and says nothing any more. */
  silence(): void {
    this.#silent = true;
    for (const cancel of this.#waits) cancel();
    this.#waits.clear();
    for (const player of this.#runs) player.abandon('stalled');
    this.#runs.clear();
    this.#link.silence();
  }

  /** To be called when the connection is gone, whoever ended it; only the first call counts. */
  ended(by: ClosedBy, code: number | null): void {
    if (this.#ended) return;
    this.#ended = true;
    for (const cancel of this.#waits) cancel();
    this.#waits.clear();
    for (const player of this.#runs) player.abandon('cut');
    this.#runs.clear();
    this.entry.closedAt = this.#host.clock.now();
    this.entry.closedBy = by;
    this.entry.code = code;
    this.#host.left(this);
  }

  /** To be called by a run that has nothing more to do. */
  finished(player: RunPlayer): void {
    this.#runs.delete(player);
  }

  #signIn(credentials: Credentials): void {
    const admitted = this.#host.admit(credentials, this.entry);
    if (!admitted.ok) {
      this.refuse();
      return;
    }
    this.#token = credentials.token;
    this.#user = admitted.value;
    this.entry.user = admitted.value ?? null;
    this.#greet();
  }

  #greetOnce(): void {
    if (!this.#greeted) this.#greet();
  }

  #greet(): void {
    this.#control(welcome(this.#user, this.entry.id));
    if (!this.#greeted) {
      this.#greeted = true;
      this.#beatLater();
      if (this.entry.scenario === 'close-1011') this.after(50 * this.#host.pace, () => this.close(1011, 'service not ready'));
    }
    if (this.#user !== undefined) this.after(recoveryDelayMs, () => this.#resend());
  }

  #resend(): void {
    if (this.#user === undefined) return;
    for (const { run, rest } of this.#host.takeKept(this.#user)) {
      this.sendEvents(run, rest, { recovered: true });
      run.outcome = 'completed';
    }
  }

  #beatLater(): void {
    this.after(this.#host.heartbeatMs, () => {
      this.#control(heartbeat(this.entry.id, this.now()));
      this.#beatLater();
    });
  }

  #control(message: TypedMessage): void {
    this.#write({ kind: 'control', types: [message.type] }, message);
  }

  #ledgerOf(run: LedgerRun, events: readonly DatedEvent[], marks: SendingMarks): NewFrame {
    const first = events[0];
    return {
      kind: 'event',
      types: events.map(({ event }) => event.type),
      runId: run.id,
      ownerUser: run.user,
      events: events.map(({ event, sentAt }) => eventTruth(event, sentAt)),
      ...(marks.again === true && first !== undefined ? { duplicateOf: first.event.eventId } : {}),
      ...(marks.late === true ? { late: true } : {}),
      ...(marks.recovered === true ? { recovered: true } : {}),
    };
  }

  #write(frame: NewFrame, payload: JsonObject | string | Uint8Array): void {
    if (this.#ended || this.#silent) return;
    const written = this.#host.book.frames.add({
      at: this.#host.clock.now(),
      connection: this.entry.id,
      user: this.#user ?? null,
      ...frame,
      delivered: false,
    });
    this.#link.send(payload, () => {
      written.delivered = true;
    });
  }
}

type NewFrame = Omit<LedgerFrame, 'at' | 'connection' | 'user' | 'delivered'>;
