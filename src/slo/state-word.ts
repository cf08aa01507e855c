import type { SloVerdict } from './reliability.ts';

/** The state words of an environment (visual.md §5), the worst first: the order in which they are listed. */
export const stateWords = ['breached', 'stale', 'blind', 'at-risk', 'no-data', 'unproven', 'ok'] as const;
export type StateWord = (typeof stateWords)[number];
/** A state that is known now, and not only remembered. */
export type KnownState = Exclude<StateWord, 'stale' | 'blind'>;

export interface StateFacts {
  readonly verdict: SloVerdict;
  readonly ratio: number | null;
  readonly target: number;
  /** A burn alert that pages, or a streak. */
  readonly page: boolean;
  /** A burn alert that is a ticket. */
  readonly ticket: boolean;
  /** Events shown to the wrong user in the window; one is an alarm that no budget covers. */
  readonly crossTalk: number;
}

export interface Freshness {
  /** The monitor is offline, asleep or stalled at this moment. */
  readonly blind: boolean;
  /** Age of the newest record; null if none ever came. */
  readonly newestAgeMs: number | null;
  /** How often something is expected. */
  readonly expectedIntervalMs: number;
}

/** The state that the figures tell, whatever their age: what a stale or blind one says "was". */
export function knownState({ verdict, ratio, target, page, ticket, crossTalk }: StateFacts): KnownState {
  if (verdict === 'missed' || page || crossTalk > 0) return 'breached';
  if (ticket || (verdict === 'unproven' && ratio !== null && ratio < target)) return 'at-risk';
  return verdict === 'met' ? 'ok' : verdict;
}

/**
 * The state word to show. Stale and blind cover any other state, for that one is only a memory then; blind covers stale,
 * because a monitor that cannot see cannot blame the target for its silence.
 */
export function stateWord(facts: StateFacts, { blind, newestAgeMs, expectedIntervalMs }: Freshness): StateWord {
  if (blind) return 'blind';
  if (newestAgeMs !== null && newestAgeMs > 2 * expectedIntervalMs) return 'stale';
  return knownState(facts);
}

/** What the order of several environments rests on. */
export interface Ranked {
  readonly state: StateWord;
  readonly ratio: number | null;
  /** A fallback that is not needed now. */
  readonly standby: boolean;
}

/** Sorts the worst first; of equals the lower ratio, and those without one after those with one; standby last. */
export function byWorstFirst(a: Ranked, b: Ranked): number {
  if (a.standby !== b.standby) return a.standby ? 1 : -1;
  if (a.state !== b.state) return stateWords.indexOf(a.state) - stateWords.indexOf(b.state);
  // No ratio is above every ratio.
  return (a.ratio ?? 2) - (b.ratio ?? 2);
}
