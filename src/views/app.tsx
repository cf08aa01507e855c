import { QueryClient, QueryClientProvider, useQuery } from '@tanstack/react-query';
import { useCallback, useRef, type ReactNode } from 'react';
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
  /** Starts the monitor; called once, and only for a file without a fault. */
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

function Start({ filePlace, parse, start, placeholdersOf }: AppProps) {
  const file = useQuery({
    queryKey: ['environments-file', filePlace],
    queryFn: async () => {
      const answer = await fetch(filePlace, { cache: 'no-cache' });
      if (!answer.ok) throw new Error(`the server answered ${answer.status} ${answer.statusText}`.trim());
      return parse(await answer.text());
    },
  });
  const environments = file.data?.ok === true ? file.data.value : undefined;
  const namesOf = useCallback((id: string) => (environments ?? []).filter((each) => each.id === id).flatMap(placeholdersOf), [environments, placeholdersOf]);
  // A second monitor would open every connection twice, so it is made once, however often this is drawn.
  const monitor = useRef<MonitorStore>(undefined);
  if (environments !== undefined) monitor.current ??= start(environments);

  const again = (): void => void file.refetch();
  if (file.isError) return <StartupPage startup={{ phase: 'unreachable', place: filePlace, cause: `the environments file could not be read: ${file.error.message}.` }} onAgain={again} />;
  if (file.data?.ok === false) return <StartupPage startup={{ phase: 'faulty', place: 'environments.json', faults: file.data.error }} onAgain={again} />;
  if (monitor.current === undefined) return <StartupPage startup={{ phase: 'reading' }} onAgain={again} />;
  return <Page store={monitor.current} placeholdersOf={namesOf} />;
}
