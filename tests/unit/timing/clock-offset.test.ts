import { describe, expect, test } from 'vitest';
import fc from 'fast-check';
import { epochMs } from '#base/units.ts';
import type { ClockSample } from '#timing/clock-offset.ts';
import { createClockOffset } from '#timing/clock-offset.ts';

const sample = (sentAt: number, serverAt: number, receivedAt: number): ClockSample => ({
  sentAt: epochMs(sentAt),
  serverAt: epochMs(serverAt),
  receivedAt: epochMs(receivedAt),
});

/** NTP's four times as a sample, which has one time of the target: what it took to answer is taken out of the way back. */
const exchange = (t1: number, t2: number, t3: number, t4: number): ClockSample => sample(t1, t2, t4 - (t3 - t2));

describe('clock offset', () => {
  test('is unknown before the first sample', () => {
    const clock = createClockOffset();
    expect(clock.offset()).toBeUndefined();
    expect(clock.at(epochMs(5))).toBeUndefined();
    expect(clock.uncertainty(epochMs(5))).toBe(Infinity);
  });

  test.each([
    [0, 130, 135, 65, 100, 30],
    [100, 290, 291, 251, 115, 75],
    [200, 321, 322, 243, 100, 21],
    [300, 480, 482, 600, 31, 149],
    [1000, 900, 905, 1045, -120, 20],
  ])('the exchange (%d, %d, %d, %d) gives %d ± %d', (t1, t2, t3, t4, offset, uncertainty) => {
    const clock = createClockOffset();
    const taken = exchange(t1, t2, t3, t4);
    clock.add(taken);
    expect(clock.at(taken.receivedAt)).toEqual({ offset, uncertainty });
  });

  test('the smallest round trip of several counts', () => {
    const clock = createClockOffset();
    clock.add(exchange(0, 130, 135, 65));
    clock.add(exchange(100, 290, 291, 251));
    clock.add(exchange(200, 321, 322, 243));
    clock.add(exchange(300, 480, 482, 600));
    expect(clock.at(epochMs(242))).toEqual({ offset: 100, uncertainty: 21 });
  });

  test('of equal round trips the newest counts', () => {
    const clock = createClockOffset();
    clock.add(sample(0, 100, 10));
    clock.add(sample(20, 200, 30));
    expect(clock.offset()).toBe(175);
  });

  test('a sample counts until eight newer ones came', () => {
    const clock = createClockOffset();
    clock.add(sample(0, 1001, 2));
    for (let n = 1; n <= 7; n += 1) clock.add(sample(n * 100, n * 100 + 5, n * 100 + 10));
    expect(clock.offset()).toBe(1000);
    clock.add(sample(800, 805, 810));
    expect(clock.offset()).toBe(0);
  });

  test('of a time that is past it says what was known then, and never that it was surer than the sample', () => {
    const clock = createClockOffset();
    clock.add(sample(0, 1020, 40));
    clock.add(sample(10_000, 11_105, 10_010));
    expect(clock.at(epochMs(9000))).toEqual({ offset: 1000, uncertainty: 20 + 15e-6 * 8960 });
    expect(clock.at(epochMs(10_010))).toEqual({ offset: 1100, uncertainty: 5 });
    expect(clock.at(epochMs(20_010))).toEqual({ offset: 1100, uncertainty: 5 + 15e-6 * 10_000 });
    // Before the first sample the oldest one is the best there is.
    expect(clock.at(epochMs(-960))).toEqual({ offset: 1000, uncertainty: 20 + 15e-6 * 1000 });
  });

  test('remembers no more than a bounded past', () => {
    const clock = createClockOffset();
    // Each round trip is shorter than the one before, so each sample is chosen.
    for (let n = 0; n < 1000; n += 1) clock.add(sample(n * 10_000, n * 10_000, n * 10_000 + 2000 - n));
    const oldest = clock.at(epochMs(0))?.offset;
    expect(oldest).toBe(clock.at(epochMs(700 * 10_000))?.offset);
    expect(oldest).not.toBe(clock.at(epochMs(900 * 10_000))?.offset);
  });

  test('uncertainty grows by 15 ppm of the age: 9 ms in 10 min', () => {
    const clock = createClockOffset();
    clock.add(sample(0, 5, 10));
    expect(clock.uncertainty(epochMs(10))).toBe(5);
    expect(clock.uncertainty(epochMs(10 + 600_000))).toBeCloseTo(14, 9);
  });

  test('the truth lies within the uncertainty, whatever the two ways cost', () => {
    const way = fc.double({ min: 0, max: 500, noNaN: true });
    const exchanges = fc.array(fc.tuple(way, way, fc.double({ min: 1, max: 60_000, noNaN: true })), { minLength: 1, maxLength: 30 });
    const skew = fc.double({ min: -300_000, max: 300_000, noNaN: true });
    const drift = fc.double({ min: -15e-6, max: 15e-6, noNaN: true });
    fc.assert(
      fc.property(exchanges, skew, drift, (ways, skewMs, driftPerMs) => {
        const clock = createClockOffset();
        const start = 1_760_000_000_000;
        const serverClock = (now: number): number => now + skewMs + driftPerMs * (now - start);
        let now = start;
        for (const [there, back, pause] of ways) {
          clock.add(sample(now, serverClock(now + there), now + there + back));
          now += there + back + pause;
        }
        const known = clock.at(epochMs(now));
        // The round trip itself drifts too, by 15 ppm of at most a second; and doubles of today's time step by 0.2 µs.
        expect(Math.abs((known?.offset ?? NaN) - (serverClock(now) - now))).toBeLessThanOrEqual((known?.uncertainty ?? NaN) + 0.02);
      }),
    );
  });
});
