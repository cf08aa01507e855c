import { Fragment } from 'react';
import type { Chain } from '#environment/chain.ts';
import type { EnvironmentSnapshot } from '#monitor/snapshot.ts';
import { DataTable } from '#views/parts/data-table.tsx';
import { formatCount, formatDuration, formatWindow, noData } from '#views/parts/format.ts';
import { MockChip } from '#views/parts/mock-chip.tsx';
import { Panel } from '#views/parts/panel.tsx';
import { useSize } from '#views/parts/use-size.ts';
import { startText, startupAxis, startupRows, type StartupRow } from './startup-rows.ts';
import './startup-chart.css';

interface StartupChartProps {
  readonly environments: readonly EnvironmentSnapshot[];
  readonly chain: Chain | undefined;
  readonly table: { readonly shown: boolean; readonly toggle: () => void };
}

const height = 26;
const middle = 13;
/** Room for the last mark, which may stand on the edge. */
const inset = 9;

/** How each environment started: tries and stages in seconds from its start, against the time that it has. */
export function StartupChart({ environments, chain, table }: StartupChartProps) {
  const [plot, size] = useSize();
  const width = size?.width ?? 0;
  const rows = startupRows(environments, chain);
  const { endMs, ticks } = startupAxis(rows, width / 90);
  const x = (ms: number): number => inset + (Math.min(ms, endMs) / endMs) * Math.max(0, width - 2 * inset);
  const limits = new Set(rows.map(({ limitMs }) => limitMs));
  const isFree = (tick: number): boolean => [...limits].every((limit) => x(tick) < x(limit) - 24 || x(tick) > x(limit) + 76);
  const caption = `seconds from its start${limits.size === 1 ? `; each environment has ${formatWindow([...limits][0] ?? 0)}` : ''}`;
  return (
    <Panel className="startup-panel is-wide" title="Start-up" caption={caption} mock={false} table={table}>
      {rows.length === 0 ? (
        <p className="panel-empty">nothing was started yet</p>
      ) : table.shown ? (
        <StartupTable rows={rows} />
      ) : (
        <div className="startup-rows">
          <div ref={plot} className="startup-axis">
            <svg width={width} height={20} aria-hidden="true">
              {[...limits].map((limit) => (
                <text key={limit} className="limit-text" x={x(limit) - 2} y={13}>{`limit ${formatWindow(limit)}`}</text>
              ))}
              {ticks.filter(isFree).map((tick) => (
                <text key={tick} className="axis-text" x={x(tick)} y={13} textAnchor={tick === 0 ? 'start' : 'middle'} dx={tick === 0 ? -6 : 0}>
                  {tick === 0 ? '0 s' : tick / 1000}
                </text>
              ))}
            </svg>
          </div>
          {rows.map((row) => (
            <Fragment key={row.id}>
              <div className="startup-name">
                <b>{row.name}</b>
                {row.mock && <MockChip />}
                <small>{startText(row)}</small>
              </div>
              <div className="startup-plot">
                <Plot row={row} width={width} x={x} ticks={ticks} />
                <p data-state={row.failed ? 'failed' : row.upMs === null ? 'open' : 'up'}>{row.note}</p>
              </div>
            </Fragment>
          ))}
        </div>
      )}
    </Panel>
  );
}

interface PlotProps {
  readonly row: StartupRow;
  readonly width: number;
  readonly x: (ms: number) => number;
  readonly ticks: readonly number[];
}

/** The note beside it says the same in words. */
function Plot({ row, width, x, ticks }: PlotProps) {
  const limit = x(row.limitMs);
  const last = Math.max(0, ...row.misses);
  return (
    <svg className="startup-svg" width={width} height={height} aria-hidden="true">
      {ticks.map((tick) => (
        <path key={tick} className="grid" d={`M${x(tick)} 0V${height}`} />
      ))}
      <rect className="beyond" x={limit} y={0} width={Math.max(0, width - limit)} height={height} />
      {row.misses.length > 0 && <path className="waiting" d={`M${x(0)} ${middle}H${x(row.failed && row.stages.length === 0 ? row.limitMs : last)}`} />}
      {row.stages.map(({ name, fromMs, toMs }) => (
        <g key={name} className="startup-stage">
          <rect x={x(fromMs)} y={3} width={Math.max(2, x(toMs) - x(fromMs) - 1.5)} height={height - 6} rx={3} />
          {x(toMs) - x(fromMs) > name.length * 7 + 10 && (
            <text x={x(fromMs) + 7} y={middle + 4}>
              {name}
            </text>
          )}
        </g>
      ))}
      {row.misses.map((at) => (
        <g key={at} className="miss" transform={`translate(${x(at)} ${middle})`}>
          <circle r={7.5} />
          <path d="M-3-3 3 3M3-3-3 3" />
        </g>
      ))}
      <path className="limit" d={`M${limit} 0V${height}`} />
    </svg>
  );
}

function StartupTable({ rows }: { readonly rows: readonly StartupRow[] }) {
  return (
    <DataTable
      caption="Start-up of each environment"
      columns={['Environment', 'Start', 'Limit', 'Tries in vain', 'Health', 'Login', 'Connect', 'Clock', 'First event', 'Up']}
      rows={rows.map((row) => ({
        key: row.id,
        cells: [
          row.name,
          startText(row),
          formatWindow(row.limitMs),
          row.from === null ? noData : formatCount(row.misses.length),
          ...['health', 'login', 'connect', 'clock', 'first event'].map((name) => {
            const stage = row.stages.find((each) => each.name === name);
            return stage === undefined ? noData : formatDuration(stage.toMs - stage.fromMs);
          }),
          row.upMs === null ? (row.failed ? 'not up' : noData) : formatDuration(row.upMs),
        ],
      }))}
    />
  );
}
