import type { EpochMs } from '#base/units.ts';
import type { ConnectionCloseRecord, ConnectionOpenRecord, FrameRecord, RunwatchRecord } from './record.ts';

/** A message of a WebSocket as the browser's own tools write it into a HAR file. */
interface HarMessage {
  readonly type: 'send' | 'receive';
  /** Seconds since 1970. */
  readonly time: number;
  /** RFC 6455, 5.2: 1 text, 2 binary (then `data` is base64). */
  readonly opcode: 1 | 2;
  readonly data: string;
}

/** One opening of a connection until its close. */
interface Session {
  readonly connection: string;
  readonly from: EpochMs;
  to: EpochMs;
  readonly open: ConnectionOpenRecord | undefined;
  close: ConnectionCloseRecord | undefined;
  readonly messages: HarMessage[];
}

const text = 1;
const binary = 2;

/**
 * Makes an HTTP archive (HAR 1.2) of records: an entry for each time that a connection was open, with its messages in
 * `_webSocketMessages`, as Chrome's tools write and read them. Triggers are what was sent: their text is not in a capture, so that it
 * says what a trigger record says.
 */
export class HarWriter {
  readonly #sessions: Session[] = [];
  readonly #open = new Map<string, Session>();
  #environment = '';
  #app = '';

  add(record: RunwatchRecord): void {
    switch (record.record) {
      case 'header':
        this.#environment = record.environment.id;
        this.#app = record.app;
        return;
      case 'connection-open':
        this.#open.delete(record.connection);
        this.#session(record.connection, record.at, record);
        return;
      case 'connection-close': {
        const session = this.#session(record.connection, record.at);
        session.to = record.at;
        session.close = record;
        this.#open.delete(record.connection);
        return;
      }
      case 'trigger': {
        const { at, connection, run, thread } = record;
        this.#message(connection, at, 'send', text, JSON.stringify({ record: 'trigger', run, thread }));
        return;
      }
      case 'frame':
        this.#message(record.connection, record.at, 'receive', record.base64 === undefined || record.data !== undefined ? text : binary, contentOf(record));
        return;
      default:
    }
  }

  /** The archive as JSON text, in pieces that are to be joined: it may be larger than one text should be. */
  *text(): Iterable<string> {
    const [name = 'runwatch', version = ''] = this.#app.split('/');
    yield `{"log":{"version":"1.2","creator":${JSON.stringify({ name, version })},"pages":[],"entries":[`;
    for (const [n, session] of this.#sessions.entries()) yield `${n === 0 ? '' : ','}\n${JSON.stringify(this.#entry(session))}`;
    yield '\n]}}\n';
  }

  #session(connection: string, at: EpochMs, open?: ConnectionOpenRecord): Session {
    let session = this.#open.get(connection);
    if (session === undefined) {
      session = { connection, from: at, to: at, open, close: undefined, messages: [] };
      this.#open.set(connection, session);
      this.#sessions.push(session);
    }
    return session;
  }

  #message(connection: string, at: EpochMs, type: HarMessage['type'], opcode: HarMessage['opcode'], data: string): void {
    const session = this.#session(connection, at);
    session.to = at;
    session.messages.push({ type, time: at / 1000, opcode, data });
  }

  #entry({ connection, from, to, open, close, messages }: Session): object {
    const none = { cookies: [], headers: [], headersSize: -1, bodySize: -1 };
    return {
      startedDateTime: new Date(from).toISOString(),
      time: to - from,
      // Where a target really is does not leave this machine. A # would begin a fragment.
      request: { method: 'GET', url: `wss://${this.#environment.replace(/[^A-Za-z0-9.-]/g, '-')}.invalid/${encodeURIComponent(connection)}`, httpVersion: 'HTTP/1.1', queryString: [], ...none },
      response: { status: 101, statusText: 'Switching Protocols', httpVersion: 'HTTP/1.1', content: { size: 0, mimeType: 'x-unknown' }, redirectURL: '', ...none },
      cache: {},
      timings: { send: 0, wait: 0, receive: to - from },
      comment: commentOf(open, close),
      _resourceType: 'websocket',
      _webSocketMessages: messages,
    };
  }
}

function contentOf({ data, base64, text: raw, event }: FrameRecord): string {
  if (data === undefined) return base64 ?? raw ?? '';
  // As it stands on the wire of Socket.IO: the name of an event, then its argument.
  return JSON.stringify(event === undefined ? data : [event, data]);
}

function commentOf(open: ConnectionOpenRecord | undefined, close: ConnectionCloseRecord | undefined): string {
  const user = open?.user === undefined ? '' : `user ${open.user}; `;
  const end = close === undefined ? 'open at the end of the capture' : `closed by ${close.cause}${close.code === undefined ? '' : ` (${close.code})`}${close.reason === undefined ? '' : `: ${close.reason}`}`;
  return `${user}${open?.transport ?? 'transport unknown'}; ${end}`;
}
