import type { Clock } from '#base/clock.ts';
import type { DurationMs } from '#base/units.ts';
import type { SocketFactory, StandardWebSocket } from './socket-factory.ts';

/** What came of asking a host. A page is told no more than the outcome; Node says why. */
export interface Reply {
  readonly outcome: 'answered' | 'failed' | 'timeout';
  /** Of an answer that was not what was asked for. */
  readonly status?: number;
  /** The runtime's code, for example `ECONNREFUSED`. */
  readonly code?: string;
}

/**
 * Whether anything answers HTTP at `url`, whatever it says: asked without CORS, so that a page learns it of a host that does not know the page.
 * Never rejects.
 */
export async function askHost(url: string, fetch: typeof globalThis.fetch, clock: Clock, timeout: DurationMs): Promise<Reply> {
  const controller = new AbortController();
  let cancel = (): void => undefined;
  const late = new Promise<Reply>((resolve) => (cancel = clock.after(timeout, () => resolve({ outcome: 'timeout' }))));
  const asked = async (): Promise<Reply> => {
    try {
      await fetch(url, { mode: 'no-cors', credentials: 'omit', cache: 'no-store', signal: controller.signal });
      return { outcome: 'answered' };
    } catch (error) {
      return { outcome: 'failed', ...codeOf(error) };
    }
  };
  try {
    return await Promise.race([asked(), late]);
  } finally {
    cancel();
    // The answer's body is nobody's concern.
    controller.abort();
  }
}

/** Whether a WebSocket without token and subprotocol is let in; it is closed at once. Never rejects. */
export function askUpgrade(url: string, sockets: SocketFactory, clock: Clock, timeout: DurationMs): Promise<Reply> {
  return new Promise((resolve) => {
    let socket: StandardWebSocket;
    try {
      socket = sockets.open(url, []);
    } catch {
      resolve({ outcome: 'failed' });
      return;
    }
    let told: Omit<Reply, 'outcome'> = {};
    const settle = (outcome: Reply['outcome']): void => {
      cancel();
      resolve({ outcome, ...told });
    };
    const cancel = clock.after(timeout, () => {
      settle('timeout');
      if (socket.terminate === undefined) socket.close();
      else socket.terminate();
    });
    socket.addEventListener('open', () => {
      settle('answered');
      socket.close(1000);
    });
    socket.addEventListener('error', (event) => {
      told = { ...('error' in event ? codeOf(event.error) : {}), ...('message' in event ? statusOf(event.message) : {}) };
    });
    socket.addEventListener('close', () => settle('failed'));
  });
}

/** The code of an error or of what caused it, where the runtime has such codes. */
function codeOf(error: unknown): { readonly code?: string } {
  let at: unknown = error;
  for (let depth = 0; depth < 4 && typeof at === 'object' && at !== null; depth += 1) {
    if ('code' in at && typeof at.code === 'string') return { code: at.code };
    at = 'cause' in at ? at.cause : undefined;
  }
  return {};
}

/** Node's `ws` says with which status an upgrade was refused. */
function statusOf(message: unknown): { readonly status?: number } {
  const status = typeof message === 'string' ? /server response: (\d{3})/i.exec(message)?.[1] : undefined;
  return status === undefined ? {} : { status: Number(status) };
}
