import type { Clock } from '#base/clock.ts';
import { err, ok, type Result } from '#base/result.ts';
import { durationMs } from '#base/units.ts';
import { endOfWebSocket } from './close-cause.ts';
import type { Socket, SocketListener } from './connection.ts';
import type { SocketFactory, StandardWebSocket } from './socket-factory.ts';
import type { SocketRequest } from './socket-request.ts';

const isOpen = 1;
const isClosed = 3;
/** How long a close frame is waited for. */
export const goodbyeTimeout = durationMs(1000);

/** Opens a plain WebSocket; a sentence where the runtime refuses even to try (a wrong address, an insecure one, a token that no subprotocol can carry). */
export function openWebSocket(request: SocketRequest, sockets: SocketFactory, clock: Clock, listener: SocketListener): Result<Socket, string> {
  let socket: StandardWebSocket;
  try {
    socket = sockets.open(request.url, [...request.subprotocols]);
  } catch (error) {
    // The runtime's own text may quote the address or the subprotocol, and with them the token.
    const kind = error instanceof Error ? error.name : 'an error';
    return err(`the address or the subprotocol is not allowed here (${kind})`);
  }
  socket.binaryType = 'arraybuffer';
  let opened = false;
  /** After its end, or after it was let go from here, a socket's late callbacks do nothing. */
  let over = false;
  let gone = (): void => undefined;

  socket.addEventListener('open', () => {
    if (over) return;
    opened = true;
    listener.reached();
    if (!over) listener.opened('websocket', false);
  });
  socket.addEventListener('message', ({ data }) => {
    if (over) return;
    if (typeof data === 'string') listener.message({ kind: 'text', text: data });
    else if (data instanceof ArrayBuffer) listener.message({ kind: 'binary', bytes: new Uint8Array(data) });
  });
  // What went wrong is told by `close`, which always follows; without a listener Node would take the error for a crash.
  socket.addEventListener('error', () => undefined);
  socket.addEventListener('close', ({ code, reason }) => {
    gone();
    if (over) return;
    over = true;
    listener.ended(endOfWebSocket(code ?? 1006, reason ?? '', opened));
  });

  return ok({
    writable: () => socket.readyState === isOpen,
    send(message) {
      if (socket.readyState === isOpen) socket.send(JSON.stringify(message));
    },
    close() {
      over = true;
      if (socket.readyState === isClosed) return Promise.resolve();
      return new Promise((resolve) => {
        const cancel = clock.after(goodbyeTimeout, () => {
          socket.terminate?.();
          resolve();
        });
        gone = () => {
          cancel();
          resolve();
        };
        socket.close(1000);
      });
    },
    cut() {
      over = true;
      if (socket.terminate === undefined) socket.close();
      else socket.terminate();
    },
  });
}
