import type { Random } from '#base/random.ts';
import { durationMs, type DurationMs } from '#base/units.ts';
import type { ConnectionErrorReason } from './connection-error.ts';

/** The longest wait before the first retry; it doubles with each further one. */
const firstWait = 1000;
/** No wait is longer. */
const longestWait = durationMs(30_000);
/** A connection that was open this long has proved itself: its retries count from none again. */
export const stableAfter = durationMs(10_000);

export interface Loss {
  /** Retries used up before this loss. */
  readonly attempt: number;
  /** How long the connection had been open; 0 if the try failed. */
  readonly openFor: DurationMs;
  readonly reason: ConnectionErrorReason;
  readonly maxRetries: number;
}

export interface NextTry {
  /** Retries used up with this one. */
  readonly attempt: number;
  readonly delay: DurationMs;
}

/**
 * When to try again after a loss; undefined: never.
 * Full jitter ("Exponential Backoff And Jitter", AWS Architecture Blog): uniform between 0 and the capped exponential wait.
 * The cap comes before the jitter, so that even the latest tries of many connections stay spread.
 */
export function nextTry(loss: Loss, random: Random): NextTry | undefined {
  if (isHopeless(loss.reason)) return undefined;
  const attempt = (loss.openFor >= stableAfter ? 0 : loss.attempt) + 1;
  if (attempt > loss.maxRetries) return undefined;
  const longest = Math.min(longestWait, firstWait * 2 ** (attempt - 1));
  return { attempt, delay: durationMs(random() * longest) };
}

/** True where a further try cannot end otherwise: a refused sign-in stays refused, and may lock the user out. */
function isHopeless(reason: ConnectionErrorReason): boolean {
  return reason === 'auth-refused' || reason === 'unusable' || reason === 'socket-limit' || reason === 'retries-used-up';
}
