import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { instantOf } from '#protocol/time.ts';

describe('numbers', () => {
  test.each([
    ['seconds', 1_758_189_600, 1_758_189_600_000],
    ['seconds with a fraction', 1_758_189_600.125, 1_758_189_600_125],
    ['the last of the seconds', 99_999_999_999, 99_999_999_999_000],
    ['the first of the milliseconds', 1e11, 1e11],
    ['milliseconds', 1_758_189_600_125, 1_758_189_600_125],
    ['milliseconds with a fraction', 1_758_189_600_125.5, 1_758_189_600_125.5],
    ['the last of the milliseconds', 99_999_999_999_999, 99_999_999_999_999],
    ['the first of the microseconds', 1e14, 1e11],
    ['microseconds', 1_758_189_600_125_250, 1_758_189_600_125.25],
    ['the first of the nanoseconds', 1e17, 1e11],
    ['nanoseconds', 1_758_189_600_125_000_000, 1_758_189_600_125],
    ['zero', 0, 0],
    ['a time before 1970', -1, -1000],
    ['the end of what a double counts by one', 2 ** 53 + 1, 9_007_199_254_740.992],
    ['past what a calendar can show', 8.65e15, 8.65e12],
  ])('%s', (_, value, milliseconds) => {
    expect(instantOf(value)).toBe(milliseconds);
  });

  test.each([Infinity, -Infinity, NaN, -1.7e308])('%s is no time', (value) => {
    expect(instantOf(value)).toBeUndefined();
  });
});

