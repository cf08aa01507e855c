import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { centred, dragged, stepped, stepMs, type Grip, type Stretch } from '#views/triage/brush.ts';

const limits: Stretch = { from: 0, to: 3_600_000 };
const shortest = 5000;
const before: Stretch = { from: 1_000_000, to: 1_060_000 };

describe('the brush', () => {
  test('an end that is dragged leaves the other where it is', () => {
    expect(dragged(before, 'from', 1_000_000, 900_000, limits, shortest)).toEqual({ from: 900_000, to: 1_060_000 });
    expect(dragged(before, 'to', 1_060_000, 1_200_000, limits, shortest)).toEqual({ from: 1_000_000, to: 1_200_000 });
  });

  test('an end stops before the other one', () => {
    expect(dragged(before, 'from', 1_000_000, 2_000_000, limits, shortest)).toEqual({ from: 1_055_000, to: 1_060_000 });
    expect(dragged(before, 'to', 1_060_000, 0, limits, shortest)).toEqual({ from: 1_000_000, to: 1_005_000 });
  });

  test('its body moves and keeps its length, also at the edge', () => {
    expect(dragged(before, 'body', 1_030_000, 1_040_000, limits, shortest)).toEqual({ from: 1_010_000, to: 1_070_000 });
    expect(dragged(before, 'body', 1_030_000, 9_000_000, limits, shortest)).toEqual({ from: 3_540_000, to: 3_600_000 });
  });

  test('a new one is drawn to either side', () => {
    expect(dragged(before, 'new', 500_000, 700_000, limits, shortest)).toEqual({ from: 500_000, to: 700_000 });
    expect(dragged(before, 'new', 500_000, 300_000, limits, shortest)).toEqual({ from: 300_000, to: 500_000 });
  });

  test('a click puts its middle there', () => {
    expect(centred(before, 2_000_000, limits)).toEqual({ from: 1_970_000, to: 2_030_000 });
  });

  test('arrows move it, with Shift its right end; pages move it by its length; Home and End lead to the edges; other keys are not its own', () => {
    const press = (key: string, shift = false): Stretch | undefined => stepped(before, key, shift, limits, shortest);
    expect(press('ArrowLeft')).toEqual({ from: before.from - stepMs, to: before.to - stepMs });
    expect(press('ArrowRight', true)).toEqual({ from: before.from, to: before.to + stepMs });
    expect(press('PageUp')).toEqual({ from: 940_000, to: 1_000_000 });
    expect(press('Home')).toEqual({ from: 0, to: 60_000 });
    expect(press('End')).toEqual({ from: 3_540_000, to: 3_600_000 });
    expect(press('x')).toBeUndefined();
  });

  test('whatever is done, it lies inside the hour and is long enough', () => {
    const grips: Grip[] = ['from', 'to', 'body', 'new'];
    fc.assert(
      fc.property(fc.constantFrom(...grips), fc.integer({ min: 0, max: limits.to }), fc.integer({ min: -9e6, max: 9e6 }), (grip, grabbedAt, at) => {
        const { from, to } = dragged(before, grip, grabbedAt, at, limits, shortest);
        return from >= limits.from && to <= limits.to && to - from >= shortest;
      }),
    );
  });
});
