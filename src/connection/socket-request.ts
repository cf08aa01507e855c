import { isJsonObject, type JsonValue } from '#base/json.ts';
import type { Environment } from '#environment/schema.ts';
import type { Credentials } from './credentials.ts';
import { printableUrl } from './connection-error.ts';

/** Where a socket goes and what it carries, ready for an adapter. */
export interface SocketRequest {
  /** With whatever travels in the query. */
  readonly url: string;
  /** The address as it may be shown. */
  readonly place: string;
  readonly subprotocols: readonly string[];
  /** Socket.IO's auth packet. */
  readonly auth: Readonly<Record<string, string>>;
  /** Sent before anything else. */
  readonly firstMessage: JsonValue | undefined;
  /** Texts that nobody may see. */
  readonly secrets: readonly string[];
}

const defaultAuthMessage: JsonValue = { type: 'auth', token: '{token}' };

/**
 * Puts a connection's credentials where the target looks for them.
 * Without a token the user is told: Socket.IO `auth.user`, WebSocket `?user=`. The token goes by `carry`; left out, that is the subprotocol
 * of a WebSocket and the auth packet of Socket.IO, which no access log shows.
 */
export function socketRequest(environment: Environment, credentials: Credentials): SocketRequest {
  const { auth, eventsUrl, transport } = environment;
  const { token, user, secrets } = credentials;
  const request: SocketRequest = { url: eventsUrl, place: printableUrl(eventsUrl), subprotocols: [], auth: {}, firstMessage: undefined, secrets };
  if (auth.method === 'none' || token === undefined) {
    if (user === undefined) return request;
    return transport === 'socket.io' ? { ...request, auth: { user } } : { ...request, url: withQuery(eventsUrl, 'user', user) };
  }
  const carry = auth.carry ?? (transport === 'socket.io' ? 'auth' : 'subprotocol');
  const shaped = (auth.as ?? (carry === 'subprotocol' ? 'jwt.{token}' : '{token}')).replaceAll('{token}', () => token);
  const secret = { ...request, secrets: [...secrets, shaped] };
  switch (carry) {
    case 'subprotocol':
      return { ...secret, subprotocols: [shaped] };
    case 'query':
      return { ...secret, url: withQuery(eventsUrl, auth.queryName ?? 'token', shaped) };
    case 'auth':
      return { ...secret, auth: { token: shaped } };
    case 'message':
      return { ...secret, firstMessage: withToken(auth.authMessage ?? defaultAuthMessage, shaped) };
  }
}

// By hand: URL's own searchParams would rewrite what stands in the query already.
function withQuery(url: string, name: string, value: string): string {
  const [address = '', fragment] = url.split('#', 2);
  const joint = !address.includes('?') ? '?' : /[?&]$/.test(address) ? '' : '&';
  return `${address}${joint}${encodeURIComponent(name)}=${encodeURIComponent(value)}${fragment === undefined ? '' : `#${fragment}`}`;
}

function withToken(message: JsonValue, token: string): JsonValue {
  if (typeof message === 'string') return message.replaceAll('{token}', () => token);
  if (isJsonObject(message)) return Object.fromEntries(Object.entries(message).map(([key, item]) => [key, withToken(item, token)]));
  return Array.isArray(message) ? (message as readonly JsonValue[]).map((item) => withToken(item, token)) : message;
}
