import type { FlagWord, NameField } from './query-words.ts';

/** Where a part of a query stands in its text: the place of its first character and the place behind its last, from 0. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/** A name or a text with wildcards: what stands between its `*`, so one part where it has none. Upper and lower case are the same. */
export type Pattern = readonly string[];

/** A size against a limit; `..` takes both its ends in. */
export type Comparison<T> =
  | { readonly operator: '>' | '>=' | '<' | '<='; readonly limit: T }
  | { readonly operator: '..'; readonly from: T; readonly to: T };

/** A moment as somebody writes it, in UTC: of a certain day, or of every day. */
export interface Moment {
  readonly kind: 'instant' | 'time-of-day';
  /** Milliseconds since 1970, or since midnight. */
  readonly ms: number;
  /** How long it lasts: a minute where no seconds are written, and so on. */
  readonly lastsMs: 60_000 | 1000 | 1;
}

/** One condition. */
export type Term = { readonly span: Span } & (
  | { readonly kind: 'name'; readonly field: NameField; readonly pattern: Pattern }
  /** Something stands anywhere in what came off the wire. */
  | { readonly kind: 'text'; readonly pattern: Pattern }
  /** In milliseconds. */
  | { readonly kind: 'duration'; readonly field: 'latency' | 'gap'; readonly comparison: Comparison<number> }
  | { readonly kind: 'time'; readonly comparison: Comparison<Moment> | { readonly operator: '='; readonly limit: Moment } }
  | { readonly kind: 'flag'; readonly word: FlagWord }
);

/** What is looked for: a tree of conditions. `and` and `or` have two parts or more. */
export type Query = Term | { readonly kind: 'and' | 'or'; readonly parts: readonly Query[]; readonly span: Span } | { readonly kind: 'not'; readonly part: Query; readonly span: Span };

/** What a query may be at the most: longer ones are nobody's, and a page that opens a link must not labour. */
export const queryLimits = { characters: 2000, terms: 64, depth: 24 } as const;

/** The text of a query, so that reading it gives the same query again. */
export function printQuery(query: Query): string {
  switch (query.kind) {
    case 'and':
      return query.parts.map((part) => inside(part, part.kind === 'and' || part.kind === 'or')).join(' ');
    case 'or':
      return query.parts.map((part) => inside(part, part.kind === 'or')).join(' OR ');
    case 'not':
      return `-${inside(query.part, query.part.kind === 'and' || query.part.kind === 'or')}`;
    case 'name':
      return `${query.field}:${printPattern(query.pattern)}`;
    case 'text':
      return `text:${printPattern(query.pattern)}`;
    case 'duration':
      return `${query.field}:${printComparison(query.comparison, (ms) => `${ms}ms`)}`;
    case 'time':
      return `at:${query.comparison.operator === '=' ? printMoment(query.comparison.limit) : printComparison(query.comparison, printMoment)}`;
    case 'flag':
      return `is:${query.word}`;
  }
}

const inside = (query: Query, needsParentheses: boolean): string => (needsParentheses ? `(${printQuery(query)})` : printQuery(query));

/** A name as a query writes it; in quotes where it would be read otherwise. */
export function printName(name: string): string {
  return plainName.test(name) ? name : `"${name.replace(/["\\]/g, '\\$&')}"`;
}

/** Nothing that ends a word, is an operator or stands for more than itself. */
const plainName = /^[^\s\p{Cc}"()*<>=.][^\s\p{Cc}"()*]*$/u;

const printPattern = (pattern: Pattern): string => (pattern.length === 1 ? printName(pattern[0] ?? '') : pattern.join('*'));

const printComparison = <T>(comparison: Comparison<T>, print: (value: T) => string): string =>
  comparison.operator === '..' ? `${print(comparison.from)}..${print(comparison.to)}` : `${comparison.operator}${print(comparison.limit)}`;

const writtenLength = { 60_000: 16, 1000: 19, 1: 23 } as const;

function printMoment({ kind, ms, lastsMs }: Moment): string {
  return `${new Date(ms).toISOString().slice(kind === 'instant' ? 0 : 11, writtenLength[lastsMs])}Z`;
}
