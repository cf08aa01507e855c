import { createReadStream } from 'node:fs';
import { readFile, realpath, stat } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { extname, join, sep } from 'node:path';
import { contentSecurityPolicy, securityHeaders } from './security-headers.ts';

/** The environments file as far as the server looks into it: the page judges the rest. */
export type EnvironmentsText = string;

export interface ServeOptions {
  /** The folder of the built page. */
  readonly root: string;
  /** 0 takes any free port. */
  readonly port: number;
  /** The name or address to listen on, and besides localhost the only one that a request may ask for. */
  readonly host?: string;
  /** Changes the environments file on its way to the page: moved ports of the mock, targets of a test. */
  readonly environments?: (text: EnvironmentsText) => EnvironmentsText;
}

export interface Server {
  /** Ends without a slash: `http://127.0.0.1:4173`. */
  readonly url: string;
  close(): Promise<void>;
}

const LOOPBACK = ['127.0.0.1', 'localhost', '[::1]'];

const TYPES: ReadonlyMap<string, string> = new Map([
  ['.html', 'text/html; charset=utf-8'],
  ['.js', 'text/javascript; charset=utf-8'],
  ['.css', 'text/css; charset=utf-8'],
  ['.json', 'application/json; charset=utf-8'],
  ['.map', 'application/json; charset=utf-8'],
  ['.webmanifest', 'application/manifest+json; charset=utf-8'],
  ['.svg', 'image/svg+xml'],
  ['.png', 'image/png'],
  ['.ico', 'image/x-icon'],
  ['.woff2', 'font/woff2'],
  ['.txt', 'text/plain; charset=utf-8'],
]);

/** Serves the built page as static files with the security headers of docs; rejects with Node's error when the port is taken. */
export async function serve(options: ServeOptions): Promise<Server> {
  const host = options.host ?? '127.0.0.1';
  const root = await realpath(options.root);
  const names = new Set([...LOOPBACK, host.includes(':') ? `[${host}]` : host]);
  const server = createServer((request, response) => {
    answer(request, response).catch(() => refuse(response, 500, 'The server could not read this file.'));
  });

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    // A page of another site whose name was re-bound to this address asks with its own name.
    if (!names.has(hostName(request.headers.host ?? ''))) return refuse(response, 421, 'This host name is not served here.');
    if (request.method !== 'GET' && request.method !== 'HEAD') return refuse(response, 405, 'Only GET and HEAD.', { Allow: 'GET, HEAD' });
    const path = requestedPath(request.url ?? '/');
    if (path === undefined) return refuse(response, 400, 'This is no path.');

    const environments = await environmentsText();
    const headers = { ...securityHeaders, 'Content-Security-Policy': contentSecurityPolicy(environments).policy };
    if (path === '/environments.json') {
      if (environments === undefined) return refuse(response, 404, 'There is no environments.json beside the built files.');
      const body = Buffer.from(environments);
      response.writeHead(200, { ...headers, 'Content-Type': 'application/json; charset=utf-8', 'Cache-Control': 'no-cache', 'Content-Length': body.byteLength });
      response.end(request.method === 'HEAD' ? undefined : body);
      return;
    }

    const file = await fileAt(root, path === '/' ? '/index.html' : path);
    if (file === undefined) return refuse(response, 404, 'There is no such file.');
    const etag = `"${file.size.toString(36)}-${file.mtimeMs.toString(36)}"`;
    const cached = { ...headers, 'Cache-Control': cacheControl(path), ETag: etag };
    if (request.headers['if-none-match'] === etag) {
      response.writeHead(304, cached).end();
      return;
    }
    response.writeHead(200, { ...cached, 'Content-Type': TYPES.get(extname(file.path)) ?? 'application/octet-stream', 'Content-Length': file.size });
    if (request.method === 'HEAD') response.end();
    else createReadStream(file.path).on('error', () => response.destroy()).pipe(response);
  }

  /** Read anew for each answer, so that an edited file holds from the next reload on, in the page and in the policy. */
  async function environmentsText(): Promise<EnvironmentsText | undefined> {
    const text = await readFile(join(root, 'environments.json'), 'utf8').catch(() => undefined);
    return text === undefined || options.environments === undefined ? text : options.environments(text);
  }

  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port, host, resolve);
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The server has no port.');
  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${address.port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function refuse(response: ServerResponse, status: number, reason: string, headers: Readonly<Record<string, string>> = {}): void {
  if (response.headersSent) {
    response.destroy();
    return;
  }
  response.writeHead(status, {
    ...securityHeaders,
    ...headers,
    'Content-Security-Policy': "default-src 'none'; frame-ancestors 'none'",
    'Content-Type': 'text/plain; charset=utf-8',
    'Cache-Control': 'no-store',
  });
  response.end(`${reason}\n`);
}

/** `127.0.0.1` of `127.0.0.1:4173`, `[::1]` of `[::1]:4173`. */
function hostName(hostHeader: string): string {
  return hostHeader.replace(/:\d+$/, '').toLowerCase();
}

/** The decoded path of a request, or undefined where it is malformed or tries to leave the root. */
function requestedPath(target: string): string | undefined {
  const [raw = '/'] = target.split(/[?#]/, 1);
  let path: string;
  try {
    path = decodeURIComponent(raw);
  } catch {
    return undefined;
  }
  const segments = path.split('/');
  const safe = path.startsWith('/') && !/[\\\0]/.test(path) && !segments.some((segment) => segment.startsWith('.'));
  return safe ? path : undefined;
}

async function fileAt(root: string, path: string): Promise<{ path: string; size: number; mtimeMs: number } | undefined> {
  // realpath: a link inside the root must not lead out of it.
  const file = await realpath(join(root, path)).catch(() => undefined);
  if (file === undefined || !file.startsWith(root + sep)) return undefined;
  const found = await stat(file);
  return found.isFile() ? { path: file, size: found.size, mtimeMs: found.mtimeMs } : undefined;
}

/**
 * Files under assets/ have a hash of their content in their names and may be kept for ever; a worker's may not:
 * a worker obeys the policy that came with its own script, and that policy changes with environments.json.
 */
function cacheControl(path: string): string {
  return path.startsWith('/assets/') && !path.includes('worker') ? 'public, max-age=31536000, immutable' : 'no-cache';
}
