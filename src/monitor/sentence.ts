import type { Streak } from '#slo/streaks.ts';
import type { StateWord } from '#slo/state-word.ts';
import type { SloReport } from './report.ts';

/** What a verdict sentence rests on. */
export interface SentenceFacts {
  readonly state: StateWord;
  readonly slo: SloReport;
  readonly crossTalk: number;
  readonly lastLeak: { readonly owner: string; readonly type: string; readonly connection: string; readonly user: string | undefined } | undefined;
  readonly streaks: readonly Streak[];
  readonly wanted: number;
  readonly windowMs: number;
  readonly newestAgeMs: number | null;
  /** What the state was before it went stale. */
  readonly was: StateWord;
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

/** One or two short sentences: what was lost, out of how many, what that proves (visual.md §11). */
export function sentenceOf(facts: SentenceFacts): string {
  const { state } = facts;
  switch (state) {
    case 'blind':
      return 'This machine is offline. Runs that overlap this time are inconclusive and left out.';
    case 'stale':
      return `Nothing received for ${age(facts.newestAgeMs ?? 0)}. Was ${stateText[facts.was]}.`;
    case 'no-data':
      return `No run was counted in the last ${span(facts.windowMs)}.`;
    case 'ok':
      return `${lossOf(facts.slo)} ${runs(facts.slo.trials)} prove delivery above ${share(facts.slo.target)}.`;
    case 'unproven': {
      const { cleanRunsNeeded, trials, target } = facts.slo;
      const few = facts.slo.good === facts.slo.valid ? `No loss in ${runs(trials)}, which is too few to say.` : `${lossOf(facts.slo)} ${runs(trials)} are too few to say.`;
      return cleanRunsNeeded === null ? few : `${few} ${count(cleanRunsNeeded)} more clean ${cleanRunsNeeded === 1 ? 'run' : 'runs'} would prove ${share(target)}.`;
    }
    case 'at-risk': {
      const { good, valid, ratio, trials, target } = facts.slo;
      if (ratio === null) return 'The error budget burns too fast.';
      return `${count(valid - good)} of ${count(valid)} ${unit(facts.slo)} ${facts.slo.sli === 'events' ? 'did not arrive' : 'were not good'}, ${share(ratio)}. ${runs(trials)} cannot yet say whether ${share(target)} holds.`;
    }
    case 'breached':
      return breach(facts);
  }
}

function breach({ slo, crossTalk, lastLeak, streaks, wanted }: SentenceFacts): string {
  if (crossTalk > 0 && lastLeak !== undefined) {
    const place = `#${lastLeak.connection.split('#').at(-1) ?? lastLeak.connection}`;
    const signedIn = lastLeak.user === undefined ? '' : `, which is signed in as ${lastLeak.user}`;
    const more = crossTalk === 1 ? 'One event is an alarm; no budget covers it.' : `${count(crossTalk)} events leaked; no budget covers one.`;
    return `${lastLeak.owner}'s ${lastLeak.type} was shown on ${place}${signedIn}. ${more}`;
  }
  const connections = streaks.filter((streak) => streak.scope === 'connection');
  if (connections.length > 0) {
    const rest = wanted - connections.length;
    return `${count(connections.length)} of ${count(wanted)} connections lost events in five or more runs in a row.${rest > 0 ? ` The other ${count(rest)} have no such row.` : ''}`;
  }
  const type = streaks.find((streak) => streak.scope === 'type');
  if (type !== undefined) return `${type.name} was missing in ${count(type.runs)} runs in a row.`;
  if (slo.verdict === 'missed') return `${lossOf(slo)} ${runs(slo.trials)} refute ${share(slo.target)}.`;
  return `${lossOf(slo)} The error budget burns too fast.`;
}

function lossOf(slo: SloReport): string {
  const lost = slo.valid - slo.good;
  if (lost === 0) return `Nothing was lost of ${count(slo.valid)} ${unit(slo)}.`;
  return `${count(lost)} of ${count(slo.valid)} ${unit(slo)} ${slo.sli === 'events' ? 'did not arrive' : 'were not good'}.`;
}

const unit = (slo: SloReport): string => (slo.sli === 'events' ? 'expected events' : 'runs');
const runs = (n: number): string => `${count(n)} ${n === 1 ? 'run' : 'runs'}`;
const count = (n: number): string => n.toLocaleString('en-US', { maximumFractionDigits: 0 });

/** Rounded down above 50 %, so that a share never looks better than it is; no decimals where it has none. */
export function share(value: number): string {
  const percent = value > 0.5 ? Math.floor(value * 10_000 + 1e-9) / 100 : Math.ceil(value * 10_000 - 1e-9) / 100;
  return `${Number.isInteger(percent) ? percent : percent.toFixed(2)}\u202f%`;
}

function span(ms: number): string {
  if (ms % 86_400_000 === 0) return `${ms / 86_400_000} d`;
  return ms % 3_600_000 === 0 ? `${ms / 3_600_000} h` : `${Math.round(ms / 60_000)} min`;
}

function age(ms: number): string {
  if (ms < 10_000) return `${(ms / 1000).toFixed(1)} s`;
  return ms < 120_000 ? `${Math.round(ms / 1000)} s` : `${Math.round(ms / 60_000)} min`;
}
