import { useQuery } from '@tanstack/react-query';
import type { Chain } from '#environment/chain.ts';
import type { EnvironmentSnapshot } from '#monitor/snapshot.ts';
import { useMonitorStore } from './parts/use-monitor.ts';

/** An environment that is to be asked how it is. */
export interface HealthAsk {
  readonly id: string;
  /** Pause from an answer to the next question. */
  readonly everyMs: number;
  /** Another number asks at once, however long the pause still is. */
  readonly from: number;
}

/**
 * Who is asked how it is: the steps of the chain that want to know, and whatever else is watched. Nobody else is: an environment
 * that was not chosen is left alone.
 * @param whole the standby steps of the chain too, because somebody looks at them
 */
export function healthAsks(environments: readonly EnvironmentSnapshot[], chain: Chain | undefined, whole: boolean): HealthAsk[] {
  const steps = new Map(chain?.steps.map((step) => [step.id, step]));
  return environments.flatMap(({ id, phase, healthIntervalMs }) => {
    const step = steps.get(id);
    const everyMs = step === undefined ? (phase === 'idle' ? null : healthIntervalMs) : (step.askEveryMs ?? (whole || phase !== 'idle' ? healthIntervalMs : null));
    return everyMs === null ? [] : [{ id, everyMs, from: step?.triedAt ?? 0 }];
  });
}

export type ValuesOf = (environmentId: string) => Readonly<Record<string, string>> | undefined;

/** Asks for as long as it is drawn. The answers come with the snapshots, as everything else that is learnt. */
export function useHealth({ id, everyMs, from }: HealthAsk, valuesOf: ValuesOf): void {
  const { client } = useMonitorStore();
  useQuery({
    queryKey: ['health', id, from],
    queryFn: async () => (await client.health(id, valuesOf(id))) ?? null,
    refetchInterval: everyMs,
    // A wall is looked at without having the focus, and a target on this machine answers also while it is offline.
    refetchIntervalInBackground: true,
    networkMode: 'always',
    staleTime: 0,
    retry: false,
    notifyOnChangeProps: [],
  });
}
