import type { JsonValue } from '#base/json.ts';
import type { DurationMs, EpochMs } from '#base/units.ts';
import type { CloseCause, RunwatchRecord, WireTransport } from '#record/record.ts';
import type { ConnectionError } from './connection-error.ts';

/**
 * Takes what the connections find out, record by record. `wireText`: of a frame whose `data` is all that the target sent, the valid JSON
 * out of which it was parsed.
 */
export type TakeRecord = (record: RunwatchRecord, wireText?: string) => void;

/** What a connection is doing now. */
export type ConnectionState =
  /** Wished for; the gate has not let its handshake go yet (8 may be pending at once). */
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

/** What a link promises: a sign of life at least every `intervalMs`; where none came `timeoutMs` after that, it is dead. */
export interface Heartbeat {
  readonly intervalMs: DurationMs;
  readonly timeoutMs: DurationMs;
}

/** The monitor's own question, to a target that is known to answer it: asked when nothing was heard for `intervalMs`, and answered within `timeoutMs`. */
export interface LinkProbe extends Heartbeat {
  /** When the question left since which nothing at all was heard; undefined while none is open. */
  readonly askedAt: EpochMs | undefined;
}

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
  /** Tries in a row that did not last (10 s); 0 while it is open. */
  readonly attempts: number;
  /** When the next try is due; only while `retrying`. */
  readonly nextTryAt: EpochMs | undefined;
  /** When anything last came from the target, control frames and transport heartbeats included. */
  readonly lastHeardAt: EpochMs | undefined;
  /** The heartbeat that the transport itself promises; only while it is open, and undefined where it has none (a plain WebSocket). */
  readonly heartbeat: Heartbeat | undefined;
  /** Undefined while it is not open, and where the target has answered no question yet, or does so no more. */
  readonly probe: LinkProbe | undefined;
  /** Why it is not open, as a reason from a closed list and a sentence. */
  readonly error: ConnectionError | undefined;
}

/** How a socket ended. */
export interface SocketEnd {
  readonly cause: CloseCause;
  readonly code: number | undefined;
  /** In the words of the transport or of the target; the pool takes secrets out before anybody reads it. */
  readonly reason: string | undefined;
}

/** What an adapter tells while its socket lives. Nothing is told after `ended`, nor after the socket was closed or cut from here. */
export interface SocketListener {
  /** The transport is open; where there is no further handshake, `opened` follows at once. */
  reached(): void;
  /** The handshake is done (for Socket.IO: the namespace is joined). `heartbeat`: what the target promised in it. */
  opened(transport: WireTransport, recovered: boolean, heartbeat?: Heartbeat): void;
  /** Polling was upgraded to a WebSocket. */
  upgraded(transport: WireTransport): void;
  message(message: WireMessage): void;
  /** The transport's own heartbeat: a sign of life that is no frame. */
  heartbeat(): void;
  ended(end: SocketEnd): void;
}

/** A message as the transport gives it. */
export type WireMessage =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'binary'; readonly bytes: Uint8Array }
  /** Socket.IO: an event's name and its first argument. */
  | { readonly kind: 'event'; readonly event: string; readonly argument: unknown };

/** One socket, whatever the transport. */
export interface Socket {
  /** False while a message would go nowhere. */
  writable(): boolean;
  /** Sends a message; for Socket.IO under `event`. */
  send(message: JsonValue, event: string): void;
  /** Asks the target's clock where the transport itself can (Socket.IO's acknowledgement). `answered` is called once, with undefined where no time came. */
  askClock?(sentAt: EpochMs, timeout: DurationMs, answered: (serverAt: EpochMs | undefined) => void): void;
  /** Says goodbye; settles when the transport is gone, after 1 s at the latest. */
  close(): Promise<void>;
  /** Breaks the transport without a goodbye, as a lost network would. */
  cut(): void;
}
