import { printName } from '#monitor/query/query.ts';
import { parseQuery } from '#monitor/query/query-parser.ts';
import type { Found } from '#monitor/query/search-answer.ts';
import { formatCount, formatPart } from '#views/parts/format.ts';

/** What a reader has chosen: a run that is open, or a lane that the pointer is over. */
export interface Selection {
  readonly run?: string | undefined;
  readonly connection?: string | undefined;
}

/** The query that leaves what is chosen; undefined where nothing is. */
export function filterFor({ run, connection }: Selection): string | undefined {
  if (run !== undefined) return `run:${printName(run)}`;
  return connection === undefined ? undefined : `connection:${printName(connection)}`;
}

/** A query that asks for one thing more. */
export function withTerm(query: string, field: string, value: string): string {
  const term = `${field}:${printName(value)}`;
  const before = query.trim();
  if (before === '') return term;
  const parsed = parseQuery(before);
  return parsed.ok && parsed.value?.kind === 'or' ? `(${before}) ${term}` : `${before} ${term}`;
}

/** `12 of 5,310 shown` */
export const shownWords = ({ matches, of }: Found): string => `${formatPart(matches, of)} shown`;

/** What was not looked at, or could not be judged; empty where all of it was. */
export function gapWords({ undecided, evicted }: Found): string {
  const sentences = [
    undecided > 0 ? `${formatCount(undecided)} ${undecided === 1 ? 'event' : 'events'} could not be judged: what came, or its run, is no longer stored.` : '',
    evicted > 0 ? `${formatCount(evicted)} older ${evicted === 1 ? 'event has' : 'events have'} made room for newer ones and ${evicted === 1 ? 'was' : 'were'} not looked at.` : '',
  ];
  return sentences.filter((sentence) => sentence !== '').join(' ');
}
