import { describe, expect, test } from 'vitest';
import { createHandshakeGate, type HandshakePass } from '#connection/handshake-gate.ts';
import { ManualClock } from './manual-clock.ts';

function enterMany(count: number): { clock: ManualClock; gate: ReturnType<typeof createHandshakeGate>; starts: number[]; passes: HandshakePass[]; leave: (() => void)[] } {
  const clock = new ManualClock();
  const gate = createHandshakeGate(clock);
  const starts: number[] = [];
  const passes: HandshakePass[] = [];
  const leave = Array.from({ length: count }, (_, n) =>
    gate.enter((pass) => {
      starts.push(n);
      passes.push(pass);
    }),
  );
  return { clock, gate, starts, passes, leave };
}

describe('the handshake gate', () => {
  test('lets the first go at once, and no more than 8 be pending', async () => {
    const { clock, gate, starts, passes } = enterMany(20);
    expect(starts).toEqual([0]);
    await clock.pass(10_000);
    expect(starts).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
    passes[3]?.settled();
    passes[3]?.settled();
    await clock.pass(10_000);
    expect(starts).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8]);
    expect(gate.held).toBe(9);
  });

  test('never lets more than 10 go in any 100 ms', async () => {
    const clock = new ManualClock();
    const gate = createHandshakeGate(clock);
    const times: number[] = [];
    for (let n = 0; n < 100; n += 1) {
      gate.enter((pass) => {
        times.push(clock.now());
        pass.settled();
      });
    }
    await clock.pass(5000);
    expect(times).toHaveLength(100);
    for (const from of times) expect(times.filter((time) => time >= from && time < from + 100).length).toBeLessThanOrEqual(10);
  });

  test('a place that was given up is passed over', async () => {
    const { clock, starts, leave } = enterMany(4);
    leave[1]?.();
    leave[2]?.();
    await clock.pass(1000);
    expect(starts).toEqual([0, 3]);
  });

  test('counts a socket until it left, once', async () => {
    const { clock, gate, passes } = enterMany(2);
    await clock.pass(1000);
    passes[0]?.settled();
    expect(gate.held).toBe(2);
    passes[0]?.left();
    passes[0]?.left();
    passes[0]?.settled();
    expect(gate.held).toBe(1);
  });

  test('a pass that is left was settled', async () => {
    const { clock, starts, passes } = enterMany(9);
    await clock.pass(1000);
    expect(starts).toHaveLength(8);
    passes[0]?.left();
    await clock.pass(1000);
    expect(starts).toHaveLength(9);
  });
});
