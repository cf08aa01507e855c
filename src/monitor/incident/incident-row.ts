import { epochMs, type EpochMs } from '#base/units.ts';
import type { RunFault } from '#runs/run.ts';
import type { IncidentStage } from './incident-report.ts';

/** What a row takes for noise, and what for trouble. */
export interface RowTerms {
  /** The share of bad trials that is background noise. */
  readonly usual: number;
  /** The share of bad trials in trouble that the row looks out for. */
  readonly troubled: number;
  /** So many bad trials in a row are trouble. */
  readonly enough: number;
}

/** A bad trial: a run that lacks something, an event that is late. */
export interface Trouble {
  /** When it happened. */
  readonly at: EpochMs;
  /** When that was known. */
  readonly knownAt: EpochMs;
  /** Its run's number; −1 for none. */
  readonly run: number;
  /** Events that should have come, and how many of them did not. */
  readonly expected: number;
  readonly lost: number;
  /** Types that lack, each as often as it lacks. */
  readonly missing: readonly string[];
  readonly stage: IncidentStage;
  readonly fault: RunFault;
  /** How late it is, in milliseconds; 0 where that is not the trouble. */
  readonly lateMs: number;
}

/** What a connection has to do with a row. */
export interface LaneShare {
  trials: number;
  bad: number;
  expected: number;
  lost: number;
}

const keptFirst = 32;
const keptRuns = 20;

/**
 * Trials since trouble may have begun, and when it did.
 *
 * Whether there is trouble is told by Page's cumulative sum (E. S. Page, Biometrika 41, 1954): each bad trial adds ln(troubled / usual), each good one
 * takes off ln((1 − usual) / (1 − troubled)); at 0 the row is over, and what came before says nothing of what comes next. It alarms at the height
 * of `enough` bad trials in a row, and grows no higher, so that it is over about as soon as it had begun.
 * So an isolated loss is forgotten after a few good runs, and cannot move the onset of what comes later.
 *
 * Where the trouble began within the row is the change point of greatest likelihood: of all bad trials, the first one from which on the share of bad
 * ones that was seen since is likelier than the usual one by the most (the generalised likelihood ratio; M. Basseville, I. V. Nikiforov,
 * "Detection of Abrupt Changes", 1993, ch. 2.4).
 */
export class IncidentRow {
  trials = 0;
  bad = 0;
  expected = 0;
  lost = 0;
  lateMs = 0;
  lastBadAt: EpochMs;
  /** When it was known to be trouble and no accident. */
  alarmedAt: EpochMs | undefined;
  /** How often each type lacked. */
  readonly types = new Map<string, number>();
  readonly stages = new Map<IncidentStage, number>();
  readonly faults = new Map<RunFault, number>();
  /** Of the connections in it, in the order of their first bad trial. */
  readonly lanes = new Map<number, LaneShare>();
  /** Numbers of the runs that show it, the newest last. */
  readonly runs: number[] = [];
  readonly #terms: RowTerms;
  readonly #badStep: number;
  readonly #goodStep: number;
  readonly #height: number;
  /** When its first trial was counted. */
  readonly #since: EpochMs;
  /** Of the first bad trials: when each happened, how many trials came before it, and its run. */
  readonly #first: { readonly at: EpochMs; readonly before: number; readonly run: number }[] = [];
  #score = 0;

  constructor(terms: RowTerms, first: Trouble, lane: number) {
    const { usual, troubled, enough } = terms;
    this.#terms = terms;
    this.#badStep = Math.log(troubled / usual);
    this.#goodStep = Math.log((1 - usual) / (1 - troubled));
    // A hair lower, since sums of logarithms are not exact.
    this.#height = enough * this.#badStep - 1e-9;
    this.lastBadAt = first.at;
    this.#since = first.knownAt;
    this.addBad(first, lane);
  }

  addBad(trouble: Trouble, lane: number): void {
    if (this.#first.length < keptFirst) this.#first.push({ at: trouble.at, before: this.trials, run: trouble.run });
    this.#count(lane, trouble.expected, trouble.lost, 1);
    this.bad += 1;
    this.lateMs += trouble.lateMs;
    if (trouble.at > this.lastBadAt) this.lastBadAt = trouble.at;
    for (const type of trouble.missing) this.types.set(type, (this.types.get(type) ?? 0) + 1);
    this.stages.set(trouble.stage, (this.stages.get(trouble.stage) ?? 0) + 1);
    this.faults.set(trouble.fault, (this.faults.get(trouble.fault) ?? 0) + 1);
    if (trouble.run >= 0 && this.runs.at(-1) !== trouble.run) {
      this.runs.push(trouble.run);
      if (this.runs.length > keptRuns) this.runs.shift();
    }
    this.#score = Math.min(this.#height, this.#score + this.#badStep);
    if (this.#score >= this.#height) this.alarmedAt ??= trouble.knownAt;
  }

  /** Adds a good trial. True where the row is over with it. */
  addGood(lane: number, expected: number): boolean {
    this.#count(lane, expected, 0, 0);
    this.#score -= this.#goodStep;
    return this.#score <= 0;
  }

  /** Two bad trials of one connection close together: more than an accident, though no alarm yet. */
  get isSuspicious(): boolean {
    return this.alarmedAt !== undefined || this.#score > 1.5 * this.#badStep;
  }

  /** A trial turns out to be bad that was counted as good at `countedAt`, if the row was there by then. */
  addWorse(trouble: Trouble, lane: number, countedAt: EpochMs): void {
    if (countedAt > this.#since) {
      this.#count(lane, -trouble.expected, 0, 0, -1);
      this.#score += this.#goodStep;
    }
    this.addBad(trouble, lane);
  }

  /** When the trouble began, and with which run. */
  onset(): { readonly at: EpochMs; readonly run: number } {
    const { usual } = this.#terms;
    let best = 0;
    let bestGain = Number.NEGATIVE_INFINITY;
    for (const [place, { before }] of this.#first.entries()) {
      const trials = this.trials - before;
      const bad = this.bad - place;
      const share = bad / trials;
      const good = trials - bad;
      const gain = share <= usual ? 0 : bad * Math.log(share / usual) + (good === 0 ? 0 : good * Math.log((1 - share) / (1 - usual)));
      if (gain <= bestGain) continue;
      best = place;
      bestGain = gain;
    }
    // Runs are judged in the order of their ends: one that was judged later may have lacked something earlier.
    return this.#first.slice(best).reduce((first, each) => (each.at < first.at ? each : first), this.#first[best] ?? { at: this.lastBadAt, run: -1 });
  }

  #count(lane: number, expected: number, lost: number, bad: number, trials = 1): void {
    this.trials += trials;
    this.expected += expected;
    this.lost += lost;
    let share = this.lanes.get(lane);
    if (share === undefined) this.lanes.set(lane, (share = { trials: 0, bad: 0, expected: 0, lost: 0 }));
    share.trials += trials;
    share.bad += bad;
    share.expected += expected;
    share.lost += lost;
  }
}

/** The largest of several counts; of equals the first. */
export function mostOften<T>(counts: Iterable<readonly [T, number]>): T | undefined {
  let found: T | undefined;
  let most = 0;
  for (const [name, times] of counts) {
    if (times <= most) continue;
    found = name;
    most = times;
  }
  return found;
}

/** The earliest of several times. */
export const earliest = (times: readonly EpochMs[]): EpochMs => epochMs(times.reduce((first, at) => Math.min(first, at), Number.POSITIVE_INFINITY));
