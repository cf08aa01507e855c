import { Suspense, useCallback, useMemo } from 'react';
import type { EnvironmentSnapshot, OpenedSnapshot } from '#monitor/snapshot.ts';
import { CaptureBand } from './parts/captures/capture-band.tsx';
import { LostLink } from './parts/captures/lost-link.tsx';
import { openedStore } from './parts/opened-store.ts';
import { stateWords } from './parts/state.ts';
import { useRange } from './parts/timeline/use-range.ts';
import { navigate } from './parts/url-state.ts';
import { MonitorContext, useMonitorStore, useNewestEnvironment, useNewestOpened } from './parts/use-monitor.ts';
import { Bar, ViewBar } from './bar.tsx';
import { Looked } from './looked.tsx';
import { MockBand } from './mock-band.tsx';

interface OpenedPageProps {
  /** Of the capture. */
  readonly id: string;
  readonly view: string;
  /** Those of the file. */
  readonly environments: readonly EnvironmentSnapshot[];
  readonly onPick: (environmentId: string) => void;
}

/** The page of a capture that is open: the views of what is live, as of its own time. */
export function OpenedPage({ id, view, environments, onPick }: OpenedPageProps) {
  const live = useMonitorStore();
  const store = useMemo(() => openedStore(live, id), [live, id]);
  const environment = useNewestEnvironment(id, (each) => each);
  if (environment === undefined || environment.opened === null || environment.phase === 'starting') {
    return (
      <div className="page">
        <title>Capture · Runwatch</title>
        <ViewBar title="Capture" caption="it is not open here" shown={sameAddress} />
        <main>
          <LostLink id={id} known={environments.map((each) => each.id)} />
        </main>
      </div>
    );
  }
  return (
    <MonitorContext value={store}>
      <Opened key={id} environment={environment} opened={environment.opened} view={view} environments={environments} onPick={onPick} />
    </MonitorContext>
  );
}

const sameAddress = () => ({});

interface OpenedProps extends Omit<OpenedPageProps, 'id'> {
  readonly environment: EnvironmentSnapshot;
  readonly opened: OpenedSnapshot;
}

function Opened({ environment, opened, view, environments, onPick }: OpenedProps) {
  const { client } = useMonitorStore();
  const others = useNewestOpened() ?? [];
  const controls = useRange(environment);
  const { id } = environment;
  const close = useCallback(() => {
    const first = environments.find(({ phase }) => phase !== 'idle') ?? environments[0];
    // Its page goes first: it draws what is about to be forgotten.
    navigate({ env: first?.id, run: undefined, from: undefined, to: undefined });
    client.ask('closeCapture', { environmentId: id }).catch(() => undefined);
  }, [client, environments, id]);
  return (
    <div className="page" data-mock={environment.kind === 'mock'}>
      <title>{`CAPTURE · ${environment.kind === 'mock' ? 'MOCK DATA · ' : ''}${stateWords[environment.state]} · ${environment.name} · Runwatch`}</title>
      <Bar view={view} environments={environments} selected={environment} chosen={id} seeking={false} onPick={onPick} onDisconnect={close} controls={controls} />
      {environment.kind === 'mock' && <MockBand environment={environment} />}
      <CaptureBand environment={environment} opened={opened} onClose={close} />
      <main>
        <Suspense fallback={<p className="dim">…</p>}>
          <Looked key={id} view={view} environment={environment} environments={others} onPick={onPick} controls={controls} />
        </Suspense>
      </main>
    </div>
  );
}
