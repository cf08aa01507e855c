import { isJsonObject, type JsonValue } from '#base/json.ts';
import { between, durationMs, type EpochMs } from '#base/units.ts';
import type { Conversation, Frame } from '#protocol/dialect.ts';
import { frameOfBytes, frameOfEvent, frameOfText } from '#protocol/parse.ts';
import { fillTemplate } from '#protocol/template.ts';
import type { FrameRecord, StageRecord } from '#record/record.ts';
import { answerTimeout, ClockSampler, type AskClock } from './clock-sampler.ts';
import type { ConnectionContext } from './connection-context.ts';
import type { ConnectionError } from './connection-error.ts';
import type { LinkProbe, Socket, WireMessage } from './connection.ts';
import type { Redactor } from './redactor.ts';

/** Whose session it is. */
export interface SessionPlace {
  readonly id: string;
  readonly n: number;
  readonly user: string | undefined;
  readonly redactor: Redactor;
}

/** What a session finds out about itself; the texts are free of secrets. */
export interface SessionListener {
  /** Triggers may be sent. Told once. */
  ready(): void;
  /** The target says that it takes the connection for another user than was thought. */
  userNamed(user: string): void;
  authRefused(why: string): void;
  unusable(why: string): void;
}

/** How long a welcome is waited for, and then a first clock sample. */
const welcomeWait = durationMs(1000);
const firstSampleWait = durationMs(1000);

/**
 * One open socket's conversation with its target, from its opening to its end: frames become records, the dialect's answers are sent,
 * the clock is asked, runs are triggered.
 */
export class Session {
  readonly #context: ConnectionContext;
  readonly #place: SessionPlace;
  readonly #socket: Socket;
  readonly #listener: SessionListener;
  readonly #conversation: Conversation;
  readonly #sampler: ClockSampler;
  readonly #openedAt: EpochMs;
  #heardAt: EpochMs;
  readonly #timers: (() => void)[] = [];
  #user: string | undefined;
  #thread: string | undefined;
  #isOver = false;
  #isWelcome = false;
  #isClockKnown = false;
  #isReady = false;
  /** The dialect's clock question that is still open. */
  #answered: ((serverAt: EpochMs, receivedAt: EpochMs) => void) | undefined;

