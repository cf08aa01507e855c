import { printName } from './query.ts';
import { closedValues, fieldHints, flagHints, flagWords, isField, isFlagWord, queryFields, statusWords, type QueryField } from './query-words.ts';
import type { Facet, KnownValues } from './search-answer.ts';

/** What may be written next. */
export interface Suggestion {
  /** What is offered: `type:`, `type:tool_completed`, `unpaired`. */
  readonly label: string;
  /** What it means, or how often it came; empty where its name says it. */
  readonly hint: string;
  /** The text with it, and where the cursor stands then. */
  readonly text: string;
  readonly cursor: number;
}

/** What the last answer knows. */
export interface SuggestionSource {
  readonly known: KnownValues;
  readonly facets: readonly Facet[];
}

const mostSuggestions = 12;

/** What would go on at the cursor: fields and words where a term begins, values behind a colon; what begins as the word does comes before what holds it. */
export function suggest(text: string, cursor: number, source: SuggestionSource | undefined): Suggestion[] {
  const word = wordAt(text, cursor);
  if (word === undefined) return [];
  const { from, to } = word;
  const typed = text.slice(from, cursor);
  const colon = typed.indexOf(':');
  const field = typed.slice(0, Math.max(0, colon)).toLowerCase();
  const offers = colon < 0 ? beginnings : isField(field) ? valuesOf(field, source) : [];
  const sought = (colon < 0 ? typed : typed.slice(colon + 1)).toLowerCase();
  return ranked(offers, sought, colon < 0)
    .slice(0, mostSuggestions)
    .map(({ written, name, hint }) => {
      const label = colon < 0 ? written : `${field}:${written}`;
      // A field waits for its value, a term for the next one.
      const insert = label.endsWith(':') ? label : `${label} `;
      return { label: colon < 0 ? written : `${field}:${name}`, hint, text: text.slice(0, from) + insert + text.slice(to).trimStart(), cursor: from + insert.length };
    });
}

interface Offer {
  readonly name: string;
  /** As the query has to say it. */
  readonly written: string;
  readonly hint: string;
}

const beginnings: readonly Offer[] = [
  ...queryFields.map((field) => ({ name: field, written: `${field}:`, hint: fieldHints[field] })),
  ...flagWords.map((word) => ({ name: word, written: word, hint: flagHints[word] })),
  ...statusWords.map((word) => ({ name: word, written: word, hint: 'its run' })),
];

function valuesOf(field: QueryField, source: SuggestionSource | undefined): Offer[] {
  const counts = new Map(source?.facets.find((facet) => facet.field === field)?.values.map(({ value, count }) => [value, count]));
  const names = closedValues.get(field) ?? openValues(field, source?.known);
  const often = names.toSorted((left, right) => (counts.get(right) ?? 0) - (counts.get(left) ?? 0));
  return often.map((name) => ({ name, written: printName(name), hint: field === 'is' && isFlagWord(name) ? flagHints[name] : hintOf(counts.get(name)) }));
}

const hintOf = (count: number | undefined): string => (count === undefined ? '' : `${count.toLocaleString('en-US')} events`);

function openValues(field: QueryField, known: KnownValues | undefined): readonly string[] {
  if (known === undefined) return [];
  if (field === 'type') return known.types;
  if (field === 'user') return known.users;
  return field === 'connection' ? known.connections : [];
}

/** Those that begin with what is typed, then those that hold it, each part as it was; nothing that is typed in full already, and is no field. */
function ranked(offers: readonly Offer[], sought: string, areBeginnings: boolean): Offer[] {
  const begins = (offer: Offer): boolean => offer.name.toLowerCase().startsWith(sought);
  const holds = (offer: Offer): boolean => !begins(offer) && offer.name.toLowerCase().includes(sought);
  const found = [...offers.filter(begins), ...offers.filter(holds)];
  return areBeginnings ? found.filter(({ written }) => written !== sought) : found;
}

/** The word that the cursor stands in or behind, its minus aside; undefined within quotes, where anything may be written. */
function wordAt(text: string, cursor: number): { readonly from: number; readonly to: number } | undefined {
  let isQuoted = false;
  let from = 0;
  for (let at = 0; at < cursor; at += 1) {
    const character = text.charAt(at);
    if (isQuoted && character === '\\') at += 1;
    else if (character === '"') isQuoted = !isQuoted;
    else if (!isQuoted && endsTerm(character)) from = at + 1;
  }
  if (isQuoted) return undefined;
  if (text.charAt(from) === '-' && from < cursor) from += 1;
  let to = cursor;
  while (to < text.length && !endsTerm(text.charAt(to))) to += 1;
  return { from, to };
}

const endsTerm = (character: string): boolean => character <= ' ' || character === '(' || character === ')';
