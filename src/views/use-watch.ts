import { useCallback, useMemo, useState } from 'react';
import type { Problem } from '#monitor/snapshot.ts';
import { useMonitorStore } from './parts/use-monitor.ts';

export type Values = Readonly<Record<string, string>>;

interface Asking {
  readonly environmentId: string;
  readonly names: readonly string[];
  readonly given: (values: Values) => void;
  readonly declined?: () => void;
}

export interface Watch {
  /** Connects to an environment, after asking for the values that its file leaves open. One that is watched already is left as it is. */
  readonly start: (environmentId: string) => void;
  /** Asks for values, and hands them on. */
  readonly ask: (asking: Asking) => void;
  readonly asking: Asking | undefined;
  readonly give: (values: Values) => void;
  readonly cancel: () => void;
  readonly failure: { readonly place: string; readonly problem: Problem } | undefined;
}

export function useWatch(): Watch {
  const store = useMonitorStore();
  const [asking, setAsking] = useState<Asking>();
  const [failure, setFailure] = useState<Watch['failure']>();

  const connect = useCallback(
    (environmentId: string, values?: Values) => {
      setFailure(undefined);
      store.client.watch(environmentId, values).then(
        (problem) => {
          if (problem !== undefined) setFailure({ place: environmentId, problem });
        },
        (error: unknown) => {
          const message = error instanceof Error ? error.message : 'the monitor gave no reason.';
          setFailure({ place: environmentId, problem: { reason: 'not-started', message, remedy: 'Look at this environment in environments.json, then reload the page.' } });
        },
      );
    },
    [store],
  );
  const start = useCallback(
    (environmentId: string) => {
      const environment = store.newest()?.environments.find(({ id }) => id === environmentId);
      if (environment === undefined || (environment.phase !== 'idle' && environment.phase !== 'failed')) return;
      if (environment.needs.length === 0) connect(environmentId);
      else setAsking({ environmentId, names: environment.needs, given: (values) => connect(environmentId, values) });
    },
    [store, connect],
  );
  const give = useCallback(
    (values: Values) => {
      setAsking(undefined);
      asking?.given(values);
    },
    [asking],
  );
  const cancel = useCallback(() => {
    setAsking(undefined);
    asking?.declined?.();
  }, [asking]);
  return useMemo(() => ({ start, ask: setAsking, asking, give, cancel, failure }), [start, asking, give, cancel, failure]);
}
