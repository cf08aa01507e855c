import { describe, expect, test } from 'vitest';
import { epochMs } from '#base/units.ts';
import { correctedLatency, deliveryWords, isImpossible, rawDifference } from '#views/parts/run/clock-words.ts';

const event = { at: epochMs(1_000_014), sentAt: epochMs(1_000_000), latencyMs: 52, offsetMs: 38, uncertaintyMs: 24, recovered: false };

describe('how long a delivery took, by the clock that was chosen', () => {
  test.each([
    ['corrected', event, '52 ±24 ms'],
    ['raw', event, '14 ms raw'],
    // Below its error it says so, and a negative one is not cut off.
    ['corrected', { ...event, latencyMs: 12 }, '< e'],
    ['corrected', { ...event, latencyMs: -12 }, '< e'],
    ['raw', { ...event, sentAt: epochMs(1_000_026) }, '−12 ms raw'],
    ['corrected', { ...event, latencyMs: null, offsetMs: -100 }, '−86 ±24 ms'],
    ['corrected', { ...event, latencyMs: null, offsetMs: null, uncertaintyMs: null }, 'unsynced'],
    ['raw', { ...event, latencyMs: null, offsetMs: null, uncertaintyMs: null }, '14 ms raw'],
    ['corrected', { ...event, latencyMs: null, sentAt: null }, 'no data'],
    ['raw', { ...event, latencyMs: null, sentAt: null }, 'no data'],
    ['corrected', { ...event, latencyMs: null, recovered: true }, 'sent again'],
    // The payload is gone, and what was measured is not.
    ['raw', { ...event, sentAt: null }, '14 ms raw'],
  ] as const)('%s: %j', (clock, timed, words) => {
    expect(deliveryWords(timed, clock)).toBe(words);
  });

  test('of one that is negative beyond its error, that the clock model is wrong', () => {
    expect(isImpossible({ ...event, latencyMs: null, offsetMs: -100 })).toBe(true);
    expect([isImpossible(event), isImpossible({ ...event, latencyMs: -12 }), isImpossible({ ...event, latencyMs: null, sentAt: null })]).toEqual([false, false, false]);
  });

  test('raw and corrected differ by the offset', () => {
    expect([rawDifference(event), correctedLatency(event)]).toEqual([14, 52]);
    expect(correctedLatency({ ...event, latencyMs: null })).toBe(52);
  });
});
