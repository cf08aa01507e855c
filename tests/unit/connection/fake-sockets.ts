import type { SocketFactory, StandardWebSocket, StandardWebSocketEvent } from '#connection/socket-factory.ts';

/** A WebSocket whose other end is the test. */
export class FakeWebSocket implements StandardWebSocket {
  binaryType = 'blob';
  readyState = 0;
  readonly url: string;
  readonly subprotocols: readonly string[];
  readonly sent: unknown[] = [];
  readonly #listeners = new Map<string, ((event: StandardWebSocketEvent) => void)[]>();

  constructor(url: string, subprotocols: readonly string[]) {
    this.url = url;
    this.subprotocols = subprotocols;
  }

  addEventListener(type: string, listener: (event: StandardWebSocketEvent) => void): void {
    this.#listeners.set(type, [...(this.#listeners.get(type) ?? []), listener]);
  }

  send(data: string): void {
    this.sent.push(JSON.parse(data));
  }

  /** Closed from the monitor's side: the other end answers when the test says so. */
  close(): void {
    this.readyState = 2;
  }

  open(): void {
    this.readyState = 1;
    this.#tell({ type: 'open' });
  }

  receive(message: unknown): void {
    this.#tell({ type: 'message', data: typeof message === 'string' || message instanceof ArrayBuffer ? message : JSON.stringify(message) });
  }

  /** The other end closes, or the network breaks (1006). */
  end(code = 1006, reason = ''): void {
    this.readyState = 3;
    this.#tell({ type: 'close', code, reason });
  }

  #tell(event: StandardWebSocketEvent): void {
    for (const listener of this.#listeners.get(event.type) ?? []) listener(event);
  }
}

/** Makes fake sockets and remembers them. */
export class FakeSockets implements SocketFactory {
  readonly made: FakeWebSocket[] = [];
  readonly limit: number | undefined;

  constructor(limit?: number) {
    this.limit = limit;
  }

  open(url: string, subprotocols: string[]): FakeWebSocket {
    const socket = new FakeWebSocket(url, subprotocols);
    this.made.push(socket);
    return socket;
  }

  /** The socket that was made last. */
  get last(): FakeWebSocket {
    const socket = this.made.at(-1);
    if (socket === undefined) throw new Error('no socket was made yet');
    return socket;
  }
}
