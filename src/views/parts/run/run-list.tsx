import { useVirtualizer } from '@tanstack/react-virtual';
import { useMemo, useRef, type MouseEvent } from 'react';
import type { RunReport } from '#monitor/report.ts';
import { formatCount, formatDuration, localTime } from '#views/parts/format.ts';
import { runReason, shortConnection } from '#views/parts/run-words.ts';
import { useSearch, useStretch } from '#views/parts/search/use-search.ts';
import { changeQuery, navigate, useQueryState } from '#views/parts/url-state.ts';
import { useMedia } from '#views/parts/use-media.ts';
import { useEnvironment } from '#views/parts/use-monitor.ts';
import { RunStatus } from './run-status.tsx';
import './run-list.css';

const statuses: readonly RunReport['status'][] = ['incomplete', 'failed', 'inconclusive', 'running', 'complete'];
const rowHeight = 28;
/** Narrow screens take two lines a run, and a target that a finger hits. */
const narrowRowHeight = 48;

/** The newest runs with their status and why; a row opens its run. */
export function RunList({ environmentId, selected }: { readonly environmentId: string; readonly selected: string | undefined }) {
  const runs = useEnvironment(environmentId, (environment) => environment.runs);
  const { filter } = useQueryState();
  const status = statuses.find((each) => each === filter);
  const shown = useMemo(() => (runs ?? []).filter((run) => status === undefined || run.status === status), [runs, status]);
  // A status alone leaves its runs; of anything else the others are dimmed.
  const { found } = useSearch(environmentId, useStretch(), filter !== undefined && status === undefined);
  const matching = useMemo(() => (found === undefined || filter === undefined ? undefined : new Set(found.runs)), [found, filter]);
  const counts = useMemo(() => new Map(statuses.map((each) => [each, (runs ?? []).filter((run) => run.status === each).length])), [runs]);
  const narrow = useMedia('(max-width: 599px)');
  const scroller = useRef<HTMLDivElement>(null);
  // What it gives changes in place; no compiler memoises this component.
  // oxlint-disable-next-line react/incompatible-library
  const rows = useVirtualizer({ count: shown.length, getScrollElement: () => scroller.current, estimateSize: () => (narrow ? narrowRowHeight : rowHeight), overscan: 6 });
  return (
    <div className="run-list">
      <fieldset className="run-filter">
        <legend className="visually-hidden">Show runs that are</legend>
        <button type="button" aria-pressed={status === undefined} onClick={() => navigate({ filter: undefined }, 'replace')}>
          all {formatCount(runs?.length ?? 0)}
        </button>
        {statuses
          .filter((each) => (counts.get(each) ?? 0) > 0 || each === status)
          .map((each) => (
            <button key={each} type="button" aria-pressed={status === each} onClick={() => navigate({ filter: each }, 'replace')}>
              <RunStatus status={each} /> {formatCount(counts.get(each) ?? 0)}
            </button>
          ))}
      </fieldset>
      <div className="run-table" role="table" aria-label="Runs" aria-rowcount={shown.length + 1}>
        <div className="run-row run-head" role="row" aria-rowindex={1}>
          {['opened', 'run', 'connection', 'status', 'delivered', 'why', 'first event', 'duration'].map((column) => (
            <span key={column} role="columnheader" className={`run-${column.replace(' ', '-')}`}>
              {column}
            </span>
          ))}
        </div>
        {/* A region that scrolls must be reachable by keyboard. */}
        {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
        <div className="run-rows" ref={scroller} role="rowgroup" tabIndex={0}>
          <div className="run-space" style={{ height: rows.getTotalSize() }}>
            {rows.getVirtualItems().map(({ index, start }) => {
              const run = shown[index];
              return run === undefined ? null : <Row key={run.id} run={run} index={index} start={start} selected={run.id === selected} matches={matching?.has(run.id)} />;
            })}
          </div>
          {shown.length === 0 && <p className="panel-empty">{status === undefined ? 'No run yet.' : `No ${status} run among these.`}</p>}
        </div>
      </div>
    </div>
  );
}

function Row({ run, index, start, selected, matches }: { readonly run: RunReport; readonly index: number; readonly start: number; readonly selected: boolean; readonly matches: boolean | undefined }) {
  const open = (event: MouseEvent): void => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    navigate({ run: run.id });
  };
  return (
    <div className="run-row" role="row" aria-rowindex={index + 2} aria-current={selected ? 'true' : undefined} data-matches={matches} style={{ transform: `translateY(${start}px)` }}>
      <span role="cell" className="run-opened">
        {localTime.time(run.openedAt)}
      </span>
      <span role="cell" className="run-run mono">
        <a href={changeQuery(window.location.search, { run: run.id })} onClick={open}>
          {run.id}
        </a>
      </span>
      <span role="cell" className="run-connection">
        <b>{shortConnection(run.connection)}</b> <span className="dim">{run.user}</span>
      </span>
      <span role="cell" className="run-status-cell">
        <RunStatus status={run.status} />
      </span>
      <span role="cell" className="run-delivered">{`${formatCount(run.delivered)} of ${formatCount(run.expected)}`}</span>
      <span role="cell" className={`run-why is-${run.status}`}>
        {runReason(run)}
        {run.fault !== 'none' && run.status !== 'running' && <span className="dim">{` (look at: ${run.fault})`}</span>}
      </span>
      <span role="cell" className="run-first-event">
        {run.timeToFirstEventMs === null ? '–' : formatDuration(run.timeToFirstEventMs)}
      </span>
      <span role="cell" className="run-duration">
        {run.durationMs === null ? '–' : formatDuration(run.durationMs)}
      </span>
    </div>
  );
}
