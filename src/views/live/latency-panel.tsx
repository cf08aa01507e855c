import { lazy, memo, Suspense, useMemo } from 'react';
import type { MinutePoint } from '#monitor/snapshot.ts';
import { DataTable } from '#views/parts/data-table.tsx';
import { formatCount, formatLatency, formatUncertainty, localTime } from '#views/parts/format.ts';
import { Panel } from '#views/parts/panel.tsx';
import { useNowAndThen } from '#views/parts/use-clock.ts';
import { useEnvironment } from '#views/parts/use-monitor.ts';
import { hourDomain } from '#views/parts/charts/chart-axes.ts';
import type { ChartPanelProps } from '#views/parts/charts/chart-panel.ts';

// The chart library comes after the verdict is on the screen.
const LatencyChart = lazy(async () => ({ default: (await import('./latency-chart.tsx')).LatencyChart }));

const noMinutes: readonly MinutePoint[] = [];

/** Delivery latency per minute. */
export const LatencyPanel = memo(function LatencyPanel({ environmentId, mock, table }: ChartPanelProps) {
  const minutes = useNowAndThen(useEnvironment(environmentId, (environment) => environment.minutes), 0) ?? noMinutes;
  const latency = useEnvironment(environmentId, (environment) => environment.latency);
  const objectiveMs = useEnvironment(environmentId, (environment) => environment.latencyObjectiveMs) ?? null;
  const domain = useMemo(() => hourDomain(minutes), [minutes]);
  const caption = latency === undefined || latency.uncertaintyMs === null ? 'per minute; log scale' : `per minute; band is ${formatUncertainty(latency.uncertaintyMs)} clock uncertainty; log scale`;
  return (
    <Panel className="latency-panel" title="Delivery latency" caption={caption} mock={mock} table={table} end={latency === undefined || latency.count + latency.unsynced + latency.impossible === 0 ? undefined : <span className="dim aside">{asideOf(latency)}</span>}>
      {domain === undefined || minutes.every((minute) => minute.p50 === null) ? (
        <p className="panel-empty">{latency !== undefined && latency.unsynced > 0 ? `This target answers no clock question. Its ${formatCount(latency.unsynced)} latencies are unsynced and stand apart.` : 'no data'}</p>
      ) : table.shown ? (
        <DataTable
          caption="Delivery latency per minute"
          columns={['Minute', 'Measured', 'p50', 'p95', 'p99', 'Clock error']}
          rows={minutes.toReversed().map((minute) => ({
            key: String(minute.at),
            cells: [
              `${localTime.minute(minute.at)}${minute.blind ? ', blind' : ''}`,
              formatCount(minute.latencyCount),
              ...[minute.p50, minute.p95, minute.p99].map((value) => formatLatency(value, minute.uncertaintyMs)),
              minute.uncertaintyMs === null ? 'no data' : formatUncertainty(minute.uncertaintyMs),
            ],
          }))}
        />
      ) : (
        <Suspense fallback={<p className="panel-empty">…</p>}>
          <LatencyChart minutes={minutes} domain={domain} objectiveMs={objectiveMs} />
        </Suspense>
      )}
    </Panel>
  );
});

function asideOf({ unsynced, impossible }: { readonly unsynced: number; readonly impossible: number }): string {
  return `${formatCount(unsynced)} unsynced${impossible > 0 ? `, ${formatCount(impossible)} impossible` : ''}`;
}
