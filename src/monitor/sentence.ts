import type { EpochMs } from '#base/units.ts';
import type { Streak } from '#slo/streaks.ts';
import { knownState, type StateWord } from '#slo/state-word.ts';
import { age, count, runs, share, span, targetShare, timeOfDay } from './figures.ts';
import type { Report, SloReport } from './report.ts';

/** What a verdict sentence rests on. */
export interface SentenceFacts {
  readonly state: StateWord;
  readonly slo: SloReport;
  /** Events shown to the wrong user in the window. */
  readonly crossTalk: number;
  /** The newest of them that is kept in full. */
  readonly lastLeak: { readonly owner: string; readonly type: string; readonly connection: string; readonly user: string | undefined } | undefined;
  readonly streaks: readonly Streak[];
  /** The connections among the streaks. */
  readonly broken: BrokenConnections | undefined;
  /** Connections that are held. */
  readonly wanted: number;
  /** Left out: everything since the first record is spoken of. */
  readonly windowMs?: number;
  /** When the newest frame came, and how long ago that is. */
  readonly newest: { readonly at: EpochMs; readonly ageMs: number } | undefined;
  /** What the state was before it went stale. */
  readonly was: StateWord;
}

/** Connections whose runs are all lossy now. */
export interface BrokenConnections {
  readonly count: number;
  /** When the first of those runs heard its last event. */
  readonly since: EpochMs;
  /** Every one of those runs fell silent before its end. */
  readonly inMidRun: boolean;
  /** Of the other connections, how many lost anything in the window. */
  readonly othersLossy: number;
}

const stateText: Readonly<Record<StateWord, string>> = {
  ok: 'OK',
  'at-risk': 'AT RISK',
  breached: 'BREACHED',
  unproven: 'UNPROVEN',
  'no-data': 'NO DATA',
  stale: 'STALE',
  blind: 'BLIND',
};

const burning = 'The error budget burns too fast.';
const longestName = 60;

/** One or two short sentences: what was lost, out of how many, what that proves (visual.md §11). */
export function sentenceOf(facts: SentenceFacts): string {
  const { slo } = facts;
  switch (facts.state) {
    case 'blind':
      return 'This machine is offline. Runs that overlap this time are inconclusive and left out.';
    case 'stale':
      return `${facts.newest === undefined ? 'Nothing was received.' : `Nothing received since ${timeOfDay(facts.newest.at)}, ${age(facts.newest.ageMs)} ago.`} Was ${stateText[facts.was]}.`;
    case 'no-data':
      return facts.windowMs === undefined ? 'No run was counted.' : `No run was counted in the last ${span(facts.windowMs)}.`;
    case 'ok':
      return `${lossOf(slo)} ${runs(slo.trials)} ${slo.trials === 1 ? 'proves' : 'prove'} delivery above ${targetShare(slo.target)}.`;
    case 'unproven':
      return unproven(slo);
    case 'at-risk':
      return atRisk(slo);
    case 'breached':
      return breach(facts);
  }
}

/** What a report says, in the same words. */
export function reportSentence({ slo, events, crossTalk, runs: all }: Report): string {
  const state = knownState({ ...slo, page: false, ticket: false, crossTalk: events.crossTalk });
  const leaked = crossTalk.at(-1);
  const user = all.find((run) => run.connection === leaked?.connection)?.user ?? undefined;
  const lastLeak = leaked === undefined ? undefined : { ...leaked, user };
  return sentenceOf({ state, slo, crossTalk: events.crossTalk, lastLeak, streaks: [], broken: undefined, wanted: 0, newest: undefined, was: state });
}

function unproven(slo: SloReport): string {
  const { cleanRunsNeeded, trials, target } = slo;
  const few = slo.good === slo.valid ? `No loss in ${runs(trials)}, which is too few to say.` : `${lossOf(slo)} ${runs(trials)} ${trials === 1 ? 'is' : 'are'} too few to say.`;
  if (cleanRunsNeeded === null) return few;
  return `${few} ${count(cleanRunsNeeded)} more clean ${cleanRunsNeeded === 1 ? 'run' : 'runs'} would prove ${targetShare(target)}.`;
}

function atRisk(slo: SloReport): string {
  const { ratio, trials, target, verdict } = slo;
  if (ratio === null) return burning;
  // At risk for an alert alone: the figures themselves are not below the target.
  if (verdict !== 'unproven' || ratio >= target) return `${lossOf(slo)} ${burning}`;
  return `${lossOf(slo).slice(0, -1)}, ${share(ratio)}. ${runs(trials)} cannot yet say whether ${targetShare(target)} holds.`;
}

function breach({ slo, crossTalk, lastLeak, streaks, broken, wanted }: SentenceFacts): string {
  if (crossTalk > 0) return leak(crossTalk, lastLeak);
  if (broken !== undefined) return `${count(broken.count)} of ${count(wanted)} connections ${breaks(broken)} since ${timeOfDay(broken.since)}.${others(broken, wanted - broken.count)}`;
  const user = streaks.find((streak) => streak.scope === 'user');
  if (user !== undefined) return `${short(user.name)} lost events in ${count(user.runs)} runs in a row.`;
  const type = streaks.find((streak) => streak.scope === 'type');
  if (type !== undefined) return `${short(type.name)} was missing in ${count(type.runs)} runs in a row.`;
  if (slo.verdict === 'missed') return `${lossOf(slo)} ${runs(slo.trials)} ${slo.trials === 1 ? 'refutes' : 'refute'} ${targetShare(slo.target)}.`;
  return slo.ratio === null ? burning : `${lossOf(slo)} ${burning}`;
}

function leak(crossTalk: number, last: SentenceFacts['lastLeak']): string {
  if (last === undefined) return `${count(crossTalk)} ${crossTalk === 1 ? 'event was' : 'events were'} shown to another user; no budget covers one.`;
  const place = `#${last.connection.split('#').at(-1) ?? last.connection}`;
  const signedIn = last.user === undefined ? '' : `, which is signed in as ${short(last.user)}`;
  const more = crossTalk === 1 ? 'One event is an alarm; no budget covers it.' : `${count(crossTalk)} events leaked; no budget covers one.`;
  return `${short(last.owner)}'s ${short(last.type)} was shown on ${place}${signedIn}. ${more}`;
}

function breaks({ count: connections, inMidRun }: BrokenConnections): string {
  if (inMidRun) return connections === 1 ? 'stops in mid-run' : 'stop in mid-run';
  return connections === 1 ? 'loses events' : 'lose events';
}

function others({ othersLossy }: BrokenConnections, rest: number): string {
  if (rest <= 0) return '';
  if (othersLossy > 0) return ` ${count(othersLossy)} of the other ${count(rest)} lost events too.`;
  return rest === 1 ? ' The other one is normal.' : ` The other ${count(rest)} are normal.`;
}

function lossOf({ sli, good, valid }: SloReport): string {
  const lost = valid - good;
  if (sli === 'events') return lost === 0 ? `Nothing was lost of ${count(valid)} expected ${valid === 1 ? 'event' : 'events'}.` : `${count(lost)} of ${count(valid)} expected events did not arrive.`;
  if (lost === 0) return valid === 1 ? 'The only run was good.' : `All ${count(valid)} runs were good.`;
  return `${count(lost)} of ${count(valid)} runs ${lost === 1 ? 'was' : 'were'} not good.`;
}

/** Names come from a target, and a sentence has to stay one. */
const short = (name: string): string => (name.length > longestName ? `${name.slice(0, longestName - 1)}…` : name);
