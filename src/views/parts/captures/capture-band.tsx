import type { EnvironmentSnapshot, OpenedSnapshot } from '#monitor/snapshot.ts';
import { localTime } from '#views/parts/format.ts';
import { Icon } from '#views/parts/icon.tsx';
import { spanText } from './capture-words.ts';
import { PlayerBar } from './player-bar.tsx';
import './opened.css';

interface CaptureBandProps {
  readonly environment: EnvironmentSnapshot;
  readonly opened: OpenedSnapshot;
  readonly onClose: () => void;
}

/** Lies over everything else while what is shown is a capture, so that nobody takes it for what happens now; plays it, and closes it. */
export function CaptureBand({ environment, opened, onClose }: CaptureBandProps) {
  const { name, from, to, tornLines, speed, at } = opened;
  return (
    <div className="capture-band" role="note">
      <span className="capture-tag">
        <ReelShape />
        CAPTURE
      </span>
      <span className="capture-words">
        <b>{name}</b>
        {`, ${spanText(from, to)}, ${speed === null ? `standing at ${localTime.time(at)}` : `replayed at ${speed}×`}. This is not live.`}
        {tornLines > 0 && ' Its last line was torn, as by a crash, and is left out.'}
      </span>
      <PlayerBar environmentId={environment.id} />
      <button type="button" className="icon-button" onClick={onClose}>
        <Icon name="close" />
        <span className="visually-hidden">{`Close the capture ${name}`}</span>
      </button>
    </div>
  );
}

/** A reel of tape: the shape of what was recorded. */
const ReelShape = () => (
  <svg width="16" height="16" viewBox="0 0 24 24" fill="none" stroke="currentColor" strokeWidth="2" aria-hidden="true">
    <circle cx="7" cy="10" r="4" />
    <circle cx="17" cy="10" r="4" />
    <path d="M7 14h10" />
  </svg>
);
