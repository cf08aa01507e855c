import { epochMs, type EpochMs } from '#base/units.ts';
import { timeOfDay } from '#monitor/figures.ts';
import type { IncidentLinks, LinkChange } from './incident-links.ts';
import type { StripMark } from './incident-report.ts';
import { list, place, short } from './incident-words.ts';
import type { Recording } from '#monitor/recording.ts';

/** What changed within this time before an onset may have to do with it. */
const lookBackMs = 300_000;
/** So many connections lost within the look back are a storm, and at least so large a share of all. */
const stormLanes = 3;
const stormShare = 0.3;
const togetherMs = 30_000;
const longestText = 200;
const mostChanges = 12;

/** What changed shortly before an onset, each in a sentence, the latest first; what a slow question noticed only afterwards counts as well. */
export function changesBefore(recording: Recording, links: IncidentLinks, onset: EpochMs): readonly string[] {
  const { environment, engine, shapes, unknownTypes, notes, lanes } = recording;
  const from = onset - lookBackMs;
  const isNear = (at: number, until: number = onset): boolean => at >= from && at <= until;
  // A version is noticed with the next answer about the health.
  const noticed = onset + environment.health.intervalMs + environment.health.timeoutMs;
  const found: { readonly at: EpochMs; readonly text: string }[] = [];
  for (const { at, kind, to } of links.changes) if (kind === 'version' && isNear(at, noticed)) found.push({ at, text: `health reports version ${short(to)} since ${timeOfDay(at)}` });
  for (const { at, text } of transportMarks(links.changes, lanes)) if (isNear(at)) found.push({ at, text });
  for (const storm of storms(recording, links)) if (isNear(storm.at, onset - 1000)) found.push({ at: storm.at, text: storm.text });
  for (const { name, firstAt } of shapes.rows()) if (isLater(firstAt, engine.header.at) && isNear(firstAt)) found.push({ at: firstAt, text: `frames of a new shape came since ${timeOfDay(firstAt)}: ${short(name)}` });
  for (const { name, firstAt } of unknownTypes.rows()) if (isLater(firstAt, engine.header.at) && isNear(firstAt)) found.push({ at: firstAt, text: `events of a new type came since ${timeOfDay(firstAt)}: ${short(name)}` });
  for (const { at, time = at, text, acknowledges } of notes) if (acknowledges === undefined && isNear(time)) found.push({ at: time, text: `noted at ${timeOfDay(time)}: ${text.slice(0, longestText)}` });
  for (const { from: since, at, cause } of recording.blinds) if (isNear(at)) found.push({ at, text: `the monitor was blind from ${timeOfDay(since)} to ${timeOfDay(at)} (${cause})` });
  const changes = found.sort((a, b) => b.at - a.at).map(({ text }) => text).slice(0, mostChanges);
  return environment.kind === 'mock' ? [...changes, 'these are mock data'] : changes;
}

/** A change of the way of connections, those that lie close together as one. */
export function transportMarks(changes: readonly LinkChange[], lanes: readonly string[]): readonly StripMark[] {
  const groups: { at: EpochMs; until: EpochMs; readonly to: string; readonly connections: Set<string> }[] = [];
  for (const { at, kind, lane, to } of changes) {
    if (kind !== 'transport' || lane === undefined) continue;
    const connection = place(lanes[lane] ?? '');
    const group = groups.findLast((each) => each.to === to && at - each.until <= togetherMs);
    if (group === undefined) groups.push({ at, until: at, to, connections: new Set([connection]) });
    else {
      group.until = at;
      group.connections.add(connection);
    }
  }
  return groups.map(({ at, to, connections }) => ({ at, until: null, kind: 'transport' as const, text: `${list([...connections])} came back as ${to} at ${timeOfDay(at)}` }));
}

/** Many connections lost together. */
export function storms({ lanes }: Recording, { outages }: IncidentLinks): readonly StripMark[] {
  const groups: { at: EpochMs; until: EpochMs; last: EpochMs; readonly lanes: Set<number> }[] = [];
  for (const { at, lane, backAt } of outages) {
    const group = groups.at(-1);
    const until = epochMs(Math.max(at, backAt ?? at));
    if (group === undefined || at - group.last > togetherMs) groups.push({ at, until, last: at, lanes: new Set([lane]) });
    else {
      group.last = at;
      group.until = epochMs(Math.max(group.until, until));
      group.lanes.add(lane);
    }
  }
  return groups
    .filter((group) => group.lanes.size >= Math.min(stormLanes, lanes.length) && group.lanes.size >= stormShare * lanes.length)
    .map((group) => ({ at: group.at, until: group.until, kind: 'reconnects' as const, text: `${group.lanes.size} of ${lanes.length} connections were lost at ${timeOfDay(group.at)}` }));
}

/** What came in the first moments was there from the beginning. */
const isLater = (at: number, start: number): boolean => at - start > 60_000;
