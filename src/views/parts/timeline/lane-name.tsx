import type { ReactNode } from 'react';
import type { EpochMs } from '#base/units.ts';
import { livenessNow, type Liveness } from '#monitor/liveness.ts';
import type { ConnectionSnapshot } from '#monitor/snapshot.ts';
import { formatAge } from '#views/parts/format.ts';
import { shortConnection } from '#views/parts/run-words.ts';

interface LaneNameProps {
  readonly connection: ConnectionSnapshot;
  /** When the snapshot was made that it is from. */
  readonly snapshotAt: EpochMs;
  readonly now: EpochMs;
  readonly narrow: boolean;
}

/** A healthy connection whose transport is heard less often than this is told with its age, so that it is seen to grow from the start of a silence. */
const calmAgeMs = 5000;

/** Who a lane belongs to, and how its connection stands: its user while all is well, else the word for it with the age of what was heard last. */
export function LaneName({ connection, snapshotAt, now, narrow }: LaneNameProps) {
  const { state, ageMs } = livenessNow(connection, snapshotAt, now);
  const isCalm = (state === 'live' || state === 'quiet') && (ageMs === null || ageMs < calmAgeMs);
  // Why it is not open is more than that it is not.
  const word = state === 'down' ? connection.state : state;
  const told = ageMs === null ? word : `${word} ${formatAge(ageMs)}`;
  const heard = ageMs === null ? 'nothing heard yet' : `last heard ${formatAge(ageMs)} ago`;
  const title = [connection.id, connection.user, connection.transport, connection.state, state, heard, connection.problem?.message].filter((part) => part !== null && part !== undefined).join(', ');
  return (
    <span className={`lane-name is-${state}`} role="rowheader" title={title}>
      <LivenessShape state={state} />
      <b>{shortConnection(connection.id)}</b>
      {!narrow && <span>{isCalm ? connection.user : told}</span>}
      {narrow && !isCalm && <span className="visually-hidden">{told}</span>}
    </span>
  );
}

/** The shape alone; the word stands beside it, or in its lane's title while all is well. */
function LivenessShape({ state }: { readonly state: Liveness }) {
  return (
    <svg className="lane-shape" width="10" height="10" viewBox="0 0 12 12" aria-hidden="true">
      {shapes[state]}
    </svg>
  );
}

const shapes: Readonly<Record<Liveness, ReactNode>> = {
  live: <circle className="solid" cx="6" cy="6" r="3.2" />,
  quiet: <circle cx="6" cy="6" r="3.2" />,
  late: <path d="M6 1.4 11 10.4H1ZM6 4.8v2.4M6 8.9v.1" />,
  silent: <path d="M4 1h4l3 3v4l-3 3H4L1 8V4ZM3.6 6h4.8" />,
  blind: <path d="M.8 6C2.4 3.4 4.1 2.4 6 2.4S9.6 3.4 11.2 6C9.6 8.6 7.9 9.6 6 9.6S2.4 8.6.8 6ZM2 10.6 10 1.4" />,
  down: <path d="m2 2 8 8M10 2 2 10" />,
};
