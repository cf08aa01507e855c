import { useCallback } from 'react';
import type { RunDetail } from '#monitor/snapshot.ts';
import { byRunOrder } from '#views/parts/event-style.ts';
import { formatDuration, formatPart, localTime, noData } from '#views/parts/format.ts';
import { Glyph } from '#views/parts/glyph.tsx';
import { Icon } from '#views/parts/icon.tsx';
import { shortConnection } from '#views/parts/run-words.ts';
import { changeQuery, navigate } from '#views/parts/url-state.ts';
import { useCopy } from '#views/parts/use-copy.ts';
import { useEnvironment } from '#views/parts/use-monitor.ts';
import { RunEvents } from './run-events.tsx';
import { RunStatus } from './run-status.tsx';
import { SidePanel } from './side-panel.tsx';
import { useRunDetail } from './use-run-detail.ts';
import './run-panel.css';

interface RunPanelProps {
  readonly environmentId: string;
  readonly runId: string;
  readonly mock: boolean;
  readonly onClose: () => void;
}

/** One run: why it is judged so, what was expected, what came, and the raw payloads. */
export function RunPanel({ environmentId, runId, mock, onClose }: RunPanelProps) {
  const answer = useRunDetail(environmentId, runId);
  const detail = answer.phase === 'known' ? answer.detail : undefined;
  const run = detail?.run;
  return (
    <SidePanel
      label={`Run ${runId}`}
      mock={mock}
      title={
        <>
          Run <span className="mono">{runId}</span>
        </>
      }
      onClose={onClose}
      meta={
        run !== undefined && (
          <>
            <span className={`chip run-chip is-${run.status}`}>
              <RunStatus status={run.status} />
            </span>
            {run.fault !== 'none' && <span className="chip">{`look at: ${run.fault}`}</span>}
            <span className="chip">{run.connection}</span>
            {run.user !== null && <span className="chip">{run.user}</span>}
            {run.thread !== null && <span className="chip mono">{run.thread}</span>}
          </>
        )
      }
    >
      {detail === undefined ? (
        <p className="panel-empty">{answer.phase === 'asking' ? 'Looking for it …' : 'This run is not known here: it is older than what is remembered, or it belongs to another session.'}</p>
      ) : (
        <Known environmentId={environmentId} detail={detail} />
      )}
    </SidePanel>
  );
}

function Known({ environmentId, detail }: { readonly environmentId: string; readonly detail: RunDetail }) {
  const { run } = detail;
  const link = useCopy(
    useCallback(() => {
      const { origin, pathname, search } = window.location;
      return `${origin}${pathname}${changeQuery(search, { view: 'live', env: environmentId, run: run.id })}`;
    }, [environmentId, run.id]),
  );
  return (
    <>
      <p className={`run-reason is-${run.status}`}>
        <b>Why:</b> {detail.why}
      </p>
      <section className="side-section">
        <h3>
          Expected and received <span>{run.expected === 0 ? 'nothing expected yet' : `${formatPart(run.delivered, run.expected)} delivered`}</span>
          <span className="end mono letters" title="The run in letters, as it came">
            {detail.letters}
          </span>
        </h3>
        <table className="expected-table">
          <thead>
            <tr>
              <th scope="col">event</th>
              <th scope="col">expected</th>
              <th scope="col">received</th>
              <th scope="col">
                <span className="visually-hidden">verdict</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {detail.expectedByType.toSorted((left, right) => byRunOrder(left.type, right.type)).map(({ type, expected, delivered }) => {
              const lacks = run.status !== 'running' && delivered < expected;
              return (
                <tr key={type} className={lacks ? 'is-missing' : undefined}>
                  <th scope="row">
                    <Glyph type={type} missing={lacks} />
                    {type}
                  </th>
                  <td>{expected}</td>
                  <td>{delivered}</td>
                  <td>{lacks ? (delivered === 0 ? 'never came' : `${expected - delivered} never came`) : delivered < expected ? 'still open' : ''}</td>
                </tr>
              );
            })}
          </tbody>
        </table>
      </section>
      <section className="side-section">
        <h3>Times</h3>
        <dl className="run-times">
          <dt>opened</dt>
          <dd>{localTime.precise(run.openedAt)}</dd>
          <dt>time to first event</dt>
          <dd>{run.timeToFirstEventMs === null ? noData : formatDuration(run.timeToFirstEventMs)}</dd>
          <dt>duration</dt>
          <dd>{run.durationMs === null ? noData : formatDuration(run.durationMs)}</dd>
          <dt>closed</dt>
          <dd>{run.closedAt === null ? 'still running' : localTime.precise(run.closedAt)}</dd>
        </dl>
      </section>
      <RunEvents events={detail.events} />
      <Neighbours environmentId={environmentId} connection={run.connection} runId={run.id} />
      <div className="side-section run-actions">
        <button type="button" className="control" onClick={link.copy}>
          <Icon name="link" />
          <span aria-live="polite">{link.said ?? 'Copy link'}</span>
        </button>
      </div>
    </>
  );
}

/** Runs of the same connection that closed before and after. */
function Neighbours({ environmentId, connection, runId }: { readonly environmentId: string; readonly connection: string; readonly runId: string }) {
  const runs = useEnvironment(environmentId, (environment) => environment.runs) ?? [];
  const own = runs.filter((run) => run.connection === connection).toReversed();
  const place = own.findIndex((run) => run.id === runId);
  const near = own.slice(Math.max(0, place - 3), Math.max(0, place) + 4).filter((run) => run.id !== runId);
  if (near.length === 0) return null;
  return (
    <section className="side-section">
      <h3>{`Neighbours on ${shortConnection(connection)}`}</h3>
      <div className="neighbours">
        {near.map((run) => (
          <button key={run.id} type="button" className="chip" title={`Run ${run.id}, ${run.status}`} onClick={() => navigate({ run: run.id })}>
            {localTime.time(run.openedAt)} <NeighbourMark status={run.status} lacks={run.expected - run.delivered} />
          </button>
        ))}
      </div>
    </section>
  );
}

function NeighbourMark({ status, lacks }: { readonly status: RunDetail['run']['status']; readonly lacks: number }) {
  if (status === 'incomplete') return <b className="neighbour-lossy">{`−${lacks}`}</b>;
  return <span className={`neighbour-${status}`}>{status === 'complete' ? 'ok' : status}</span>;
}
