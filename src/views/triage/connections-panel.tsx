import { useCallback, useMemo } from 'react';
import type { LaneReport } from '#monitor/incident/incident-report.ts';
import type { ConnectionSnapshot } from '#monitor/snapshot.ts';
import { DataTable } from '#views/parts/data-table.tsx';
import { formatCount, formatRuns, formatWindow, localTime } from '#views/parts/format.ts';
import { Panel } from '#views/parts/panel.tsx';
import { shortConnection } from '#views/parts/run-words.ts';
import { TimelineStage } from '#views/parts/timeline/timeline-stage.tsx';
import type { RangeControls } from '#views/parts/timeline/use-range.ts';
import { navigate, useQueryState } from '#views/parts/url-state.ts';
import { useHeld } from '#views/parts/use-held.ts';
import { useKeys } from '#views/parts/use-keys.ts';
import { useEnvironment } from '#views/parts/use-monitor.ts';
import { FoldRow } from './fold-row.tsx';
import { arrangeLanes, laneOrderOf, type LaneOrder } from './lane-order.ts';
import './connections-panel.css';

interface ConnectionsPanelProps {
  readonly environmentId: string;
  readonly reports: readonly LaneReport[];
  readonly controls: RangeControls;
  readonly mock: boolean;
  readonly table: { readonly shown: boolean; readonly toggle: () => void };
}

const show = (order: LaneOrder): void => navigate({ show: order === 'folded' ? undefined : order }, 'replace');

/** A lane for each connection that differs from the rest; the rest folded into a row, or all of them. */
export function ConnectionsPanel({ environmentId, reports, controls, mock, table }: ConnectionsPanelProps) {
  const query = useQueryState();
  const order = laneOrderOf(query.show);
  const connections = useEnvironment(environmentId, (environment) => environment.connections);
  const known = (connections ?? []).map(({ id }) => id).join('\n');
  const lanes = useMemo(() => arrangeLanes(known === '' ? [] : known.split('\n'), reports, order), [known, reports, order]);
  const turn = useCallback(() => show(order === 'folded' ? 'all' : 'folded'), [order]);
  useKeys(useMemo(() => ({ u: turn }), [turn]));
  const caption = order !== 'folded' ? `all ${formatCount(lanes.shown.length)}${lanes.bad > 0 ? `, ${formatCount(lanes.bad)} differ` : ''}` : lanes.bad === 0 ? `none differs, ${formatCount(lanes.folded.length)} folded` : `the ${formatCount(lanes.bad)} that ${lanes.bad === 1 ? 'differs' : 'differ'}, ${formatCount(lanes.folded.length)} folded`;
  return (
    <Panel
      className="connections-panel"
      title="Connections"
      caption={
        <>
          <span>{caption}</span>
          <Legend hasBad={lanes.bad > 0} isFiltered={query.filter !== undefined} />
        </>
      }
      mock={mock}
      table={table}
      end={
        <>
          <button type="button" className="lanes-fold" aria-pressed={order !== 'folded'} onClick={turn}>
            {order === 'folded' ? 'unfold' : 'fold'} <kbd>u</kbd>
          </button>
          <fieldset className="segment">
            <legend className="visually-hidden">Order of the connections</legend>
            <button type="button" aria-pressed={order !== 'number'} onClick={() => order === 'number' && show('folded')}>
              bad first
            </button>
            <button type="button" aria-pressed={order === 'number'} onClick={() => show('number')}>
              by number
            </button>
          </fieldset>
        </>
      }
    >
      {table.shown ? (
        <LaneTable connections={connections ?? []} reports={reports} shown={[...lanes.shown, ...lanes.folded]} />
      ) : (
        <Lanes environmentId={environmentId} connections={connections ?? []} order={order} lanes={lanes} reports={reports} controls={controls} />
      )}
    </Panel>
  );
}

const Legend = ({ hasBad, isFiltered }: { readonly hasBad: boolean; readonly isFiltered: boolean }) => (
  <span className="lanes-legend" aria-hidden="true">
    {isFiltered && <span>bright: matches the search</span>}
    {hasBad && (
      <span>
        <b>−2</b> events lost
      </span>
    )}
  </span>
);

