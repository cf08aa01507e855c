import { useCallback, useMemo } from 'react';
import { epochMs } from '#base/units.ts';
import type { EnvironmentSnapshot } from '#monitor/snapshot.ts';
import { formatCount, formatFrozen, localTime, utcTime } from './parts/format.ts';
import { Icon } from './parts/icon.tsx';
import { stateWords } from './parts/state.ts';
import { StateWord } from './parts/state-word.tsx';
import { changeQuery } from './parts/url-state.ts';
import { useClock } from './parts/use-clock.ts';
import { useCopy } from './parts/use-copy.ts';
import { useKeys } from './parts/use-keys.ts';
import { useFrozenAt, useMonitorStore, useNewestEnvironment } from './parts/use-monitor.ts';
import type { RangeControls } from './live/use-range.ts';
import { Brand } from './rail.tsx';
import './bar.css';

interface BarProps {
  readonly environments: readonly EnvironmentSnapshot[];
  readonly selected: EnvironmentSnapshot;
  readonly onPick: (environmentId: string) => void;
  readonly controls: RangeControls;
}

/** What is looked at, a link to it, and the time. While frozen it says so, and what waits. */
export function Bar({ environments, selected, onPick, controls }: BarProps) {
  const store = useMonitorStore();
  const { copy, said } = useCopy(useCallback(() => linkTo(selected.id, controls.range), [selected.id, controls.range]));
  useKeys(useMemo(() => ({ l: copy }), [copy]));
  // A frozen view still tells what its buttons do now.
  const watched = useNewestEnvironment(selected.id, (environment) => environment.phase) !== 'idle';
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
        </select>
        <Icon name="down" size={14} />
      </label>
      <button type="button" className="control connect" onClick={() => (watched ? void store.client.unwatch(selected.id) : onPick(selected.id))}>
        <Icon name="plug" size={14} />
        {watched ? 'Disconnect' : 'Connect'}
      </button>
      <i className="grow" />
      <FrozenBadge environmentId={selected.id} onResume={controls.follow} />
      <button type="button" className="control copy-link" onClick={copy}>
        <Icon name="link" />
        <span aria-live="polite">{said ?? 'Copy link'}</span> <kbd>l</kbd>
      </button>
      <BarClock />
    </header>
  );
}

/** The address of what is shown now; its times are absolute. */
function linkTo(environmentId: string, range: RangeControls['range']): string {
  const stretch = range.endAt === undefined ? {} : { from: epochMs(range.endAt - range.spanMs), to: range.endAt };
  const { origin, pathname, search } = window.location;
  return `${origin}${pathname}${changeQuery(search, { view: 'live', env: environmentId, ...stretch })}`;
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
