import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { epochMs } from '#base/units.ts';
import type { ComparedAsk } from '#monitor/comparison/comparison-report.ts';
import { formatComparison, parseComparison } from '#views/parts/run/comparison-address.ts';
import { changeQuery, parseQuery } from '#views/parts/url-state.ts';

describe('what is compared, in the address', () => {
  test('reads as it is written', () => {
    const from = epochMs(Date.UTC(2026, 10, 18, 14));
    const sides = { left: { environmentId: 'staging', from, to: undefined }, right: { environmentId: 'capture:1', run: 'r-e72b38' } };
    expect(formatComparison(sides)).toBe('staging/2026-11-18T14:00:00.000Z..,capture%3A1/run:r-e72b38');
    expect(parseComparison(formatComparison(sides))).toEqual(sides);
    expect(parseComparison('local/last-good:r-1,local/..')).toEqual({ left: { environmentId: 'local', lastGoodBefore: 'r-1' }, right: { environmentId: 'local', from: undefined, to: undefined } });
  });

  test.each([undefined, '', 'usual', 'local/..', ',', 'local/..,', 'local/..,local/..,local/..', '/run:a,/run:b', 'local/run:,local/..', 'local/then..now,local/..', 'local/%E0%A4%A,local/..', 'local/run:%E0%A4%A,local/..', 'local/......,local/..', 'local,local'])('%j leaves it to the page', (text) => {
    expect(parseComparison(text)).toBeUndefined();
  });

  test('comes whole through a link, whatever the ids hold', () => {
    const id = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 20 });
    const time = fc.option(fc.integer({ min: 0, max: 4e12 }).map(epochMs), { nil: undefined });
    const side: fc.Arbitrary<ComparedAsk> = fc.oneof(
      fc.record({ environmentId: id, run: id }),
      fc.record({ environmentId: id, lastGoodBefore: id }),
      fc.record({ environmentId: id, from: time, to: time }),
    );
    fc.assert(
      fc.property(side, side, (left, right) => {
        const search = changeQuery('?view=triage', { compare: formatComparison({ left, right }) });
        expect(parseComparison(parseQuery(search).compare)).toEqual({ left, right });
      }),
    );
  });

  test('half of a letter, which a target may send, breaks nothing', () => {
    expect(() => formatComparison({ left: { environmentId: 'local', run: '\ud800' }, right: { environmentId: 'local', run: 'a' } })).not.toThrow();
  });
});
