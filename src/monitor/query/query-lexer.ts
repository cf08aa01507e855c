import type { Span } from './query.ts';
import { faultAt, type QueryFault } from './query-fault.ts';

/** A field's value, or a word that stands alone. */
export interface Value {
  readonly text: string;
  /** It stood in quotes: all of it is meant as it is. */
  readonly quoted: boolean;
  readonly span: Span;
}

export type Token =
  | { readonly kind: 'open' | 'close' | 'not' | 'and' | 'or'; readonly span: Span }
  | { readonly kind: 'term'; readonly field: { readonly name: string; readonly span: Span } | undefined; readonly value: Value; readonly span: Span };

const codes = { quote: 34, open: 40, close: 41, minus: 45, colon: 58, backslash: 92 } as const;

/** Space as JSON and keyboards know it, and all that is no character to look at. */
const isSpace = (code: number): boolean => code <= 32 || code === 160;
const endsWord = (code: number): boolean => isSpace(code) || code === codes.open || code === codes.close || code === codes.quote;

const operators: ReadonlyMap<string, 'and' | 'or' | 'not'> = new Map([
  ['AND', 'and'],
  ['OR', 'or'],
  ['NOT', 'not'],
]);

/** The tokens of a query, or what is wrong with one of them. Every character is looked at once. */
export function lexQuery(text: string): readonly Token[] | QueryFault {
  const tokens: Token[] = [];
  let at = 0;
  while (at < text.length) {
    const code = text.charCodeAt(at);
    const span = { from: at, to: at + 1 };
    if (isSpace(code)) at += 1;
    else if (code === codes.open || code === codes.close || code === codes.minus) {
      tokens.push({ kind: code === codes.open ? 'open' : code === codes.close ? 'close' : 'not', span });
      at += 1;
    } else {
      const term = lexTerm(text, at);
      if ('reason' in term) return term;
      tokens.push(term);
      at = term.span.to;
    }
  }
  return tokens;
}

/** A word, a quoted text, or a field with one of the two behind its colon. */
function lexTerm(text: string, from: number): Token | QueryFault {
  let to = from;
  let colon = -1;
  while (to < text.length) {
    const code = text.charCodeAt(to);
    if (endsWord(code)) break;
    if (code === codes.colon && colon < 0) colon = to;
    to += 1;
  }
  const valueFrom = colon < 0 ? from : colon + 1;
  const field = colon < 0 ? undefined : { name: text.slice(from, colon), span: { from, to: colon } };
  if (text.charCodeAt(to) !== codes.quote) {
    const word = text.slice(valueFrom, to);
    const operator = field === undefined ? operators.get(word) : undefined;
    if (operator !== undefined) return { kind: operator, span: { from, to } };
    return { kind: 'term', field, value: { text: word, quoted: false, span: { from: valueFrom, to } }, span: { from, to } };
  }
  if (to > valueFrom) return faultAt('stray-quote', { from: to, to: to + 1 }, 'a quote begins a text or ends it; put all of the text into quotes, and \\" for a quote in it');
  const value = lexQuoted(text, to);
  if (value === undefined) return faultAt('unclosed-quote', { from: to, to: text.length }, 'this quote is never closed');
  const behind = value.span.to;
  if (behind < text.length && !endsWord(text.charCodeAt(behind))) return faultAt('stray-quote', { from: behind, to: behind + 1 }, 'expected a space after the closing quote');
  return { kind: 'term', field, value, span: { from, to: behind } };
}

/** The text between two quotes, in which a backslash takes the next character as it is. Undefined: there is no second quote. */
function lexQuoted(text: string, from: number): Value | undefined {
  let content = '';
  let taken = from + 1;
  for (let at = from + 1; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === codes.quote) return { text: content + text.slice(taken, at), quoted: true, span: { from, to: at + 1 } };
    if (code === codes.backslash && at + 1 < text.length) {
      content += text.slice(taken, at);
      at += 1;
      taken = at;
    }
  }
  return undefined;
}
