import { lazy, Suspense, useCallback, useEffect, useMemo, useState } from 'react';
import type { EnvironmentSnapshot } from '#monitor/snapshot.ts';
import { stateWords } from './parts/state.ts';
import { ProblemBox } from './parts/problem-box.tsx';
import type { MonitorStore } from './parts/monitor-store.ts';
import { navigate, useQueryState } from './parts/url-state.ts';
import { useFreshness } from './parts/use-freshness.ts';
import { useKeys } from './parts/use-keys.ts';
import { MonitorContext, useSnapshot } from './parts/use-monitor.ts';
import { Live } from './live/live.tsx';
import { useRange } from './live/use-range.ts';
import { AgeBand } from './age-band.tsx';
import { Announcer } from './announcer.tsx';
import { Bar } from './bar.tsx';
import { MockBand } from './mock-band.tsx';
import { Rail } from './rail.tsx';
import { useTheme } from './use-theme.ts';
import { useWatch } from './use-watch.ts';
import './page.css';

const HelpSheet = lazy(async () => ({ default: (await import('./help-sheet.tsx')).HelpSheet }));
const ValueForm = lazy(async () => ({ default: (await import('./value-form.tsx')).ValueForm }));

interface PageProps {
  readonly store: MonitorStore;
}

/** The frame around every view, and the view that the address names. */
export function Page({ store }: PageProps) {
  return (
    <MonitorContext value={store}>
      <Frame />
    </MonitorContext>
  );
}

function Frame() {
  const environments = useSnapshot((snapshot) => snapshot.environments);
  const { toggle: toggleTheme } = useTheme();
  const [help, setHelp] = useState(false);
  const openHelp = useCallback(() => setHelp(true), []);
  const closeHelp = useCallback(() => setHelp(false), []);
  useKeys(useMemo(() => ({ '?': openHelp }), [openHelp]));
  return (
    <>
      <Rail view="live" onTheme={toggleTheme} onHelp={openHelp} />
      {environments === undefined || environments.length === 0 ? <p className="page-wait">Starting the monitor …</p> : <Shown environments={environments} />}
      <Suspense fallback={null}>{help && <HelpSheet onClose={closeHelp} />}</Suspense>
    </>
  );
}

function Shown({ environments }: { readonly environments: readonly EnvironmentSnapshot[] }) {
  const { env } = useQueryState();
  const selected = environments.find(({ id }) => id === env) ?? environments.find(({ phase }) => phase !== 'idle') ?? environments[0];
  const controls = useRange(selected);
  const watch = useWatch();
  const pick = useCallback(
    (id: string) => {
      navigate({ env: id, run: undefined, from: undefined, to: undefined });
      watch.start(id);
    },
    [watch],
  );
  useKeys(useMemo(() => ({ ' ': controls.toggle }), [controls.toggle]));
  // A link that names an environment is a choice; mocks are harmless and run at once where no choice was made.
  useEffect(() => {
    if (env !== undefined) watch.start(env);
    else for (const { id, kind } of environments) if (kind === 'mock') watch.start(id);
    // Only at the start: later on, picking says what is watched.
    // oxlint-disable-next-line react-hooks/exhaustive-deps
  }, []);
  if (selected === undefined) return null;
  const asked = environments.find(({ id }) => id === watch.asking?.environmentId);
  const failed = environments.find(({ id }) => id === watch.failure?.place);
  return (
    <div className="page" data-mock={selected.kind === 'mock'}>
      <PageTitle environment={selected} />
      <Bar environments={environments} selected={selected} onPick={pick} controls={controls} />
      {selected.kind === 'mock' && <MockBand environment={selected} />}
      <AgeBand environment={selected} />
      <main>
        {/* A problem that the monitor knows of stands with its environment. */}
        {watch.failure !== undefined && (failed?.problem ?? null) === null && (
          <div className="page-problem">
            <ProblemBox place={failed?.name ?? watch.failure.place} problem={watch.failure.problem} />
          </div>
        )}
        {env !== undefined && selected.id !== env && (
          <div className="page-problem">
            <ProblemBox place={env} problem={{ reason: 'unknown', message: 'the environments file has no environment of this id.', remedy: `Choose one of: ${environments.map(({ id }) => id).join(', ')}.` }} />
          </div>
        )}
        <Live key={selected.id} environment={selected} environments={environments} onPick={pick} controls={controls} />
      </main>
      <Announcer />
      <Suspense fallback={null}>{watch.asking !== undefined && <ValueForm environmentName={asked?.name ?? watch.asking.environmentId} names={watch.asking.names} onGive={watch.give} onClose={watch.cancel} />}</Suspense>
    </div>
  );
}

function PageTitle({ environment }: { readonly environment: EnvironmentSnapshot }) {
  const { state } = useFreshness(environment);
  return <title>{`${environment.kind === 'mock' ? 'MOCK DATA · ' : ''}${stateWords[state]} · ${environment.name} · Runwatch`}</title>;
}
