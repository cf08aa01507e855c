/** The headers that every answer carries; docs list them for other file servers. */
export const securityHeaders = {
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'X-Frame-Options': 'DENY',
  'Permissions-Policy': [
    'accelerometer',
    'camera',
    'display-capture',
    'geolocation',
    'gyroscope',
    'hid',
    'magnetometer',
    'microphone',
    'midi',
    'payment',
    'serial',
    'usb',
  ]
    .map((feature) => `${feature}=()`)
    .join(', '),
} as const;

export interface Policy {
  readonly policy: string;
  /** Addresses of the environments file that the policy cannot name, since they hold a `${…}` or are no address. */
  readonly unresolved: readonly string[];
}

/**
 * The Content-Security-Policy: this page's own files, and connections to the targets of its environments file alone.
 * @param environments the text of environments.json, or undefined where there is none
 */
export function contentSecurityPolicy(environments: string | undefined): Policy {
  const { origins, unresolved } = targets(environments);
  const policy = [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "font-src 'self'",
    "img-src 'self' data:",
    "manifest-src 'self'",
    "worker-src 'self'",
    ["connect-src 'self'", ...origins].join(' '),
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
    // The one policy makes the address of the monitor's worker (src/monitor/monitor-client.ts).
    'trusted-types runwatch',
  ].join('; ');
  return { policy, unresolved };
}

const ADDRESSES = ['backendUrl', 'eventsUrl'] as const;
const TWIN: ReadonlyMap<string, readonly string[]> = new Map([
  ['http:', ['http:', 'ws:']],
  ['ws:', ['http:', 'ws:']],
  ['https:', ['https:', 'wss:']],
  ['wss:', ['https:', 'wss:']],
]);

/** Where the environments of the file connect to. Lenient: what is wrong in the file is the page's to say. */
function targets(environments: string | undefined): { origins: readonly string[]; unresolved: readonly string[] } {
  const origins = new Set<string>();
  const unresolved = new Set<string>();
  for (const address of addresses(environments)) {
    const url = address.includes('${') || !URL.canParse(address) ? undefined : new URL(address);
    const schemes = url === undefined ? undefined : TWIN.get(url.protocol);
    // The last check keeps a host such as `a;img-src` from adding a directive of its own.
    if (url === undefined || schemes === undefined || !/^[\w.:[\]-]+$/.test(url.host)) unresolved.add(address);
    else for (const scheme of schemes) origins.add(`${scheme}//${url.host}`);
  }
  return { origins: [...origins], unresolved: [...unresolved] };
}

function addresses(environments: string | undefined): string[] {
  let file: unknown;
  try {
    file = JSON.parse(environments ?? 'null');
  } catch {
    return [];
  }
  if (!isRecord(file) || !Array.isArray(file['environments'])) return [];
  const entries: unknown[] = file['environments'];
  return entries.flatMap((entry) => (isRecord(entry) ? ADDRESSES.map((name) => entry[name]) : [])).filter((value) => typeof value === 'string');
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> => typeof value === 'object' && value !== null;

/** The port at which public/environments.json names the mock. */
export const USUAL_MOCK_PORT = 4180;

/**
 * The environments file with the bundled mock's addresses moved to another port: only entries of kind `mock`
 * that name this machine at the usual port are changed.
 */
export function moveMock(environments: string, from: number, to: number): string {
  if (from === to) return environments;
  let file: unknown;
  try {
    file = JSON.parse(environments);
  } catch {
    return environments;
  }
  if (!isRecord(file) || !Array.isArray(file['environments'])) return environments;
  const entries: unknown[] = file['environments'];
  const moved = entries.map((entry) => {
    if (!isRecord(entry) || entry['kind'] !== 'mock') return entry;
    return Object.fromEntries(
      Object.entries(entry).map(([name, value]) => [name, name === 'backendUrl' || name === 'eventsUrl' ? movePort(value, from, to) : value]),
    );
  });
  return JSON.stringify({ ...file, environments: moved }, undefined, 2);
}

function movePort(address: unknown, from: number, to: number): unknown {
  return typeof address === 'string' ? address.replace(new RegExp(`^(\\w+://(?:127\\.0\\.0\\.1|localhost)):${from}(?=/|$)`), `$1:${to}`) : address;
}
