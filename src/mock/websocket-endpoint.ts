import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer, type WebSocket } from 'ws';
import { isJsonObject, type JsonObject } from '#base/json.ts';
import { readText } from './credentials.ts';
import type { Link } from './link.ts';
import type { Target } from './target.ts';

export interface WebSocketEndpoint {
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer, url: URL): void;
}

const tokenProtocol = /^(?:jwt|jwt-auth|bearer)\.(.+)$/;

/** Plain WebSocket: JSON text frames, sign-in by subprotocol, `?token=`, `?user=` or a first message. */
export function createWebSocketEndpoint(target: Target, maxMessageBytes: number): WebSocketEndpoint {
  const server = new WebSocketServer({
    noServer: true,
    clientTracking: false,
    perMessageDeflate: false,
    maxPayload: maxMessageBytes,
    // Exactly one of the offered values comes back: the one with the token, else the first.
    handleProtocols: (offered) => [...offered].find((protocol) => tokenProtocol.test(protocol)) ?? [...offered][0] ?? false,
  });

  const accept = (socket: WebSocket, tcp: Duplex, url: URL): void => {
    const entry = target.arrive('websocket');
    socket.on('error', () => {
      // A close with its code follows, and is what counts.
    });
    if (entry.scenario === 'handshake-never') {
      socket.on('close', (code) => {
        entry.closedAt = target.clock.now();
        entry.closedBy = code === 1006 ? 'network' : 'client';
        entry.code = code;
      });
      return;
    }
    const session = target.open(entry, linkOf(socket, tcp));
    socket.on('close', (code) => session.ended(code === 1006 ? 'network' : 'client', code));
    socket.on('message', (bytes, isBinary) => {
      const message = !isBinary && Buffer.isBuffer(bytes) ? parse(bytes.toString('utf8')) : undefined;
      if (message !== undefined) session.hear(message);
    });
    session.begin({
      token: tokenProtocol.exec(socket.protocol)?.[1] ?? readText(url.searchParams.get('token')),
      user: readText(url.searchParams.get('user')),
    });
  };

  return {
    upgrade: (request, socket, head, url) => server.handleUpgrade(request, socket, head, (client) => accept(client, socket, url)),
  };
}

function linkOf(socket: WebSocket, tcp: Duplex): Link {
  return {
    transport: 'websocket',
    send(payload, written) {
      if (socket.readyState !== socket.OPEN) return;
      const data = typeof payload === 'string' || payload instanceof Uint8Array ? payload : JSON.stringify(payload);
      socket.send(data, (error) => {
        if (error === undefined || error === null) written();
      });
    },
    close: (code, reason) => socket.close(code, reason),
    drop: () => socket.terminate(),
    // A corked stream keeps what is written to it: pings and pongs stay here as well.
    silence: () => tcp.cork(),
  };
}

function parse(text: string): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isJsonObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
