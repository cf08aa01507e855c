import { err, ok, type Result } from '#base/result.ts';
import type { Comparison, Moment, Span, Term } from './query.ts';
import { faultAt, type QueryFault } from './query-fault.ts';
import type { Value } from './query-lexer.ts';
import { parseDuration, parseMoment } from './query-values.ts';

const operators = ['>=', '<=', '>', '<'] as const;

/** Reads `>500ms`, `<=1.5s`, `200..500ms`, and the same with times; a time may stand alone. */
export function parseComparison(field: 'latency' | 'gap' | 'at', value: Value, span: Span): Result<Term, QueryFault> {
  if (field === 'at') {
    const moment = parseMoment(value.text);
    if (moment !== undefined) return ok({ kind: 'time', comparison: { operator: '=', limit: moment }, span });
    const comparison = compare(value, 'at', 'expected-time', 'a time in UTC such as 14:21:07Z or 2026-11-18T14:21:07Z', parseMoment, momentsFit);
    return comparison.ok ? ok({ kind: 'time', comparison: comparison.value, span }) : comparison;
  }
  const comparison = compare(value, field, 'expected-duration', 'a duration', parseDuration, (from, to) => from <= to);
  return comparison.ok ? ok({ kind: 'duration', field, comparison: comparison.value, span }) : comparison;
}

const momentsFit = (from: Moment, to: Moment): boolean => from.kind === to.kind && from.ms <= to.ms;

function compare<T>(
  { text, span }: Value,
  field: string,
  reason: 'expected-duration' | 'expected-time',
  expected: string,
  parse: (text: string) => T | undefined,
  fit: (from: T, to: T) => boolean,
): Result<Comparison<T>, QueryFault> {
  const operator = operators.find((each) => text.startsWith(each));
  if (operator !== undefined) {
    const limit = parse(text.slice(operator.length));
    if (limit === undefined) return err(faultAt(reason, { from: span.from + operator.length, to: span.to }, `expected ${expected} after ${field}:${operator}`));
    return ok({ operator, limit });
  }
  const dots = text.indexOf('..');
  if (dots < 0) {
    if (parse(text) !== undefined) return err(faultAt('expected-comparison', span, `expected > >= < or <= before ${text.slice(0, 40)}, or a range such as 200..500ms`));
    return err(faultAt(reason, span, `expected ${expected} after ${field}:, with > >= < or <= before it`));
  }
  const to = parse(text.slice(dots + 2));
  // `200..500ms`: the unit stands once.
  const written = text.slice(0, dots);
  const unit = text.slice(dots + 2).replace(/^[\d.]+/, '');
  const from = to !== undefined && field !== 'at' && /^[\d.]+$/.test(written) ? parse(written + unit) : parse(written);
  if (from === undefined) return err(faultAt(reason, { from: span.from, to: span.from + dots }, `expected ${expected} before ..`));
  if (to === undefined) return err(faultAt(reason, { from: span.from + dots + 2, to: span.to }, `expected ${expected} after ..`));
  if (!fit(from, to)) return err(faultAt('empty-range', span, 'this range ends before it begins'));
  return ok({ operator: '..', from, to });
}
