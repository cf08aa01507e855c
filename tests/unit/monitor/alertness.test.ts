import { describe, expect, test } from 'vitest';
import { Alertness } from '#monitor/alertness.ts';
import { ManualClock } from '../../fixtures/manual-clock.ts';

function world() {
  const clock = new ManualClock(0);
  const told: unknown[] = [];
  const alertness = new Alertness(
    clock,
    (from, at, cause) => told.push({ from, at, cause }),
    (now) => told.push(now),
  );
  const blinds = () => told.filter((each) => typeof each === 'object');
  return { clock, told, alertness, blinds };
}

describe('its own ticker', () => {
  test('ticks twice a second, and is never blind while it does', async () => {
    const { clock, told, alertness } = world();
    alertness.start();
    await clock.advance(1600);
    expect(told).toEqual([500, 1000, 1500]);
  });

  test('that stood still for 2 s exactly was awake', async () => {
    const { clock, told, alertness, blinds } = world();
    alertness.start();
    await clock.advance(1000);
    clock.sleep(2000);
    await clock.advance(0);
    expect(blinds()).toEqual([]);
    expect(told).toEqual([500, 1000, 3000]);
  });

  test('that stood still for longer was blind from its last tick until now, once, before the tick that tells', async () => {
    const { clock, told, alertness } = world();
    alertness.start();
    await clock.advance(1000);
    clock.sleep(2001);
    await clock.advance(600);
    expect(told).toEqual([500, 1000, { from: 1000, at: 3001, cause: 'stalled' }, 3001, 3501]);
  });

  test('is asked by what happens before it ticks again: one interval, ended by what woke it', async () => {
    const { clock, alertness, blinds } = world();
    alertness.start();
    await clock.advance(1000);
    clock.sleep(60_000);
    alertness.check(clock.now());
    alertness.check(clock.now());
    await clock.advance(5000);
    expect(blinds()).toEqual([{ from: 1000, at: 61_000, cause: 'stalled' }]);
  });

  test('does not mind what happened within 2 s of its last tick', async () => {
    const { clock, alertness, blinds } = world();
    alertness.start();
    await clock.advance(1000);
    clock.sleep(1999);
    alertness.check(clock.now());
    expect(blinds()).toEqual([]);
  });

  test('tells each stretch apart', async () => {
    const { clock, alertness, blinds } = world();
    alertness.start();
    for (let n = 0; n < 3; n += 1) {
      await clock.advance(1000);
      clock.sleep(4000);
    }
    await clock.advance(1000);
    expect(blinds()).toEqual([
      { from: 1000, at: 5000, cause: 'stalled' },
      { from: 6000, at: 10_000, cause: 'stalled' },
      { from: 11_000, at: 15_000, cause: 'stalled' },
    ]);
  });

  test('counts from the start, not from when it was made', async () => {
    const { clock, alertness, blinds } = world();
    await clock.advance(60_000);
    alertness.start();
    await clock.advance(1000);
    expect(blinds()).toEqual([]);
  });
});

describe('the network', () => {
  test('that went and came back makes one blind interval, told when it is back', async () => {
    const { clock, alertness, blinds } = world();
    alertness.start();
    await clock.advance(1200);
    alertness.online(false);
    expect(alertness.blindNow).toBe(true);
    await clock.advance(800);
    alertness.online(false);
    await clock.advance(1000);
    expect(blinds()).toEqual([]);
    alertness.online(true);
    expect(blinds()).toEqual([{ from: 1200, at: 3000, cause: 'offline' }]);
    expect(alertness.blindNow).toBe(false);
  });

  test('that was there all along makes none', () => {
    const { alertness, blinds } = world();
    alertness.start();
    alertness.online(true);
    alertness.online(true);
    expect(blinds()).toEqual([]);
  });
});

test('after its stop it tells nothing more, and is not blind', async () => {
  const { clock, told, alertness } = world();
  alertness.start();
  await clock.advance(600);
  alertness.online(false);
  alertness.stop();
  clock.sleep(10_000);
  await clock.advance(10_000);
  alertness.online(true);
  alertness.online(false);
  expect(told).toEqual([500]);
  expect(alertness.blindNow).toBe(false);
  expect(clock.timers).toBe(0);
});
