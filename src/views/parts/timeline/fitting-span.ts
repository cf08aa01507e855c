import type { RunReport } from '#monitor/report.ts';

/** From so many finished runs on, their length is taken for typical. */
const enoughRuns = 5;
const spans = [60_000, 45_000, 30_000, 20_000, 15_000, 10_000];

/**
 * The longest span, `longestMs` at most, at which the events of a typical run can be told apart.
 * @param marks how many marks have room side by side on the screen
 * @returns `undefined` as long as too few runs are known
 */
export function fittingSpan(runs: readonly Pick<RunReport, 'durationMs' | 'delivered' | 'status'>[], longestMs: number, marks: number): number | undefined {
  const gaps = runs
    .flatMap(({ durationMs, delivered, status }) => (status === 'complete' && durationMs !== null && delivered > 1 ? [durationMs / (delivered - 1)] : []))
    .toSorted((left, right) => left - right);
  const median = gaps[Math.floor(gaps.length / 2)];
  if (median === undefined || gaps.length < enoughRuns) return undefined;
  return spans.find((span) => span <= longestMs && median * marks >= span) ?? 10_000;
}
