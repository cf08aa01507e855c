import { memo } from 'react';
import type { CompletenessRow } from '#monitor/snapshot.ts';
import { DataTable } from '#views/parts/data-table.tsx';
import { formatCount, formatInterval, formatShare, formatTarget, formatTargetFigure, noData } from '#views/parts/format.ts';
import { byRunOrder } from '#views/parts/event-style.ts';
import { Glyph } from '#views/parts/glyph.tsx';
import { Panel } from '#views/parts/panel.tsx';
import { axisFor, placeOnAxis } from '#views/parts/share-axis.ts';
import { useEnvironment } from '#views/parts/use-monitor.ts';
import type { ChartPanelProps } from './chart-panel.ts';
import './completeness.css';

/** The delivered share of each event type with its interval; orange below the target, vermillion when refuted. */
export const Completeness = memo(function Completeness({ environmentId, mock, table }: ChartPanelProps) {
  const rows = (useEnvironment(environmentId, (environment) => environment.completeness) ?? []).toSorted((left, right) => byRunOrder(left.type, right.type));
  const target = useEnvironment(environmentId, (environment) => environment.slo.target) ?? 1;
  const from = axisFor(
    rows.flatMap((row) => row.ratio ?? []),
    target,
  );
  return (
    <Panel className="completeness" title="Completeness by type" caption={`delivered share, 95\u202f% interval, axis from ${formatTarget(from)}`} mock={mock} table={table}>
      {table.shown ? (
        <DataTable
          caption="Completeness by event type"
          columns={['Event', 'Delivered', 'Expected', 'Share', '95\u202f% interval', 'Runs', 'Against the target']}
          rows={rows.map((row) => ({
            key: row.type,
            cells: row.ratio === null ? [row.type, noData, noData, noData, noData, noData, noData] : [row.type, formatCount(row.delivered), formatCount(row.expected), formatShare(row.ratio), formatInterval(row.interval), formatCount(row.trials), row.verdict],
          }))}
        />
      ) : rows.length === 0 ? (
        <p className="panel-empty">{noData}</p>
      ) : (
        <div className="completeness-chart">
          {rows.map((row) => (
            <Row key={row.type} row={row} from={from} target={target} />
          ))}
          <div className="completeness-axis" aria-hidden="true">
            <svg width="100%" height="14">
              <text className="axis-text" x="0" y="11">
                {formatTargetFigure(from)}
              </text>
              {placeOnAxis(target, from) < 0.86 && (
                <text className="axis-text is-target" x={percent(target, from)} y="11" textAnchor="middle">
                  {formatTargetFigure(target)} target
                </text>
              )}
              <text className={placeOnAxis(target, from) < 0.86 ? 'axis-text' : 'axis-text is-target'} x="100%" y="11" textAnchor="end">
                {placeOnAxis(target, from) < 0.86 ? formatTarget(1) : `target ${formatTarget(target)}`}
              </text>
            </svg>
          </div>
        </div>
      )}
    </Panel>
  );
});

const percent = (share: number, from: number): string => `${(placeOnAxis(share, from) * 100).toFixed(2)}%`;

function Row({ row, from, target }: { readonly row: CompletenessRow; readonly from: number; readonly target: number }) {
  const look = row.verdict === 'missed' ? 'is-refuted' : row.ratio !== null && row.ratio < target ? 'is-below' : '';
  const label = row.ratio === null ? `${row.type}: no data` : `${row.type}: ${formatShare(row.ratio)}, ${formatInterval(row.interval)}`;
  return (
    <div className={`completeness-row ${look}`}>
      <span className="name">
        <Glyph type={row.type} />
        {row.type}
      </span>
      <svg className="track" width="100%" height="18" role="img" aria-label={label}>
        <line className="rest" x1="0" x2="100%" y1="9" y2="9" />
        <line className="target" x1={percent(target, from)} x2={percent(target, from)} y1="0" y2="18" />
        {row.ratio !== null && (
          <>
            <line className="reach" x1={percent(row.interval[0], from)} x2={percent(row.interval[1], from)} y1="9" y2="9" />
            <circle className="dot" cx={percent(row.ratio, from)} cy="9" r="3.6" />
          </>
        )}
      </svg>
      <span className={row.ratio === null ? 'share is-void' : 'share'}>{formatShare(row.ratio)}</span>
      <span className="lost">{row.ratio !== null && (
          <>
            {formatCount(row.expected - row.delivered)}
            <span className="of">{` of ${formatCount(row.expected)}`}</span> lost
          </>
        )}</span>
    </div>
  );
}
