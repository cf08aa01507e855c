import type { IncomingHttpHeaders } from 'node:http';

/**
 * Who may talk to the target at all. It stands before every request and every upgrade, whatever the path: a CORS header does not keep a foreign page
 * from opening a WebSocket, and without a look at Host a page could reach a loopback server under a name of its own (DNS rebinding).
 */

const loopbackOrigin = /^http:\/\/(?:localhost|127\.0\.0\.1|\[::1\])(?::\d{1,5})?$/;
const loopbackHost = /^(?:localhost|127\.0\.0\.1|\[::1\])(?::\d{1,5})?$/i;

/** Why a request is refused, for the answer's body; undefined where it may pass. No Origin at all (a program, not a page) is fine. */
export function refusalOf(headers: IncomingHttpHeaders): string | undefined {
  if (headers.host === undefined || !loopbackHost.test(headers.host)) return 'this Host is not allowed: use localhost or 127.0.0.1';
  if (headers.origin !== undefined && !loopbackOrigin.test(headers.origin)) return 'this Origin is not allowed: only pages from localhost are';
  return undefined;
}

/** CORS for an Origin that passed the guard. Never with credentials, so that no cookie makes an answer worth stealing. */
export function corsHeaders(origin: string | undefined): Record<string, string> {
  if (origin === undefined || !loopbackOrigin.test(origin)) return { Vary: 'Origin' };
  return {
    Vary: 'Origin',
    'Access-Control-Allow-Origin': origin,
    'Access-Control-Allow-Methods': 'GET, HEAD, POST',
    'Access-Control-Allow-Headers': 'Content-Type, X-E2E-Bypass-Key',
    'Access-Control-Max-Age': '600',
  };
}
