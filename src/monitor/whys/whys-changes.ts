import { epochMs, type EpochMs } from '#base/units.ts';
import type { BlindRecord } from '#record/record.ts';
import { timeOfDay } from '#monitor/figures.ts';
import type { WhysCase } from './whys-case.ts';
import { linkTo } from './whys-filter.ts';
import type { Closing, Opening, VersionChange } from './whys-history.ts';
import type { Evidence } from './whys-report.ts';
import { countBy, lasting, listed, place, plain, several, stretch } from './whys-words.ts';

/** How long before the onset a change is near enough to be told, and how much later it may be seen: health is asked only now and then. */
const versionBeforeMs = 600_000;
const versionAfterMs = 15_000;
const shapesBeforeMs = 300_000;
/** What came in the first minute was there from the beginning. */
const beginningMs = 60_000;
const connectionsBeforeMs = 60_000;
const connectionsAfterMs = 1000;
const mostNewcomers = 3;
/** A connection that is not open again by then did not come back for its runs. */
const backMs = 60_000;

/** What changed shortly before the first of what is wrong. That it came before does not say that it is the cause. */
export interface Changes {
  readonly version: VersionChange | undefined;
  /** Of those who are struck, where they are connections; by server, network or sign-in. */
  readonly closings: readonly Closing[];
  readonly reopenings: readonly Opening[];
  /** Of the openings, those with another transport than before. */
  readonly switched: readonly { readonly opening: Opening; readonly before: string }[];
  readonly blinds: readonly BlindRecord[];
}

export function changesBefore({ history, recording, incident, from }: WhysCase): Changes {
  const onset = incident?.onsetAt;
  if (onset === undefined) return { version: undefined, closings: [], reopenings: [], switched: [], blinds: [] };
  const struck = incident?.scope.kind === 'connection' ? new Set(incident.scope.names) : undefined;
  const isStruck = (connection: string): boolean => struck?.has(connection) ?? true;
  const isNear = (at: EpochMs): boolean => at >= onset - connectionsBeforeMs && at <= onset + connectionsAfterMs;
  const closings = history.closings.filter(({ at, connection, cause }) => isNear(at) && isStruck(connection) && cause !== 'operator');
  const closedAt = new Map(closings.map(({ connection, at }) => [connection, at]));
  const reopenings = history.openings.filter(({ at, connection }) => {
    const closed = closedAt.get(connection);
    return closed !== undefined && at >= closed && at <= closed + backMs;
  });
  const switched = reopenings.flatMap((opening) => {
    const openings = history.openingsOf.get(opening.connection) ?? [];
    const before = openings[openings.indexOf(opening) - 1]?.transport;
    return before === undefined || before === opening.transport ? [] : [{ opening, before }];
  });
  // The first version that is heard of is no change.
  const version = history.versions.findLast(({ at, before }) => before !== undefined && at >= Math.max(from, onset - versionBeforeMs) && at <= onset + versionAfterMs);
  const blinds = recording.blinds.filter((blind) => isNear(blind.at) || (blind.from <= onset && blind.at >= onset));
  return { version, closings, reopenings, switched, blinds };
}

/** The same in words, the nearest to the cause first. */
export function changeEvidence(told: WhysCase, { version, closings, reopenings, switched, blinds }: Changes): Evidence[] {
  const onset = told.incident?.onsetAt;
  if (onset === undefined) return [];
  const found: Evidence[] = [];
  const [first] = closings;
  const last = closings.at(-1);
  if (first !== undefined && last !== undefined) {
    const who = listed([...new Set(closings.map(({ connection }) => place(connection)))]);
    const causes = [...new Set(closings.map(({ cause }) => causeWords[cause]))].join(' and ');
    const codes = countBy(closings, ({ code }) => code);
    found.push({ text: `${who} closed by ${causes} ${stretch(first.at, last.at)}${codes.size === 0 ? '' : ` (${codes.size === 1 ? 'code' : 'codes'} ${listed([...codes.keys()].map((code) => plain(code)))})`}${backAgain(closings, reopenings, told.to)}`, link: linkTo(epochMs(first.at - 5000), epochMs(last.at + 5000)) });
  }
  const [change] = switched;
  if (change !== undefined) found.push({ text: `${several(switched.length, 'connection')} came back on ${plain(change.opening.transport)}, on ${plain(change.before)} before`, link: linkTo(change.opening.at, told.to) });
  if (version !== undefined) {
    const distance = onset - version.at;
    found.push({
      text: `health reports version ${plain(version.version)} since ${timeOfDay(version.at)}, ${lasting(Math.abs(distance))} ${distance >= 0 ? 'before' : 'after'} the onset; ${plain(version.before ?? '')} until then`,
      link: linkTo(epochMs(Math.min(version.at, onset) - 5000), epochMs(Math.max(version.at, onset) + 5000)),
    });
  }
  for (const blind of blinds.slice(0, 3)) found.push({ text: `this monitor was ${plain(blind.cause)} ${stretch(blind.from, blind.at)}`, link: linkTo(blind.from, blind.at) });
  found.push(...newcomers(told, onset));
  if (found.length === 0) found.push({ text: `nothing is recorded to have changed in the minute before: no connection closed${told.history.versions.length === 0 ? '; no version is known' : ', no other version'}`, link: linkTo(epochMs(onset - connectionsBeforeMs), onset) });
  return found;
}

/** Shapes of frames and types of events that were not there before. */
function newcomers({ recording }: WhysCase, onset: EpochMs): Evidence[] {
  const { shapes, unknownTypes, engine } = recording;
  const isNew = ({ firstAt }: { readonly firstAt: EpochMs }): boolean => firstAt - engine.header.at > beginningMs && firstAt >= onset - shapesBeforeMs && firstAt <= onset;
  const told = (what: string, { name, firstAt }: { readonly name: string; readonly firstAt: EpochMs }): Evidence => ({ text: `${what} since ${timeOfDay(firstAt)}: ${plain(name)}`, link: linkTo(firstAt, onset) });
  return [...shapes.rows().filter(isNew).map((row) => told('frames of a new shape', row)), ...unknownTypes.rows().filter(isNew).map((row) => told('events of a new type', row))].slice(0, mostNewcomers);
}

function backAgain(closings: readonly Closing[], reopenings: readonly Opening[], to: EpochMs): string {
  const gaps = closings.flatMap(({ connection, at }) => {
    const back = reopenings.find((opening) => opening.connection === connection && opening.at >= at);
    return back === undefined ? [] : [back.at - at];
  });
  if (gaps.length === 0) return closings.every(({ at }) => at + backMs <= to) ? ', not open again within 60 s' : ', not open again so far';
  return `, ${gaps.length < closings.length ? `${gaps.length} of ${closings.length} ` : ''}open again within ${lasting(Math.max(...gaps))}`;
}

export const causeWords = { server: 'the server', network: 'the network', auth: 'sign-in', operator: 'the operator', monitor: 'this monitor' } as const;
