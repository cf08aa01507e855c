import { lazy, memo, Suspense, useMemo } from 'react';
import type { MinutePoint } from '#monitor/snapshot.ts';
import { DataTable } from '#views/parts/data-table.tsx';
import { formatBudgetLeft, formatCount, formatInterval, formatShare, localTime, noData } from '#views/parts/format.ts';
import { Panel } from '#views/parts/panel.tsx';
import { useNowAndThen } from '#views/parts/use-clock.ts';
import { useEnvironment } from '#views/parts/use-monitor.ts';
import { hourDomain } from '#views/parts/charts/chart-axes.ts';
import type { ChartPanelProps } from '#views/parts/charts/chart-panel.ts';

// The chart library comes after the verdict is on the screen.
const ReliabilityChart = lazy(async () => ({ default: (await import('./reliability-chart.tsx')).ReliabilityChart }));

const noMinutes: readonly MinutePoint[] = [];

/** Delivered share against the target, and the error budget. */
export const ReliabilityPanel = memo(function ReliabilityPanel({ environmentId, mock, table }: ChartPanelProps) {
  // Half the pause apart from the latency chart, so that the two never draw in one task.
  const minutes = useNowAndThen(useEnvironment(environmentId, (environment) => environment.minutes), 0.5) ?? noMinutes;
  const target = useEnvironment(environmentId, (environment) => environment.slo.target) ?? 1;
  const domain = useMemo(() => hourDomain(minutes), [minutes]);
  return (
    <Panel className="reliability-panel" title="Reliability" caption={`last 5 min with 95\u202f% interval; below, error budget left`} mock={mock} table={table}>
      {domain === undefined || minutes.every((minute) => minute.ratio === null) ? (
        <p className="panel-empty">{noData}</p>
      ) : table.shown ? (
        <DataTable
          caption="Reliability per minute"
          columns={['Minute', 'Runs', 'Expected', 'Lost', 'Share, last 5 min', '95\u202f% interval', 'Budget left']}
          rows={minutes.toReversed().map((minute) => ({
            key: String(minute.at),
            cells: [
              `${localTime.minute(minute.at)}${minute.blind ? ', blind' : ''}`,
              ...(minute.runs === 0 ? [noData, noData, noData] : [minute.runs, minute.expected, minute.expected - minute.delivered].map(formatCount)),
              formatShare(minute.ratio),
              minute.interval === null || minute.ratio === null ? noData : formatInterval(minute.interval),
              minute.budgetLeft === null ? noData : formatBudgetLeft(1 - minute.budgetLeft),
            ],
          }))}
        />
      ) : (
        <Suspense fallback={<p className="panel-empty">…</p>}>
          <ReliabilityChart minutes={minutes} domain={domain} target={target} />
        </Suspense>
      )}
    </Panel>
  );
});
