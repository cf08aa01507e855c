import { useEffect, useState } from 'react';
import type { Comparison } from '#monitor/comparison/comparison-report.ts';
import { useMonitorStore } from '#views/parts/use-monitor.ts';
import { formatComparison, type ComparedSides } from './comparison-address.ts';

export type ComparisonAnswer = { readonly phase: 'asking' } | { readonly phase: 'failed'; readonly message: string } | { readonly phase: 'known'; readonly comparison: Comparison };

const asking: ComparisonAnswer = { phase: 'asking' };

/** What came of two sides, asked for once: what is compared stands still. */
export function useComparison(sides: ComparedSides | undefined): ComparisonAnswer {
  const { client } = useMonitorStore();
  const key = sides === undefined ? undefined : formatComparison(sides);
  const [answer, setAnswer] = useState<{ readonly key: string; readonly answer: ComparisonAnswer }>();
  useEffect(() => {
    if (sides === undefined || key === undefined) return undefined;
    let stopped = false;
    const take = (next: ComparisonAnswer): void => {
      if (!stopped) setAnswer({ key, answer: next });
    };
    client.ask('compare', sides).then(
      (comparison) => take({ phase: 'known', comparison }),
      (error: unknown) => take({ phase: 'failed', message: error instanceof Error ? error.message : 'It could not be compared.' }),
    );
    return () => {
      stopped = true;
    };
    // The key says what the sides are; they are read anew with each change of the address.
    // oxlint-disable-next-line react/exhaustive-deps
  }, [client, key]);
  return answer === undefined || answer.key !== key ? asking : answer.answer;
}
