import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { OrdinalMap } from '#base/ordinal-map.ts';

/** Puts in an ordinal, or takes one out, that lies so far from where it has come to. */
const step = fc.record({ put: fc.boolean(), ahead: fc.integer({ min: -40, max: 3 }) });

describe('a map of ordinals', () => {
  test('does what a Map does', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 400 }), fc.nat(200), (steps, from) => {
        const map = new OrdinalMap<string>();
        const known = new Map<number, string>();
        let next = from;
        for (const [nth, { put, ahead }] of steps.entries()) {
          const ordinal = Math.max(0, next + ahead);
          if (put) {
            map.set(ordinal, `item ${nth}`);
            known.set(ordinal, `item ${nth}`);
            next = Math.max(next, ordinal) + 1;
          } else {
            map.delete(ordinal);
            known.delete(ordinal);
          }
          expect(map.size).toBe(known.size);
        }
        expect([...map.values()]).toEqual([...known].toSorted(([a], [b]) => a - b).map(([, item]) => item));
        for (let ordinal = 0; ordinal < next + 2; ordinal += 1) {
          expect(map.get(ordinal)).toBe(known.get(ordinal));
          expect(map.has(ordinal)).toBe(known.has(ordinal));
        }
      }),
    );
  });

  test('takes the place of an item that is there', () => {
    const map = new OrdinalMap<string>();
    map.set(3, 'first');
    map.set(3, 'second');
    expect([map.size, map.get(3)]).toEqual([1, 'second']);
  });

  test('grows over one that stays while many come and go, and knows it still', () => {
    const map = new OrdinalMap<number>();
    for (let ordinal = 0; ordinal < 10_000; ordinal += 1) {
      map.set(ordinal, ordinal);
      if (ordinal > 10) map.delete(ordinal - 10);
    }
    expect(map.get(0)).toBe(0);
    expect([...map.values()]).toEqual([0, ...Array.from({ length: 10 }, (_, n) => 9990 + n)]);
  });
});
