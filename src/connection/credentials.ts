import type { Clock } from '#base/clock.ts';
import { valueAt } from '#base/dotted-path.ts';
import { isJsonObject, type JsonValue } from '#base/json.ts';
import { err, ok, type Result } from '#base/result.ts';
import { durationMs } from '#base/units.ts';
import type { Environment } from '#environment/schema.ts';
import { connectionErrors, printableUrl, type ConnectionError } from './connection-error.ts';
import { askHttp } from './http.ts';

/** As whom one connection comes, and with what. */
export interface Credentials {
  readonly user: string | undefined;
  readonly token: string | undefined;
  /** Texts that nobody may see. */
  readonly secrets: readonly string[];
}

/** Why there are none: the error, and the HTTP status if there was an answer. */
export interface SignInFailure {
  readonly error: ConnectionError;
  readonly status: number | undefined;
}

/**
 * Signs connection `n` in as the environment says: not at all, with a given token, or with a login over HTTP.
 * `{n}` in the user, the token, and the login's path, headers and body is the connection's number, so that each connection is a user of its own.
 * Never rejects.
 */
export async function signIn(
  environment: Environment,
  n: number,
  fetch: typeof globalThis.fetch,
  clock: Clock,
  abandoned?: AbortSignal,
): Promise<Result<Credentials, SignInFailure>> {
  const { auth } = environment;
  const user = environment.user === undefined ? undefined : numbered(environment.user, n);
  if (auth.method === 'none') return ok({ user, token: undefined, secrets: [] });
  if (auth.method === 'token') {
    const token = numbered(auth.token, n);
    return ok({ user, token, secrets: [token] });
  }

  const url = loginUrl(environment.backendUrl, numbered(auth.path, n));
  const place = printableUrl(url);
  const timeout = durationMs(environment.connectionTimeoutMs);
  const headers = Object.fromEntries(Object.entries(auth.headers).map(([name, value]) => [name, numbered(value, n)]));
  const answer = await askHttp(
    fetch,
    clock,
    url,
    timeout,
    {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'application/json', ...headers },
      body: JSON.stringify(numberedJson(auth.body, n)),
      // A redirect would carry the login's secrets to an address that nobody wrote down.
      redirect: 'manual',
    },
    abandoned,
  );
  if (!answer.ok) {
    if (answer.error === 'timeout') return failed(connectionErrors.timeout('The login', place, timeout));
    if (answer.error === 'too-large') return failed(connectionErrors.loginFailed(place, 'its answer is larger than 1 MiB', 'Check the login’s path.'));
    return failed(connectionErrors.unreachable(place));
  }
  const { status, text } = answer.value;
  if (status === 401 || status === 403 || status === 422) return failed(connectionErrors.authRefused(place, `HTTP ${status}`), status);
  if (status === 0 || (status >= 300 && status < 400)) {
    return failed(connectionErrors.loginFailed(place, 'it redirects', 'Write the final address into backendUrl and auth.path: a login does not follow redirects.'), status);
  }
  if (status < 200 || status > 299) return failed(connectionErrors.loginFailed(place, `HTTP ${status}`, 'Look at the log of the target’s login.'), status);

  const body = parsed(text);
  if (body === undefined) return failed(connectionErrors.loginFailed(place, 'its answer is not JSON', 'Check backendUrl and auth.path.'), status);
  const token = valueAt(body, auth.tokenAt);
  if (typeof token !== 'string' || token === '') {
    const why = `its answer has no text at ${auth.tokenAt} (auth.tokenAt)${fieldsOf(body)}`;
    return failed(connectionErrors.loginFailed(place, why, 'Set auth.tokenAt to the dotted path of the token in the login’s answer.'), status);
  }
  const named = auth.userAt === undefined ? undefined : valueAt(body, auth.userAt);
  const given = typeof named === 'number' && Number.isSafeInteger(named) ? String(named) : typeof named === 'string' && named !== '' ? named : undefined;
  return ok({ user: given ?? user, token, secrets: [token, ...Object.values(headers)] });
}

/** `text` with the connection's number for `{n}`. */
function numbered(text: string, n: number): string {
  return text.replaceAll('{n}', String(n));
}

function numberedJson(value: JsonValue, n: number): JsonValue {
  if (typeof value === 'string') return numbered(value, n);
  if (isJsonObject(value)) return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, numberedJson(item, n)]));
  return Array.isArray(value) ? (value as readonly JsonValue[]).map((item) => numberedJson(item, n)) : value;
}

function loginUrl(backendUrl: string | undefined, path: string): string {
  if (/^https?:\/\//i.test(path)) return path;
  return `${(backendUrl ?? '').replace(/\/+$/, '')}/${path.replace(/^\/+/, '')}`;
}

function failed(error: ConnectionError, status?: number): Result<never, SignInFailure> {
  return err({ error, status });
}

function parsed(text: string): JsonValue | undefined {
  try {
    const value: JsonValue = JSON.parse(text);
    return value;
  } catch {
    return undefined;
  }
}

/** The names of an answer's fields, never their values: enough to see which path was meant. */
function fieldsOf(body: JsonValue): string {
  const names = isJsonObject(body) ? Object.keys(body).filter((name) => /^\w{1,40}$/.test(name)) : [];
  return names.length === 0 ? '' : `; it has ${names.slice(0, 10).join(', ')}`;
}
