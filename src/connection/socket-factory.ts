import type { openSocketIo } from './socketio.ts';

/** The part of the standard WebSocket that is used; a browser's own and Node's `ws` both have it. */
export interface StandardWebSocket {
  binaryType: string;
  readonly readyState: number;
  addEventListener(type: 'open' | 'message' | 'close' | 'error', listener: (event: StandardWebSocketEvent) => void): void;
  send(data: string): void;
  close(code?: number): void;
  /** Only in Node: breaks the connection without a close frame. */
  terminate?(): void;
}

/** Events of a WebSocket; which fields there are depends on the type. */
export interface StandardWebSocketEvent {
  readonly type: string;
  readonly data?: unknown;
  readonly code?: number;
  readonly reason?: string;
}

/** Which WebSocket this runtime has. */
export interface SocketFactory {
  /** Throws where the address or a subprotocol is not allowed, as the standard says. */
  open(url: string, subprotocols: string[]): StandardWebSocket;
  /** How many sockets can be open at once in this process or page; undefined: no limit that matters. */
  readonly limit: number | undefined;
  /** Opens Socket.IO connections; undefined in a page that has not loaded yet what it takes. */
  readonly socketIo?: typeof openSocketIo | undefined;
}

/** A page's own WebSocket, in its window or a worker. Chromium refuses the 256th of a page, whatever its host. */
export const browserSockets: SocketFactory = {
  open: (url, subprotocols) => new WebSocket(url, subprotocols),
  limit: 255,
};
