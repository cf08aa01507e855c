import { timingSafeEqual } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { isJsonObject, type JsonValue } from '#base/json.ts';
import { err, ok, type Result } from '#base/result.ts';
import { corsHeaders } from './guard.ts';
import { readScenarioRequest } from './scenarios.ts';
import type { Target } from './target.ts';

const maxBodyBytes = 64 * 1024;

interface Answer {
  readonly status: number;
  readonly body: unknown;
}

/** The plain HTTP side: health, login, ledger, scenario. The guard has passed the request already. */
export function createHttpEndpoint(target: Target): (request: IncomingMessage, response: ServerResponse, url: URL) => void {
  return (request, response, url) => {
    if (request.method === 'OPTIONS') {
      response.writeHead(204, corsHeaders(request.headers.origin)).end();
      return;
    }
    answerTo(target, request, url).then(
      (answer) => reply(request, response, answer),
      // The client went away while it was still sending: there is nobody to answer.
      () => response.destroy(),
    );
  };
}

/** Sends `body` as JSON. */
export function reply(request: IncomingMessage, response: ServerResponse, { status, body }: Answer): void {
  const text = JSON.stringify(body);
  response.writeHead(status, {
    'Content-Type': 'application/json; charset=utf-8',
    'Content-Length': Buffer.byteLength(text),
    'Cache-Control': 'no-store',
    'X-Content-Type-Options': 'nosniff',
    ...corsHeaders(request.headers.origin),
  });
  response.end(request.method === 'HEAD' ? undefined : text);
}

async function answerTo(target: Target, request: IncomingMessage, url: URL): Promise<Answer> {
  const method = request.method === 'HEAD' ? 'GET' : request.method;
  switch (`${method} ${url.pathname}`) {
    case 'GET /health':
      return { status: 200, body: { status: 'ok', service: 'runwatch-mock', version: target.options.version } };
    case 'GET /health/ready':
      return { status: 200, body: { status: 'ready', service: 'runwatch-mock', version: target.options.version } };
    case 'GET /ledger':
      return { status: 200, body: target.ledger() };
    case 'POST /auth/e2e/test-auth':
      return login(target, request);
    case 'POST /scenario':
      return changeScenario(target, request);
    default:
      return { status: 404, body: { error: 'unknown path; there are /health, /health/ready, /auth/e2e/test-auth, /ledger, /scenario, /ws and /socket.io/' } };
  }
}

async function login(target: Target, request: IncomingMessage): Promise<Answer> {
  const key = target.options.bypassKey;
  if (key !== undefined && !isSameKey(request.headers['x-e2e-bypass-key'], key)) {
    return { status: 401, body: { detail: 'wrong or missing X-E2E-Bypass-Key' } };
  }
  const body = await readJson(request);
  if (!body.ok) return body.error;
  const email = isJsonObject(body.value) ? body.value['email'] : undefined;
  const login = typeof email === 'string' ? target.login(email) : ok(undefined);
  if (!login.ok) return { status: 401, body: { detail: login.error } };
  if (login.value === undefined) return { status: 422, body: { detail: 'expected {"email":"name@example.com"}' } };
  const { token, user, expiresInSeconds } = login.value;
  return { status: 200, body: { access_token: token, token_type: 'Bearer', expires_in: expiresInSeconds, user: { id: user, email: login.value.email } } };
}

async function changeScenario(target: Target, request: IncomingMessage): Promise<Answer> {
  const body = await readJson(request);
  if (!body.ok) return body.error;
  const choice = readScenarioRequest(body.value);
  if (!choice.ok) return { status: 400, body: { error: choice.error } };
  target.setScenario(choice.value);
  const { seed, scenario } = target.ledger();
  return { status: 200, body: { seed, scenario } };
}

async function readJson(request: IncomingMessage): Promise<Result<JsonValue, Answer>> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    const bytes: unknown = chunk;
    if (!Buffer.isBuffer(bytes)) continue;
    size += bytes.length;
    if (size > maxBodyBytes) return err({ status: 413, body: { error: `expected at most ${maxBodyBytes} bytes` } });
    chunks.push(bytes);
  }
  try {
    return ok(JSON.parse(Buffer.concat(chunks).toString('utf8')));
  } catch {
    return err({ status: 400, body: { error: 'expected JSON' } });
  }
}

function isSameKey(given: string | readonly string[] | undefined, key: string): boolean {
  if (typeof given !== 'string') return false;
  const left = Buffer.from(given);
  const right = Buffer.from(key);
  return left.length === right.length && timingSafeEqual(left, right);
}
