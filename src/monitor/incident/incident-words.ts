import type { EpochMs } from '#base/units.ts';
import { age, count, runs, timeOfDay } from '#monitor/figures.ts';
import type { Episode } from './incident-episode.ts';
import type { LinkTrouble } from './incident-outage.ts';
import type { IncidentScope } from './incident-report.ts';

const longestName = 60;

/** Names come from a target, and a sentence has to stay one. */
export const short = (name: string): string => (name.length > longestName ? `${name.slice(0, longestName - 1)}…` : name);

/** `#7` */
export const place = (connection: string): string => `#${connection.split('#').at(-1) ?? connection}`;

/** `#17, #42 and #88` */
export function list(names: readonly string[], most = 3): string {
  const shown = names.slice(0, most);
  const more = names.length - shown.length;
  const parts = more > 0 ? [...shown, `${count(more)} more`] : shown;
  return parts.length < 2 ? (parts[0] ?? '') : `${parts.slice(0, -1).join(', ')} and ${parts.at(-1) ?? ''}`;
}

/** What a sentence needs to know of whom it strikes. */
export interface Struck {
  readonly scope: IncidentScope;
  /** The connections that have it, and how many there are. */
  readonly connections: readonly string[];
  readonly of: number;
}

const connectionsOf = (n: number): string => `${count(n)} ${n === 1 ? 'connection' : 'connections'}`;

/** `e2e-probe-1 (#1)`, `#1`, `3 of 100 connections`, `all 3 connections` */
function whom({ scope, connections, of }: Struck): string {
  const [first] = connections;
  if (scope.kind === 'user') return `${short(scope.names[0] ?? '')} (${list(connections.map(place))})`;
  if (connections.length === of) return of === 1 ? place(first ?? '') : `all ${connectionsOf(of)}`;
  return connections.length === 1 ? place(first ?? '') : `${count(connections.length)} of ${connectionsOf(of)}`;
}

/** What is wrong with runs or events, of how many, since when (visual.md §11). */
export function episodeSentence(episode: Episode, struck: Struck, objectiveMs: number | undefined, isDelivered: boolean): string {
  const { kind, bad, trials, expected, lost, types, meanMs, isOver, lastAt, onset } = episode;
  const who = whom(struck);
  const when = isOver ? `from ${timeOfDay(onset.at)} to ${timeOfDay(lastAt)}` : `since ${timeOfDay(onset.at)}`;
  const part = `${count(bad)} of ${runs(trials)}`;
  const whole = isDelivered ? ' Nothing was lost.' : '';
  switch (kind) {
    case 'lost': {
      const names = list([...types.keys()].map(short));
      return `${count(lost)} of ${count(expected)} expected events of ${who} did not arrive ${when}: ${part} lacked ${names}.${othersOf(episode, struck)}`;
    }
    case 'agent-errors':
      return `${part} of ${who} ended in an agent's error ${when}.${isDelivered ? ' Delivery is untouched.' : ''}${othersOf(episode, struck)}`;
    case 'late':
      return `The latency objective is missed: ${count(bad)} of ${count(trials)} events of ${who} took longer than ${age(objectiveMs ?? 0)} ${when}, ${age(meanMs)} on average.${isDelivered ? ' Runs are complete.' : ''}`;
    case 'duplicate':
      return `${part} of ${who} brought an event more than once ${when}.${whole}`;
    case 'out-of-order':
      return `${part} of ${who} came out of order, or left gaps in their sequence, ${when}.${whole}`;
    case 'dumped':
      return `${part} of ${who} came all at once at the end ${when}.${whole}`;
  }
}

/** What is wrong with connections, since when. `why`: what is known to be behind it. */
export function linkSentence({ kind, lanes, wasOpen, at, lastAt, away, broken, isOver }: LinkTrouble, struck: Struck, why: string | undefined): string {
  const who = capital(whom(struck));
  const is = lanes.length === 1 ? 'is' : 'are';
  const was = lanes.length === 1 ? 'was' : 'were';
  const because = why === undefined ? '' : ` ${why}`;
  const lost = broken === 0 ? '' : ` ${runs(broken)} broke.`;
  const when = isOver ? `from ${timeOfDay(at)} to ${timeOfDay(lastAt)}` : `since ${timeOfDay(at)}`;
  if (!wasOpen && (kind === 'down' || kind === 'auth')) {
    const tried = kind === 'auth' ? 'let in' : 'connected';
    return `${who} could not be ${tried} ${when}.${because}`;
  }
  switch (kind) {
    case 'down':
      return `${who} ${is} lost ${when}.${because}${lost}`;
    case 'auth':
      return away === 0
        ? `The sign-in of ${whom(struck)} ended at ${timeOfDay(at)}; ${lanes.length === 1 ? 'it' : 'they'} signed in anew.${lost}`
        : `The sign-in of ${whom(struck)} ended at ${timeOfDay(at)}; ${away === lanes.length ? '' : `${count(away)} of them `}${away === 1 ? 'is' : 'are'} not let in again yet.${because}${lost}`;
    case 'silent':
      return isOver ? `${who} stood open in silence ${when}.` : `${who} ${is} open, and nothing was heard ${when}.${because}`;
    case 'restarted':
      return `${who} ${was} lost at ${timeOfDay(at)} and came back${away === 0 ? '' : lanes.length === 1 ? ', and is lost again' : `, but for ${count(away)}`}.${lost}`;
  }
}

/** What was shown to the wrong user, and how often. */
export function leakSentence(leak: { readonly owner: string; readonly type: string; readonly connection: string; readonly user: string | undefined }, leaks: number, since: EpochMs): string {
  const signedIn = leak.user === undefined ? '' : `, which is signed in as ${short(leak.user)}`;
  const more = leaks === 1 ? 'One event is an alarm; no budget covers it.' : `${count(leaks)} events leaked since ${timeOfDay(since)}; no budget covers one.`;
  return `${short(leak.owner)}'s ${short(leak.type)} was shown on ${place(leak.connection)}${signedIn}. ${more}`;
}

function othersOf({ othersHaveIt }: Episode, { connections, of }: Struck): string {
  const rest = of - connections.length;
  if (rest <= 0 || othersHaveIt) return '';
  return rest === 1 ? ' The other connection is normal.' : ` The other ${count(rest)} are normal.`;
}

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
