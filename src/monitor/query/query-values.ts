import type { Moment } from './query.ts';

const units: ReadonlyMap<string, number> = new Map([
  ['', 1],
  ['ms', 1],
  ['s', 1000],
  ['m', 60_000],
  ['min', 60_000],
  ['h', 3_600_000],
]);
const durationForm = /^(\d{1,9}(?:\.\d{1,6})?)([a-z]{0,3})$/i;

/** A length of time in milliseconds, to the microsecond: `500ms`, `1.5s`, `2m`, `1h`; without a unit milliseconds. Undefined: it is none. */
export function parseDuration(text: string): number | undefined {
  const [, figure, unit = ''] = durationForm.exec(text) ?? [];
  const unitMs = units.get(unit.toLowerCase());
  if (figure === undefined || unitMs === undefined) return undefined;
  return Math.round(Number(figure) * unitMs * 1000) / 1000;
}

const momentForm = /^(?:(\d{4}-\d\d-\d\d)T)?(\d\d:\d\d)(:\d\d)?(\.\d{3})?Z$/i;

/** A moment in UTC: `14:21:07Z`, `2026-11-18T14:21Z`, to the minute, the second or the millisecond. Undefined: it is none. */
export function parseMoment(text: string): Moment | undefined {
  const [, day, minutes, seconds, fraction] = momentForm.exec(text) ?? [];
  if (minutes === undefined || (fraction !== undefined && seconds === undefined)) return undefined;
  const ms = Date.parse(`${day ?? '1970-01-01'}T${minutes}${seconds ?? ':00'}${fraction ?? '.000'}Z`);
  // The platform takes 24:00 and the 30th of February for the day after.
  if (Number.isNaN(ms) || !new Date(ms).toISOString().startsWith(`${day ?? '1970-01-01'}T${minutes}`)) return undefined;
  return { kind: day === undefined ? 'time-of-day' : 'instant', ms, lastsMs: fraction !== undefined ? 1 : seconds !== undefined ? 1000 : 60_000 };
}
