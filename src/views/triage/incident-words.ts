import type { Incident, IncidentScope, IncidentStage } from '#monitor/incident/incident-report.ts';
import { formatCount, formatPart } from '#views/parts/format.ts';
import { shortConnection } from '#views/parts/run-words.ts';

/** So many are named; of the rest there is a count. */
const namedAtMost = 3;

/** `3 of 100 connections: #17, #42, #88`; the whole environment is not counted. */
export function scopeWords({ kind, names, affected, of }: IncidentScope): string {
  if (kind === 'environment') return 'the whole environment';
  const nouns = { connection: 'connections', user: 'users', type: 'event types' } as const;
  const shown = names.slice(0, namedAtMost).map((name) => (kind === 'connection' ? shortConnection(name) : name));
  const more = affected > shown.length ? ` and ${formatCount(affected - shown.length)} more` : '';
  return `${formatPart(affected, of)} ${nouns[kind]}${shown.length === 0 ? '' : `: ${shown.join(', ')}${more}`}`;
}

/** The same for a program: `connection:3/100`. */
export const scopeKey = ({ kind, affected, of }: IncidentScope): string => `${kind}:${affected}/${of}`;

export const stageWords: Readonly<Record<IncidentStage, string>> = { login: 'login', connection: 'connection', agent: 'agent started', stream: 'event stream', response: 'response' };

export const kindWords: Readonly<Record<Incident['kind'], string>> = {
  leak: 'shown to another user',
  down: 'not reachable',
  auth: 'not let in',
  silent: 'open and silent',
  restarted: 'restarted',
  lost: 'events lost',
  'agent-errors': 'agent errors',
  late: 'late',
  duplicate: 'duplicates',
  'out-of-order': 'out of order',
  dumped: 'all at once',
};
