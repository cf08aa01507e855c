import { replaceEqualDeep } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import type { RunDetail } from '#monitor/snapshot.ts';
import { useNotesWritten } from '#views/parts/notes/notes-written.ts';
import { useFrozenAt, useMonitorStore } from '#views/parts/use-monitor.ts';

/** How often an open run is asked for again: late events may still come to a closed one. */
const pauseMs = 1000;

export type RunAnswer = { readonly phase: 'asking' } | { readonly phase: 'unknown' } | { readonly phase: 'known'; readonly detail: RunDetail };

/** All that is known of a run, kept up to date unless the view is frozen; a note of one's own is there at once. */
export function useRunDetail(environmentId: string, runId: string): RunAnswer {
  const store = useMonitorStore();
  const frozen = useFrozenAt() !== undefined;
  const written = useNotesWritten();
  const [answer, setAnswer] = useState<RunAnswer>({ phase: 'asking' });
  useEffect(() => {
    let stopped = false;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const ask = async (): Promise<void> => {
      const detail = await store.client.run(environmentId, runId);
      if (stopped) return;
      // What did not change keeps its identity: most seconds nothing is drawn anew.
      setAnswer((before): RunAnswer => (detail === undefined ? { phase: 'unknown' } : replaceEqualDeep(before, { phase: 'known', detail })));
      if (!frozen) timer = setTimeout(run, pauseMs);
    };
    const run = (): void => {
      ask().catch(() => {
        if (!stopped) setAnswer({ phase: 'unknown' });
      });
    };
    run();
    return () => {
      stopped = true;
      clearTimeout(timer);
    };
  }, [store, environmentId, runId, frozen, written]);
  return answer;
}