interface LanesProps extends Pick<ConnectionsPanelProps, 'environmentId' | 'reports' | 'controls'> {
  readonly connections: readonly ConnectionSnapshot[];
  readonly order: LaneOrder;
  readonly lanes: ReturnType<typeof arrangeLanes>;
}

function Lanes({ environmentId, connections, order, lanes, reports, controls }: LanesProps) {
  const { run } = useQueryState();
  const [attach, held] = useHeld(lanes);
  const blinds = useEnvironment(environmentId, (environment) => environment.blinds) ?? noBlinds;
  const windowMs = useEnvironment(environmentId, (environment) => environment.windowMs) ?? 0;
  // Another order is the reader's own wish: only what the monitor says waits until the pointer has left.
  const { shown, folded, bad } = (held.folded.length === 0) === (lanes.folded.length === 0) ? held : lanes;
  const byId = new Map(connections.map((connection) => [connection.id, connection]));
  const rows = shown.flatMap((id) => byId.get(id) ?? []);
  const told = useMemo(() => new Map(reports.map((lane) => [lane.connection, lane])), [reports]);
  const open = useCallback((runId: string) => navigate({ run: runId }), []);
  return (
    <div className="lanes" ref={attach}>
      {connections.length === 0 ? (
        <p className="panel-empty">No connection is held, so there is nothing to draw.</p>
      ) : rows.length === 0 ? (
        <Calm reports={reports} connections={connections.length} />
      ) : (
        <div className="lanes-stage">
          <TimelineStage
            environmentId={environmentId}
            connections={rows}
            isPart={rows.length < connections.length}
            blinds={blinds}
            controls={controls}
            lossyCaption={`lossy runs, ${formatWindow(windowMs)}`}
            selected={run}
            onOpen={open}
            minimap={false}
            {...(order === 'folded' && { told })}
          />
        </div>
      )}
      {folded.length > 0 && <FoldRow environmentId={environmentId} ids={folded} reports={reports} range={controls.range} hasBad={bad > 0} />}
    </div>
  );
}

const noBlinds: readonly never[] = [];

/** Nothing differs: said with what that rests on. */
function Calm({ reports, connections }: { readonly reports: readonly LaneReport[]; readonly connections: number }) {
  const judged = reports.reduce((sum, lane) => sum + lane.judged, 0);
  const lossy = reports.reduce((sum, lane) => sum + lane.lossy, 0);
  return (
    <p className="lanes-calm">
      {judged === 0
        ? `No run of ${formatCount(connections)} ${connections === 1 ? 'connection' : 'connections'} was judged in this stretch yet.`
        : `No connection differs from the others: ${formatRuns(judged)} on ${formatCount(connections)} ${connections === 1 ? 'connection' : 'connections'}, ${lossy === 0 ? 'none' : formatCount(lossy)} lossy.`}
    </p>
  );
}

function LaneTable({ connections, reports, shown }: { readonly connections: readonly ConnectionSnapshot[]; readonly reports: readonly LaneReport[]; readonly shown: readonly string[] }) {
  const users = new Map(connections.map(({ id, user }) => [id, user]));
  const byId = new Map(reports.map((lane) => [lane.connection, lane]));
  return (
    <DataTable
      caption="Connections"
      columns={['Connection', 'User', 'Differs', 'What is known', 'Since', 'Runs judged', 'Lossy runs', 'Events lost']}
      rows={shown.map((id) => {
        const lane = byId.get(id);
        const figures = lane === undefined || lane.judged === 0 ? ['no data', 'no data', 'no data'] : [lane.judged, lane.lossy, lane.lost].map(formatCount);
        return { key: id, cells: [shortConnection(id), users.get(id) ?? '', lane?.bad === true ? 'yes' : 'no', lane?.words.join(', ') ?? '', lane === undefined || lane.since === null ? '' : localTime.time(lane.since), ...figures] };
      })}
    />
  );
}
