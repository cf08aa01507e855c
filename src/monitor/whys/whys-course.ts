import { epochMs, type EpochMs } from '#base/units.ts';
import type { Slo } from '#environment/schema.ts';
import type { Run } from '#runs/run.ts';
import { regularisedBeta } from '#slo/beta.ts';
import { assessBurn, burnRules, type BurnAlert } from '#slo/burn-rate.ts';
import { tail } from '#slo/interval.ts';
import type { Counts, SloVerdict } from '#slo/reliability.ts';
import { knownState, type KnownState } from '#slo/state-word.ts';
import { createStreaks, type StreakScope } from '#slo/streaks.ts';
import { addShare, emptySums, shareOf, sloCounts, type RunSums } from '#monitor/run-totals.ts';

/** Five bad runs in a row: whose, and when the fifth was closed. */
interface StreakMoment {
  readonly at: EpochMs;
  readonly scope: StreakScope;
  readonly name: string;
}

/** The gravest first. */
export type BreachCause = 'leak' | 'streak' | 'burn' | 'refuted';

/** How it came to the state at the end of a stretch of time. */
export interface Course {
  readonly state: KnownState;
  /** Since when it is that. */
  readonly since: EpochMs | null;
  /** What made it breached at that moment; null of any other state. */
  readonly cause: BreachCause | null;
  /** When the promise was last proven, where it is so no more. */
  readonly provenUntil: EpochMs | null;
  /** The fastest that the budget burned over 5 min with 20 runs or more. */
  readonly highestBurn: number | null;
  /** When a burn alert that pages first fired. */
  readonly pageAt: EpochMs | null;
  /** In the order in which they were complete. */
  readonly streaks: readonly StreakMoment[];
  /** The streaks that page at the end. */
  readonly paging: number;
}

interface Step {
  readonly at: number;
  readonly run?: Run;
}

/** One window rolling over the runs. */
class Rolling {
  readonly sums: RunSums = emptySums();
  readonly #windowMs: number;
  readonly #runs: readonly Run[];
  #oldest = 0;

  constructor(windowMs: number, runs: readonly Run[]) {
    this.#windowMs = windowMs;
    this.#runs = runs;
  }

  add(run: Run): void {
    addShare(this.sums, shareOf(run), 1);
  }

  advance(now: number): void {
    for (let run = this.#runs[this.#oldest]; run !== undefined && (run.closedAt ?? 0) <= now - this.#windowMs; run = this.#runs[this.#oldest]) {
      addShare(this.sums, shareOf(run), -1);
      this.#oldest += 1;
    }
  }
}

const shortest = Math.min(...burnRules.map(({ shortMs }) => shortMs));
const fewestTrials = 20;

/**
 * Judges anew at every moment at which something was closed or leaked.
 * @param runs closed ones, in the order of their closes
 * @param leaks when events were shown to another user, in their order
 * @param windowMs over which the promise is judged
 */
export function courseOf(runs: readonly Run[], leaks: readonly EpochMs[], { target, sli }: Pick<Slo, 'target' | 'sli'>, windowMs: number, to: EpochMs): Course {
  const steps: Step[] = [...runs.map((run) => ({ at: run.closedAt ?? 0, run })), ...leaks.map((at) => ({ at })), { at: to }].sort((a, b) => a.at - b.at);
  const shown = new Rolling(windowMs, runs);
  const burnWindows = new Map(burnRules.flatMap(({ longMs, shortMs }) => [longMs, shortMs]).map((ms) => [ms, new Rolling(ms, runs)]));
  const streaks = createStreaks();
  const known = new Map<string, StreakMoment>();
  let alerts: readonly BurnAlert[] = [];
  let paging = 0;
  let state: KnownState = 'no-data';
  let since: number | null = null;
  let cause: BreachCause | null = null;
  let provenAt: number | null = null;
  let pageAt: number | null = null;
  let highestBurn: number | null = null;
  let verdict: SloVerdict = 'no-data';
  // Of the leaks, how many have happened, and how many of these the window has left behind.
  let leaked = 0;
  let forgiven = 0;
  for (const { at, run } of steps) {
    for (const window of [shown, ...burnWindows.values()]) {
      if (run !== undefined) window.add(run);
      window.advance(at);
    }
    if (run !== undefined && (run.status === 'complete' || run.status === 'incomplete')) {
      streaks.add({ connection: run.connection.id, user: run.connection.user, status: run.status, missing: run.delivery.missing });
      const active = streaks.active();
      for (const { scope, name } of active) if (!known.has(`${scope} ${name}`)) known.set(`${scope} ${name}`, { at: epochMs(at), scope, name });
      paging = active.length;
    }
    alerts = assessBurn((ms) => sloCounts(burnWindows.get(ms)?.sums ?? emptySums(), sli), target, alerts);
    const firing = alerts.filter((alert) => alert.firing);
    const short = sloCounts(burnWindows.get(shortest)?.sums ?? emptySums(), sli);
    if (short.trials >= fewestTrials) highestBurn = Math.max(highestBurn ?? 0, (1 - short.good / short.valid) / (1 - target));
    while ((leaks[leaked] ?? Infinity) <= at) leaked += 1;
    while ((leaks[forgiven] ?? Infinity) <= at - windowMs) forgiven += 1;
    const counts = sloCounts(shown.sums, sli);
    verdict = verdictOf(counts, target);
    if (verdict === 'met') provenAt = at;
    const pages = firing.some(({ rule }) => rule.urgency === 'page');
    if (pages) pageAt ??= at;
    const now = knownState({
      verdict,
      ratio: counts.valid === 0 ? null : counts.good / counts.valid,
      target,
      page: paging > 0 || pages,
      ticket: firing.some(({ rule }) => rule.urgency === 'ticket'),
      crossTalk: leaked - forgiven,
    });
    if (now !== state) {
      since = at;
      cause = now !== 'breached' ? null : leaked > forgiven ? 'leak' : paging > 0 ? 'streak' : pages ? 'burn' : 'refuted';
    }
    state = now;
  }
  const time = (at: number | null): EpochMs | null => (at === null ? null : epochMs(at));
  return { state, since: time(since), cause, provenUntil: verdict === 'met' ? null : time(provenAt), highestBurn, pageAt: time(pageAt), streaks: [...known.values()], paging };
}

/** As reliability.ts decides, by one evaluation of the beta distribution and not by its inversion: there may be a hundred thousand moments. */
function verdictOf({ good, valid, trials: n }: Counts, target: number): SloVerdict {
  if (valid === 0) return 'no-data';
  const ratio = good / valid;
  const k = ratio * n;
  if (ratio < target) return k < n && regularisedBeta(target, k + 1, n - k) > 1 - tail ? 'missed' : 'unproven';
  return k > 0 && regularisedBeta(target, k, n - k + 1) <= tail ? 'met' : 'unproven';
}
