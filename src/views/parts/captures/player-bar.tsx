import { useCallback, useEffect, useMemo, useRef, useState, type ChangeEvent } from 'react';
import { epochMs, type EpochMs } from '#base/units.ts';
import type { OpenedSnapshot } from '#monitor/snapshot.ts';
import { localTime } from '#views/parts/format.ts';
import { Icon } from '#views/parts/icon.tsx';
import { useKeys } from '#views/parts/use-keys.ts';
import { useMonitorStore, useNewestEnvironment } from '#views/parts/use-monitor.ts';
import './opened.css';

const speeds = [0.25, 0.5, 1, 2, 4, 8, 16];
/** A hand that rests this long has found its place: going back folds the capture anew. */
const settledMs = 150;

/** Plays a capture that is open: where in it, and how fast. Draws nothing of any other environment. */
export function PlayerBar({ environmentId }: { readonly environmentId: string }) {
  const opened = useNewestEnvironment(environmentId, (environment) => environment.opened) ?? null;
  return opened === null ? null : <Player environmentId={environmentId} opened={opened} />;
}

function Player({ environmentId, opened }: { readonly environmentId: string; readonly opened: OpenedSnapshot }) {
  const store = useMonitorStore();
  const [speed, setSpeed] = useState(1);
  const { from, to, at, loading } = opened;
  const playing = opened.speed !== null;
  const play = useCallback(
    (next: number | null, moment?: EpochMs) => {
      // A monitor that has gone answers nothing more, which the age of the data says.
      store.client.ask('play', { environmentId, speed: next, at: moment }).catch(() => undefined);
    },
    [store, environmentId],
  );
  const toggle = useCallback(() => {
    if (playing) play(null);
    else play(speed, at >= to ? from : undefined);
  }, [playing, play, speed, at, to, from]);
  useKeys(useMemo(() => ({ ' ': toggle }), [toggle]));
  const seek = useSeek(at, (moment) => play(opened.speed, moment));
  const shown = seek.wanted ?? at;
  return (
    <div className="player" role="group" aria-label="Replay">
      <button type="button" className="icon-button" onClick={() => play(opened.speed, from)}>
        <SkipIcon path="M18 5v14L8 12ZM6 5v14" />
        <span className="visually-hidden">To the start</span>
      </button>
      <button type="button" className="control" onClick={toggle}>
        <Icon name={playing ? 'pause' : 'play'} size={13} />
        {playing ? 'Pause' : 'Play'} <kbd>Space</kbd>
      </button>
      <button type="button" className="icon-button" onClick={() => play(null, to)}>
        <SkipIcon path="M6 5v14l10-7ZM18 5v14" />
        <span className="visually-hidden">To the end</span>
      </button>
      <input
        className="player-position"
        type="range"
        aria-label="Position"
        aria-valuetext={localTime.time(shown)}
        min={0}
        max={Math.max(1, to - from)}
        step="any"
        value={shown - from}
        onChange={({ target }: ChangeEvent<HTMLInputElement>) => seek.to(epochMs(from + Number(target.value)))}
      />
      <time className="player-time" dateTime={new Date(shown).toISOString()}>
        {localTime.time(shown)}
      </time>
      <label className="control player-speed">
        <span className="visually-hidden">Speed</span>
        <select
          value={opened.speed ?? speed}
          onChange={({ target }) => {
            const next = Number(target.value);
            setSpeed(next);
            if (playing) play(next);
          }}
        >
          {speeds.map((each) => (
            <option key={each} value={each}>
              {`${each}×`}
            </option>
          ))}
        </select>
        <Icon name="down" size={14} />
      </label>
      {loading !== null && <progress className="player-progress" value={loading} aria-label="Going there" />}
    </div>
  );
}

/** A moment that is asked for once the hand rests; until it is shown the slider stays where the hand has put it. */
function useSeek(at: EpochMs, go: (moment: EpochMs) => void) {
  const [wanted, setWanted] = useState<EpochMs>();
  const [asked, setAsked] = useState<EpochMs>();
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const latest = useRef(go);
  useEffect(() => {
    latest.current = go;
  }, [go]);
  useEffect(() => () => clearTimeout(timer.current), []);
  // What was shown when it was asked for is behind.
  if (wanted !== undefined && asked !== undefined && asked !== at) {
    setWanted(undefined);
    setAsked(undefined);
  }
  const to = useCallback(
    (moment: EpochMs) => {
      setWanted(moment);
      setAsked(undefined);
      clearTimeout(timer.current);
      timer.current = setTimeout(() => {
        setAsked(at);
        latest.current(moment);
      }, settledMs);
    },
    [at],
  );
  return { wanted, to };
}

const SkipIcon = ({ path }: { readonly path: string }) => (
  <svg className="icon" width="16" height="16" viewBox="0 0 24 24" fill="currentColor" stroke="currentColor" strokeWidth="1.7" strokeLinejoin="round" aria-hidden="true">
    <path d={path} />
  </svg>
);
