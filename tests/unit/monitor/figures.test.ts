import { describe, expect, test } from 'vitest';
import { age, count, runs, share, span, targetShare, timeOfDay } from '#monitor/figures.ts';

describe('a share', () => {
  test.each([
    [1, '100 %'],
    [1 - 1e-12, '99.99 %'],
    [0.999_999, '99.99 %'],
    [0.997_56, '99.75 %'],
    [0.9975, '99.75 %'],
    [0.99, '99.00 %'],
    [803 / 812, '98.89 %'],
    [0.57, '57.00 %'],
    [0.123_46, '12.35 %'],
    [0.000_01, '< 0.01 %'],
    [0, '0 %'],
  ])('of %d is %s, with a narrow no-break space', (value, text) => {
    expect(share(value)).toBe(text.replace(' %', '\u202f%'));
  });

  test('that is a target has no idle zeros', () => {
    expect([0.99, 0.999, 0.9995, 0.5].map(targetShare)).toEqual(['99\u202f%', '99.9\u202f%', '99.95\u202f%', '50\u202f%']);
  });
});

test('counts have their thousands apart, and runs their number', () => {
  expect([0, 812, 14_487, 2_500_000].map(count)).toEqual(['0', '812', '14,487', '2,500,000']);
  expect([0, 1, 2397].map(runs)).toEqual(['0 runs', '1 run', '2,397 runs']);
});

test('ages grow coarser', () => {
  expect([0, 460, 9949, 10_000, 47_400, 119_000, 120_000, 3_600_000].map(age)).toEqual(['0.0 s', '0.5 s', '9.9 s', '10 s', '47 s', '119 s', '2 min', '60 min']);
});

test('windows are written as they are configured', () => {
  expect([5000, 300_000, 3_600_000, 5_400_000, 86_400_000, 259_200_000].map(span)).toEqual(['5 s', '5 min', '1 h', '90 min', '1 d', '3 d']);
});

test('the time of day is that of the place where the monitor runs', () => {
  const at = new Date(2026, 10, 18, 14, 3, 22, 999).getTime();
  expect(timeOfDay(at)).toBe('14:03:22');
});
