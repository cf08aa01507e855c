import type { ConnectionStatus } from '#connection/connection.ts';
import type { Recording } from './recording.ts';

/** Where a recording comes from: connections that are held now, or a capture that was opened. */
export interface RecordingSource {
  readonly recording: Recording;
  /** How its connections stand. */
  statuses(): readonly ConnectionStatus[];
  /** It is looked at as it stood then: nothing is expected of it any more, so it does not go stale. */
  readonly isPast: boolean;
  /** True from the moment on at which it was told to stop. */
  readonly stopping: boolean;
  /** The monitor cannot be trusted now. */
  readonly blindNow: boolean;
  /** The largest delay from a socket's callback to the fold since it was last asked for; whoever asks sets it back. */
  lagMs: number;
  /** Lets time pass up to now, so that what is read is as of now. */
  catchUp(): void;
}
