import { lazy, Suspense, useCallback, useEffect, useMemo, useState } from 'react';
import type { EnvironmentSnapshot } from '#monitor/snapshot.ts';
import { stateWords } from './parts/state.ts';
import { ProblemBox } from './parts/problem-box.tsx';
import type { MonitorStore } from './parts/monitor-store.ts';
import { isCaptureId, navigate, useQueryState } from './parts/url-state.ts';
import { useFreshness } from './parts/use-freshness.ts';
import { useKeys } from './parts/use-keys.ts';
import { MonitorContext, useFrozenAt, useMonitorStore, useSnapshot } from './parts/use-monitor.ts';
import { useRange } from './parts/timeline/use-range.ts';
import { AgeBand } from './age-band.tsx';
import { Announcer } from './announcer.tsx';
import { Bar, ViewBar } from './bar.tsx';
import { HealthQuestions } from './health-questions.tsx';
import { Looked } from './looked.tsx';
import { MockBand } from './mock-band.tsx';
import { Rail, views } from './rail.tsx';
import { useChain } from './use-chain.ts';
import { healthAsks } from './use-health.ts';
import { useTheme } from './use-theme.ts';
import { useWatch } from './use-watch.ts';
import './page.css';

const HelpSheet = lazy(async () => ({ default: (await import('./help-sheet.tsx')).HelpSheet }));
const ChainLine = lazy(async () => ({ default: (await import('./chain-line.tsx')).ChainLine }));
const Environments = lazy(async () => ({ default: (await import('./environments/environments.tsx')).Environments }));
const OpenedPage = lazy(async () => ({ default: (await import('./opened-page.tsx')).OpenedPage }));
const LostLink = lazy(async () => ({ default: (await import('./parts/captures/lost-link.tsx')).LostLink }));
const FrameTools = lazy(async () => ({ default: (await import('./frame-tools.tsx')).FrameTools }));
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
  const { view: asked } = useQueryState();
  const view = views.find(({ id }) => id === asked)?.id ?? 'live';
  const { toggle: toggleTheme } = useTheme();
  const [help, setHelp] = useState(false);
  const openHelp = useCallback(() => setHelp(true), []);
  const closeHelp = useCallback(() => setHelp(false), []);
  useKeys(useMemo(() => ({ '?': openHelp }), [openHelp]));
  return (
    <>
      <Rail view={view} onTheme={toggleTheme} onHelp={openHelp} />
      {environments === undefined || environments.length === 0 ? <p className="page-wait">Starting the monitor …</p> : <Shown view={view} environments={environments} />}
      <Suspense fallback={null}>
        {environments !== undefined && <FrameTools />}
        {help && <HelpSheet onClose={closeHelp} />}
      </Suspense>
    </>
  );
}

