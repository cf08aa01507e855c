import type { JsonObject } from '#base/json.ts';
import type { LinkTransport } from './ledger.ts';

/** One client's socket, whatever its transport: only what the scenarios need of it. */
export interface Link {
  readonly transport: LinkTransport;
  /** Writes one frame: JSON, text that is none, or bytes. `written` is called once it has left for an open socket, and never if it did not. */
  send(payload: JsonObject | string | Uint8Array, written: () => void): void;
  /** Ends the connection in good order. Socket.IO knows no close codes. */
  close(code: number, reason: string): void;
  /** Breaks the TCP connection without a close frame. */
  drop(): void;
  /** From now on nothing leaves any more, transport heartbeats included, while the connection stays open. */
  silence(): void;
}
