import type { DurationMs } from '#base/units.ts';

/** Why a connection is not open. A closed list. */
export type ConnectionErrorReason =
  | 'unreachable'
  | 'timeout'
  | 'auth-refused'
  /** The target ended a session that it had accepted, and a new login may be accepted again. */
  | 'session-expired'
  | 'login-failed'
  | 'handshake-refused'
  | 'closed-by-server'
  | 'connection-lost'
  /** Nobody closed it, but the heartbeat that the target promised did not come any more. */
  | 'fell-silent'
  | 'socket-limit'
  | 'unusable'
  | 'retries-used-up';

/** A reason, a sentence that names cause and place, and what to try. Never holds a token. */
export interface ConnectionError {
  readonly reason: ConnectionErrorReason;
  readonly message: string;
  readonly remedy: string;
}

/** Makes each error in one place. `place` is an address as `printableUrl` gives it; `why` is the target's own text, secrets taken out. */
export const connectionErrors = {
  unreachable: (place: string): ConnectionError => ({
    reason: 'unreachable',
    message: `${place} did not accept the connection.`,
    remedy: `Check that the target runs, and the address, path and allowed origins.${isLocal(place) ? ' A page from another machine also needs the browser’s permission to reach devices of the local network.' : ''}`,
  }),
  timeout: (what: string, place: string, after: DurationMs): ConnectionError => ({
    reason: 'timeout',
    message: `${what} at ${place} was not completed within ${after} ms.`,
    remedy: 'Look at the load of the target and at proxies in between, or raise connectionTimeoutMs.',
  }),
  authRefused: (place: string, why: string | undefined): ConnectionError => ({
    reason: 'auth-refused',
    message: `${place} refused the sign-in${quoted(why)}.`,
    remedy: 'Put a valid token or login into the environment’s auth and connect again; it is not retried by itself.',
  }),
  sessionExpired: (place: string, why: string | undefined): ConnectionError => ({
    reason: 'session-expired',
    message: `${place} ended the session${quoted(why)}.`,
    remedy: 'Nothing to do: it signs in anew. If this happens often, look at the life of the tokens.',
  }),
  loginFailed: (place: string, why: string, remedy: string): ConnectionError => ({
    reason: 'login-failed',
    message: `The login at ${place} failed: ${why}.`,
    remedy,
  }),
  handshakeRefused: (place: string, why: string | undefined): ConnectionError => ({
    reason: 'handshake-refused',
    message: `${place} refused the handshake${quoted(why)}.`,
    remedy: 'Check transport, path and namespace of the environment, and the log of the target.',
  }),
  closedByServer: (place: string, code: number | undefined, why: string | undefined): ConnectionError => ({
    reason: 'closed-by-server',
    message: `${place} closed the connection${code === undefined ? '' : ` with code ${code}`}${quoted(why)}.`,
    remedy: 'Look at the log of the target at this time.',
  }),
  connectionLost: (place: string, why: string | undefined): ConnectionError => ({
    reason: 'connection-lost',
    message: `The connection to ${place} was lost${quoted(why)}.`,
    remedy: 'Look at the network, proxies and load balancers in between, and whether the target was restarted.',
  }),
  fellSilent: (place: string): ConnectionError => ({
    reason: 'fell-silent',
    message: `The connection to ${place} fell silent: the heartbeat that it had promised did not come.`,
    remedy: 'Look for a network, proxy or load balancer in between that drops packets without a word, and whether the target stands still.',
  }),
  socketLimit: (limit: number): ConnectionError => ({
    reason: 'socket-limit',
    message: `A page can hold ${limit} open sockets, and they are all taken.`,
    remedy: 'Lower concurrentConnections, watch fewer environments at once, or use another page or the command line.',
  }),
  unusable: (place: string, why: string): ConnectionError => ({
    reason: 'unusable',
    message: `The connection to ${place} can never bring runs: ${why}.`,
    remedy: 'Correct the environment: its eventsUrl, transport, auth and dialect.',
  }),
  retriesUsedUp: (retries: number, last: ConnectionError): ConnectionError => ({
    reason: 'retries-used-up',
    message: `Given up after ${retries} ${retries === 1 ? 'retry' : 'retries'}. ${last.message}`,
    remedy: last.remedy,
  }),
};

/** An address that may be shown: without user, password, query and fragment, where secrets travel. */
export function printableUrl(url: string): string {
  return url.replace(/[?#].*$/s, '').replace(/^([a-z][a-z0-9+.-]*:\/\/)[^/]*@/i, '$1');
}

function quoted(why: string | undefined): string {
  return why === undefined || why === '' ? '' : ` ("${why}")`;
}

function isLocal(place: string): boolean {
  return /^[a-z]+:\/\/(localhost|127\.|\[::1\]|10\.|192\.168\.|172\.(1[6-9]|2\d|3[01])\.)/i.test(place);
}
