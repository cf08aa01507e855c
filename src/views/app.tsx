import { QueryClient, QueryClientProvider, useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import type { ConfigFault } from '#environment/environments-file.ts';
import { EnvironmentsFileContext, fetchEnvironmentsFile } from './parts/environments-file.ts';
import type { MonitorStore } from './parts/monitor-store.ts';
import { Page } from './page.tsx';
import { StartupPage } from './startup.tsx';

interface AppProps {
  /** Where the environments file is, as an absolute address. */
  readonly filePlace: string;
  readonly store: MonitorStore;
  /** Starts the monitor from the text of the file; gives the faults of one that cannot be used. */
  readonly start: (text: string) => Promise<readonly ConfigFault[]>;
  /** Called once the monitor has started. */
  readonly onStarted: () => void;
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

function Start({ filePlace, store, start, onStarted }: AppProps) {
  const file = useQuery({
    queryKey: ['environments-file', filePlace],
    queryFn: async () => {
      const read = await fetchEnvironmentsFile(filePlace);
      const faults = await start(read.text);
      if (faults.length === 0) onStarted();
      return { read, faults };
    },
  });
  const again = (): void => void file.refetch();
  if (file.isError) return <StartupPage startup={{ phase: 'unreachable', place: filePlace, cause: `the environments file could not be read: ${file.error.message}.` }} onAgain={again} />;
  if (file.data === undefined) return <StartupPage startup={{ phase: 'reading' }} onAgain={again} />;
  const { read, faults } = file.data;
  if (faults.length > 0) return <StartupPage startup={{ phase: 'faulty', place: 'environments.json', faults }} onAgain={again} />;
  return (
    <EnvironmentsFileContext value={read}>
      <Page store={store} />
    </EnvironmentsFileContext>
  );
}
