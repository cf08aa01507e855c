import { isJsonObject, type JsonValue } from '#base/json.ts';

/** Names under which a file would hold a secret. */
const secretName = /token|secret|passw|pwd|api[_-]?key|bypass|credential|authorization|cookie|(?:^|[_-])(?:key|auth)$/i;
const hasPlaceholder = /\$\{[A-Za-z_]\w*\}/;
const mostDepth = 16;

/**
 * Paths of what looks like a secret written out in an environments file, valid or not. Whoever can read the file could take it, and
 * everybody who opens the page can: a `${NAME}` in its place is asked for, and stays in memory.
 */
export function literalSecrets(content: JsonValue): string[] {
  const environments = isJsonObject(content) ? content['environments'] : undefined;
  if (!isList(environments)) return [];
  return environments.flatMap((environment, index) => {
    if (!isJsonObject(environment)) return [];
    const place = `environments[${index}]`;
    const { auth, backendUrl, eventsUrl } = { ...environment };
    const urls = Object.entries({ backendUrl, eventsUrl }).filter(([, url]) => typeof url === 'string' && hasSecretPart(url));
    return [...urls.map(([name]) => `${place}.${name}`), ...(isJsonObject(auth) ? secretsUnder(auth, `${place}.auth`, 0) : [])];
  });
}

function secretsUnder(value: JsonValue, path: string, depth: number): string[] {
  if (depth > mostDepth) return [];
  if (isList(value)) return value.flatMap((item, index) => secretsUnder(item, `${path}[${index}]`, depth + 1));
  if (!isJsonObject(value)) return [];
  return Object.entries(value).flatMap(([name, item]) => {
    const place = `${path}.${name}`;
    if (typeof item !== 'string') return secretsUnder(item, place, depth + 1);
    // These tell where a token stands, or what it is called.
    const isSecret = secretName.test(name) && !/(?:At|Name)$/.test(name) && item !== '' && !hasPlaceholder.test(item);
    return isSecret ? [place] : [];
  });
}

/** True for `wss://user:password@host` and `?token=…`. */
function hasSecretPart(url: string): boolean {
  const password = /^[a-z][a-z0-9+.-]*:\/\/[^/?#@]*:([^/?#@]+)@/i.exec(url)?.[1];
  const fields = [...url.matchAll(/[?&]([^=&#]+)=([^&#]+)/g)].filter(([, name]) => secretName.test(name ?? ''));
  return [password, ...fields.map(([, , value]) => value)].some((part) => part !== undefined && !hasPlaceholder.test(part));
}

const isList = (value: JsonValue | undefined): value is readonly JsonValue[] => Array.isArray(value);
