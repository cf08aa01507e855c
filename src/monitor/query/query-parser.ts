import { err, ok, type Result } from '#base/result.ts';
import { queryLimits, type Pattern, type Query, type Span, type Term } from './query.ts';
import { faultAt, type QueryFault } from './query-fault.ts';
import { lexQuery, type Token, type Value } from './query-lexer.ts';
import { parseComparison } from './query-comparison.ts';
import { closedValues, isField, isFlagWord, isStatusWord, queryFields, type QueryField } from './query-words.ts';
import { Wildcard } from './wildcard.ts';

type Parsed<T> = Result<T, QueryFault>;

/**
 * Reads a query: terms side by side must all hold (`AND` may stand between them), `OR` binds less, `-` and `NOT` turn round what
 * follows, parentheses group. Never throws; the time grows with the text and no faster. Undefined: the text is empty, so everything matches.
 */
export function parseQuery(text: string): Parsed<Query | undefined> {
  if (text.length > queryLimits.characters) {
    return err(faultAt('too-long', { from: queryLimits.characters, to: text.length }, `a query has ${queryLimits.characters} characters at the most, and this one has ${text.length}`));
  }
  const tokens = lexQuery(text);
  if ('reason' in tokens) return err(tokens);
  if (tokens.length === 0) return ok(undefined);
  const parser = new Parser(tokens, text.length);
  const query = parser.parse();
  return query.ok ? ok(query.value) : query;
}

class Parser {
  readonly #tokens: readonly Token[];
  readonly #end: Span;
  #next = 0;
  #terms = 0;

  constructor(tokens: readonly Token[], length: number) {
    this.#tokens = tokens;
    this.#end = { from: length, to: length + 1 };
  }

  parse(): Parsed<Query> {
    const query = this.#anyOf(0);
    const rest = this.#tokens[this.#next];
    if (!query.ok || rest === undefined) return query;
    return err(faultAt('stray-parenthesis', rest.span, 'this parenthesis was never opened'));
  }

  #anyOf(depth: number): Parsed<Query> {
    const parts: Query[] = [];
    for (;;) {
      const part = this.#allOf(depth);
      if (!part.ok) return part;
      parts.push(part.value);
      if (this.#tokens[this.#next]?.kind !== 'or') return ok(joined('or', parts));
      this.#next += 1;
    }
  }

  #allOf(depth: number): Parsed<Query> {
    const parts: Query[] = [];
    for (;;) {
      const part = this.#one(depth);
      if (!part.ok) return part;
      parts.push(part.value);
      const kind = this.#tokens[this.#next]?.kind;
      if (kind === 'and') this.#next += 1;
      else if (kind === undefined || kind === 'or' || kind === 'close') return ok(joined('and', parts));
    }
  }

  #one(depth: number): Parsed<Query> {
    const token = this.#tokens[this.#next];
    const before = this.#tokens[this.#next - 1];
    this.#next += 1;
    if (token === undefined) return err(faultAt('expected-term', this.#end, `expected a term${before === undefined ? '' : ` after ${wordOf(before)}`}`));
    if ((token.kind === 'not' || token.kind === 'open') && depth >= queryLimits.depth) {
      return err(faultAt('too-deep', token.span, `parentheses and negations may lie ${queryLimits.depth} deep at the most`));
    }
    switch (token.kind) {
      case 'not': {
        const part = this.#one(depth + 1);
        return part.ok ? ok({ kind: 'not', part: part.value, span: { from: token.span.from, to: part.value.span.to } }) : part;
      }
      case 'open': {
        const group = this.#anyOf(depth + 1);
        if (!group.ok) return group;
        if (this.#tokens[this.#next]?.kind !== 'close') return err(faultAt('unclosed-parenthesis', token.span, 'this parenthesis is never closed'));
        this.#next += 1;
        return group;
      }
      case 'term':
        this.#terms += 1;
        if (this.#terms > queryLimits.terms) return err(faultAt('too-many-terms', token.span, `a query has ${queryLimits.terms} terms at the most`));
        return parseTerm(token);
      case 'close':
      case 'and':
      case 'or':
        return err(faultAt('expected-term', token.span, `expected a term before ${wordOf(token)}`));
    }
  }
}

const words: Readonly<Record<Exclude<Token['kind'], 'term'>, string>> = { open: '(', close: ')', not: '-', and: 'AND', or: 'OR' };
const wordOf = (token: Token): string => (token.kind === 'term' ? 'the term' : words[token.kind]);

function joined(kind: 'and' | 'or', parts: readonly Query[]): Query {
  const [first] = parts;
  const last = parts.at(-1);
  if (first === undefined || last === undefined || first === last) return first ?? { kind, parts, span: { from: 0, to: 0 } };
  return { kind, parts, span: { from: first.span.from, to: last.span.to } };
}

function parseTerm({ field, value, span }: Extract<Token, { kind: 'term' }>): Parsed<Term> {
  if (field === undefined) return ok(bareTerm(value, span));
  const name = field.name.toLowerCase();
  if (!isField(name)) {
    return err(faultAt('unknown-field', field.span, `there is no field ${field.name}:, only ${queryFields.map((each) => `${each}:`).join(' ')}; put quotes round it to look for it as a text`));
  }
  if (value.text === '') return err(faultAt('expected-value', { from: value.span.from, to: value.span.to }, `expected ${expectedOf(name)} after ${name}:`));
  switch (name) {
    case 'latency':
    case 'gap':
    case 'at':
      return parseComparison(name, value, span);
    case 'text':
      return ok({ kind: 'text', pattern: patternOf(value), span });
    default:
      return parseName(name, value, span);
  }
}

/** A word that stands alone is what is said of events or runs in one word, else a text. */
function bareTerm(value: Value, span: Span): Term {
  const word = value.text.toLowerCase();
  if (!value.quoted && isFlagWord(word)) return { kind: 'flag', word, span };
  if (!value.quoted && isStatusWord(word)) return { kind: 'name', field: 'status', pattern: [word], span };
  return { kind: 'text', pattern: patternOf(value), span };
}

function parseName(field: Exclude<QueryField, 'latency' | 'gap' | 'at' | 'text'>, value: Value, span: Span): Parsed<Term> {
  if (!value.quoted && /^[<>=]/.test(value.text)) return err(faultAt('no-comparison', value.span, `${field}: is compared by name alone; put quotes round a name that begins like this`));
  const pattern = patternOf(value);
  const known = closedValues.get(field);
  const wildcard = new Wildcard(pattern, 'whole');
  if (known !== undefined && !known.some((each) => wildcard.matches(each))) {
    return err(faultAt('unknown-value', value.span, `${field}: knows no ${value.text.slice(0, 40)}, only ${known.join(', ')}`));
  }
  if (field !== 'is') return ok({ kind: 'name', field, pattern, span });
  const word = value.text.toLowerCase();
  return isFlagWord(word) ? ok({ kind: 'flag', word, span }) : err(faultAt('unknown-value', value.span, `is: takes one of its words as it is: ${known?.join(', ')}`));
}

const patternOf = ({ text, quoted }: Value): Pattern => (quoted ? [text] : text.split('*'));

function expectedOf(field: QueryField): string {
  if (field === 'latency' || field === 'gap') return 'a comparison of durations such as >500ms or 200..500ms';
  if (field === 'at') return 'a time in UTC such as >14:21:07Z';
  const known = closedValues.get(field);
  return known === undefined ? 'a value' : `one of ${known.join(', ')}`;
}
