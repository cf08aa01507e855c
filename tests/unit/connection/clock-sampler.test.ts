import { describe, expect, test } from 'vitest';
import { durationMs, epochMs, type EpochMs } from '#base/units.ts';
import { ClockSampler, type ClockSample } from '#connection/clock-sampler.ts';
import { ManualClock } from './manual-clock.ts';

type Answered = (serverAt: EpochMs, receivedAt: EpochMs) => void;

interface Sampling {
  readonly clock: ManualClock;
  readonly sampler: ClockSampler;
  readonly samples: ClockSample[];
  readonly asked: number[];
  /** Something came that is no answer. */
  readonly hear: () => void;
}

/** A sampler whose answers count as heard. */
function sampling(respond: (question: number, answered: Answered, clock: ManualClock) => void): Sampling {
  const clock = new ManualClock();
  const samples: ClockSample[] = [];
  const asked: number[] = [];
  let heardAt = clock.now();
  const hear = (): void => {
    heardAt = clock.now();
  };
  const sampler = new ClockSampler(
    clock,
    (sentAt, answered) => {
      asked.push(sentAt);
      const answer: Answered = (serverAt, receivedAt) => {
        hear();
        answered(serverAt, receivedAt);
      };
      respond(asked.length, answer, clock);
      return true;
    },
    () => heardAt,
    (sample) => samples.push(sample),
  );
  return { clock, sampler, samples, asked, hear };
}

/** Answers after 10 ms, as long as `answers` says so. */
const prompt = (answers: () => boolean = () => true) => (_: number, answered: Answered, clock: ManualClock): void => {
  clock.after(durationMs(10), () => {
    if (answers()) answered(epochMs(5), clock.now());
  });
};

/** Something is heard every second for `ms`. */
async function chatter({ clock, hear }: Sampling, ms: number): Promise<void> {
  for (let passed = 0; passed < ms; passed += 1000) {
    hear();
    await clock.pass(1000);
  }
}

describe('the clock sampler', () => {
  test('takes eight quick samples, then one every 15 s while other things are heard', async () => {
    const world = sampling(prompt());
    const { clock, sampler, samples, asked } = world;
    expect(sampler.start()).toBe(true);
    await clock.pass(1900);
    expect(samples).toHaveLength(8);
    expect(samples[0]).toEqual({ sentAt: 1_000_000, serverAt: 5, receivedAt: 1_000_010 });
    await chatter(world, 46_000);
    expect(asked).toHaveLength(11);
  });

  test('asks sooner where nothing is heard: 4.5 s after the last answer', async () => {
    const { clock, sampler, asked } = sampling(prompt());
    sampler.start();
    await clock.pass(1900);
    await clock.pass(45_000);
    expect(asked).toHaveLength(8 + 9);
    expect((asked.at(-1) ?? 0) - (asked.at(-2) ?? 0)).toBe(4510);
  });

  test('begun anew, it takes quick samples again, and an answer to the question before no longer counts', async () => {
    const world = sampling(prompt());
    const { clock, sampler, samples, asked } = world;
    sampler.start();
    await clock.pass(1900);
    sampler.start();
    await clock.pass(5);
    sampler.start();
    await clock.pass(1900);
    expect(asked).toHaveLength(8 + 1 + 8);
    expect(samples).toHaveLength(16);
    expect(clock.timers).toBe(1);
  });

  test('an answer that comes at once is a sample too', async () => {
    const { clock, sampler, samples } = sampling((_, answered, now) => answered(epochMs(5), now.now()));
    sampler.start();
    await clock.pass(2000);
    expect(samples).toHaveLength(8);
    expect(clock.timers).toBe(1);
  });

  test('an answer after 5 s does not count, nor does a second one', async () => {
    const kept: Answered[] = [];
    const { clock, sampler, samples } = sampling((_, answered) => kept.push(answered));
    sampler.start();
    await clock.pass(5001);
    kept[0]?.(epochMs(1), clock.now());
    expect(samples).toHaveLength(0);
    await clock.pass(15_000);
    expect(kept).toHaveLength(2);
    kept[0]?.(epochMs(1), clock.now());
    expect(samples).toHaveLength(0);
    kept[1]?.(epochMs(2), clock.now());
    kept[1]?.(epochMs(3), clock.now());
    expect(samples.map((sample) => sample.serverAt)).toEqual([2]);
  });

  test('a target that never answers is asked rarely', async () => {
    const { clock, sampler, asked } = sampling(() => undefined);
    sampler.start();
    await clock.pass(3_600_000);
    expect(asked.length).toBeGreaterThan(5);
    expect(asked.length).toBeLessThan(20);
  });

  test('a target without a clock leaves it idle; a stopped one asks no more', async () => {
    const clock = new ManualClock();
    const none = new ClockSampler(clock, () => false, () => clock.now(), () => undefined);
    expect(none.start()).toBe(false);
    expect(clock.timers).toBe(0);
    expect(none.probe).toBeUndefined();
    const other = sampling((_, answered, now) => answered(epochMs(5), now.now()));
    other.sampler.start();
    other.sampler.stop();
    await other.clock.pass(60_000);
    expect(other.asked).toHaveLength(1);
  });
});

describe('what the answers say of the link', () => {
  const promise = { intervalMs: 4500, timeoutMs: 3500 };

  test('nothing before the first one; then a question is open only until something is heard', async () => {
    let answers = false;
    const { clock, sampler, asked, hear } = sampling(prompt(() => answers));
    sampler.start();
    await clock.pass(4000);
    expect(sampler.probe).toBeUndefined();
    answers = true;
    await clock.pass(18_000);
    expect(sampler.probe).toEqual({ ...promise, askedAt: undefined });
    answers = false;
    await clock.pass(4500);
    expect(sampler.probe).toEqual({ ...promise, askedAt: asked.at(-1) });
    await clock.pass(1);
    hear();
    expect(sampler.probe).toEqual({ ...promise, askedAt: undefined });
  });

  test('a dead link is asked every 5 s; what counts is when it was asked first', async () => {
    let answers = true;
    const { clock, sampler, asked } = sampling(prompt(() => answers));
    sampler.start();
    await clock.pass(1900);
    answers = false;
    await clock.pass(4500);
    const first = asked.at(-1);
    const count = asked.length;
    await clock.pass(60_000);
    expect(asked.length).toBe(count + 12);
    expect(sampler.probe?.askedAt).toBe(first);
    answers = true;
    await clock.pass(5100);
    expect(sampler.probe).toEqual({ ...promise, askedAt: undefined });
  });

  test('a target that ceases to answer, and goes on to send, promises nothing any more', async () => {
    let answers = true;
    const world = sampling(prompt(() => answers));
    world.sampler.start();
    await world.clock.pass(1900);
    answers = false;
    await chatter(world, 40_000);
    expect(world.sampler.probe).toMatchObject(promise);
    await chatter(world, 20_000);
    expect(world.sampler.probe).toBeUndefined();
    const asked = world.asked.length;
    await chatter(world, 200_000);
    expect(world.asked.length - asked).toBeLessThanOrEqual(1);
    answers = true;
    await chatter(world, 200_000);
    expect(world.sampler.probe).toMatchObject(promise);
  });
});
