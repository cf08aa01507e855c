import { describe, expect, test } from 'vitest';
import { epochMs } from '#base/units.ts';
import { Alertness } from '#monitor/alertness.ts';
import { ManualClock } from '../../fixtures/manual-clock.ts';

function world() {
  const clock = new ManualClock(0);
  const told: unknown[] = [];
  // The wall clock of the test is 7 s ahead from the beginning, and is set by `wall.ahead`.
  const wall = { ahead: 7000 };
  const alertness = new Alertness(clock, () => epochMs(clock.now() + wall.ahead), {
    wasBlind: (from, at, cause) => told.push({ from, at, cause }),
    tick: (now) => told.push(now),
    clockSet: (at, by) => told.push({ set: at, by }),
  });
  const blinds = () => told.filter((each) => typeof each === 'object' && each !== null && 'from' in each);
  const steps = () => told.filter((each) => typeof each === 'object' && each !== null && 'set' in each);
  return { clock, wall, told, alertness, blinds, steps };
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

describe('a page that is hidden', () => {
  test('misses nothing while its worker runs on', async () => {
    const { clock, alertness, blinds } = world();
    alertness.start();
    alertness.visible(false);
    await clock.advance(300_000);
    alertness.visible(true);
    expect(blinds()).toEqual([]);
  });

  test('was blind where it was frozen, though what wakes it may be that it is shown again', async () => {
    const { clock, alertness, blinds } = world();
    alertness.start();
    await clock.advance(1000);
    alertness.visible(false);
    clock.sleep(60_000);
    alertness.visible(true);
    alertness.check(clock.now());
    await clock.advance(1000);
    clock.sleep(3000);
    await clock.advance(500);
    expect(blinds()).toEqual([
      { from: 1000, at: 61_000, cause: 'hidden' },
      { from: 62_000, at: 65_000, cause: 'stalled' },
    ]);
  });
});

describe('the wall clock', () => {
  test('that is kept right by small steps is not minded, nor one that was ahead from the start', async () => {
    const { clock, wall, alertness, steps, blinds } = world();
    alertness.start();
    for (let n = 0; n < 100; n += 1) {
      await clock.advance(500);
      wall.ahead += 250;
    }
    expect([steps(), blinds()]).toEqual([[], []]);
  });

  test.each([
    ['back by an hour', -3_600_000],
    ['back by a little', -251],
    ['forward by a little', 251],
  ])('set %s is told once, and hides nothing', async (_, by) => {
    const { clock, wall, alertness, steps, blinds } = world();
    alertness.start();
    await clock.advance(1200);
    wall.ahead += by;
    await clock.advance(10_000);
    expect(steps()).toEqual([{ set: 1500, by }]);
    expect(blinds()).toEqual([]);
  });

  test('that went on by more than 2 s while the monitor’s own stood still: the machine slept, and was blind since the last tick', async () => {
    const { clock, wall, told, alertness } = world();
    alertness.start();
    await clock.advance(1200);
    wall.ahead += 3_600_000;
    await clock.advance(300);
    expect(told).toEqual([500, 1000, { from: 1000, at: 1500, cause: 'asleep' }, { set: 1500, by: 3_600_000 }, 1500]);
  });

  test('that went on together with the monitor’s own is no step', async () => {
    const { clock, alertness, steps } = world();
    alertness.start();
    await clock.advance(1000);
    clock.sleep(60_000);
    await clock.advance(1000);
    expect(steps()).toEqual([]);
  });

  test('is not compared where the two could not be read together', async () => {
    const clock = new ManualClock(0);
    const told: unknown[] = [];
    let isBusy = false;
    const wall = () => {
      // The machine does something else for 300 ms between two readings.
      if (isBusy) clock.sleep(300);
      return epochMs(clock.now() - (isBusy ? 300 : 0));
    };
    const alertness = new Alertness(clock, wall, { wasBlind: () => told.push('blind'), tick: () => undefined, clockSet: () => told.push('set') });
    alertness.start();
    await clock.advance(1000);
    isBusy = true;
    await clock.advance(500);
    isBusy = false;
    await clock.advance(2000);
    expect(told).toEqual([]);
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
