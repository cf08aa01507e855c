import { describe, expect, test } from 'vitest';
import { seededRandom } from '#base/random.ts';
import { Prober, type ProbePlan } from '#monitor/prober.ts';
import { ManualClock } from '../../fixtures/manual-clock.ts';

interface Trigger {
  readonly n: number;
  readonly run: string;
  readonly at: number;
}

/** A pool that only remembers. Every connection is ready until told otherwise, and every run takes `runMs`. */
class RememberingPool {
  readonly triggers: Trigger[] = [];
  readonly never = new Set<number>();
  readonly lost = new Set<number>();
  readonly openRuns = new Map<number, number>();
  mostAtOnce = 0;
  runMs: number | undefined = 100;
  readonly #clock: ManualClock;
  readonly #startedAt: number;
  #waiters: { readonly n: number; readonly resolve: (readiness: 'ready' | 'never') => void }[] = [];
  closed: (n: number) => void = () => {};

  constructor(clock: ManualClock) {
    this.#clock = clock;
    this.#startedAt = clock.now();
  }

  whenReady(n: number): Promise<'ready' | 'never'> {
    if (this.never.has(n)) return Promise.resolve('never');
    if (!this.lost.has(n)) return Promise.resolve('ready');
    return new Promise((resolve) => this.#waiters.push({ n, resolve }));
  }

  trigger(n: number, run: string): boolean {
    if (this.lost.has(n)) return false;
    this.triggers.push({ n, run, at: this.#clock.now() - this.#startedAt });
    const open = (this.openRuns.get(n) ?? 0) + 1;
    this.openRuns.set(n, open);
    this.mostAtOnce = Math.max(this.mostAtOnce, open);
    if (this.runMs !== undefined) this.#clock.after(this.runMs as never, () => this.close(n));
    return true;
  }

  close(n: number): void {
    this.openRuns.set(n, (this.openRuns.get(n) ?? 1) - 1);
    this.closed(n);
  }

  back(n: number): void {
    this.lost.delete(n);
    this.#answer(n, 'ready');
  }

  giveUp(n: number): void {
    this.never.add(n);
    this.#answer(n, 'never');
  }

  #answer(n: number, readiness: 'ready' | 'never'): void {
    const answered = this.#waiters.filter((waiter) => waiter.n === n);
    this.#waiters = this.#waiters.filter((waiter) => waiter.n !== n);
    for (const { resolve } of answered) resolve(readiness);
  }

  times(n: number): number[] {
    return this.triggers.filter((trigger) => trigger.n === n).map((trigger) => trigger.at);
  }
}

function world(plan: Partial<ProbePlan>) {
  const clock = new ManualClock();
  const pool = new RememberingPool(clock);
  const finished: number[] = [];
  const whole = { connections: 1, everyMs: 1000, maxRunsPerHour: 1_000_000, ...plan };
  const prober = new Prober(pool, clock, seededRandom(1), whole, (triggered) => finished.push(triggered));
  pool.closed = (n) => prober.runClosed(n);
  return { clock, pool, prober, finished };
}

describe('the pace', () => {
  test('is one trigger a pause on each connection, and the connections are spread over the pause', async () => {
    const { clock, pool, prober } = world({ connections: 4 });
    prober.start();
    await clock.advance(2999);
    expect([0, 1, 2, 3].map((n) => pool.times(n))).toEqual([[0, 1000, 2000], [250, 1250, 2250], [500, 1500, 2500], [750, 1750, 2750]]);
    expect(prober.triggered).toBe(12);
  });

  test('waits for a run that takes longer: one run at a time on each connection', async () => {
    const { clock, pool, prober } = world({});
    pool.runMs = 2600;
    prober.start();
    await clock.advance(6000);
    expect(pool.times(0)).toEqual([0, 2600, 5200]);
    expect(pool.mostAtOnce).toBe(1);
  });

  test('never goes on without the close of a run', async () => {
    const { clock, pool, prober } = world({});
    pool.runMs = undefined;
    prober.start();
    await clock.advance(600_000);
    expect(pool.times(0)).toEqual([0]);
    pool.close(0);
    await clock.advance(0);
    expect(pool.times(0)).toEqual([0, 600_000]);
  });

  test('names each run anew, from the randomness that it is given', async () => {
    const { clock, pool, prober } = world({});
    prober.start();
    await clock.advance(50_000);
    const names = pool.triggers.map((trigger) => trigger.run);
    expect(new Set(names).size).toBe(51);
    expect(names.every((name) => /^r-[0-9a-f]{12}$/.test(name))).toBe(true);
  });
});

describe('the cap', () => {
  const hour = 3_600_000;

  test.each([
    { connections: 1, maxRunsPerHour: 10 },
    { connections: 4, maxRunsPerHour: 10 },
    { connections: 20, maxRunsPerHour: 7 },
    { connections: 3, maxRunsPerHour: 1 },
  ])('holds in any hour: %j', async (plan) => {
    const { clock, pool, prober } = world(plan);
    prober.start();
    await clock.advance(4 * hour);
    const times = pool.triggers.map((trigger) => trigger.at);
    for (const at of times) expect(times.filter((other) => other > at - hour && other <= at).length).toBeLessThanOrEqual(plan.maxRunsPerHour);
    // It is used up, too: a cap is no reason to look away.
    expect(times.length).toBeGreaterThanOrEqual(4 * plan.maxRunsPerHour - 1);
  });

  test('is kept by an even pace, not by a burst and then nothing for the rest of the hour', async () => {
    const { clock, pool, prober } = world({ connections: 2, maxRunsPerHour: 60 });
    prober.start();
    await clock.advance(hour - 1);
    const times = pool.triggers.map((trigger) => trigger.at);
    expect(times).toEqual(Array.from({ length: 60 }, (_, index) => index * 60_000));
  });

  test('holds where connections come back all at once', async () => {
    const { clock, pool, prober } = world({ connections: 5, maxRunsPerHour: 2 });
    for (let n = 0; n < 5; n += 1) pool.lost.add(n);
    prober.start();
    await clock.advance(5 * hour);
    for (let n = 0; n < 5; n += 1) pool.back(n);
    await clock.advance(hour - 1);
    expect(pool.triggers.length).toBe(2);
    await clock.advance(hour);
    expect(pool.triggers.length).toBe(4);
  });
});

describe('a connection', () => {
  test('that is lost goes on when it is back', async () => {
    const { clock, pool, prober } = world({ connections: 2 });
    prober.start();
    await clock.advance(100);
    pool.lost.add(0);
    await clock.advance(4900);
    expect(pool.times(0)).toEqual([0]);
    expect(pool.times(1)).toEqual([500, 1500, 2500, 3500, 4500]);
    pool.back(0);
    await clock.advance(1000);
    expect(pool.times(0)).toEqual([0, 5000, 6000]);
  });

  test('that is lost between its answer and the trigger is tried again', async () => {
    const { clock, pool, prober } = world({ total: 1 });
    let lies = 3;
    pool.whenReady = () => Promise.resolve('ready');
    const trigger = pool.trigger.bind(pool);
    pool.trigger = (n, run) => (lies-- > 0 ? false : trigger(n, run));
    prober.start();
    await clock.advance(1000);
    expect(pool.times(0)).toEqual([150]);
    expect(prober.triggered).toBe(1);
  });

  test('that can never serve is given up, and the others go on', async () => {
    const { clock, pool, prober, finished } = world({ connections: 2, total: 6 });
    pool.never.add(1);
    prober.start();
    await clock.advance(60_000);
    expect(pool.times(0).length).toBe(3);
    expect(finished).toEqual([3]);
  });
});

describe('a plan with an end', () => {
  test('spreads its runs round robin, and is finished when the last is closed', async () => {
    const { clock, pool, prober, finished } = world({ connections: 3, total: 7, everyMs: 0 });
    prober.start();
    await clock.advance(0);
    expect(pool.triggers.map((trigger) => trigger.n)).toEqual([0, 1, 2]);
    await clock.advance(299);
    expect([0, 1, 2].map((n) => pool.times(n).length)).toEqual([3, 2, 2]);
    expect(finished).toEqual([]);
    await clock.advance(1);
    expect(finished).toEqual([7]);
  });

  test('with fewer runs than connections leaves the last ones alone', async () => {
    const { clock, pool, prober, finished } = world({ connections: 5, total: 2, everyMs: 0 });
    prober.start();
    await clock.advance(1000);
    expect(pool.triggers.map((trigger) => trigger.n)).toEqual([0, 1]);
    expect(finished).toEqual([2]);
  });

  test('is finished when nobody can serve, once', async () => {
    const { clock, pool, prober, finished } = world({ connections: 2, total: 4 });
    pool.lost.add(0).add(1);
    prober.start();
    await clock.advance(1000);
    expect(finished).toEqual([]);
    pool.giveUp(0);
    pool.giveUp(1);
    await clock.advance(1000);
    expect(finished).toEqual([0]);
  });
});

describe('stop', () => {
  test.each([0, 50, 350, 500])('after %i ms ends it: no trigger more, no timer left', async (ms) => {
    const { clock, pool, prober } = world({ connections: 2 });
    prober.start();
    await clock.advance(ms);
    const before = pool.triggers.length;
    prober.stop();
    await clock.advance(200);
    expect(clock.timers).toBe(0);
    await clock.advance(60_000);
    expect(pool.triggers.length).toBe(before);
  });

  test('lets a probe that waits for its connection go without a trigger', async () => {
    const { clock, pool, prober } = world({});
    pool.lost.add(0);
    prober.start();
    await clock.advance(1000);
    prober.stop();
    pool.back(0);
    await clock.advance(60_000);
    expect(pool.triggers).toEqual([]);
  });
});
