import { describe, expect, test } from 'vitest';
import { durationMs, epochMs, type EpochMs } from '#base/units.ts';
import { ClockSampler, type ClockSample } from '#connection/clock-sampler.ts';
import { ManualClock } from './manual-clock.ts';

type Answered = (serverAt: EpochMs, receivedAt: EpochMs) => void;

function sampling(respond: (question: number, answered: Answered, clock: ManualClock) => void): { clock: ManualClock; sampler: ClockSampler; samples: ClockSample[]; asked: number[] } {
  const clock = new ManualClock();
  const samples: ClockSample[] = [];
  const asked: number[] = [];
  const sampler = new ClockSampler(
    clock,
    (sentAt, answered) => {
      asked.push(sentAt);
      respond(asked.length, answered, clock);
      return true;
    },
    (sample) => samples.push(sample),
  );
  return { clock, sampler, samples, asked };
}

describe('the clock sampler', () => {
  test('takes four quick samples, then one every 15 s', async () => {
    const { clock, sampler, samples, asked } = sampling((_, answered, now) => void now.after(durationMs(10), () => answered(epochMs(5), now.now())));
    expect(sampler.start()).toBe(true);
    await clock.pass(1100);
    expect(samples).toHaveLength(4);
    expect(samples[0]).toEqual({ sentAt: 1_000_000, serverAt: 5, receivedAt: 1_000_010 });
    await clock.pass(45_100);
    expect(asked).toHaveLength(7);
  });

  test('an answer that comes at once is a sample too', async () => {
    const { clock, sampler, samples } = sampling((_, answered, now) => answered(epochMs(5), now.now()));
    sampler.start();
    await clock.pass(1000);
    expect(samples).toHaveLength(4);
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
    const none = new ClockSampler(clock, () => false, () => undefined);
    expect(none.start()).toBe(false);
    expect(clock.timers).toBe(0);
    const other = sampling((_, answered, now) => answered(epochMs(5), now.now()));
    other.sampler.start();
    other.sampler.stop();
    await other.clock.pass(60_000);
    expect(other.asked).toHaveLength(1);
  });
});