  constructor(context: ConnectionContext, place: SessionPlace, socket: Socket, listener: SessionListener) {
    this.#context = context;
    this.#place = place;
    this.#socket = socket;
    this.#listener = listener;
    this.#user = place.user;
    this.#conversation = context.dialect.createConversation();
    this.#openedAt = context.clock.now();
    this.#heardAt = this.#openedAt;
    this.#sampler = new ClockSampler(
      context.clock,
      this.#ask,
      () => this.#heardAt,
      (sample) => {
        context.record({ record: 'clock-sample', at: sample.receivedAt, connection: place.id, ...sample });
        this.#clockKnown();
      },
    );
  }

  /** Says what must be said first, and waits for the welcome. */
  begin(firstMessage: JsonValue | undefined): void {
    if (this.#isOver) return;
    if (firstMessage !== undefined) this.#send(firstMessage);
    // An acknowledgement is no message to the target's dialect, so it need not wait for the welcome.
    if (this.#socket.askClock !== undefined) this.#askForTime();
    this.#wait(welcomeWait, () => this.#welcome());
  }

  /** A sign of life came that is no message. */
  stirred(at: EpochMs): void {
    this.#heardAt = at;
  }

  /** Takes a message that was received at `at`. */
  hear(message: WireMessage, at: EpochMs): void {
    this.#heardAt = at;
    // It was given up while this waited its turn.
    if (this.#isOver) return;
    const { id, redactor } = this.#place;
    const sent = frameOf(message);
    // Of a field that is there twice only one is in the data: the text is looked at itself.
    const wireText = message.kind === 'text' && sent.data !== undefined && redactor.isClean(message.text, sent.data) ? message.text : undefined;
    const frame = wireText === undefined ? redactor.frame(sent) : sent;
    this.#context.record(recordOf(frame, id, at), wireText);
    if (this.#isOver) return;
    const heard = this.#conversation.hear(frame, at);
    if (heard.replies !== undefined) for (const reply of heard.replies) this.#send(reply);
    if (heard.thread !== undefined) this.#thread = heard.thread;
    if (heard.user !== undefined && !isSameUser(heard.user, this.#user)) {
      this.#user = heard.user;
      this.#listener.userNamed(heard.user);
    }
    if (heard.serverAt !== undefined) this.#answered?.(heard.serverAt, at);
    if (heard.authRefused !== undefined) this.#listener.authRefused(redactor.reason(heard.authRefused));
    else if (heard.unusable !== undefined) this.#listener.unusable(redactor.reason(heard.unusable));
    else if (heard.ready === true) this.#welcomed();
  }

  /** Sends the message that starts a run, its record just before it. False: it could not have been sent. */
  trigger(run: string): boolean {
    if (this.#isOver || !this.#socket.writable()) return false;
    const { environment, dialect, clock, record } = this.#context;
    const thread = this.#thread ?? `thread-${run}`;
    const template = environment.probe.message ?? dialect.triggerTemplate;
    const { message, names } = fillTemplate(template, { run, thread, user: this.#user ?? '', n: this.#place.n });
    record({ record: 'trigger', at: clock.now(), connection: this.#place.id, ...(names.run && { run }), ...(names.thread && { thread }) });
    this.#socket.send(message, environment.probe.event);
    return true;
  }

  /** The socket is gone; `error` says why, unless it was closed from here. */
  end(error?: ConnectionError): void {
    if (error !== undefined && !this.#isWelcome) this.#recordHandshake({ outcome: 'failed', code: error.reason, reason: error.message });
    this.#isOver = true;
    this.#sampler.stop();
    for (const cancel of this.#timers) cancel();
  }

  /** What is known of the link by the monitor's own questions. */
  get probe(): LinkProbe | undefined {
    return this.#sampler.probe;
  }

  /** Begins to ask for the time anew, where it was asked before. */
  askClockAgain(): void {
    if (this.#isClockKnown && !this.#isOver) this.#sampler.start();
  }

  /** The target welcomed the connection, or kept it for 1 s: it has accepted the sign-in. */
  get isAccepted(): boolean {
    return this.#isWelcome;
  }

  /** The dialect's own welcome came; a second one changes nothing. */
  #welcomed(): void {
    if (this.#isWelcome) return;
    this.#recordHandshake({ outcome: 'passed' });
    this.#welcome();
  }

  /** The handshake of a plain WebSocket is the dialect's welcome; Socket.IO's own came before the session. */
  #recordHandshake(outcome: Pick<StageRecord, 'outcome' | 'code' | 'reason'>): void {
    const { clock, record, environment } = this.#context;
    if (environment.transport !== 'websocket') return;
    const at = clock.now();
    record({ record: 'stage', at, connection: this.#place.id, stage: 'handshake', durationMs: between(this.#openedAt, at), ...outcome });
  }

  #welcome(): void {
    if (this.#isWelcome || this.#isOver) return;
    this.#isWelcome = true;
    if (this.#socket.askClock === undefined) this.#askForTime();
    this.#becomeReady();
  }

  #askForTime(): void {
    if (this.#sampler.start()) this.#wait(firstSampleWait, () => this.#clockKnown());
    else this.#clockKnown();
  }

  #clockKnown(): void {
    this.#isClockKnown = true;
    this.#becomeReady();
  }

  #becomeReady(): void {
    if (this.#isReady || this.#isOver || !this.#isWelcome || !this.#isClockKnown) return;
    this.#isReady = true;
    this.#listener.ready();
  }

  readonly #ask: AskClock = (sentAt, answered) => {
    const { clock } = this.#context;
    if (this.#socket.askClock !== undefined) {
      this.#socket.askClock(sentAt, answerTimeout, (serverAt) => {
        if (serverAt === undefined || this.#isOver) return;
        this.#heardAt = clock.now();
        answered(serverAt, this.#heardAt);
      });
      return true;
    }
    const question = this.#conversation.clockQuestion(sentAt);
    if (question === undefined) return false;
    this.#answered = answered;
    this.#send(question);
    return true;
  };

  /** Sends one of the dialect's own messages; for Socket.IO its type is its event's name. */
  #send(message: JsonValue): void {
    const type = isJsonObject(message) ? message['type'] : undefined;
    this.#socket.send(message, typeof type === 'string' ? type : 'message');
  }

  #wait(delay: typeof welcomeWait, task: () => void): void {
    this.#timers.push(this.#context.clock.after(delay, task));
  }
}

function frameOf(message: WireMessage): Frame {
  switch (message.kind) {
    case 'text':
      return frameOfText(message.text);
    case 'binary':
      return frameOfBytes(message.bytes);
    case 'event':
      return frameOfEvent(message.event, message.argument);
  }
}

function recordOf(frame: Frame, connection: string, at: EpochMs): FrameRecord {
  // Nearly every frame is data alone, and spelling it out takes a tenth of the time of spreading it.
  if (frame.data !== undefined && frame.event === undefined) return { record: 'frame', at, connection, data: frame.data };
  return { record: 'frame', at, connection, ...frame };
}

/** True where a welcome names the user that is known already; it may cut the name short (`abcd1234...`). */
function isSameUser(named: string, known: string | undefined): boolean {
  if (known === undefined) return false;
  return named === known || (named.endsWith('...') && known.startsWith(named.slice(0, -3)));
}