describe('texts', () => {
  const noon = Date.UTC(2025, 8, 18, 12, 0, 0);
  test.each([
    ['2025-09-18T12:00:00Z', noon],
    ['2025-09-18 12:00:00Z', noon],
    ['2025-09-18T12:00Z', noon],
    ['2025-09-18T12:00', noon],
    ['2025-09-18 12:00:00', noon],
    ['2025-09-18T12:00:00+00:00', noon],
    ['2025-09-18T12:00:00-00:00', noon],
    ['2025-09-18T14:00:00+02:00', noon],
    ['2025-09-18T14:00:00+0200', noon],
    ['2025-09-18T06:30:00-05:30', noon],
    ['2025-09-18T06:30-0530', noon],
    ['2025-09-19T01:45:00+13:45', noon],
    ['2025-09-18T12:00:00.5', noon + 500],
    ['2025-09-18T12:00:00.05Z', noon + 50],
    ['2025-09-18T12:00:00.125+00:00', noon + 125],
    ['2025-09-18T12:00:00.447585', noon + 447],
    ['2025-09-18T12:00:00.999999999999999999Z', noon + 999],
    ['1969-12-31T23:59:59.999999Z', -1],
    ['2024-02-29T00:00:00Z', Date.UTC(2024, 1, 29)],
    ['2000-02-29T00:00:00Z', Date.UTC(2000, 1, 29)],
    ['0001-01-01T00:00:00Z', Date.parse('0001-01-01T00:00:00Z')],
    ['0099-12-31T23:59:59Z', Date.parse('0099-12-31T23:59:59Z')],
    ['9999-12-31T23:59:59.999Z', Date.parse('9999-12-31T23:59:59.999Z')],
  ])('%s', (text, milliseconds) => {
    expect(instantOf(text)).toBe(milliseconds);
  });

  test.each([
    ['', 'nothing'],
    ['2025-09-18', 'no time of day'],
    ['2025-09-18T12', 'no minute'],
    ['2025-09-18T12:00:00.', 'a point and no fraction'],
    ['2025-09-18T12:00:00,5Z', 'a comma'],
    ['2025-09-18T12:00.5Z', 'a fraction of a minute'],
    ['2025-09-18t12:00:00Z', 'a small t'],
    ['2025-09-18T12:00:00z', 'a small z'],
    ['2025-09-18_12:00:00Z', 'another separator'],
    ['2025-09-18T12:00:00 Z', 'a space before the zone'],
    [' 2025-09-18T12:00:00Z', 'a space in front'],
    ['2025-09-18T12:00:00Z ', 'a space behind'],
    ['2025-09-18T12:00:00+02', 'half a zone'],
    ['2025-09-18T12:00:00+2:00', 'a short zone'],
    ['2025-09-18T12:00:00+02:0', 'a zone cut off'],
    ['2025-09-18T12:00:00+02:00:00', 'a zone with seconds'],
    ['2025-09-18T12:00:00+24:00', 'a zone of a day'],
    ['2025-09-18T12:00:00+02:60', 'a zone with 60 minutes'],
    ['2025-09-18T12:00:00+a2:00', 'letters in the zone'],
    ['2025-09-18T12:00:00EST', 'a zone by name'],
    ['2025-09-18T12:00:00*02:00', 'a zone without sign'],
    ['2025-9-18T12:00:00Z', 'a short month'],
    ['25-09-18T12:00:00Z', 'a short year'],
    ['20250918T120000Z', 'the basic form'],
    ['+002025-09-18T12:00:00Z', 'the long year'],
    ['2025-00-18T12:00:00Z', 'month 0'],
    ['2025-13-18T12:00:00Z', 'month 13'],
    ['2025-09-00T12:00:00Z', 'day 0'],
    ['2025-09-31T12:00:00Z', 'the 31st of September'],
    ['2025-02-29T12:00:00Z', 'the 29th of February in no leap year'],
    ['1900-02-29T12:00:00Z', 'the 29th of February in 1900'],
    ['2025-09-18T24:00:00Z', 'hour 24'],
    ['2025-09-18T12:60:00Z', 'minute 60'],
    ['2025-09-18T12:00:60Z', 'second 60'],
    ['2025-09-18T12:0x:00Z', 'a letter'],
    ['2025-0:-18T12:00:00Z', 'a colon for a digit'],
    ['2025-09-18T12:00:0', 'half a second'],
    ['２０２５-09-18T12:00:00Z', 'wide digits'],
    ['1758189600125', 'a number as text'],
    ['Thu, 18 Sep 2025 12:00:00 GMT', 'the form of e-mail'],
    ['tomorrow', 'a word'],
  ])('%s is no time: %s', (text) => {
    expect(instantOf(text)).toBeUndefined();
  });

  test('every instant between the years 1 and 9999 is read as the platform reads it', () => {
    const first = Date.parse('0001-01-01T00:00:00Z');
    const last = Date.parse('9999-12-31T23:59:59.999Z');
    fc.assert(
      fc.property(fc.integer({ min: first, max: last }), fc.constantFrom('T', ' '), (at, separator) => {
        expect(instantOf(new Date(at).toISOString().replace('T', separator))).toBe(at);
      }),
    );
  });

  test('a zone moves the instant by its offset, and by nothing else', () => {
    const two = (value: number): string => String(value).padStart(2, '0');
    fc.assert(
      fc.property(fc.boolean(), fc.nat(23), fc.nat(59), fc.constantFrom('', ':'), (east, hours, minutes, colon) => {
        const text = `2025-09-18T12:00:00${east ? '+' : '-'}${two(hours)}${colon}${two(minutes)}`;
        expect(instantOf(text)).toBe(noon - (east ? 1 : -1) * (hours * 60 + minutes) * 60_000);
      }),
    );
  });

  test('any text gives a whole number of milliseconds or nothing', () => {
    const near = fc.stringMatching(/^\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:?\d\d)?$/);
    fc.assert(
      fc.property(fc.oneof(fc.string(), near), (text) => {
        const at = instantOf(text);
        expect(at === undefined || Number.isInteger(at)).toBe(true);
      }),
    );
  });
});

test.each([[undefined], [null], [true], [[]], [{}], [[1_758_189_600]], [{ seconds: 1_758_189_600 }]])('%j is no time', (value) => {
  expect(instantOf(value)).toBeUndefined();
});
