import { describe, expect, test } from 'vitest';
import { epochMs } from '#base/units.ts';
import { shownStretch, stretchBefore, usualComparisonOf } from '#views/parts/run/usual-comparison.ts';

const at = (seconds: number) => epochMs(1_760_000_000_000 + 1000 * seconds);
const shown = { from: at(600), to: at(660) };

describe('what is compared unasked', () => {
  test('an open run with the last good one of its connection', () => {
    expect(usualComparisonOf('local', 'r-1', shown, at(0))).toEqual({ left: { environmentId: 'local', lastGoodBefore: 'r-1' }, right: { environmentId: 'local', run: 'r-1' } });
  });

  test('what is on the screen with as much before the onset', () => {
    expect(usualComparisonOf('local', undefined, shown, at(300))).toEqual({ left: { environmentId: 'local', from: at(240), to: at(300) }, right: { environmentId: 'local', ...shown } });
  });

  test('an onset within what is shown, or none: with as much before it', () => {
    for (const onset of [at(630), undefined]) expect(stretchBefore(shown, onset)).toEqual({ from: at(540), to: at(600) });
  });

  test('a view that runs with the time by its newest five minutes', () => {
    expect(shownStretch({ from: undefined, to: undefined }, at(400))).toEqual({ from: at(100), to: at(400) });
    expect(shownStretch({ from: at(9), to: at(5) }, at(400))).toEqual({ from: at(100), to: at(400) });
    expect(shownStretch(shown, at(400))).toEqual(shown);
  });
});
