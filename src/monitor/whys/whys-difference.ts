import type { EpochMs } from '#base/units.ts';
import type { Run } from '#runs/run.ts';
import { count, share } from '#monitor/figures.ts';
import type { WhysCase } from './whys-case.ts';
import { heardAt, isBad } from './whys-case.ts';
import { affectedLink, linkTo } from './whys-filter.ts';
import { deliveryOf } from './whys-groups.ts';
import { transportAt } from './whys-history.ts';
import type { Evidence } from './whys-report.ts';
import { plain, several } from './whys-words.ts';

/** What those who are struck have in common, and none of the others has. */
export interface Difference {
  readonly kind: 'transport' | 'reconnect' | 'owner';
  /** A whole sentence. */
  readonly sentence: string;
  readonly evidence: readonly Evidence[];
  /** Of a transport: theirs. */
  readonly value: string | undefined;
  /** What they had of it before, where that was another. */
  readonly before: string | undefined;
}

/** What was compared, where nothing sets them apart. */
interface Sameness {
  readonly evidence: readonly Evidence[];
}

export function differenceOf(told: WhysCase): Difference | Sameness {
  const { groups, incident } = told;
  const { affected, others } = groups;
  if (incident === undefined || affected === null || others === null || affected.length === 0 || others.length === 0) return { evidence: [] };
  const bad = affected.filter((run) => isBad(run, incident));
  const transports = { affected: transportsOf(told, bad.length === 0 ? affected : bad), before: transportsOf(told, groups.before ?? []), others: transportsOf(told, others) };
  const [theirs] = transports.affected;
  if (theirs !== undefined && transports.affected.size === 1 && transports.others.size > 0 && !transports.others.has(theirs)) return byTransport(told, theirs, transports);
  const reconnected = reconnectedNear(told, incident.onsetAt);
  const struck = new Set(affected.map((run) => run.connection.id));
  const rest = new Set(others.map((run) => run.connection.id));
  if ([...struck].every((id) => reconnected.has(id)) && ![...rest].some((id) => reconnected.has(id))) return byReconnect(told, struck.size, rest.size);
  if (incident.scope.kind === 'user' && struck.size > 1 && bad.length > 0) return byOwner(told, new Set(bad.map((run) => run.connection.id)).size, struck.size);
  return {
    evidence: [
      { text: `transport: ${named(transports.affected) === named(transports.others) ? `${named(transports.others)} on both sides` : `${named(transports.affected)} there, ${named(transports.others)} elsewhere`}`, link: affectedLink(told) },
      { text: `connected anew around the onset: ${count([...struck].filter((id) => reconnected.has(id)).length)} of ${count(struck.size)} there, ${count([...rest].filter((id) => reconnected.has(id)).length)} of ${count(rest.size)} elsewhere`, link: linkTo(told.from, told.to) },
    ],
  };
}

export const isDifference = (found: Difference | Sameness): found is Difference => 'sentence' in found;

function byTransport(told: WhysCase, theirs: string, { before, others }: { readonly before: ReadonlySet<string>; readonly others: ReadonlySet<string> }): Difference {
  const { groups, recording } = told;
  const { slo } = recording.engine;
  const [only] = before;
  const wasOther = only !== undefined && before.size === 1 && only !== theirs ? only : undefined;
  const delivered = (runs: readonly Run[]): string => {
    const { ratio } = deliveryOf(runs, slo);
    return ratio === null ? 'no data' : share(ratio);
  };
  const evidence: Evidence[] = [{ text: `${plain(theirs)} ${delivered(groups.affected ?? [])} delivered, ${named(others)} ${delivered(groups.others ?? [])}`, link: affectedLink(told) }];
  const earlier = deliveryOf(groups.before ?? [], slo);
  if (wasOther !== undefined && earlier.valid > 0) {
    evidence.push({ text: `the same on ${plain(wasOther)}, before: ${count(earlier.valid - earlier.good)} of ${count(earlier.valid)} lost`, link: linkTo(told.from, told.incident?.onsetAt ?? told.to) });
  }
  return { kind: 'transport', sentence: `They are the only ones on ${plain(theirs)}. All others stayed on ${named(others)}.`, evidence, value: theirs, before: wasOther };
}

function byReconnect(told: WhysCase, struck: number, rest: number): Difference {
  return {
    kind: 'reconnect',
    sentence: struck === 1 ? 'It is the only one that was connected anew around the onset.' : 'They are the only ones that were connected anew around the onset.',
    evidence: [{ text: `connected anew: ${count(struck)} of ${count(struck)} there, 0 of ${count(rest)} elsewhere`, link: affectedLink(told) }],
    value: undefined,
    before: undefined,
  };
}

function byOwner(told: WhysCase, bad: number, connections: number): Difference {
  const { ratio } = deliveryOf(told.groups.others ?? [], told.recording.engine.slo);
  return {
    kind: 'owner',
    sentence: 'It follows the user, and not one connection.',
    evidence: [
      { text: `struck: ${count(bad)} of ${several(connections, 'connection')} of theirs`, link: affectedLink(told) },
      { text: `all other users: ${ratio === null ? 'no data' : `${share(ratio)} delivered`}`, link: linkTo(told.from, told.to) },
    ],
    value: undefined,
    before: undefined,
  };
}

/** Connections that were closed and opened again shortly before the onset, or at it. */
function reconnectedNear({ history }: WhysCase, onset: EpochMs): Set<string> {
  const closed = history.closings.filter(({ at }) => at >= onset - 60_000 && at <= onset + 1000);
  return new Set(closed.filter(({ connection, at }) => history.openingsOf.get(connection)?.some((opening) => opening.at >= at && opening.at <= at + 60_000) === true).map(({ connection }) => connection));
}

function transportsOf({ history }: WhysCase, runs: readonly Run[]): Set<string> {
  const found = new Set<string>();
  for (const run of runs) {
    const transport = transportAt(history, run.connection.id, heardAt(run));
    if (transport !== undefined) found.add(transport);
  }
  return found;
}

const named = (transports: ReadonlySet<string>): string => (transports.size === 0 ? 'unknown' : [...transports].map((each) => plain(each)).join(' and '));
