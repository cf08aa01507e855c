import type { EpochMs } from '#base/units.ts';
import { redact } from '#record/capture-writer.ts';
import { count, share, timeOfDay } from '#monitor/figures.ts';

const longestName = 60;
const fewNames = 3;

/** Characters that show nothing, or that turn the direction of what follows: a name is chosen by the target. */
const unseen = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;

/** A text of a target's or a person's: on one line, short enough to leave room for others, and without what looks like a secret. */
export function plain(text: string, longest = longestName): string {
  const seen = redact(text).replace(unseen, '\u{fffd}');
  return seen.length > longest ? `${seen.slice(0, longest - 1)}…` : seen;
}

/** `#17` for the connection `staging#17`. */
export const place = (connection: string): string => plain(`#${connection.split('#').at(-1) ?? connection}`);

/** `#17, #42 and #88`; of many, the first and how many more. */
export function listed(names: readonly string[], all = names.length): string {
  const few = names.length === all && all <= fewNames + 1 ? names : names.slice(0, fewNames);
  const more = all - few.length;
  if (more > 0) return `${few.join(', ')} and ${count(more)} more`;
  const last = few.at(-1) ?? '';
  return few.length < 2 ? last : `${few.slice(0, -1).join(', ')} and ${last}`;
}

/** `3 runs`, `1 run` */
export const several = (n: number, one: string, many = `${one}s`): string => `${count(n)} ${n === 1 ? one : many}`;

/** `executing 264, started 242`: the most frequent first, of equals the first to come. */
export function tally(counts: ReadonlyMap<string, number>, most = 5, between = ' '): string {
  const sorted = [...counts].sort(([, a], [, b]) => b - a);
  const shown = sorted.slice(0, most).map(([name, n]) => `${plain(name)}${between}${count(n)}`);
  return sorted.length > most ? `${shown.join(', ')}, and ${count(sorted.length - most)} more kinds` : shown.join(', ');
}

export function countBy<T>(items: Iterable<T>, nameOf: (item: T) => string | undefined): Map<string, number> {
  const counts = new Map<string, number>();
  for (const item of items) {
    const name = nameOf(item);
    if (name !== undefined) counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return counts;
}

/** `98.57 to 98.86 %` */
export const range = ([low, high]: readonly [number, number]): string => `${share(low).replace('\u202f%', '')} to ${share(high)}`;

/** `14:21:04`, or `14:21:04 to 14:21:13` */
export const stretch = (from: EpochMs, to: EpochMs): string => (timeOfDay(from) === timeOfDay(to) ? timeOfDay(from) : `${timeOfDay(from)} to ${timeOfDay(to)}`);

/** `5 lossy runs in a row on #17` */
export function streakWords({ scope, name }: { readonly scope: 'connection' | 'user' | 'type'; readonly name: string }): string {
  return scope === 'type' ? `5 runs in a row without ${plain(name)}` : `5 lossy runs in a row ${scope === 'connection' ? `on ${place(name)}` : `of ${plain(name)}`}`;
}

/** A length of time in words: `0.4 s`, `24 s`, `45 min`, `3 h 5 min`. */
export function lasting(ms: number): string {
  if (ms < 10_000) return `${Number((ms / 1000).toFixed(1))} s`;
  if (ms < 120_000) return `${Math.round(ms / 1000)} s`;
  const minutes = Math.round(ms / 60_000);
  return minutes < 120 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** `6.9 ms`, `162 ms`, `3.88 s`. */
export function latencyWords(ms: number): string {
  if (Math.abs(ms) < 9.95) return `${ms.toFixed(1)} ms`;
  return Math.abs(ms) < 999.5 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(2)} s`;
}
