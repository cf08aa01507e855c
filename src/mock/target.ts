import { randomBytes } from 'node:crypto';
import { err, ok, type Result } from '#base/result.ts';
import { Accounts, type Login } from './accounts.ts';
import type { Credentials } from './credentials.ts';
import { Dice } from './dice.ts';
import { heldBack, planRun, type PlanOptions } from './faults.ts';
import { LedgerBook, type Ledger, type LedgerConnection, type LedgerRun, type LinkTransport } from './ledger.ts';
import type { Link } from './link.ts';
import { MockClock } from './mock-clock.ts';
import { RunPlayer } from './run-player.ts';
import { drawConnectionScenario, drawRun, isConnectionScenario, isRunScenario, type RunScenario, type ScenarioChoice, type Share } from './scenarios.ts';
import { Session, type KeptRun, type SessionHost } from './session.ts';
import type { Trigger } from './trigger.ts';

export interface TargetOptions extends PlanOptions {
  readonly seed: number;
  /** Time between two heartbeats of a connection, in milliseconds. */
  readonly heartbeatMs: number;
  /** If set, a login must show it in the header X-E2E-Bypass-Key. */
  readonly bypassKey: string | undefined;
  /** What `/health` says. */
  readonly version: string;
  readonly log: (line: string) => void;
}

const maxKeptUsers = 1000;
const maxIdLength = 200;

/** The state behind the endpoints: accounts, scenario, sessions, ledger. */
export class Target implements SessionHost {
  readonly clock = new MockClock();
  readonly book = new LedgerBook(this.clock.now());
  readonly options: TargetOptions;
  readonly #accounts = new Accounts();
  readonly #sessions = new Set<Session>();
  readonly #kept = new Map<string, KeptRun[]>();
  /** Makes ids of this start unlike those of the one before: a client may outlive both. */
  readonly #start = randomBytes(3).toString('hex');
  #dice: Dice;
  #mix: readonly Share[];
  #skewMs: number;
  #connections = 0;
  #runs = 0;

  constructor(options: TargetOptions, mix: readonly Share[]) {
    this.options = options;
    this.#mix = mix;
    this.#dice = new Dice(options.seed);
    this.#skewMs = drawSkewMs(this.#dice);
  }

  get heartbeatMs(): number {
    return this.options.heartbeatMs;
  }

  get pace(): number {
    return this.options.pace;
  }

