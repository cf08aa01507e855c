import { assertNever } from '#base/assert.ts';
import type { ScriptedEvent } from './agent-script.ts';
import type { Action, RunPlan } from './faults.ts';
import type { LedgerRun, RunOutcome } from './ledger.ts';
import type { DatedEvent, Session, SessionHost } from './session.ts';

/** Carries out the plan of one run on its connection, action by action. */
export class RunPlayer {
  readonly #host: SessionHost;
  readonly #session: Session;
  readonly #run: LedgerRun;
  readonly #plan: RunPlan;
  /** When each event was first said to be sent: a copy says the same. */
  readonly #sentAt = new Map<string, number>();
  #next = 0;

  constructor(host: SessionHost, session: Session, run: LedgerRun, plan: RunPlan) {
    this.#host = host;
    this.#session = session;
    this.#run = run;
    this.#plan = plan;
  }

  start(): void {
    this.#await();
  }

  /** The connection will carry nothing more of this run. */
  abandon(outcome: Extract<RunOutcome, 'cut' | 'stalled'>): void {
    if (this.#run.outcome !== 'running') return;
    this.#run.outcome = outcome;
    if (this.#run.fault === '') this.#run.fault = 'its connection ended';
  }

  #await(): void {
    const action = this.#plan.actions[this.#next];
    if ((action === undefined || (action.kind === 'send' && action.late === true)) && this.#run.outcome === 'running') {
      this.#run.outcome = this.#plan.planned.at(-1) === 'agent_error' ? 'failed' : 'completed';
    }
    if (action === undefined) {
      this.#session.finished(this);
      return;
    }
    this.#next += 1;
    const perform = () => {
      this.#perform(action);
      if (this.#session.reachable) this.#await();
    };
    // What is due at once goes out in the same turn: a burst is a burst.
    if (action.delayMs === 0) perform();
    else this.#session.after(action.delayMs, perform);
  }

  #perform(action: Action): void {
    const mixedTimes = this.#plan.mixedTimes;
    switch (action.kind) {
      case 'send':
        this.#session.sendEvents(this.#run, [this.#dated(action.event)], { mixedTimes, again: action.again === true, late: action.late === true });
        return;
      case 'batch':
        this.#session.sendEvents(this.#run, action.events.map((event) => this.#dated(event)), { mixedTimes, batch: true });
        return;
      case 'leak': {
        const stranger = this.#host.strangerTo(this.#session);
        if (stranger === undefined) this.#run.fault = 'none: no other user was connected, so nothing could be leaked';
        else stranger.sendEvents(this.#run, [this.#dated(action.event)], { mixedTimes });
        return;
      }
      case 'garbage':
        this.#session.sendGarbage(this.#run, action.form);
        return;
      case 'drop': {
        const { user } = this.#session;
        const now = this.#session.now();
        if (user !== undefined && action.rest.length > 0) {
          // Made while nobody listened, a millisecond apart: all of it is older than the soonest return.
          this.#host.keep(user, { run: this.#run, rest: action.rest.map((event, index) => ({ event, sentAt: now + index })) });
        }
        this.#session.drop();
        return;
      }
      case 'expire':
        this.#session.expire();
        return;
      case 'silence':
        this.#session.silence();
        return;
      case 'stall':
        this.abandon('stalled');
        return;
      default:
        assertNever(action);
    }
  }

  #dated(event: ScriptedEvent): DatedEvent {
    const known = this.#sentAt.get(event.eventId);
    if (known !== undefined) return { event, sentAt: known };
    const exact = this.#session.now() - event.ageMs;
    // The units of a mixed run have milliseconds in common.
    const sentAt = this.#plan.mixedTimes ? Math.floor(exact) : Math.round(exact * 1000) / 1000;
    this.#sentAt.set(event.eventId, sentAt);
    return { event, sentAt };
  }
}
