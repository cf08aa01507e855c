import type { EpochMs } from '#base/units.ts';

/**
 * How figures are written, everywhere on the page. All functions take plain numbers (shares 0 to 1, lengths in
 * milliseconds) and give text; what was not counted is `noData`, never 0.
 */

export const noData = 'no data';
/** Narrow no-break space: stands before the per cent sign and between a figure and its unit where it must not break. */
const thin = '\u202f';
const minus = '\u2212';
/** Hides the error of binary fractions (0.57 × 10,000 is 5,699.999…), far below one event in a million. */
const hair = 1e-7;

const counts = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 });

/** `14,487` */
export const formatCount = (count: number): string => counts.format(count);

/** `36 of 14,487` */
export const formatPart = (part: number, whole: number): string => `${formatCount(part)} of ${formatCount(whole)}`;

/** `2,397 runs`, `1 run` */
export const formatRuns = (count: number): string => `${formatCount(count)} ${count === 1 ? 'run' : 'runs'}`;

/**
 * A share without its sign: two decimals, rounded down above one half, so that what is not whole never reads as whole;
 * `100` only if nothing at all is missing.
 */
function formatShareFigure(share: number): string {
  if (share === 1) return '100';
  if (share === 0) return '0';
  const hundredths = share > 0.5 ? Math.floor(share * 10_000 + hair) : Math.round(share * 10_000);
  if (hundredths <= 0) return '< 0.01';
  return (Math.min(hundredths, 9_999) / 100).toFixed(2);
}

/** `99.75 %`, with a narrow no-break space. */
export const formatShare = (share: number | null): string => (share === null ? noData : `${formatShareFigure(share)}${thin}%`);

/** `99.45 to 99.88 %` */
export const formatInterval = ([low, high]: readonly [number, number]): string =>
  `${formatShareFigure(low)} to ${formatShareFigure(high)}${thin}%`;

/** A target as people write it, without idle zeros: `99 %`, `99.9 %`. */
export const formatTarget = (target: number): string => `${formatTargetFigure(target)}${thin}%`;
export const formatTargetFigure = (target: number): string => String(Number((target * 100).toFixed(4)));

/** A length of time: `6.9 ms`, `24 ms`, `3.88 s`, `12.4 s`, `2 min 5 s`. Not cut off at 0. */
export function formatDuration(ms: number): string {
  if (ms < 0) return `${minus}${formatDuration(-ms)}`;
  if (ms < 9.95) return `${ms.toFixed(1)} ms`;
  if (ms < 999.5) return `${Math.round(ms)} ms`;
  if (ms < 9_995) return `${(ms / 1000).toFixed(2)} s`;
  if (ms < 99_950) return `${(ms / 1000).toFixed(1)} s`;
  const seconds = Math.round(ms / 1000);
  return seconds % 60 === 0 ? `${seconds / 60} min` : `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}

/**
 * A latency with its clock error: `52 ±24 ms`; `< e` where the error is larger than the latency itself.
 * An error that is too small to be seen at the figure's precision is left out.
 */
export function formatLatency(ms: number | null, uncertaintyMs: number | null = null): string {
  if (ms === null) return noData;
  if (uncertaintyMs === null) return formatDuration(ms);
  if (Math.abs(ms) < uncertaintyMs) return '< e';
  const [figure, unit] = splitUnit(formatDuration(ms));
  if (unit === undefined) return formatDuration(ms);
  const digits = figure.split('.')[1]?.length ?? 0;
  const error = (unit === 's' ? uncertaintyMs / 1000 : uncertaintyMs).toFixed(digits);
  return Number(error) === 0 ? `${figure} ${unit}` : `${figure} ±${error} ${unit}`;
}

function splitUnit(text: string): readonly [string, string | undefined] {
  const [figure = '', unit, ...more] = text.split(' ');
  return [figure, more.length === 0 ? unit : undefined];
}

/** A clock error alone: `±1.4 ms`. */
export const formatUncertainty = (ms: number): string => `±${formatDuration(ms)}`;

/** What is left of the error budget: `75 %`, or `overspent` (then `budgetNote` says by how much). */
export function formatBudgetLeft(consumed: number | null): string {
  if (consumed === null) return noData;
  if (consumed > 1) return 'overspent';
  const left = Math.floor((1 - consumed) * 100 + hair);
  return left === 0 && consumed < 1 ? `< 1${thin}%` : `${left}${thin}%`;
}

/** `128 % used` */
export const formatBudgetUsed = (consumed: number): string => `${Math.ceil(consumed * 100 - hair)}${thin}%`;

/** A window: `1 h`, `6 h`, `5 min`, `90 s`. */
export function formatWindow(ms: number): string {
  if (ms % 86_400_000 === 0) return `${ms / 86_400_000} d`;
  if (ms % 3_600_000 === 0) return `${ms / 3_600_000} h`;
  if (ms % 60_000 === 0) return `${ms / 60_000} min`;
  return `${Number((ms / 1000).toFixed(1))} s`;
}

/** How old something is: `0.5 s` under ten seconds, then `47 s`, `3 min`, `2 h`. */
export function formatAge(ms: number): string {
  if (ms < 9_950) return `${(Math.max(ms, 0) / 1000).toFixed(1)} s`;
  if (ms < 59_500) return `${Math.round(ms / 1000)} s`;
  if (ms < 3_570_000) return `${Math.round(ms / 60_000)} min`;
  if (ms < 86_400_000) return `${Math.round(ms / 3_600_000)} h`;
  return `${Math.round(ms / 86_400_000)} d`;
}

/** How long the view has been frozen: `00:42`, `61:07`. */
export function formatFrozen(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  return `${String(Math.floor(seconds / 60)).padStart(2, '0')}:${String(seconds % 60).padStart(2, '0')}`;
}

/** Clock readings in one time zone. */
export interface TimeFormat {
  /** `14:03:22` */
  readonly time: (at: EpochMs) => string;
  /** `14:03:22.125` */
  readonly precise: (at: EpochMs) => string;
  /** `14:03` */
  readonly minute: (at: EpochMs) => string;
  /** `CET` */
  readonly zone: (at: EpochMs) => string;
}

/** @param timeZone an IANA name; the reader's own zone if left out. */
export function timeFormat(timeZone?: string): TimeFormat {
  const zone = timeZone === undefined ? {} : { timeZone };
  const base = { hour: '2-digit', minute: '2-digit', hourCycle: 'h23', ...zone } as const;
  const time = new Intl.DateTimeFormat('en-GB', { ...base, second: '2-digit' });
  const precise = new Intl.DateTimeFormat('en-GB', { ...base, second: '2-digit', fractionalSecondDigits: 3 });
  const minute = new Intl.DateTimeFormat('en-GB', base);
  const named = new Intl.DateTimeFormat('en-GB', { ...base, timeZoneName: 'short' });
  return {
    time: (at) => time.format(at),
    precise: (at) => precise.format(at),
    minute: (at) => minute.format(at),
    zone: (at) => named.formatToParts(at).find((part) => part.type === 'timeZoneName')?.value ?? 'local',
  };
}

/** Clock readings where the reader is. */
export const localTime = timeFormat();
/** Clock readings in UTC. */
export const utcTime = timeFormat('UTC');
