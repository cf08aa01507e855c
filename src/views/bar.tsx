import { lazy, Suspense, useCallback, useEffect, useMemo, useState, type ReactNode } from 'react';
import { epochMs } from '#base/units.ts';
import type { EnvironmentSnapshot } from '#monitor/snapshot.ts';
import { formatCount, formatFrozen, localTime, utcTime } from './parts/format.ts';
import { Icon } from './parts/icon.tsx';
import { stateWords } from './parts/state.ts';
import { StateWord } from './parts/state-word.tsx';
import { changeQuery, type PageQueryChange } from './parts/url-state.ts';
import { useClock } from './parts/use-clock.ts';
import { useCopy } from './parts/use-copy.ts';
import { useKeys } from './parts/use-keys.ts';
import { useFrozenAt, useMonitorStore, useNewestEnvironment, useNewestOpened } from './parts/use-monitor.ts';
import type { RangeControls } from './parts/timeline/use-range.ts';
import { Brand } from './rail.tsx';
import './bar.css';

const BarTools = lazy(async () => ({ default: (await import('./bar-tools.tsx')).BarTools }));

interface BarProps {
  readonly view: string;
  readonly environments: readonly EnvironmentSnapshot[];
  readonly selected: EnvironmentSnapshot;
  /** The environment that a link leads to: the one that was chosen, whatever is shown in its place. */
  readonly chosen: string;
  /** A chain is looking for an environment that is healthy. */
  readonly seeking: boolean;
  readonly onPick: (environmentId: string) => void;
  readonly onDisconnect: (environmentId: string) => void;
  readonly controls: RangeControls;
}

/** What is looked at, a link to it, and the time. While frozen it says so, and what waits. */
export function Bar({ view, environments, selected, chosen, seeking, onPick, onDisconnect, controls }: BarProps) {
  const { range } = controls;
  const store = useMonitorStore();
  const shown = useCallback(() => {
    // A link to what is looked into shows that moment; one to what is watched goes on watching.
    const to = range.endAt ?? (view === 'live' ? undefined : store.shownNow());
    return { view, env: chosen, ...(to !== undefined && { from: epochMs(to - range.spanMs), to }) };
  }, [store, view, chosen, range]);
  const [copied, setCopied] = useState(0);
  const noteCopied = useCallback(() => setCopied((count) => count + 1), []);
  // A frozen view still tells what its buttons do now.
  const watched = useNewestEnvironment(selected.id, (environment) => environment.phase) !== 'idle' || seeking;
  const captures = useNewestOpened() ?? [];
  return (
    <header className="bar">
      <Brand />
      <label className="control picker">
        <span className="visually-hidden">Environment</span>
        <select value={selected.id} onChange={(event) => onPick(event.target.value)}>
          {environments.map((environment) => (
            <option key={environment.id} value={environment.id}>
              {`${environment.name}${environment.id === selected.id ? '' : ` – ${environment.phase === 'idle' ? 'not connected' : stateWords[environment.state]}`}`}
            </option>
          ))}
          {captures.map(
            ({ id, name, phase }) =>
              phase !== 'starting' && (
                <option key={id} value={id}>
                  {`${name} – capture`}
                </option>
              ),
          )}
        </select>
        <Icon name="down" size={14} />
      </label>
      {selected.opened === null && (
        <button type="button" className="control connect" onClick={() => (watched ? onDisconnect(selected.id) : onPick(selected.id))}>
          <Icon name="plug" size={14} />
          {watched ? 'Disconnect' : 'Connect'}
        </button>
      )}
      <Suspense fallback={<i className="grow" />}>
        <BarTools environment={selected} controls={controls} copied={copied} />
      </Suspense>
      <FrozenBadge environmentId={selected.id} onResume={controls.follow} />
      <CopyLink shown={shown} onCopied={noteCopied} />
      <BarClock />
    </header>
  );
}

/** The bar of a view that is not about one environment alone: its name, what it can do, a link to it, and the time. */
export function ViewBar({ title, caption, shown, children }: { readonly title: string; readonly caption: string; readonly shown: () => PageQueryChange; readonly children?: ReactNode }) {
  return (
    <header className="bar">
      <Brand />
      <h1>{title}</h1>
      <span className="bar-caption">{caption}</span>
      <i className="grow" />
      {children}
      <CopyLink shown={shown} />
      <BarClock />
    </header>
  );
}

/** Copies the address of what is shown now; its times are absolute. */
function CopyLink({ shown, onCopied }: { readonly shown: () => PageQueryChange; readonly onCopied?: () => void }) {
  const address = useCallback(() => {
    const { origin, pathname, search } = window.location;
    return `${origin}${pathname}${changeQuery(search, shown())}`;
  }, [shown]);
  const { copy, said } = useCopy(address);
  useEffect(() => {
    if (said !== undefined) onCopied?.();
  }, [said, onCopied]);
  useKeys(useMemo(() => ({ l: copy }), [copy]));
  return (
    <button type="button" className="control copy-link" onClick={copy}>
      <Icon name="link" />
      <span aria-live="polite">{said ?? 'Copy link'}</span> <kbd>l</kbd>
    </button>
  );
}

function BarClock() {
  const now = useClock(250, 'running');
  return (
    <span className="bar-clock">
      <time dateTime={new Date(now).toISOString()}>{localTime.time(now)}</time>
      <small>{localTime.zone(now)}</small>
      {localTime.zone(now) !== 'UTC' && <small>{`${utcTime.time(now)} UTC`}</small>}
    </span>
  );
}

function FrozenBadge({ environmentId, onResume }: { readonly environmentId: string; readonly onResume: () => void }) {
  const store = useMonitorStore();
  const frozenAt = useFrozenAt();
  const now = useClock(500, 'running');
  const newest = useNewestEnvironment(environmentId, (environment) => environment.events.decoded) ?? 0;
  const state = useNewestEnvironment(environmentId, (environment) => environment.state);
  if (frozenAt === undefined) return null;
  const held = store.shown()?.environments.find((each) => each.id === environmentId);
  const shown = held?.events.decoded ?? newest;
  return (
    <>
      <span className="frozen-badge">
        <Icon name="snow" size={15} />
        <b>Frozen {formatFrozen(now - frozenAt)}</b>
        <span className="waiting">{`+${formatCount(Math.max(0, newest - shown))} events waiting`}</span>
        {/* A view that stands still must not hide that things got worse. */}
        {state !== undefined && state !== held?.state && (
          <span className="now-state">
            now <StateWord state={state} />
          </span>
        )}
      </span>
      <button type="button" className="control primary" onClick={onResume}>
        <Icon name="play" size={13} />
        Resume <kbd>Space</kbd>
      </button>
      <i className="frozen-line" />
    </>
  );
}
