import { useVirtualizer } from '@tanstack/react-virtual';
import { useRef, type MouseEvent } from 'react';
import { epochMs } from '#base/units.ts';
import type { FoundEvent } from '#monitor/query/search-answer.ts';
import { formatDuration, localTime } from '#views/parts/format.ts';
import { Glyph } from '#views/parts/glyph.tsx';
import { shortConnection } from '#views/parts/run-words.ts';
import { changeQuery, navigate, useQueryState, type PageQueryChange } from '#views/parts/url-state.ts';
import { useMonitorStore } from '#views/parts/use-monitor.ts';
import './search-results.css';

const rowHeight = 46;
/** An event of no run is shown in the middle of so much time. */
const aroundMs = 15_000;

interface SearchResultsProps {
  readonly environmentId: string;
  readonly rows: readonly FoundEvent[];
  /** Something was opened. */
  readonly onOpen: () => void;
}

/** Matching events, the newest first: each opens its run, or its moment where it belongs to none. */
export function SearchResults({ environmentId, rows, onOpen }: SearchResultsProps) {
  const scroller = useRef<HTMLDivElement>(null);
  // What it gives changes in place; no compiler memoises this component.
  // oxlint-disable-next-line react/incompatible-library
  const shown = useVirtualizer({ count: rows.length, getScrollElement: () => scroller.current, estimateSize: () => rowHeight, overscan: 6 });
  return (
    <div className="found-table" role="table" aria-label="Matching events" aria-rowcount={rows.length}>
      {/* A region that scrolls must be reachable by keyboard. */}
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
      <div className="found-rows" ref={scroller} role="rowgroup" tabIndex={0}>
        <div className="found-space" style={{ height: shown.getTotalSize() }}>
          {shown.getVirtualItems().map(({ index, start }) => {
            const event = rows[index];
            return event === undefined ? null : <Row key={event.row} environmentId={environmentId} event={event} index={index} start={start} onOpen={onOpen} />;
          })}
        </div>
        {rows.length === 0 && <p className="panel-empty">Nothing matches.</p>}
      </div>
    </div>
  );
}

interface RowProps {
  readonly environmentId: string;
  readonly event: FoundEvent;
  readonly index: number;
  readonly start: number;
  readonly onOpen: () => void;
}

function Row({ environmentId, event, index, start, onOpen }: RowProps) {
  const store = useMonitorStore();
  const { run: opened } = useQueryState();
  const change: PageQueryChange = { env: environmentId, ...(event.run === null ? { run: undefined, from: epochMs(event.at - aroundMs), to: epochMs(event.at + aroundMs) } : { run: event.run }) };
  const open = (click: MouseEvent): void => {
    if (click.ctrlKey || click.metaKey || click.shiftKey) return;
    click.preventDefault();
    if (event.run === null) store.freeze();
    navigate(change);
    onOpen();
  };
  return (
    <div className="found-row" role="row" aria-rowindex={index + 1} aria-current={event.run !== null && event.run === opened ? 'true' : undefined} style={{ transform: `translateY(${start}px)` }}>
      <span role="cell" className="found-at">
        {localTime.precise(event.at)}
      </span>
      <span role="cell" className="found-type">
        <Glyph type={event.type} />
        <a href={changeQuery(window.location.search, change)} onClick={open}>
          {event.type}
        </a>
        {event.disposition !== 'attributed' && <b className="found-disposition">{event.disposition}</b>}
      </span>
      <span role="cell">
        <b>{shortConnection(event.connection)}</b> <span className="dim">{event.user}</span>
      </span>
      <span role="cell" className="mono found-run">
        {event.run ?? <span className="dim">no run</span>}
      </span>
      <span role="cell" className="found-latency">
        {event.latencyMs === null ? '–' : formatDuration(event.latencyMs)}
      </span>
      <span role="cell" className="mono dim found-excerpt">
        {event.excerpt ?? 'what came is no longer stored'}
      </span>
    </div>
  );
}
