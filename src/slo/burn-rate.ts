import { wilson } from './interval.ts';
import type { Counts } from './reliability.ts';
import { burnRate } from './reliability.ts';

/** A page wakes somebody; a ticket can wait until tomorrow. */
export type Urgency = 'page' | 'ticket';

/** One multiwindow alert: it fires when the budget burns `factor` times too fast over both windows. */
export interface BurnRule {
  readonly urgency: Urgency;
  readonly factor: number;
  readonly longMs: number;
  readonly shortMs: number;
}

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

/** Rows 1, 2 and 4: Site Reliability Workbook, chapter 5, table 5-8; row 3: Sloth's default windows. Most urgent first. */
export const burnRules: readonly BurnRule[] = [
  { urgency: 'page', factor: 14.4, longMs: hour, shortMs: 5 * minute },
  { urgency: 'page', factor: 6, longMs: 6 * hour, shortMs: 30 * minute },
  { urgency: 'ticket', factor: 3, longMs: day, shortMs: 2 * hour },
  { urgency: 'ticket', factor: 1, longMs: 3 * day, shortMs: 6 * hour },
];

/** With fewer runs than this in the short window one loss is no alarm. */
const fewestTrials = 20;

export interface BurnAlert {
  readonly rule: BurnRule;
  readonly firing: boolean;
  /** How many times faster than allowed the budget burns; null where the window counted nothing. */
  readonly longRate: number | null;
  readonly shortRate: number | null;
}

/**
 * Judges all burn rules at one instant.
 *
 * @param countsOf what was counted in the last so many milliseconds
 * @param target the promised share, above 0 and below 1
 * @param previous what this function said last; an alert that fires goes on until its short window falls below
 */
export function assessBurn(
  countsOf: (windowMs: number) => Counts,
  target: number,
  previous: readonly BurnAlert[] = [],
): readonly BurnAlert[] {
  return burnRules.map((rule, index) =>
    judge(rule, countsOf(rule.longMs), countsOf(rule.shortMs), target, previous[index]?.firing === true),
  );
}

function judge(rule: BurnRule, long: Counts, short: Counts, target: number, wasFiring: boolean): BurnAlert {
  const longRate = rateOf(long, target);
  const shortRate = rateOf(short, target);
  const firing = wasFiring
    ? // A short window without a run says nothing of a recovery; when the long one is empty too, there is nothing to warn of.
      shortRate === null ? longRate !== null : shortRate >= rule.factor
    : longRate !== null && longRate > rule.factor &&
      shortRate !== null && shortRate > rule.factor &&
      short.trials >= fewestTrials &&
      badAtLeast(short) > rule.factor * (1 - target);
  return { rule, firing, longRate, shortRate };
}

const rateOf = (counts: Counts, target: number): number | null =>
  counts.valid === 0 ? null : burnRate(counts.good / counts.valid, target);

/** The share of bad ones that the runs prove: Wilson's lower end. */
const badAtLeast = ({ good, valid, trials }: Counts): number => wilson((1 - good / valid) * trials, trials)[0];
