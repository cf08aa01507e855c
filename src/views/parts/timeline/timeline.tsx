import { useCallback, useMemo } from 'react';
import { eventStyle, knownTypes } from '#views/parts/event-style.ts';
import { formatCount, formatDuration, formatWindow } from '#views/parts/format.ts';
import { Glyph } from '#views/parts/glyph.tsx';
import { Icon } from '#views/parts/icon.tsx';
import { paintLags } from '#views/parts/paint-lag.ts';
import { Panel } from '#views/parts/panel.tsx';
import { navigate, useQueryState } from '#views/parts/url-state.ts';
import { useClock } from '#views/parts/use-clock.ts';
import { useEnvironment } from '#views/parts/use-monitor.ts';
import { RunList } from '#views/parts/run/run-list.tsx';
import { TimelineStage } from './timeline-stage.tsx';
import type { RangeControls } from './use-range.ts';
import './timeline.css';

interface TimelineProps {
  readonly environmentId: string;
  readonly mock: boolean;
  readonly controls: RangeControls;
}

/** One lane per connection, a mark per event, a bar per run; or the same runs as a list. */
export function Timeline({ environmentId, mock, controls }: TimelineProps) {
  const { run, show } = useQueryState();
  const listed = show === 'runs';
  const toggleList = useCallback(() => navigate({ show: listed ? undefined : 'runs' }, 'replace'), [listed]);
  const running = useEnvironment(environmentId, (environment) => environment.counts.running) ?? 0;
  const isCapture = (useEnvironment(environmentId, (environment) => environment.opened) ?? null) !== null;
  const { range, follow, freeze } = controls;
  return (
    <Panel
      className={listed ? 'timeline-panel is-list' : 'timeline-panel'}
      title={listed ? 'Runs' : 'Timeline'}
      caption={listed ? <RunListCaption environmentId={environmentId} /> : <TimelineCaption spanMs={range.spanMs} following={range.following} live={!isCapture} />}
      mock={mock}
      end={
        <>
          <span className="running-count">{`${formatCount(running)} running`}</span>
          <fieldset className="segment">
            <legend className="visually-hidden">Show runs as</legend>
            <button type="button" aria-pressed={!listed} onClick={() => listed && toggleList()}>
              <Icon name="lanes" size={13} />
              Lanes
            </button>
            <button type="button" aria-pressed={listed} onClick={() => !listed && toggleList()}>
              <Icon name="list" size={13} />
              List
            </button>
          </fieldset>
          <fieldset className="segment">
            <legend className="visually-hidden">Time</legend>
            <button type="button" aria-pressed={range.following} onClick={follow}>
              <Icon name="play" size={12} />
              Following
            </button>
            {/* What stands still misses nothing: a capture is paused by its player. */}
            {!isCapture && (
              <button type="button" aria-pressed={!range.following} onClick={freeze}>
                <Icon name="pause" size={12} />
                Freeze <kbd>Space</kbd>
              </button>
            )}
          </fieldset>
        </>
      }
    >
      {listed ? <RunList environmentId={environmentId} selected={run} /> : <Lanes environmentId={environmentId} selected={run} controls={controls} />}
    </Panel>
  );
}

function TimelineCaption({ spanMs, following, live }: { readonly spanMs: number; readonly following: boolean; readonly live: boolean }) {
  return (
    <>
      <span>{following ? `last ${spanWords(spanMs)}` : spanWords(spanMs)}</span>
      {following && live && <PaintLag />}
      <span className="timeline-legend">
        {knownTypes
          .filter((type) => type !== 'agent_error')
          .map((type) => (
            <span key={type} title={eventStyle(type).reading}>
              <Glyph type={type} />
              {type}
            </span>
          ))}
      </span>
    </>
  );
}

/** How late this page itself is: from the socket's callback to the picture. */
function PaintLag() {
  useClock(1000, 'running');
  const sorted = paintLags().toSorted((left, right) => left - right);
  const p95 = sorted[Math.max(0, Math.ceil(0.95 * sorted.length) - 1)];
  return p95 === undefined ? null : <span className="paint-lag" title="p95, from the socket’s callback to the end of the frame that draws the event">{`drawn ${formatDuration(p95)} after it came`}</span>;
}

/** `60 s` rather than a minute: seconds are what the axis counts. */
const spanWords = (ms: number): string => (ms < 100_000 ? `${Number((ms / 1000).toFixed(1))} s` : formatWindow(Math.round(ms / 1000) * 1000));

function RunListCaption({ environmentId }: { readonly environmentId: string }) {
  const listed = useEnvironment(environmentId, (environment) => environment.runs.length) ?? 0;
  return <span>{`the newest ${formatCount(listed)}, newest first`}</span>;
}

function Lanes({ environmentId, selected, controls }: { readonly environmentId: string; readonly selected: string | undefined; readonly controls: RangeControls }) {
  const connections = useEnvironment(environmentId, (environment) => environment.connections);
  const blinds = useEnvironment(environmentId, (environment) => environment.blinds);
  const windowMs = useEnvironment(environmentId, (environment) => environment.windowMs) ?? 0;
  const open = useCallback((runId: string) => navigate({ run: runId }), []);
  const lossyCaption = useMemo(() => `lossy runs, ${formatWindow(windowMs)}`, [windowMs]);
  if (connections === undefined || blinds === undefined || connections.length === 0) return <p className="panel-empty">No connection is held, so there is nothing to draw.</p>;
  return <TimelineStage environmentId={environmentId} connections={connections} blinds={blinds} controls={controls} lossyCaption={lossyCaption} selected={selected} onOpen={open} />;
}
