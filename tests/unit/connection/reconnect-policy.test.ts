import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { seededRandom } from '#base/random.ts';
import { durationMs } from '#base/units.ts';
import type { ConnectionErrorReason } from '#connection/connection-error.ts';
import { nextTry, stableAfter } from '#connection/reconnect-policy.ts';

const loss = (attempt: number, fields: object = {}) => ({ attempt, openFor: durationMs(0), reason: 'connection-lost' as const, maxRetries: 5, ...fields });
const highest = (): number => 1 - 2 ** -32;

describe('nextTry', () => {
  test('the longest wait doubles from 1 s up to 30 s', () => {
    const longest = [0, 1, 2, 3, 4, 5, 6, 40].map((attempt) => Math.round(nextTry(loss(attempt, { maxRetries: 99 }), highest)?.delay ?? -1));
    expect(longest).toEqual([1000, 2000, 4000, 8000, 16_000, 30_000, 30_000, 30_000]);
  });

  test('every wait lies between 0 and 30 s, whatever the attempt', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 10_000 }), fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), (attempt, chance) => {
        const delay = nextTry(loss(attempt, { maxRetries: 100_000 }), () => chance)?.delay ?? -1;
        return delay >= 0 && delay <= Math.min(30_000, 1000 * 2 ** attempt);
      }),
    );
  });

  test('late attempts stay spread: the jitter comes after the cap', () => {
    const random = seededRandom(1);
    const delays = Array.from({ length: 1000 }, () => nextTry(loss(20, { maxRetries: 99 }), random)?.delay ?? -1);
    expect(delays.filter((delay) => delay === 30_000)).toHaveLength(0);
    for (let third = 0; third < 3; third += 1) {
      const inThird = delays.filter((delay) => delay >= third * 10_000 && delay < (third + 1) * 10_000).length;
      expect(inThird).toBeGreaterThan(250);
    }
  });

  test('stops when the retries are used up', () => {
    expect(nextTry(loss(4), highest)?.attempt).toBe(5);
    expect(nextTry(loss(5), highest)).toBeUndefined();
    expect(nextTry(loss(0, { maxRetries: 0 }), highest)).toBeUndefined();
  });

  test('counts from none again after a connection that stayed', () => {
    expect(nextTry(loss(5, { openFor: stableAfter }), highest)?.attempt).toBe(1);
    expect(nextTry(loss(5, { openFor: durationMs(stableAfter - 1) }), highest)).toBeUndefined();
  });

  test.each<ConnectionErrorReason>(['auth-refused', 'unusable', 'socket-limit'])('never retries after %s', (reason) => {
    expect(nextTry(loss(0, { reason, openFor: durationMs(60_000) }), highest)).toBeUndefined();
  });

  test.each<ConnectionErrorReason>(['unreachable', 'timeout', 'session-expired', 'login-failed', 'handshake-refused', 'closed-by-server'])('retries after %s', (reason) => {
    expect(nextTry(loss(0, { reason }), highest)).toBeDefined();
  });
});
