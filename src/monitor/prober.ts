import type { Clock } from '#base/clock.ts';
import type { Random } from '#base/random.ts';
import { durationMs, type EpochMs } from '#base/units.ts';
import type { ConnectionPool } from '#connection/connection-pool.ts';

const hourMs = 3_600_000;

export interface ProbePlan {
  readonly connections: number;
  /** Pause from one trigger of a connection to its next; a run that takes longer delays the next. */
  readonly everyMs: number;
  readonly maxRunsPerHour: number;
  /** Runs to trigger in all, spread round robin over the connections; undefined: without end. */
  readonly total?: number;
}

/**
 * Triggers runs: one at a time on each connection, at the pace of the plan, never above its cap.
 * A connection that is lost goes on when it is back; one that can never serve is given up.
 */
export class Prober {
  readonly #pool: Pick<ConnectionPool, 'whenReady' | 'trigger'>;
  readonly #clock: Clock;
  readonly #random: Random;
  readonly #plan: ProbePlan;
  /** As the plan says, or slower where that would break its cap: an even pace, and not a burst an hour. */
  readonly #everyMs: number;
  readonly #finished: (triggered: number) => void;
  readonly #waiting = new Map<number, () => void>();
  readonly #timers = new Set<() => void>();
  /** Times of the triggers of the last hour, oldest first. */
  readonly #lastHour: EpochMs[] = [];
  #active = 0;
  #stopped = false;
  triggered = 0;

  /** @param finished is called once, when every planned run is triggered and closed or can never be triggered. */
  constructor(pool: Pick<ConnectionPool, 'whenReady' | 'trigger'>, clock: Clock, random: Random, plan: ProbePlan, finished: (triggered: number) => void = () => {}) {
    this.#pool = pool;
    this.#clock = clock;
    this.#random = random;
    this.#plan = plan;
    this.#everyMs = Math.max(plan.everyMs, (plan.connections * hourMs) / plan.maxRunsPerHour);
    this.#finished = finished;
  }

  start(): void {
    const { connections, total } = this.#plan;
    this.#active = connections;
    for (let n = 0; n < connections; n += 1) {
      const quota = total === undefined ? Number.POSITIVE_INFINITY : Math.floor(total / connections) + Number(n < total % connections);
      void this.#probe(n, quota);
    }
  }

  stop(): void {
    this.#stopped = true;
    for (const cancel of this.#timers) cancel();
    this.#timers.clear();
    for (const go of this.#waiting.values()) go();
    this.#waiting.clear();
  }

  /** The run that was triggered last on connection `n` is closed. */
  runClosed(n: number): void {
    const go = this.#waiting.get(n);
    this.#waiting.delete(n);
    go?.();
  }

  async #probe(n: number, quota: number): Promise<void> {
    // Spread over one pause, so that the connections do not trigger all at once for ever.
    if (quota === Number.POSITIVE_INFINITY) await this.#sleep((n / this.#plan.connections) * this.#everyMs);
    for (let done = 0; done < quota && !this.#stopped; ) {
      if ((await this.#pool.whenReady(n)) === 'never' || this.#stopped) break;
      const pause = this.#pauseUnderCap();
      if (pause > 0) {
        // Others may wait for the same moment, and the connection may be lost by then: both are asked again.
        await this.#sleep(pause);
        continue;
      }
      const startedAt = this.#clock.now();
      const closed = new Promise<void>((resolve) => this.#waiting.set(n, resolve));
      if (!this.#pool.trigger(n, this.#runName())) {
        this.#waiting.delete(n);
        // Lost between the two calls: whenReady answers when it is back.
        await this.#sleep(50);
        continue;
      }
      this.#lastHour.push(startedAt);
      this.triggered += 1;
      done += 1;
      await closed;
      if (done < quota) await this.#sleep(startedAt + this.#everyMs - this.#clock.now());
    }
    this.#active -= 1;
    if (this.#active === 0) this.#finished(this.triggered);
  }

  #pauseUnderCap(): number {
    const now = this.#clock.now();
    while (this.#lastHour[0] !== undefined && this.#lastHour[0] <= now - hourMs) this.#lastHour.shift();
    const next = this.#lastHour[this.#lastHour.length - this.#plan.maxRunsPerHour];
    return next === undefined ? 0 : next + hourMs - now;
  }

  #runName(): string {
    const part = (): string => Math.floor(this.#random() * 2 ** 24).toString(16).padStart(6, '0');
    return `r-${part()}${part()}`;
  }

  #sleep(ms: number): Promise<void> {
    if (ms <= 0 || this.#stopped) return Promise.resolve();
    return new Promise((resolve) => {
      const cancel = this.#clock.after(durationMs(ms), () => {
        this.#timers.delete(wake);
        resolve();
      });
      const wake = (): void => {
        cancel();
        resolve();
      };
      this.#timers.add(wake);
    });
  }
}
