import { useQuery } from '@tanstack/react-query';
import type { EpochMs } from '#base/units.ts';
import type { Found } from '#monitor/query/search-answer.ts';
import { useQueryState } from '#views/parts/url-state.ts';
import { useFrozenAt, useMonitorStore } from '#views/parts/use-monitor.ts';

/** While the view runs, the matches are counted anew after this pause, and never for more than a tenth of the time. */
const pauseMs = 2000;
const restShare = 10;
const droppedPauseMs = 500;
/** An answer that nobody shows any more is not kept. */
const keptMs = 5000;
const mostRows = 500;

export interface Stretch {
  readonly from: EpochMs | undefined;
  readonly to: EpochMs | undefined;
}

/** The stretch of time that the address names, else up to the moment of the freeze, else all that is stored. */
export function useStretch(): Stretch {
  const { from, to } = useQueryState();
  const frozenAt = useFrozenAt();
  return { from, to: to ?? frozenAt };
}

/**
 * What matches the query of the address, kept up to date while the view runs. Whoever asks for the same shares one answer, and the last
 * one of the environment stays until the next is there.
 */
export function useSearch(environmentId: string, { from, to }: Stretch, isWanted: boolean): {
  readonly found: Found | undefined;
  /** It answers the question before. */
  readonly isOld: boolean;
} {
  const { client } = useMonitorStore();
  const { filter = '' } = useQueryState();
  const { data, isPlaceholderData: isOld } = useQuery({
    queryKey: ['search', environmentId, filter, from ?? null, to ?? null],
    queryFn: () => client.ask('search', { environmentId, query: filter, from, to, limit: mostRows }),
    enabled: isWanted,
    placeholderData: (before, asked) => (asked?.queryKey[1] === environmentId ? before : undefined),
    refetchInterval: ({ state: { data: answer } }) => {
      // Somebody asked for another stretch at the same moment.
      if (answer?.kind === 'dropped') return droppedPauseMs;
      if (answer?.kind === 'fault') return false;
      return to === undefined ? Math.max(pauseMs, answer?.kind === 'found' ? restShare * answer.tookMs : 0) : false;
    },
    networkMode: 'always',
    staleTime: 0,
    gcTime: keptMs,
    retry: false,
  });
  return { found: isWanted && data?.kind === 'found' ? data : undefined, isOld };
}
