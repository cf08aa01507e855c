import { describe, expect, test } from 'vitest';
import { epochMs } from '#base/units.ts';
import { differenceFigure, differenceVerdict, durationsDifference, durationsFigure, sideWords, signed } from '#views/parts/run/comparison-words.ts';

describe('a difference in words', () => {
  test.each([
    [{ word: 'lower', by: -0.0128, interval: [-0.025, -0.001] }, '−1.28 points (−2.50 to −0.10)', 'B is lower'],
    [{ word: 'higher', by: 0.5, interval: [0.1, 0.8] }, '+50.00 points (+10.00 to +80.00)', 'B is higher'],
    [{ word: 'untold', by: -0.2, interval: [-0.6, 0.3] }, '−20.00 points (−60.00 to +30.00)', 'no difference can be told from so few'],
    [{ word: 'untold', by: 0.000_01, interval: [-0.1, 0] }, '+< 0.01 points (−10.00 to 0)', 'no difference can be told from so few'],
    [{ word: 'same', by: 0, interval: [-0.1, 0.1] }, 'the same', ''],
    [{ word: 'no-data', by: null, interval: [-1, 1] }, 'no data', ''],
  ] as const)('%j', (difference, figure, verdict) => {
    expect(differenceFigure(difference)).toBe(figure);
    expect(differenceVerdict(difference)).toBe(verdict);
  });

  test('of times', () => {
    const left = { count: 3, p50: 31, p95: 119 };
    const right = { count: 3, p50: 43, p95: 79 };
    const none = { count: 0, p50: null, p95: null };
    expect([durationsFigure(left), durationsFigure(none)]).toEqual(['31 ms, p95 119 ms', 'no data']);
    expect([durationsDifference({ left, right, differs: true }), durationsDifference({ left, right: none, differs: false })]).toEqual(['+12 ms, p95 −40 ms', 'no data']);
    expect([signed(0), signed(-1500)]).toEqual(['+0.0 ms', '−1.50 s']);
  });
});

test('what a side is', () => {
  const from = epochMs(new Date(2026, 10, 18, 14, 3, 22).getTime());
  const to = epochMs(from + 60_000);
  expect(sideWords({ environmentId: 'local', run: 'r-1' })).toBe('run r-1');
  expect(sideWords({ environmentId: 'local', lastGoodBefore: 'r-1' })).toBe('last good run before r-1');
  expect([sideWords({ environmentId: 'local', from, to }), sideWords({ environmentId: 'local', from }), sideWords({ environmentId: 'local', to }), sideWords({ environmentId: 'local' })]).toEqual(['14:03:22 to 14:04:22', 'since 14:03:22', 'until 14:04:22', 'all that is known']);
});