function Shown({ view, environments }: { readonly view: string; readonly environments: readonly EnvironmentSnapshot[] }) {
  const { env } = useQueryState();
  const store = useMonitorStore();
  const watch = useWatch();
  const fallback = useChain(watch.ask);
  // A link of another environment, or a step back to one, leaves the chain to itself.
  const chain = fallback.chain?.links[0]?.id === env ? fallback.chain : undefined;
  const shownId = useHeldWhileFrozen(env, chain === undefined ? env : (chain.inUse ?? chain.kept ?? env));
  const selected = environments.find(({ id }) => id === shownId) ?? environments.find(({ phase }) => phase !== 'idle') ?? environments[0];
  const controls = useRange(selected);
  const connect = useCallback(
    (id: string) => {
      if (!fallback.prefer(id)) watch.start(id);
    },
    [fallback, watch],
  );
  const pick = useCallback(
    (id: string) => {
      navigate({ env: id, run: undefined, from: undefined, to: undefined });
      if (!isCaptureId(id)) connect(id);
    },
    [connect],
  );
  const disconnect = useCallback(
    (id: string) => {
      if (fallback.chain?.wish === id || chain?.wish === null) fallback.stop();
      else void store.client.unwatch(id);
    },
    [store, fallback, chain],
  );
  const isCapture = isCaptureId(env) && view !== 'environments';
  // A capture has a player, which takes it.
  useKeys(useMemo(() => ({ ' ': isCapture ? undefined : controls.toggle }), [isCapture, controls.toggle]));
  // A link that names an environment is a choice; mocks are harmless and run at once where no choice was made.
  useEffect(() => {
    if (env !== undefined && !isCaptureId(env)) connect(env);
    else for (const { id, kind } of environments) if (kind === 'mock') watch.start(id);
    // Only at the start: later on, picking says what is watched.
    // oxlint-disable-next-line react-hooks/exhaustive-deps
  }, []);
  if (selected === undefined) return null;
  const asked = environments.find(({ id }) => id === watch.asking?.environmentId);
  const failed = environments.find(({ id }) => id === watch.failure?.place);
  const nameOf = (id: string): string => environments.find((environment) => environment.id === id)?.name ?? id;
  const isElsewhere = view === 'environments';
  const unseen = (
    <>
      <Announcer />
      <HealthQuestions asks={healthAsks(environments, fallback.chain, isElsewhere)} valuesOf={fallback.valuesOf} />
    </>
  );
  if (isCapture) {
    return (
      <>
        <Suspense fallback={null}>
          <OpenedPage id={env} view={view} environments={environments} onPick={pick} />
        </Suspense>
        {unseen}
      </>
    );
  }
  return (
    <div className="page" data-mock={selected.kind === 'mock'}>
      <PageTitle environment={selected} />
      {isElsewhere ? (
        <ViewBar title="Environments" caption={`${nameOf(selected.id)} is shown`} shown={environmentsView}>
          {chain !== undefined && (
            <button type="button" className="control primary" onClick={fallback.again}>
              Try the chain again
            </button>
          )}
        </ViewBar>
      ) : (
        <Bar view={view} environments={environments} selected={selected} chosen={env ?? selected.id} seeking={chain !== undefined && chain.current !== null} onPick={pick} onDisconnect={disconnect} controls={controls} />
      )}
      {selected.kind === 'mock' && <MockBand environment={selected} />}
      <AgeBand environment={selected} />
      <main>
        <Suspense fallback={null}>{chain !== undefined && <ChainLine chain={chain} nameOf={nameOf} onTake={fallback.take} onAgain={fallback.again} details={!isElsewhere} />}</Suspense>
        {/* A problem that the monitor knows of stands with its environment. */}
        {watch.failure !== undefined && (failed?.problem ?? null) === null && (
          <div className="page-problem">
            <ProblemBox place={failed?.name ?? watch.failure.place} problem={watch.failure.problem} />
          </div>
        )}
        {env !== undefined && !isCaptureId(env) && environments.every(({ id }) => id !== env) && (
          <Suspense fallback={null}>
            <LostLink id={env} known={environments.map(({ id }) => id)} />
          </Suspense>
        )}
        {isElsewhere ? (
          <Suspense fallback={<p className="dim">…</p>}>
            <Environments environments={environments} shown={selected} chosen={env ?? selected.id} chain={chain} onPick={pick} onTake={fallback.take} />
          </Suspense>
        ) : (
          <Suspense fallback={<p className="dim">…</p>}>
            <Looked key={selected.id} view={view} environment={selected} environments={environments} onPick={pick} controls={controls} />
          </Suspense>
        )}
      </main>
      {unseen}
      <Suspense fallback={null}>{watch.asking !== undefined && <ValueForm environmentName={asked?.name ?? watch.asking.environmentId} names={watch.asking.names} onGive={watch.give} onClose={watch.cancel} />}</Suspense>
    </div>
  );
}

const environmentsView = () => ({ view: 'environments' });

/** What is shown, which a chain does not change under a view that stands still; a choice of the reader does. */
function useHeldWhileFrozen(chosen: string | undefined, shown: string | undefined): string | undefined {
  const frozen = useFrozenAt() !== undefined;
  const [held, setHeld] = useState({ chosen, shown });
  const isHeld = frozen && held.chosen === chosen;
  if (!isHeld && (held.shown !== shown || held.chosen !== chosen)) setHeld({ chosen, shown });
  return isHeld ? held.shown : shown;
}

function PageTitle({ environment }: { readonly environment: EnvironmentSnapshot }) {
  const { state } = useFreshness(environment);
  return <title>{`${environment.kind === 'mock' ? 'MOCK DATA · ' : ''}${stateWords[state]} · ${environment.name} · Runwatch`}</title>;
}
