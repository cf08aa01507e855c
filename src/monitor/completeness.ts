import type { Run } from '#runs/run.ts';
import { clopperPearson, wilson } from '#slo/interval.ts';
import type { CompletenessRow } from './snapshot.ts';

interface Sum {
  expected: number;
  delivered: number;
  trials: number;
  newest: Run | undefined;
}

const emptySum = (): Sum => ({ expected: 0, delivered: 0, trials: 0, newest: undefined });

/**
 * Delivered of expected by event type, those of the contract first in its order, over runs that were closed complete or incomplete. Trials are runs, since the events of one run fail together.
 */
export function completenessOf(runs: Iterable<Run>, types: readonly string[], target: number): CompletenessRow[] {
  const sums = new Map(types.map((type) => [type, emptySum()]));
  for (const run of runs) {
    if (run.status !== 'complete' && run.status !== 'incomplete') continue;
    for (const { type, expected, delivered } of run.delivery.byType) {
      let sum = sums.get(type);
      if (sum === undefined) sums.set(type, (sum = emptySum()));
      sum.expected += expected;
      sum.delivered += delivered;
      // A type of two pairs comes twice in one run, which stays one trial.
      if (sum.newest !== run) sum.trials += 1;
      sum.newest = run;
    }
  }
  return Array.from(sums, ([type, { expected, delivered, trials }]) => {
    const ratio = expected === 0 ? null : delivered / expected;
    const exact = ratio === null ? ([0, 1] as const) : clopperPearson(ratio * trials, trials);
    return {
      type,
      expected,
      delivered,
      trials,
      ratio,
      interval: ratio === null ? ([0, 1] as const) : wilson(ratio * trials, trials),
      exact,
      verdict: ratio === null ? 'no-data' : exact[0] >= target ? 'met' : exact[1] < target ? 'missed' : 'unproven',
    };
  });
}
