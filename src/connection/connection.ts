import type { JsonValue } from '#base/json.ts';
import type { DurationMs, EpochMs } from '#base/units.ts';
import type { CloseCause, WireTransport } from '#record/record.ts';
import type { ConnectionError } from './connection-error.ts';

/** What a connection is doing now. */
export type ConnectionState =
  /** Wished for; the pool has not let its handshake go yet (8 may be pending at once). */
  | 'waiting'
  /** Signing in over HTTP. */
  | 'signing-in'
  /** The handshake is under way. */
  | 'connecting'
  /** Open: frames may come. */
  | 'open'
  /** Lost, and waiting for its next try. */
  | 'retrying'
  /** Sign-in was refused: never retried blindly. */
  | 'refused'
  /** All retries are used up, or the target can never serve this connection. */
  | 'failed'
  /** Closed by the operator or the monitor. */
  | 'closed';

export interface ConnectionStatus {
  /** Stable over reconnects, for example `local#0`. */
  readonly id: string;
  /** The connection's number, from 0. */
  readonly n: number;
  readonly state: ConnectionState;
  readonly user: string | undefined;
  readonly transport: WireTransport | undefined;
  /** Open, welcomed (or 1 s open without a welcome), and its clock asked: triggers may be sent. */
  readonly ready: boolean;
  /** Tries that failed since it was last open. */
  readonly attempts: number;
  /** When the next try is due; only while `retrying`. */
  readonly nextTryAt: EpochMs | undefined;
  /** When anything last came from the target, control frames and transport heartbeats included. */
  readonly lastHeardAt: EpochMs | undefined;
  /** Why it is not open, as a reason from a closed list and a sentence. */
  readonly error: ConnectionError | undefined;
}

/** How a socket ended, in the words of its transport; classified by the pool. */
export interface SocketEnd {
  readonly cause: CloseCause;
  readonly code: number | undefined;
  readonly reason: string | undefined;
}

/** What an adapter tells while it lives. Each adapter calls `ended` exactly once, and nothing after it. */
export interface SocketListener {
  /** The handshake is done (for Socket.IO: the namespace is joined). */
  opened(transport: WireTransport, recovered: boolean): void;
  /** Polling was upgraded to a WebSocket. */
  upgraded(transport: WireTransport): void;
  /** A message: `text` and `data` are what came off the wire, `event` is Socket.IO's event name. */
  message(message: WireMessage): void;
  /** The transport's own heartbeat: a sign of life that is no frame. */
  heartbeat(): void;
  ended(end: SocketEnd): void;
}

export type WireMessage =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'binary'; readonly bytes: Uint8Array }
  | { readonly kind: 'event'; readonly event: string; readonly argument: unknown };

/** One socket, whatever the transport. */
export interface Socket {
  /** Sends a message; for Socket.IO under `event`. */
  send(message: JsonValue, event: string): void;
  /** Asks the target's clock where the transport itself can (Socket.IO's acknowledgement); undefined where it cannot or no answer came. */
  askClock?(sentAt: EpochMs, timeout: DurationMs): Promise<EpochMs | undefined>;
  close(): void;
}
