import type { Clock } from '#base/clock.ts';
import { valueAt } from '#base/dotted-path.ts';
import { isJsonObject, type JsonValue } from '#base/json.ts';
import { between, durationMs } from '#base/units.ts';
import type { Environment } from '#environment/schema.ts';
import type { HealthRecord } from '#record/record.ts';
import { printableUrl } from './connection-error.ts';
import { askHttp } from './http.ts';
import { createRedactor } from './redactor.ts';

const healthyWords: ReadonlySet<string> = new Set(['ok', 'healthy', 'ready', 'operational']);
const noSecrets = createRedactor([]);

/**
 * Asks a target how it is. The answer's body decides, since many targets say "degraded" with a 200: healthy is a `status` of ok, healthy,
 * ready or operational, or the text OK. Without a backendUrl the host of the eventsUrl is asked. Never rejects.
 */
export async function probeHealth(environment: Environment, fetch: typeof globalThis.fetch, clock: Clock): Promise<HealthRecord> {
  const { health } = environment;
  const url = healthUrl(environment);
  const since = clock.now();
  const answer = await askHttp(fetch, clock, url, durationMs(health.timeoutMs), { method: 'GET', headers: { accept: 'application/json, text/plain' } });
  const at = clock.now();
  const taken = { record: 'health', at, durationMs: between(since, at) } as const;
  if (!answer.ok) {
    const reasons = { unreachable: 'did not answer', timeout: `did not answer within ${health.timeoutMs} ms`, 'too-large': 'answered with more than 1 MiB' };
    return { ...taken, ok: false, reason: `${printableUrl(url)} ${reasons[answer.error]}` };
  }
  const { status, text } = answer.value;
  const body = parsed(text);
  const version = health.versionAt === undefined ? undefined : nameOf(valueAt(body, health.versionAt));
  const said = typeof body === 'string' ? body : nameOf(valueAt(body, 'status'));
  const isOk = status >= 200 && status < 300 && said !== undefined && (typeof body === 'string' ? said.trim().toLowerCase() === 'ok' : healthyWords.has(said.toLowerCase()));
  const judged = { ...taken, ok: isOk, status, ...(version !== undefined && { version }) };
  if (isOk) return judged;
  return { ...judged, reason: status < 200 || status > 299 ? `HTTP ${status}` : said === undefined ? 'its answer has no status' : `it says ${noSecrets.reason(said)}` };
}

/** What is asked; still with the placeholders of an environment that they were not filled into. */
export function healthUrl({ backendUrl, eventsUrl, health }: Environment): string {
  return `${(backendUrl ?? originOf(eventsUrl)).replace(/\/+$/, '')}${health.path}`;
}

function originOf(eventsUrl: string): string {
  return URL.canParse(eventsUrl) ? new URL(eventsUrl).origin.replace(/^ws/, 'http') : eventsUrl;
}

/** JSON, or the text itself where it is none. */
function parsed(text: string): JsonValue {
  try {
    const value: JsonValue = JSON.parse(text);
    return isJsonObject(value) || typeof value === 'string' ? value : text;
  } catch {
    return text;
  }
}

function nameOf(value: JsonValue | undefined): string | undefined {
  return typeof value === 'string' ? value : typeof value === 'number' ? String(value) : undefined;
}
