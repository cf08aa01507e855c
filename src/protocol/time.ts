import type { JsonValue } from '#base/json.ts';
import type { EpochMs } from '#base/units.ts';
import { epochMs } from '#base/units.ts';

/**
 * The instant that a target wrote, in epoch milliseconds, or undefined where it is none.
 * A number below 1e11 is seconds, below 1e14 milliseconds, below 1e17 microseconds, else nanoseconds: any finite number is taken at its
 * word, zero and negative ones too, so that a wrong clock shows as a wrong latency and not as silence.
 * A text is `YYYY-MM-DD`, `T` or a space, `hh:mm[:ss[.fraction]]` and a zone (`Z`, `±hh:mm`, `±hhmm`) or none, which means UTC.
 */
export function instantOf(value: JsonValue | undefined): EpochMs | undefined {
  if (typeof value === 'number') return instantOfNumber(value);
  if (typeof value === 'string') return instantOfText(value);
  return undefined;
}

function instantOfNumber(value: number): EpochMs | undefined {
  const milliseconds = value < 1e11 ? value * 1000 : value < 1e14 ? value : value < 1e17 ? value / 1000 : value / 1e6;
  return Number.isFinite(milliseconds) ? epochMs(milliseconds) : undefined;
}

const minuteMs = 60_000;
const dayMs = 86_400_000;
const monthLengths = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

// Read by hand: `Date.parse` takes many more forms, reads a zone-less text as local time, and differs between engines beyond the standard's own form.
function instantOfText(text: string): EpochMs | undefined {
  if (text[4] !== '-' || text[7] !== '-' || (text[10] !== 'T' && text[10] !== ' ') || text[13] !== ':') return undefined;
  const year = digits(text, 0, 4);
  const month = digits(text, 5, 2);
  const day = digits(text, 8, 2);
  const hour = digits(text, 11, 2);
  const minute = digits(text, 14, 2);
  if (year < 0 || day < 1 || day > lengthOfMonth(year, month) || hour < 0 || hour > 23 || minute < 0 || minute > 59) return undefined;

  let end = 16;
  let milliseconds = 0;
  if (text[end] === ':') {
    const second = digits(text, 17, 2);
    if (second < 0 || second > 59) return undefined;
    milliseconds = second * 1000;
    end = 19;
    if (text[end] === '.') {
      const from = end + 1;
      end = from;
      while (isDigit(text.charCodeAt(end))) end += 1;
      if (end === from) return undefined;
      milliseconds += Number(text.slice(from, Math.min(end, from + 3)).padEnd(3, '0'));
    }
  }
  const offset = zoneOffset(text, end);
  if (offset === undefined) return undefined;
  return epochMs(daysSinceEpoch(year, month, day) * dayMs + (hour * 60 + minute - offset) * minuteMs + milliseconds);
}

/** Minutes east of UTC that the zone at `from` stands for; undefined where the rest of the text is no zone. */
function zoneOffset(text: string, from: number): number | undefined {
  const rest = text.length - from;
  if (rest === 0) return 0;
  const sign = text[from];
  if (rest === 1) return sign === 'Z' ? 0 : undefined;
  const colon = text[from + 3] === ':' ? 1 : 0;
  if ((sign !== '+' && sign !== '-') || rest !== 5 + colon) return undefined;
  const hours = digits(text, from + 1, 2);
  const minutes = digits(text, from + 3 + colon, 2);
  if (hours < 0 || hours > 23 || minutes < 0 || minutes > 59) return undefined;
  return (sign === '-' ? -1 : 1) * (hours * 60 + minutes);
}

/** The number that `count` digits spell, or -1 where one of them is no digit. */
function digits(text: string, from: number, count: number): number {
  let value = 0;
  for (let at = from; at < from + count; at += 1) {
    const code = text.charCodeAt(at);
    if (!isDigit(code)) return -1;
    value = value * 10 + code - 48;
  }
  return value;
}

function isDigit(code: number): boolean {
  return code >= 48 && code <= 57;
}

/** Days in a month from 1; 0 for a month that does not exist. */
function lengthOfMonth(year: number, month: number): number {
  const leap = month === 2 && year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  return leap ? 29 : (monthLengths[month - 1] ?? 0);
}

/** Days from 1970-01-01 to a day of the Gregorian calendar (`days_from_civil`, Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms"). */
function daysSinceEpoch(year: number, month: number, day: number): number {
  const shifted = month <= 2 ? year - 1 : year;
  const era = Math.floor(shifted / 400);
  const yearOfEra = shifted - era * 400;
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1;
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear;
  return era * 146_097 + dayOfEra - 719_468;
}
