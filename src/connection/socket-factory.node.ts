import { WebSocket } from 'ws';
import type { SocketFactory } from './socket-factory.ts';
import { openSocketIo } from './socketio.ts';

/** Node's WebSockets (the package `ws`, whose face is the standard's). */
export const nodeSockets: SocketFactory = {
  open: (url, subprotocols) => new WebSocket(url, subprotocols),
  limit: undefined,
  socketIo: openSocketIo,
};
