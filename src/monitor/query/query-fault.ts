import type { Span } from './query.ts';

export type QueryFaultReason =
  | 'too-long'
  | 'too-many-terms'
  | 'too-deep'
  | 'unknown-field'
  | 'unknown-value'
  | 'expected-term'
  | 'expected-value'
  | 'expected-duration'
  | 'expected-time'
  | 'expected-comparison'
  | 'no-comparison'
  | 'empty-range'
  | 'stray-quote'
  | 'unclosed-quote'
  | 'unclosed-parenthesis'
  | 'stray-parenthesis';

/** Why a text is no query. */
export interface QueryFault {
  readonly reason: QueryFaultReason;
  /** Of the first character that is at fault, from 1. */
  readonly column: number;
  readonly length: number;
  /** `column 12: expected a duration after latency:>` */
  readonly message: string;
}

export const faultAt = (reason: QueryFaultReason, { from, to }: Span, what: string): QueryFault => ({ reason, column: from + 1, length: Math.max(1, to - from), message: `column ${from + 1}: ${what}` });
