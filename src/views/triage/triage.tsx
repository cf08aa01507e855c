import { lazy, memo, Suspense, useCallback, useMemo, useState } from 'react';
import type { EpochMs } from '#base/units.ts';
import type { Anomaly } from '#monitor/incident/incident-report.ts';
import type { EnvironmentSnapshot } from '#monitor/snapshot.ts';
import { Completeness } from '#views/parts/charts/completeness.tsx';
import { GoldenPath } from '#views/parts/charts/golden-path.tsx';
import { EnvironmentRow } from '#views/parts/environment/environment-row.tsx';
import { LiveProblems } from '#views/parts/environment/live-problems.tsx';
import { formatPart } from '#views/parts/format.ts';
import type { RangeControls } from '#views/parts/timeline/use-range.ts';
import { navigate, useQueryState } from '#views/parts/url-state.ts';
import { useFreshness } from '#views/parts/use-freshness.ts';
import { useRangeKeys } from '#views/parts/timeline/use-range-keys.ts';
import { useKeys } from '#views/parts/use-keys.ts';
import { useMedia } from '#views/parts/use-media.ts';
import { useMonitorStore } from '#views/parts/use-monitor.ts';
import { endToShow, placeAmong, stepFrom } from './anomaly-steps.ts';
import { ConnectionsPanel } from './connections-panel.tsx';
import { IncidentBar } from './incident-bar.tsx';
import { LossStrip } from './loss-strip.tsx';
import { useIncident } from './use-incident.ts';
import './triage.css';

interface TriageProps {
  readonly environment: EnvironmentSnapshot;
  readonly environments: readonly EnvironmentSnapshot[];
  readonly onPick: (environmentId: string) => void;
  readonly controls: RangeControls;
}

const NoteDialog = lazy(async () => ({ default: (await import('#views/parts/notes/note-dialog.tsx')).NoteDialog }));
const RunPanel = lazy(async () => ({ default: (await import('#views/parts/run/run-panel.tsx')).RunPanel }));

type TableName = 'golden-path' | 'completeness' | 'loss' | 'connections';
const tableNames: readonly TableName[] = ['golden-path', 'completeness', 'loss', 'connections'];

/** What is wrong, for whom, since when, and the way from there to a single run. */
export function Triage({ environment, environments, onPick, controls }: TriageProps) {
  const { run } = useQueryState();
  const { id } = environment;
  const mock = environment.kind === 'mock';
  const { freshness } = useFreshness(environment);
  const { shown: report, whole } = useIncident(id);
  const [incident] = report.incidents;
  const narrow = useMedia('(max-width: 599px)');
  const tables = useTables();
  const place = useAnomalyKeys(whole.anomalies, run, controls);
  const [taken, setTaken] = useState<string>();
  const closeRun = useCallback(() => navigate({ run: undefined }), []);
  useRangeKeys(controls);
  useKeys(
    useMemo(
      () => ({
        t: tables.toggleAll,
        Escape: run === undefined ? undefined : closeRun,
      }),
      [tables.toggleAll, run, closeRun],
    ),
  );
  return (
    <div className="triage" data-age={freshness.level} data-side={run !== undefined}>
      <div className="triage-main">
        <IncidentBar environment={environment} incidents={report.incidents} onAcknowledge={environment.opened === null ? setTaken : undefined} />
        <LiveProblems environment={environment} onAgain={onPick} />
        <EnvironmentRow environments={environments} selected={id} onPick={onPick} />
        <div className="triage-pair">
          <GoldenPath environmentId={id} mock={mock} table={tables.of('golden-path')} />
          <Completeness environmentId={id} mock={mock} table={tables.of('completeness')} />
        </div>
        {!narrow && <LossStrip report={report} whole={whole} incident={incident} controls={controls} mock={mock} table={tables.of('loss')} />}
        <ConnectionsPanel environmentId={id} reports={report.lanes} controls={controls} mock={mock} table={tables.of('connections')} />
      </div>
      <Suspense fallback={null}>
        {run !== undefined && <RunPanel key={run} environmentId={id} runId={run} mock={mock} onClose={closeRun} />}
        {taken !== undefined && <NoteDialog environmentId={id} acknowledges={taken} onClose={() => setTaken(undefined)} />}
      </Suspense>
      <Keys following={controls.range.following} place={place < 0 ? undefined : formatPart(place + 1, whole.anomalies.length)} />
    </div>
  );
}

/** Which charts are shown as tables; `t` turns all of them. */
function useTables() {
  const [shown, setShown] = useState<ReadonlySet<TableName>>(new Set());
  const toggleAll = useCallback(() => setShown((before) => (before.size > 0 ? new Set() : new Set(tableNames))), []);
  const toggle = (name: TableName): void => setShown((before) => (before.has(name) ? new Set([...before].filter((other) => other !== name)) : new Set([...before, name])));
  const of = (name: TableName) => ({ shown: shown.has(name), toggle: () => toggle(name) });
  return { of, toggleAll };
}

/**
 * `[` and `]` go to the anomaly before and after: its run opens, and the page shows its time.
 * @returns which one the reader is at, from 0; -1 at none
 */
function useAnomalyKeys(anomalies: readonly Anomaly[], run: string | undefined, { range, moveTo }: Pick<RangeControls, 'range' | 'moveTo'>): number {
  const store = useMonitorStore();
  const [at, setAt] = useState<EpochMs>();
  useKeys(
    useMemo(() => {
      const step = (direction: -1 | 1) => () => {
        const to = range.endAt ?? store.shownNow();
        const shown = { from: to - range.spanMs, to };
        const next = stepFrom(anomalies, { run, at }, direction, shown);
        if (next === undefined) return;
        setAt(next.at);
        store.freeze();
        navigate({ run: next.run ?? undefined });
        const end = endToShow(next.at, shown);
        if (end !== undefined) moveTo(end);
      };
      return { '[': step(-1), ']': step(1) };
    }, [store, anomalies, run, at, range, moveTo]),
  );
  return placeAmong(anomalies, { run, at });
}

/** The keys of this view; `?` tells of all. */
const Keys = memo(function Keys({ following, place }: { readonly following: boolean; readonly place: string | undefined }) {
  const keys: readonly (readonly [readonly string[], string])[] = [
    [['Space'], following ? 'freeze' : 'resume'],
    [['/'], 'search'],
    [['f'], 'filter to selection'],
    [['[', ']'], place === undefined ? 'anomaly before, after' : `anomaly ${place}`],
    [['←', '→'], 'pan'],
    [['+', '−'], 'zoom'],
    [['0'], 'fit'],
    [['u'], 'unfold'],
    [['n'], 'note'],
    [['c'], 'compare'],
    [['l'], 'link'],
    [['e'], 'export'],
    [['?'], 'all keys'],
  ];
  return (
    <footer className="triage-keys" aria-label="Keys">
      {keys.map(([caps, does]) => (
        <span key={does}>
          {caps.map((cap) => (
            <kbd key={cap}>{cap}</kbd>
          ))}
          {does}
        </span>
      ))}
    </footer>
  );
});
