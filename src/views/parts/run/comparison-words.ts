import type { ComparedAsk, ComparedLack, ComparedDurations, ComparedFlaw, Difference, DurationPair } from '#monitor/comparison/comparison-report.ts';
import { formatDuration, localTime, noData } from '#views/parts/format.ts';

const minus = '\u2212';

export const flawWords: Readonly<Record<ComparedFlaw, string>> = {
  duplicate: 'Duplicates',
  late: 'After the close',
  out_of_order: 'Out of order',
  sequence_gap: 'Gaps in the sequence',
  dumped: 'Dumped at once',
};

export const lackWords: Readonly<Record<ComparedLack, string>> = {
  'unknown-environment': 'Nothing is known of this environment: connect to it, or open the capture.',
  'unknown-run': 'This run is not known here: it is older than what is remembered, or belongs to another session.',
  'no-good-run': 'No good run of this connection is known from before it.',
};

/** What a side is, in a few words. */
export function sideWords(side: ComparedAsk): string {
  if ('run' in side) return `run ${side.run}`;
  if ('lastGoodBefore' in side) return `last good run before ${side.lastGoodBefore}`;
  const { from, to } = side;
  if (from === undefined) return to === undefined ? 'all that is known' : `until ${localTime.time(to)}`;
  return to === undefined ? `since ${localTime.time(from)}` : `${localTime.time(from)} to ${localTime.time(to)}`;
}

/** `+1.28`, `−0.50`: percentage points. */
function points(by: number): string {
  const figure = Math.abs(by * 100).toFixed(2);
  return by === 0 ? '0' : Number(figure) === 0 ? `${by < 0 ? minus : '+'}< 0.01` : `${by < 0 ? minus : '+'}${figure}`;
}

/** `−1.28 points (−2.50 to −0.10)`; that nothing differs, or that there is nothing to compare. */
export function differenceFigure({ word, by, interval }: Difference): string {
  if (by === null) return noData;
  return word === 'same' ? 'the same' : `${points(by)} points (${points(interval[0])} to ${points(interval[1])})`;
}

const verdicts: Readonly<Record<Difference['word'], string>> = {
  'no-data': '',
  same: '',
  untold: 'no difference can be told from so few',
  higher: 'B is higher',
  lower: 'B is lower',
};

/** What can be said of a difference. */
export const differenceVerdict = ({ word }: Difference): string => verdicts[word];

/** `31 ms, p95 119 ms` */
export const durationsFigure = ({ p50, p95 }: ComparedDurations): string => (p50 === null || p95 === null ? noData : `${formatDuration(p50)}, p95 ${formatDuration(p95)}`);

/** By how much the median and the 95th percentile of B are longer. */
export function durationsDifference({ left, right }: DurationPair): string {
  if (left.p50 === null || right.p50 === null || left.p95 === null || right.p95 === null) return noData;
  return `${signed(right.p50 - left.p50)}, p95 ${signed(right.p95 - left.p95)}`;
}

/** `+12 ms`, `−40 ms` */
export const signed = (ms: number): string => (ms < 0 ? formatDuration(ms) : `+${formatDuration(ms)}`);
