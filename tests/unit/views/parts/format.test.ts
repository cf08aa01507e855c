import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { epochMs } from '#base/units.ts';
import {
  formatAge,
  formatBudgetLeft,
  formatBudgetUsed,
  formatCount,
  formatDuration,
  formatFrozen,
  formatInterval,
  formatLatency,
  formatPart,
  formatRuns,
  formatShare,
  formatTarget,
  formatUncertainty,
  formatWindow,
  timeFormat,
} from '#views/parts/format.ts';

const thin = '\u202f';

describe('counts', () => {
  test('have commas and name their whole', () => {
    expect(formatCount(14_487)).toBe('14,487');
    expect(formatPart(36, 14_487)).toBe('36 of 14,487');
    expect(formatRuns(1)).toBe('1 run');
    expect(formatRuns(2397)).toBe('2,397 runs');
  });
});

describe('shares', () => {
  test.each([
    [14_451 / 14_487, '99.75'],
    [0.99999999, '99.99'],
    [1, '100'],
    [0.57, '57.00'],
    [0.5, '50.00'],
    [0.0123, '1.23'],
    [0.00001, '< 0.01'],
    [0, '0'],
  ])('%d is %s %%', (share, text) => {
    expect(formatShare(share)).toBe(`${text}${thin}%`);
  });

  test('nothing counted is never 0', () => {
    expect(formatShare(null)).toBe('no data');
  });

  test('"100 %" stands only where nothing at all is missing', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 5_000_000 }), fc.nat(), (valid, some) => {
        const good = some % (valid + 1);
        return formatShare(good / valid).startsWith('100') === (good === valid);
      }),
    );
  });

  test('above one half a share is never rounded up', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1_000_000 }), fc.nat(), (valid, some) => {
        const good = some % (valid + 1);
        fc.pre(good * 2 > valid);
        const shown = Number.parseFloat(formatShare(good / valid));
        return shown <= (good / valid) * 100 + 1e-9 && shown > (good / valid) * 100 - 0.0101;
      }),
    );
  });

  test('intervals and targets', () => {
    expect(formatInterval([0.99452, 0.9988])).toBe(`99.45 to 99.88${thin}%`);
    expect(formatInterval([0.98844, 1])).toBe(`98.84 to 100${thin}%`);
    expect(formatTarget(0.99)).toBe(`99${thin}%`);
    expect(formatTarget(0.9995)).toBe(`99.95${thin}%`);
  });
});

describe('lengths of time', () => {
  test.each([
    [6.93, '6.9 ms'],
    [9.96, '10 ms'],
    [24.4, '24 ms'],
    [999.6, '1.00 s'],
    [3876, '3.88 s'],
    [12_430, '12.4 s'],
    [125_000, '2 min 5 s'],
    [300_000, '5 min'],
    [-12.2, '\u221212 ms'],
    [0, '0.0 ms'],
  ])('%d ms is %s', (ms, text) => {
    expect(formatDuration(ms)).toBe(text);
  });

  test.each([
    [52, 24, '52 ±24 ms'],
    [6.93, 1.42, '6.9 ±1.4 ms'],
    [11, 24, '< e'],
    [-11, 24, '< e'],
    [-40, 24, '\u221240 ±24 ms'],
    [3876, 24, '3.88 ±0.02 s'],
    [3876, 1, '3.88 s'],
    [125_000, 24, '2 min 5 s'],
    [52, null, '52 ms'],
  ])('a latency of %d ms with an error of %s ms is %s', (ms, error, text) => {
    expect(formatLatency(ms, error)).toBe(text);
  });

  test('a latency that was not measured is no 0', () => {
    expect(formatLatency(null, 3)).toBe('no data');
  });

  test('clock error, windows, ages, frozen time', () => {
    expect(formatUncertainty(1.42)).toBe('±1.4 ms');
    expect([3_600_000, 86_400_000, 300_000, 90_000].map(formatWindow)).toEqual(['1 h', '1 d', '5 min', '90 s']);
    expect([520, -3, 9_949, 47_200, 200_000, 7_300_000, 200_000_000].map(formatAge)).toEqual(['0.5 s', '0.0 s', '9.9 s', '47 s', '3 min', '2 h', '2 d']);
    expect([42_900, 3_667_000, -1].map(formatFrozen)).toEqual(['00:42', '61:07', '00:00']);
  });
});

test('an error budget is left, nearly gone, or overspent', () => {
  expect(formatBudgetLeft(0.2485)).toBe(`75${thin}%`);
  expect(formatBudgetLeft(0)).toBe(`100${thin}%`);
  expect(formatBudgetLeft(0.999)).toBe(`< 1${thin}%`);
  expect(formatBudgetLeft(1)).toBe(`0${thin}%`);
  expect(formatBudgetLeft(1.278)).toBe('overspent');
  expect(formatBudgetUsed(1.278)).toBe(`128${thin}%`);
  expect(formatBudgetLeft(null)).toBe('no data');
});

test('times of day in a zone that is named', () => {
  const at = epochMs(Date.UTC(2026, 10, 18, 13, 3, 22, 125));
  const berlin = timeFormat('Europe/Berlin');
  expect(berlin.time(at)).toBe('14:03:22');
  expect(berlin.precise(at)).toBe('14:03:22.125');
  expect(berlin.minute(at)).toBe('14:03');
  expect(berlin.zone(at)).toBe('CET');
  expect(timeFormat('UTC').time(at)).toBe('13:03:22');
});
