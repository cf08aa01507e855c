import { useCallback, useEffect, useState } from 'react';
import type { WhysReport } from '#monitor/whys/whys-report.ts';
import { useEnvironment, useMonitorStore } from '#views/parts/use-monitor.ts';
import { useQueryState } from '#views/parts/url-state.ts';

type WhysAnswer = { readonly phase: 'asking' } | { readonly phase: 'unknown' } | { readonly phase: 'known'; readonly report: WhysReport };

/** While nothing is known or judged, it is asked for again. */
const retryMs = 1000;

/** The report of an environment as of the moment at which it was asked for: it stands still while somebody writes in it. `again` makes it anew. */
export function useWhys(environmentId: string): { readonly answer: WhysAnswer; readonly again: () => void } {
  const { client } = useMonitorStore();
  const { from, to } = useQueryState();
  const capture = useEnvironment(environmentId, ({ opened }) => opened?.name);
  const [times, setTimes] = useState(0);
  const [answer, setAnswer] = useState<WhysAnswer>({ phase: 'asking' });
  useEffect(() => {
    let stopped = false;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const take = (next: WhysAnswer): void => {
      if (stopped) return;
      setAnswer(next);
      if (next.phase !== 'known' || next.report.accounting.slo.valid === 0) timer = setTimeout(() => setTimes((before) => before + 1), retryMs);
    };
    client.ask('whys', { environmentId, from, to, capture }).then(
      (report) => take(report === undefined ? { phase: 'unknown' } : { phase: 'known', report }),
      () => take({ phase: 'unknown' }),
    );
    return () => {
      stopped = true;
      clearTimeout(timer);
    };
  }, [client, environmentId, from, to, capture, times]);
  return { answer, again: useCallback(() => setTimes((before) => before + 1), []) };
}
