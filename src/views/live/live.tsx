import { lazy, Suspense, useCallback, useMemo, useState } from 'react';
import type { EnvironmentSnapshot } from '#monitor/snapshot.ts';
// The styles of what is loaded later come first all the same: this view overrules them.
import '#views/parts/panel.css';
import '#views/parts/data-table.css';
import '#views/parts/charts/completeness.css';
import '#views/parts/charts/golden-path.css';
import { navigate, useQueryState } from '#views/parts/url-state.ts';
import { useFreshness } from '#views/parts/use-freshness.ts';
import { useRangeKeys } from '#views/parts/timeline/use-range-keys.ts';
import { useKeys } from '#views/parts/use-keys.ts';
import { Accounting } from './accounting.tsx';
import { EnvironmentRow } from '#views/parts/environment/environment-row.tsx';
import type { ChartName } from './live-panels.tsx';
import { LiveProblems } from '#views/parts/environment/live-problems.tsx';
import type { RangeControls } from '#views/parts/timeline/use-range.ts';
import { Verdict } from './verdict.tsx';
import './live.css';

interface LiveProps {
  readonly environment: EnvironmentSnapshot;
  readonly environments: readonly EnvironmentSnapshot[];
  readonly onPick: (environmentId: string) => void;
  readonly controls: RangeControls;
}

// The verdict comes first; what it does not need is loaded behind it.
const LivePanels = lazy(async () => ({ default: (await import('./live-panels.tsx')).LivePanels }));
const Timeline = lazy(async () => ({ default: (await import('#views/parts/timeline/timeline.tsx')).Timeline }));
const RunPanel = lazy(async () => ({ default: (await import('#views/parts/run/run-panel.tsx')).RunPanel }));
const RejectedPanel = lazy(async () => ({ default: (await import('./rejected-panel.tsx')).RejectedPanel }));

const charts: readonly ChartName[] = ['golden-path', 'completeness', 'latency', 'reliability'];

/** Holds the panels' places until they are there. */
const emptyPair = (
  <>
    <section className="panel" />
    <section className="panel" />
  </>
);
const emptyPanels = (
  <>
    <div className="live-pair live-path">{emptyPair}</div>
    <div className="live-pair live-charts">{emptyPair}</div>
  </>
);

/** Does it work now, and how sure is that: one environment, with the others beside it. */
export function Live({ environment, environments, onPick, controls }: LiveProps) {
  const { run } = useQueryState();
  const { freshness } = useFreshness(environment);
  const [rejected, setRejected] = useState(false);
  const tables = useTables();
  const { id } = environment;
  const mock = environment.kind === 'mock';
  const closeRun = useCallback(() => navigate({ run: undefined }), []);
  const openRejected = useCallback(() => {
    navigate({ run: undefined }, 'replace');
    setRejected(true);
  }, []);
  const closeRejected = useCallback(() => setRejected(false), []);
  useRunKeys(environment, run);
  useRangeKeys(controls);
  useKeys(
    useMemo(
      () => ({
        t: tables.toggleAll,
        Escape: run !== undefined ? closeRun : rejected ? closeRejected : undefined,
      }),
      [tables.toggleAll, run, closeRun, rejected, closeRejected],
    ),
  );
  const panel = run !== undefined ? <RunPanel key={run} environmentId={id} runId={run} mock={mock} onClose={closeRun} /> : rejected ? <RejectedPanel environmentId={id} mock={mock} onClose={closeRejected} /> : null;
  return (
    <div className="live" data-age={freshness.level} data-side={panel !== null}>
      <div className="live-main">
        <Verdict environment={environment} />
        <LiveProblems environment={environment} onAgain={onPick} />
        <EnvironmentRow environments={environments} selected={id} onPick={onPick} />
        <Suspense fallback={emptyPanels}>
          <LivePanels environmentId={id} mock={mock} tableOf={tables.of} />
        </Suspense>
        <Suspense fallback={<section className="panel timeline-panel" aria-label="Timeline" aria-busy="true" />}>
          <Timeline environmentId={id} mock={mock} controls={controls} />
        </Suspense>
        <Accounting environmentId={id} onRejected={openRejected} />
      </div>
      <Suspense fallback={null}>{panel}</Suspense>
    </div>
  );
}

/** Which charts are shown as tables; `t` turns all of them. */
function useTables() {
  const [shown, setShown] = useState<ReadonlySet<ChartName>>(new Set());
  const toggleAll = useCallback(() => setShown((before) => (before.size > 0 ? new Set() : new Set(charts))), []);
  const each = useMemo(
    () =>
      new Map(
        charts.map((name) => [
          name,
          { shown: shown.has(name), toggle: () => setShown((before) => new Set(before.has(name) ? [...before].filter((other) => other !== name) : [...before, name])) },
        ]),
      ),
    [shown],
  );
  const of = (name: ChartName) => each.get(name) ?? { shown: false, toggle: toggleAll };
  return { of, toggleAll };
}

/** `[` and `]` go to the lossy run before and after the one that is open, or to the newest. */
function useRunKeys({ runs }: EnvironmentSnapshot, open: string | undefined): void {
  useKeys(
    useMemo(() => {
      const step = (direction: 1 | -1) => () => {
        // Newest first, so what came before stands further down.
        const place = runs.findIndex((run) => run.id === open);
        const later = runs.slice(0, Math.max(0, place)).toReversed();
        const found = (direction === 1 ? runs.slice(place + 1) : later).find((run) => run.status === 'incomplete' || run.status === 'failed');
        if (found !== undefined) navigate({ run: found.id });
      };
      return { '[': step(1), ']': step(-1) };
    }, [runs, open]),
  );
}
