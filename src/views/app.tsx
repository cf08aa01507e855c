import { QueryClient, QueryClientProvider, useQuery } from '@tanstack/react-query';
import { useCallback, type ReactNode } from 'react';
import type { Result } from '#base/result.ts';
import type { ConfigFault } from '#environment/environments-file.ts';
import type { Environment } from '#environment/schema.ts';
import type { MonitorStore } from './parts/monitor-store.ts';
import { Page } from './page.tsx';
import { StartupPage } from './startup.tsx';

interface AppProps {
  /** Where the environments file is, as an absolute address. */
  readonly filePlace: string;
  readonly parse: (text: string) => Result<readonly Environment[], readonly ConfigFault[]>;
  /** Starts the monitor; called once, and only for a file without a fault: a second monitor would open every connection twice. */
  readonly start: (environments: readonly Environment[]) => MonitorStore;
  readonly placeholdersOf: (environment: Environment) => readonly string[];
}

const queries = new QueryClient({ defaultOptions: { queries: { refetchOnWindowFocus: false, staleTime: Infinity, retry: 1 } } });

/** Reads the environments file, starts the one monitor of the page from it, and puts the views on it. */
export function App(props: AppProps): ReactNode {
  return (
    <QueryClientProvider client={queries}>
      <Start {...props} />
    </QueryClientProvider>
  );
}

type Opened = { readonly ok: true; readonly store: MonitorStore; readonly environments: readonly Environment[] } | { readonly ok: false; readonly faults: readonly ConfigFault[] };

function Start({ filePlace, parse, start, placeholdersOf }: AppProps) {
  const { data, error, refetch } = useQuery({
    queryKey: ['environments-file', filePlace],
    queryFn: async (): Promise<Opened> => {
      const answer = await fetch(filePlace, { cache: 'no-cache' });
      if (!answer.ok) throw new Error(`the server answered ${answer.status} ${answer.statusText}`.trim());
      const parsed = parse(await answer.text());
      return parsed.ok ? { ok: true, environments: parsed.value, store: start(parsed.value) } : { ok: false, faults: parsed.error };
    },
    structuralSharing: false,
  });
  const environments = data?.ok === true ? data.environments : undefined;
  const namesOf = useCallback((id: string) => (environments ?? []).filter((each) => each.id === id).flatMap(placeholdersOf), [environments, placeholdersOf]);
  const again = (): void => void refetch();
  if (error !== null) return <StartupPage startup={{ phase: 'unreachable', place: filePlace, cause: `the environments file could not be read: ${error.message}.` }} onAgain={again} />;
  if (data === undefined) return <StartupPage startup={{ phase: 'reading' }} onAgain={again} />;
  if (!data.ok) return <StartupPage startup={{ phase: 'faulty', place: 'environments.json', faults: data.faults }} onAgain={again} />;
  return <Page store={data.store} placeholdersOf={namesOf} />;
}
