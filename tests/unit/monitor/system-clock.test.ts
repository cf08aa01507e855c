import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { durationMs } from '#base/units.ts';
import { systemClock, systemRandom } from '#monitor/system-clock.ts';

describe('the real clock', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  test('is wall time when it is made', () => {
    expect(Math.abs(systemClock().now() - Date.now())).toBeLessThan(2);
  });

  test('goes on evenly though the wall clock is set', () => {
    const clock = systemClock();
    const before = clock.now();
    vi.advanceTimersByTime(1000);
    vi.setSystemTime(Date.now() + 86_400_000);
    expect(clock.now() - before).toBeCloseTo(1000, 3);
  });

  test('calls once after a delay, or not when it was cancelled', () => {
    const clock = systemClock();
    const called: string[] = [];
    clock.after(durationMs(500), () => called.push('kept'));
    clock.after(durationMs(500), () => called.push('cancelled'))();
    clock.after(durationMs(-5), () => called.push('at once'));
    vi.advanceTimersByTime(0);
    expect(called).toEqual(['at once']);
    vi.advanceTimersByTime(5000);
    expect(called).toEqual(['at once', 'kept']);
  });

  test('does not call at once for a delay that the platform cannot hold', () => {
    let called = false;
    systemClock().after(durationMs(2 ** 31), () => (called = true));
    vi.advanceTimersByTime(1000);
    expect(called).toBe(false);
  });
});

test('the real randomness stays in [0, 1) and does not repeat', () => {
  const random = systemRandom();
  const numbers = Array.from({ length: 1000 }, () => random());
  expect(numbers.every((number) => number >= 0 && number < 1)).toBe(true);
  expect(new Set(numbers).size).toBeGreaterThan(990);
});
