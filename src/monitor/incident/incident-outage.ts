import { epochMs, type EpochMs } from '#base/units.ts';
import type { Layer } from '#connection/diagnosis-facts.ts';
import type { BlindRecord } from '#record/record.ts';
import { toldAfterMs } from './incident-episode.ts';
import type { Outage, Silence } from './incident-links.ts';
import type { IncidentStage } from './incident-report.ts';
import { earliest } from './incident-row.ts';

/** Trouble of the connections themselves. */
export interface LinkTrouble {
  readonly kind: 'down' | 'auth' | 'silent' | 'restarted';
  readonly lanes: readonly number[];
  /** False where none of them was ever open. */
  readonly wasOpen: boolean;
  readonly at: EpochMs;
  readonly lastAt: EpochMs;
  /** How many of these connections are not there now. */
  readonly away: number;
  /** How many runs broke with it, and the numbers of the newest of them, the newest first. */
  readonly broken: number;
  readonly runs: readonly number[];
  readonly stage: IncidentStage;
  readonly fault: Layer;
  readonly isOver: boolean;
}

/** Losses that begin within this time have one cause. */
const togetherMs = 10_000;
/** The same connections are lost again: it goes on. */
const againMs = 60_000;
/** A connection may be away for this long without a word: the first try to come back is due within it. */
const briefMs = 1000;
/** So often in a row is trouble, whatever breaks. */
const oftenLost = 3;
const mostRuns = 20;
/** A connection that is lost so shortly before or after the monitor was blind is lost by the monitor's own network. */
const aroundBlindMs = 1000;

/**
 * Losses of connections that belong together, those alone that matter: where runs broke, where at least half of the connections went at once, where the
 * same one goes again and again, and where one stays away. A single connection that comes back at once with nothing broken is daily life, and moves no onset.
 * @param outages oldest first; of them those that lie in the stretch from `from` to `to` are told of, and as long after it as trouble is told of
 * @param lanes connections in all
 * @param blinds when the monitor itself could not be trusted
 */
export function linkTroubles(outages: readonly Outage[], lanes: number, from: EpochMs, to: EpochMs, blinds: readonly Pick<BlindRecord, 'from' | 'at'>[]): readonly LinkTrouble[] {
  return clustersOf(outages.filter(({ at }) => at <= to)).flatMap((cluster) => {
    const trouble = troubleOf(cluster, lanes, to, blinds);
    return trouble === undefined || (trouble.isOver && trouble.lastAt < from - toldAfterMs) ? [] : [trouble];
  });
}

function clustersOf(outages: readonly Outage[]): readonly (readonly Outage[])[] {
  const together: Outage[][] = [];
  for (const outage of outages) {
    const newest = together.at(-1);
    const previous = newest?.at(-1);
    if (newest !== undefined && previous !== undefined && outage.at - previous.at <= togetherMs) newest.push(outage);
    else together.push([outage]);
  }
  const clusters: Outage[][] = [];
  for (const each of together) {
    const before = clusters.at(-1);
    const goesOn = before !== undefined && (each[0]?.at ?? 0) - (before.at(-1)?.at ?? 0) <= againMs && haveSameLanes(before, each);
    if (goesOn) before.push(...each);
    else clusters.push(each);
  }
  return clusters;
}

function haveSameLanes(one: readonly Outage[], other: readonly Outage[]): boolean {
  const lanes = new Set(one.map(({ lane }) => lane));
  const others = new Set(other.map(({ lane }) => lane));
  return lanes.size === others.size && [...lanes].every((lane) => others.has(lane));
}

function troubleOf(cluster: readonly Outage[], all: number, now: EpochMs, blinds: readonly Pick<BlindRecord, 'from' | 'at'>[]): LinkTrouble | undefined {
  const lanes = [...new Set(cluster.map(({ lane }) => lane))];
  const away = cluster.filter(({ backAt }) => backAt === undefined || backAt > now);
  const runs = [...new Set(cluster.flatMap((outage) => outage.runs))].sort((a, b) => b - a);
  const stays = away.some(({ at }) => now - at >= briefMs) || away.length === all;
  const isWide = lanes.length > 1 && lanes.length * 2 >= all;
  const [first] = cluster;
  if (first === undefined || !(stays || isWide || runs.length > 0 || cluster.length >= oftenLost)) return undefined;
  const isAuth = cluster.some(({ cause }) => cause === 'auth');
  const isSilent = cluster.every(({ reason }) => reason === 'ping timeout');
  const kind = isAuth ? 'auth' : isSilent ? 'silent' : away.length < cluster.length ? 'restarted' : 'down';
  const ends = cluster.flatMap(({ at, backAt, brokenAt }) => [at, backAt ?? (now > at ? now : at), brokenAt ?? at]).filter((at) => at <= now);
  return {
    kind,
    lanes,
    at: kind === 'silent' ? earliest(cluster.map(({ heardAt, at }) => heardAt ?? at)) : first.at,
    lastAt: epochMs(Math.max(...ends)),
    away: new Set(away.map(({ lane }) => lane)).size,
    broken: cluster.reduce((sum, { broken }) => sum + broken, 0),
    runs: runs.slice(0, mostRuns),
    stage: isAuth || cluster.every(({ wasOpen, stage }) => !wasOpen && stage === 'login') ? 'login' : 'connection',
    fault: faultOf(cluster, kind, lanes.length === all && all > 1, blinds),
    wasOpen: cluster.some(({ wasOpen }) => wasOpen),
    isOver: away.length === 0,
  };
}

function faultOf(cluster: readonly Outage[], kind: LinkTrouble['kind'], isAll: boolean, blinds: readonly Pick<BlindRecord, 'from' | 'at'>[]): Layer {
  if (cluster.every(({ at }) => blinds.some((blind) => at >= blind.from - aroundBlindMs && at <= blind.at + aroundBlindMs))) return 'monitor';
  if (kind === 'auth') return 'auth';
  if (kind === 'silent') return 'network';
  // Who takes all connections down at once is what they have in common, and not one of their ways.
  return isAll || cluster.some(({ cause }) => cause === 'server') ? 'server' : 'network';
}

/** So long a silence that is over was no mere pause between heartbeats. */
const longSilenceMs = 10_000;

/**
 * Connections that stand open while nothing comes over them, as one trouble; and those of the stretch that are over.
 * @param present those that are silent now, and since when
 */
export function silentTroubles(present: readonly Pick<Silence, 'lane' | 'heardAt'>[], silences: readonly Silence[], lanes: number, from: EpochMs, to: EpochMs): readonly LinkTrouble[] {
  const past = silences.filter(({ heardAt, endedAt }) => endedAt !== undefined && endedAt <= to && endedAt - heardAt >= longSilenceMs && endedAt >= from - toldAfterMs);
  const told = (members: readonly Pick<Silence, 'lane' | 'heardAt'>[], lastAt: EpochMs, isOver: boolean): LinkTrouble[] => {
    const struck = [...new Set(members.map(({ lane }) => lane))];
    if (struck.length === 0) return [];
    const fault = struck.length === lanes && lanes > 1 ? 'server' : 'network';
    return [{ kind: 'silent', lanes: struck, wasOpen: true, at: earliest(members.map(({ heardAt }) => heardAt)), lastAt, away: isOver ? 0 : struck.length, broken: 0, runs: [], stage: 'connection', fault, isOver }];
  };
  const ends = past.flatMap(({ endedAt }) => endedAt ?? []);
  return [...told(present.toSorted((a, b) => a.heardAt - b.heardAt), to, false), ...told(past, epochMs(Math.max(...ends, from)), true)];
}
