import { epochMs, type EpochMs } from '#base/units.ts';
import type { RunFault } from '#runs/run.ts';
import { wilson } from '#slo/interval.ts';
import type { RowKind } from './incident-book.ts';
import type { IncidentStage } from './incident-report.ts';
import { earliest, mostOften, type IncidentRow, type LaneShare } from './incident-row.ts';
import type { IncidentRows, PastRow } from './incident-rows.ts';

/** Trouble of one kind in one stretch of time, on the connections that have it. */
export interface Episode {
  readonly kind: RowKind;
  /** Numbers of the connections, in the order of their first trouble. */
  readonly lanes: readonly number[];
  /** When it began, and the number of its first run (−1: none). */
  readonly onset: { readonly at: EpochMs; readonly run: number };
  readonly lastAt: EpochMs;
  /** When it was known to be no accident; undefined while it is not. */
  readonly alarmedAt: EpochMs | undefined;
  /** Trials are runs, of `late` events; these and their events as counted on the connections that have it. */
  readonly trials: number;
  readonly bad: number;
  readonly expected: number;
  readonly lost: number;
  readonly meanMs: number;
  /** Whether anything of the kind was seen on other connections meanwhile. */
  readonly othersHaveIt: boolean;
  readonly types: ReadonlyMap<string, number>;
  readonly stage: IncidentStage;
  readonly fault: RunFault;
  /** The newest first. */
  readonly runs: readonly number[];
  readonly isOver: boolean;
}

/** Trouble that was over less than this ago is told of still, in milliseconds. */
export const toldAfterMs = 300_000;
const mostRuns = 20;
/** Fewer bad trials than this on connections that are not struck themselves are chance, whatever their share. */
const fewestOthers = 3;

/**
 * The trouble of one kind that there is now.
 *
 * It is on the connections whose own rows alarm, or are about to. Where the other connections together show more of it than is usual (by Wilson's
 * lower bound, and by three at least, or by as many as would alarm where none is struck by itself), it is on every connection that showed any since.
 * @param isExplained tells of a connection's row that a graver trouble explains it
 * @param atStake true where the promise itself is missed or at risk: then too little for an alarm is told of as well
 */
export function presentEpisode(kind: RowKind, rows: IncidentRows, isExplained: (lane: number, row: IncidentRow | undefined) => boolean, atStake: boolean): Episode | undefined {
  const own = Array.from(rows.lanes).filter(([lane, row]) => !isExplained(lane, row));
  const struck = own.filter(([, row]) => row.isSuspicious);
  const isAlarmed = rows.all?.alarmedAt !== undefined;
  if (!isAlarmed && !atStake && !struck.some(([, row]) => row.alarmedAt !== undefined)) return undefined;
  const all = isAlarmed || !atStake ? rows.all : rows.slight;
  const struckLanes = new Set(struck.map(([lane]) => lane));
  const others = Array.from(all?.lanes ?? []).filter(([lane]) => !struckLanes.has(lane) && !isExplained(lane, rows.lanes.get(lane)));
  const rest = sumOf(others.map(([, share]) => share));
  const fewest = struck.length > 0 ? fewestOthers : isAlarmed ? rows.enough : 1;
  const isWide = all !== undefined && rest.bad >= fewest && wilson(rest.bad, rest.trials)[0] > (struck.length === 0 ? 0 : rows.usual);
  if (isWide) {
    const wide = episodeOf(kind, [all], [...all.lanes].filter(([lane, { bad }]) => bad > 0 && !isExplained(lane, rows.lanes.get(lane))), false);
    return wide === undefined || isAlarmed ? wide : { ...wide, alarmedAt: undefined };
  }
  if (struck.length === 0) return undefined;
  const shares = struck.flatMap(([lane, row]) => Array.from(row.lanes, ([, share]) => [lane, share] as const));
  return episodeOf(kind, struck.map(([, row]) => row), shares, rest.bad > 0);
}

/** Trouble of one kind that alarmed and is over, where any of it lay in a stretch of time. What lay close together is one. */
export function pastEpisodes(kind: RowKind, past: readonly PastRow[], from: EpochMs, to: EpochMs): readonly Episode[] {
  const groups: PastRow[][] = [];
  let until = Number.NEGATIVE_INFINITY;
  const within = past.filter(({ row }) => row.lastBadAt >= from && row.onset().at <= to);
  for (const each of within.toSorted((a, b) => a.row.onset().at - b.row.onset().at)) {
    if (each.row.onset().at > until) groups.push([]);
    groups.at(-1)?.push(each);
    until = Math.max(until, each.row.lastBadAt);
  }
  return groups.flatMap((group) => {
    const own = group.flatMap(({ lane, row }) => (lane === undefined ? [] : [{ lane, row }]));
    const all = group.flatMap(({ lane, row }) => (lane === undefined ? [row] : []));
    const rows = own.length > 0 ? own.map(({ row }) => row) : all;
    const shares = own.length > 0 ? own.flatMap(({ lane, row }) => Array.from(row.lanes, ([, share]) => [lane, share] as const)) : all.flatMap((row) => [...row.lanes].filter(([, { bad }]) => bad > 0));
    const episode = episodeOf(kind, rows, shares, false);
    return episode === undefined ? [] : [{ ...episode, isOver: true }];
  });
}

function episodeOf(kind: RowKind, rows: readonly IncidentRow[], shares: readonly (readonly [number, LaneShare])[], othersHaveIt: boolean): Episode | undefined {
  const onset = rows.map((row) => row.onset()).reduce<Episode['onset'] | undefined>((first, each) => (first === undefined || each.at < first.at ? each : first), undefined);
  if (onset === undefined || shares.length === 0) return undefined;
  const alarms = rows.flatMap(({ alarmedAt }) => (alarmedAt === undefined ? [] : [alarmedAt]));
  const bad = rows.reduce((sum, row) => sum + row.bad, 0);
  return {
    kind,
    onset,
    lanes: [...new Set(shares.map(([lane]) => lane))],
    lastAt: epochMs(Math.max(...rows.map(({ lastBadAt }) => lastBadAt))),
    alarmedAt: alarms.length === 0 ? undefined : earliest(alarms),
    ...sumOf(shares.map(([, share]) => share)),
    meanMs: rows.reduce((sum, row) => sum + row.lateMs, 0) / Math.max(1, bad),
    othersHaveIt,
    types: joined(rows.map(({ types }) => types)),
    stage: mostOften(joined(rows.map(({ stages }) => stages))) ?? 'stream',
    fault: mostOften(joined(rows.map(({ faults }) => faults))) ?? 'server',
    runs: [...new Set(rows.flatMap(({ runs }) => runs))].sort((a, b) => b - a).slice(0, mostRuns),
    isOver: false,
  };
}

function sumOf(shares: readonly LaneShare[]): LaneShare {
  const sum = { trials: 0, bad: 0, expected: 0, lost: 0 };
  for (const share of shares) {
    sum.trials += share.trials;
    sum.bad += share.bad;
    sum.expected += share.expected;
    sum.lost += share.lost;
  }
  return sum;
}

function joined<T>(counts: readonly ReadonlyMap<T, number>[]): ReadonlyMap<T, number> {
  const sums = new Map<T, number>();
  for (const each of counts) for (const [name, times] of each) sums.set(name, (sums.get(name) ?? 0) + times);
  return sums;
}