  ledger(): Ledger {
    return this.book.read(this.#dice.seed, this.#mix);
  }

  /** Takes effect for connections, logins and triggers from now on; a seed starts their numbering anew. */
  setScenario({ mix, seed }: ScenarioChoice): void {
    this.#mix = mix;
    if (seed !== undefined) {
      this.#dice = new Dice(seed);
      this.#skewMs = drawSkewMs(this.#dice);
    }
    this.options.log(`scenario: ${mix.map(({ scenario, share, user, lateMs }) => `${scenario} ${(100 * share).toFixed(1)} %${user === undefined ? '' : ` of ${JSON.stringify(user)}`}${lateMs === undefined ? '' : `, ${lateMs} ms late`}`).join(', ')}`);
  }

  /** A token for the user of this address; undefined where it is no address, an error where the scenario refuses. */
  login(email: string): Result<Login | undefined, 'authentication failed'> {
    if (drawConnectionScenario(this.#mix, this.#dice.next('login')) === 'refuse-auth') return err('authentication failed');
    return ok(this.#accounts.login(email, this.clock.now()));
  }

  /** Draws what will be wrong with a connection that has just arrived, and enters it in the ledger. */
  arrive(transport: LinkTransport): LedgerConnection {
    this.#connections += 1;
    return this.book.connections.add({
      id: `connection-${this.#connections}`,
      user: null,
      transport,
      scenario: drawConnectionScenario(this.#mix, this.#dice.next('connection')) ?? null,
      openedAt: this.clock.now(),
      closedAt: null,
      closedBy: null,
      code: null,
    });
  }

  /** Opens the session of a connection that arrived. */
  open(entry: LedgerConnection, link: Link): Session {
    const session = new Session(this, link, entry, entry.scenario === 'skewed-clock' ? this.#skewMs : 0);
    this.#sessions.add(session);
    return session;
  }

  admit({ token, user }: Credentials, entry: LedgerConnection): Result<string | undefined, 'authentication failed'> {
    if (entry.scenario === 'refuse-auth') return err('authentication failed');
    if (token === undefined) return ok(user);
    const owner = this.#accounts.userOf(token, this.clock.now());
    return owner === undefined ? err('authentication failed') : ok(owner);
  }

  expireToken(token: string): void {
    this.#accounts.expire(token);
  }

  startRun(trigger: Trigger, session: Session): RunPlayer {
    this.#runs += 1;
    const random = this.#dice.next('run');
    const drawn = drawRun(this.#mix, random, session.user);
    const { scenario, excuse } = this.#scenarioFor(trigger.scenario, drawn.scenario, session);
    const prefix = `${this.#start}-${this.#runs}`;
    const runId = trigger.runId ?? `run-${prefix}`;
    const threadId = trigger.threadId ?? `thread-${this.#start}-${session.entry.id}`;
    const plan = heldBack(planRun(scenario, { runId, threadId, userId: session.user, prefix }, random, this.options), drawn.lateMs);
    const run: LedgerRun = {
      id: runId,
      thread: threadId,
      user: session.user ?? null,
      connection: session.entry.id,
      triggeredAt: this.clock.now(),
      scenario,
      planned: plan.planned,
      sent: 0,
      outcome: 'running',
      fault: excuse ?? plan.fault,
    };
    this.book.runs.add(run);
    return new RunPlayer(this, session, run, plan);
  }

  strangerTo(session: Session): Session | undefined {
    // Two nameless users are strangers too.
    const isStranger = (other: Session) => other !== session && other.reachable && (other.user === undefined || other.user !== session.user);
    return [...this.#sessions].find(isStranger);
  }

  keep(user: string, kept: KeptRun): void {
    const oldest = this.#kept.keys().next();
    if (this.#kept.size >= maxKeptUsers && oldest.done !== true) this.#kept.delete(oldest.value);
    this.#kept.set(user, [...(this.#kept.get(user) ?? []).slice(-31), kept]);
  }

  takeKept(user: string): readonly KeptRun[] {
    const kept = this.#kept.get(user) ?? [];
    this.#kept.delete(user);
    return kept;
  }

  left(session: Session): void {
    this.#sessions.delete(session);
  }

  /** Ends every session and every timer. */
  stop(): void {
    for (const session of this.#sessions) session.close(1001, 'the target stops');
    this.clock.stop();
  }

  /** A trigger may ask for a scenario of its own; what cannot be played on this connection is played healthy, with the reason. */
  #scenarioFor(asked: string | undefined, drawn: RunScenario, session: Session): { scenario: RunScenario; excuse?: string } {
    if (asked === 'skewed-clock') {
      session.skewClock(this.#skewMs);
      return { scenario: 'healthy', excuse: 'the clock of its connection is skewed from here on' };
    }
    if (asked === 'close-1011') {
      session.after(0, () => session.close(1011, 'service not ready'));
      return { scenario: 'healthy', excuse: 'its connection is closed with 1011' };
    }
    if (isConnectionScenario(asked)) return { scenario: 'healthy', excuse: `none: ${asked} can only meet a new connection` };
    if (asked !== undefined && !isRunScenario(asked)) {
      this.options.log(`a trigger asked for the unknown scenario ${JSON.stringify(asked.slice(0, maxIdLength))}`);
      return { scenario: 'healthy', excuse: 'none: the scenario that was asked for is unknown' };
    }
    const scenario = asked ?? drawn;
    if (scenario === 'recovered-burst' && session.user === undefined) {
      return { scenario: 'healthy', excuse: 'none: a nameless user could not be recognised after a reconnect' };
    }
    return { scenario };
  }
}

/** The error of the target's clock: 3 to 8 s, ahead or behind. One target has one clock, so it is drawn once per seed. */
function drawSkewMs(dice: Dice): number {
  const random = dice.next('target');
  const size = 3000 + 5000 * random();
  return random() < 0.5 ? -size : size;
}
