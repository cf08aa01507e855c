import type { ReconnectFacts, ReconnectResult } from './experiment.ts';
import { age, count } from './figures.ts';

const shownTypes = 5;
const longestName = 40;

/** What an experiment's result means, in one to four short sentences. */
export function reconnectSentence(result: Omit<ReconnectResult, 'sentence'>, { cut, problem, waitedMs }: ReconnectFacts): string {
  const { outcome, connection, reopenedAfterMs, lost, doubled } = result;
  if (cut === undefined) return waitedMs === undefined ? 'It was ended before a run could be cut.' : `No run began within ${age(waitedMs)}, so no connection was cut.`;
  if (outcome === 'not-done') return `${connection} was cut in mid-run, but this monitor did not see the run to its end, so nothing can be said.`;
  const opened = reopenedAfterMs === null ? `was not open again${problem === undefined ? '.' : `: ${problem}`}` : `was open again after ${age(reopenedAfterMs)}.`;
  return [
    `${connection} was cut in mid-run and ${opened}`,
    lost === 0 ? wholeText(result) : lossText(result),
    ...(doubled === 0 ? [] : [`${count(doubled)} came twice.`]),
    ...claimText(result),
  ].join(' ');
}

function wholeText({ expected, replayed }: Omit<ReconnectResult, 'sentence'>): string {
  return `The run resumed without loss: all ${count(expected)} expected events came${replayed === 0 ? '' : `, ${count(replayed)} ${replayed === 1 ? 'was' : 'were'} replayed`}.`;
}

function lossText({ lost, expected, missing, replayed }: Omit<ReconnectResult, 'sentence'>): string {
  const names = missing.slice(0, shownTypes).map((name) => (name.length > longestName ? `${name.slice(0, longestName - 1)}…` : name));
  const more = missing.length > names.length ? ' and more' : '';
  return `${count(lost)} of ${count(expected)} expected events ${lost === 1 ? 'was' : 'were'} lost: ${names.join(', ')}${more}.${replayed === 0 ? '' : ` ${count(replayed)} ${replayed === 1 ? 'was' : 'were'} replayed.`}`;
}

function claimText({ recovered, lost }: Omit<ReconnectResult, 'sentence'>): string[] {
  if (recovered === null) return [];
  if (!recovered) return ['The target claimed no recovery of the session.'];
  return [lost === 0 ? 'The target claimed to have recovered the session.' : 'The target claimed all the same to have recovered the session.'];
}
