import type { EpochMs } from '#base/units.ts';
import type { StoredCapture } from '#monitor/archive-client.ts';
import { formatAge, formatCount, localTime, type TimeFormat } from '#views/parts/format.ts';

/** `17.4 MiB` */
export function formatBytes(bytes: number): string {
  if (bytes < 1024) return `${bytes} B`;
  if (bytes < 1_048_576) return `${Math.round(bytes / 1024)} KiB`;
  return `${(bytes / 1_048_576).toFixed(bytes < 104_857_600 ? 1 : 0)} MiB`;
}

/** `22 Nov, 14:03:22 to 15:10:04 CET`; with both days where they differ. */
export function spanText(from: EpochMs, to: EpochMs, time: TimeFormat = localTime, timeZone?: string): string {
  const day = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', ...(timeZone === undefined ? {} : { timeZone }) });
  const isOneDay = day.format(from) === day.format(to);
  return `${day.format(from)}, ${time.time(from)} to ${isOneDay ? '' : `${day.format(to)}, `}${time.time(to)} ${time.zone(to)}`;
}

/** What is not in a capture though it happened while it was written; each a short sentence. */
export function lossesOf({ gaps, tornLines, lost, evicted, keptFrom }: StoredCapture): string[] {
  const gapMs = gaps.reduce((sum, { from, to }) => sum + to - from, 0);
  return [
    ...(gaps.length === 0 ? [] : [`Nobody watched for ${formatAge(gapMs)}${gaps.length === 1 ? '' : ` in ${formatCount(gaps.length)} interruptions`}.`]),
    ...(tornLines === 0 ? [] : [`${formatCount(tornLines)} ${tornLines === 1 ? 'line was' : 'lines were'} torn by a crash.`]),
    ...(lost === 0 ? [] : [`${formatCount(lost)} ${lost === 1 ? 'record was' : 'records were'} never stored.`]),
    ...(evicted === 0 ? [] : [`${formatCount(evicted)} ${evicted === 1 ? 'record' : 'records'} made room; the oldest that is there is of ${localTime.time(keptFrom)}.`]),
  ];
}

/** Why it does not make room for newer ones; undefined where it does. */
export function keptText({ kept, pinned }: StoredCapture): string | undefined {
  if (kept) return 'Kept: it makes no room for newer ones.';
  const [because, ...more] = pinned;
  if (because === undefined) return undefined;
  return `Kept around a breach${more.length === 0 ? '' : ` and ${formatCount(more.length)} more`}: ${because}`;
}

/** What it is called: by somebody, or by its environment. */
export const titleOf = ({ name, environmentName }: StoredCapture): string => name ?? environmentName;

/** The name of its file. */
export function fileNameOf(capture: StoredCapture): string {
  const plain = titleOf(capture).toLowerCase().replaceAll(/[^a-z0-9]+/g, '-').replaceAll(/^-|-$/g, '');
  return `${plain === '' ? 'capture' : plain}-${new Date(capture.from).toISOString().slice(0, 19).replaceAll(/[T:]/g, '-')}.jsonl`;
}
