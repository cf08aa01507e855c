import type { EpochMs } from '#base/units.ts';
import { redact } from '#record/capture-writer.ts';
import type { Incident } from '#monitor/incident/incident-report.ts';
import type { NameField } from '#monitor/query/query-words.ts';
import type { EvidenceLink } from './whys-report.ts';
import type { WhysCase } from './whys-case.ts';

const mostNames = 20;
const longestFilter = 1500;

/** A term of the search box: `user:u3`; a value that would end it early, or mean more than itself, stands in quotes. */
export const term = (field: NameField | 'is', value: string): string => `${field}:${/^[\w.@#/][\w.@#/-]*$/.test(value) ? value : `"${redact(value).replaceAll(/[\\"]/g, '\\$&')}"`}`;

/** A link to all of a stretch that these terms let through. */
export const linkTo = (from: EpochMs, to: EpochMs, ...terms: readonly string[]): EvidenceLink => ({ from, to, filter: terms.length === 0 ? null : terms.join(' ') });

/** The term that leaves those whom an incident strikes; none where they are all, or too many to be named. A type that never came has no events to be found by. */
export function scopeTerms({ scope: { kind, names, affected } }: Incident): readonly string[] {
  if (kind === 'environment' || kind === 'type' || names.length === 0 || affected > names.length || names.length > mostNames) return [];
  const terms = names.map((name) => term(kind, name)).join(' OR ');
  if (terms.length > longestFilter) return [];
  return [names.length === 1 ? terms : `(${terms})`];
}

/** From the onset on, those who are struck. */
export const affectedLink = ({ incident, from, to }: WhysCase, ...terms: readonly string[]): EvidenceLink =>
  incident === undefined ? linkTo(from, to, ...terms) : linkTo(incident.onsetAt, to, ...scopeTerms(incident), ...terms);
