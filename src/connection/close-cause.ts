import { isJsonObject } from '#base/json.ts';
import type { SocketEnd } from './connection.ts';

/** Who ended a WebSocket, by its close code. `opened`: false for a handshake that never succeeded. */
export function endOfWebSocket(code: number, reason: string, opened: boolean): SocketEnd {
  // Before it was open there was no close frame; a page sees 1006 whatever the target answered, so nobody may read more into it.
  if (!opened) return { cause: 'network', code: undefined, reason: undefined };
  const why = reason === '' ? undefined : reason;
  if (code === 1008) return { cause: 'auth', code, reason: why };
  // These two are made up on this side: no close frame came, or no secure channel.
  if (code === 1006 || code === 1015) return { cause: 'network', code, reason: why };
  return { cause: 'server', code, reason: why };
}

const lostTransport: ReadonlySet<string> = new Set(['transport close', 'transport error', 'ping timeout', 'forced close']);

/** Who ended a Socket.IO connection, by the client's reason (https://socket.io/docs/v4/client-socket-instance/#disconnect). */
export function endOfSocketIo(reason: string): SocketEnd {
  return { cause: lostTransport.has(reason) ? 'network' : 'server', code: undefined, reason };
}

/**
 * Who refused a Socket.IO handshake. A transport error is the network's, unless polling was answered with 401 or 403; else the target's
 * middleware spoke, and it is about the sign-in if it says so.
 */
export function endOfConnectError(error: unknown): SocketEnd {
  const reason = error instanceof Error ? error.message : String(error);
  const fields = isRecord(error) ? error : {};
  if (fields['type'] === 'TransportError') {
    const status = fields['description'];
    const refused = status === 401 || status === 403;
    // 0 says that there was no answer at all.
    return { cause: refused ? 'auth' : 'network', code: undefined, reason: typeof status === 'number' && status > 0 ? `HTTP ${status}` : undefined };
  }
  const data = isRecord(fields['data']) ? fields['data'] : {};
  const codes = [data['status'], data['code'], data['statusCode']].map(String);
  const isAuth = codes.some((code) => code === '401' || code === '403' || speaksOfAuth(code)) || speaksOfAuth(reason);
  return { cause: isAuth ? 'auth' : 'server', code: undefined, reason };
}

const authWords: readonly RegExp[] = [
  /\b(401|403|unauth\w*|auth|authenticat\w*|authori[sz]\w*|forbidden|jwt|credentials?|signature|permissions?|access denied)\b/i,
  /\b(log|sign)[- ]?in\b/i,
  // A parser's "unexpected token" is another kind of token.
  /\b(invalid|expired|missing|bad|wrong|no|revoked|malformed)\b.{0,20}\btoken\b/i,
  /\btoken\b.{0,20}\b(invalid|expired|missing|required|revoked|malformed|rejected|refused)\b/i,
];

/** True for a refusal that is about who one is; `AUTH_FAILED` and `not_authorized` are read as words. */
function speaksOfAuth(text: string): boolean {
  const words = text.replaceAll('_', ' ');
  return authWords.some((pattern) => pattern.test(words));
}

const isRecord = (value: unknown): value is Record<string, unknown> => isJsonObject(value);
