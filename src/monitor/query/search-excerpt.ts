import type { Pattern, Query } from './query.ts';

const length = 240;
const before = 40;
/** As much of a word as it takes to find its place: it need not be found again and again in full. */
const wordLength = 32;

/** What a query wants to find in a text, part by part, in lower case; not what it wants not to find. */
export function firstWords(query: Query): string[] {
  switch (query.kind) {
    case 'and':
    case 'or':
      return query.parts.flatMap(firstWords);
    case 'text':
      return headsOf(query.pattern);
    case 'name':
      return query.field === 'tool' || query.field === 'agent' ? headsOf(query.pattern) : [];
    case 'not':
    case 'duration':
    case 'time':
    case 'flag':
      return [];
  }
}

const headsOf = (pattern: Pattern): string[] => pattern.filter((part) => part !== '').map((part) => part.toLowerCase().slice(0, wordLength));

/** The part of a text around the first of these words that is found there, else its beginning. */
export function excerptOf(text: string, words: readonly string[]): string {
  const lower = text.toLowerCase();
  const place = Math.max(0, words.map((word) => lower.indexOf(word)).find((at) => at >= 0) ?? 0);
  const from = place + before < length ? 0 : place - before;
  const part = text.slice(from, from + length);
  return `${from > 0 ? '…' : ''}${part}${from + length < text.length ? '…' : ''}`;
}
