import type { Clock } from '#base/clock.ts';
import { durationMs, type EpochMs } from '#base/units.ts';
import type { Environment } from '#environment/schema.ts';
import type { CloseCause, HealthRecord, StageName } from '#record/record.ts';
import { spaceOf } from './address-space.ts';
import type { ConnectionState } from './connection.ts';
import { probeHealth } from './health.ts';
import { askHost, askUpgrade, type Reply } from './reachability.ts';
import type { SocketFactory } from './socket-factory.ts';

/** How a connection ended, or a try to open one. */
export interface ConnectionLoss {
  /** The stage that failed; `open` for a connection that was lost afterwards. */
  readonly stage: StageName | 'open';
  readonly cause: CloseCause;
  /** An HTTP status (below 600) or a close code (from 1000 on), where there was one. */
  readonly code?: number;
  /** A word of the connection's own closed list, for example `unreachable`. */
  readonly reason?: string;
  /** What the target said, secrets taken out. */
  readonly words?: string;
  /** How long it had been open, in milliseconds; left out where it never was. */
  readonly openForMs?: number;
}

/** One connection, as it is seen from outside. */
export interface ConnectionFacts {
  readonly state: ConnectionState;
  readonly user: string | undefined;
  /** How it ended last; undefined while it is open. */
  readonly loss: ConnectionLoss | undefined;
  /** Open, and silent for so many milliseconds, which is longer than its target ever may be; else undefined. */
  readonly silentMs: number | undefined;
  /** `bare`: open, and its triggers bring no event; `acknowledged`: the target answers them, but with no event. */
  readonly mute: 'bare' | 'acknowledged' | undefined;
  /** Its newest run brought events. */
  readonly talking: boolean;
}

/** What is known of an environment without asking anybody. */
export interface Observation {
  readonly at: EpochMs;
  readonly online: boolean;
  readonly connections: readonly ConnectionFacts[];
  /** The mode in which the target's welcome says that it serves; undefined where it says none. */
  readonly mode: string | undefined;
  /** The target's words about a limit on the rate, from a frame. */
  readonly limited: string | undefined;
  /** Runs closed in the last minute: how many were judged, and how many the agents themselves gave up. */
  readonly runs: { readonly judged: number; readonly failed: number };
}

/** The page that the monitor runs in; Node has none. */
export interface Page {
  readonly scheme: 'http' | 'https';
  readonly origin: string;
  readonly host: string;
  /** Only such a page is asked for its user's permission. */
  readonly isSecure: boolean;
}

/** What was found out by asking. */
export interface Answers {
  readonly health: HealthRecord;
  /** Whether anything answers where the connections fail; undefined where none fails. */
  readonly host: Reply | undefined;
  /** Whether a WebSocket without token and subprotocol would be let in; undefined where none was refused. */
  readonly upgrade: Reply | undefined;
  /** The browser's permission for addresses like the target's; undefined where it knows none. Asked last: a request that it keeps back turns it to `denied`. */
  readonly permission: string | undefined;
}

/** All that a diagnosis rests on. */
export interface Evidence {
  readonly environment: Environment;
  readonly page: Page | undefined;
  readonly observed: Observation;
  /** Undefined as long as nobody was asked. */
  readonly answers: Answers | undefined;
}

/** What asking takes. */
export interface EvidencePlatform {
  readonly clock: Clock;
  readonly fetch: typeof globalThis.fetch;
  readonly sockets: SocketFactory;
  readonly page: Page | undefined;
  /** A permission's state by its name; undefined where the browser does not know it. */
  readonly permission: (name: string) => Promise<string | undefined>;
}

/** Together less than the second within which a cause is to be named. */
const askWithin = durationMs(650);
const permissionWithin = durationMs(100);

/**
 * Asks what can be asked about an environment in trouble: its health, whether its host answers at all, whether a WebSocket would be let in,
 * and the browser's permission. Takes three quarters of a second at most, triggers nothing, carries no token, and never rejects.
 */
export async function gatherEvidence(environment: Environment, observed: Observation, platform: EvidencePlatform): Promise<Evidence> {
  const { clock, fetch, sockets, page } = platform;
  const losses = lossesOf(observed);
  const failing = losses[0] === undefined ? undefined : failingUrl(environment, losses[0]);
  const isUpgradeRefused = losses.some(({ stage, reason }) => stage === 'connection' && reason === 'unreachable');
  const timeoutMs = Math.min(environment.health.timeoutMs, askWithin);
  const [health, host, upgrade] = await Promise.all([
    probeHealth({ ...environment, health: { ...environment.health, timeoutMs } }, fetch, clock),
    failing === undefined ? undefined : askHost(hostUrl(failing, environment), fetch, clock, askWithin),
    isUpgradeRefused ? askUpgrade(upgradeUrl(environment), sockets, clock, askWithin) : undefined,
  ]);
  const permission = failing === undefined || page === undefined ? undefined : await permissionFor(failing, platform);
  return { environment, page, observed, answers: { health, host, upgrade, permission } };
}

/** How the connections ended that are not open, one entry each. */
export function lossesOf({ connections }: Observation): readonly ConnectionLoss[] {
  return connections.flatMap(({ loss, state }) => (loss === undefined || state === 'open' || state === 'closed' ? [] : [loss]));
}

/** The address at which a loss happened. It may hold secrets in its query: for asking, not for showing. */
export function failingUrl({ auth, backendUrl, eventsUrl }: Environment, { stage }: ConnectionLoss): string {
  if (stage !== 'login' || auth.method !== 'login') return eventsUrl;
  return URL.canParse(auth.path, backendUrl) ? new URL(auth.path, backendUrl).href : (backendUrl ?? eventsUrl);
}

/** True where all connections come as the same user, as far as the environment and the target tell. */
export function sharesOneUser({ auth, user }: Environment, connections: readonly ConnectionFacts[]): boolean {
  const named = connections.flatMap((connection) => connection.user ?? []);
  if (named.length >= 2) return new Set(named).size === 1;
  const source = auth.method === 'none' ? (user ?? '') : auth.method === 'token' ? auth.token : JSON.stringify([auth.path, auth.headers, auth.body]);
  return !source.includes('{n}');
}

/** The page that this code runs in, in its window or a worker; undefined in Node. */
export function pageHere(): Page | undefined {
  if (typeof self === 'undefined' || typeof self.location !== 'object') return undefined;
  const { protocol, origin, hostname } = self.location;
  return { scheme: protocol === 'https:' ? 'https' : 'http', origin, host: hostname, isSecure: self.isSecureContext };
}

/** A permission's state as this browser knows it. */
export async function permissionHere(name: string): Promise<string | undefined> {
  if (typeof navigator === 'undefined' || !('permissions' in navigator)) return undefined;
  // The names are newer than the types.
  const permissions: { query(descriptor: { readonly name: string }): Promise<{ readonly state: string }> } = navigator.permissions;
  try {
    return (await permissions.query({ name })).state;
  } catch {
    return undefined;
  }
}

/** The health's address is the one that is most likely to answer without being worked for; whether it knows the path does not matter. */
function hostUrl(failing: string, { health }: Environment): string {
  return URL.canParse(failing) ? `${new URL(failing).origin.replace(/^ws/, 'http')}${health.path}` : failing;
}

function upgradeUrl({ eventsUrl, transport, socketio }: Environment): string {
  if (transport === 'websocket' || !URL.canParse(eventsUrl)) return eventsUrl;
  return `${new URL(eventsUrl).origin.replace(/^http/, 'ws')}${socketio.path.replace(/\/*$/, '/')}?EIO=4&transport=websocket`;
}

/** The names by which browsers have known this permission, the newest first. */
const permissionNames = {
  loopback: ['loopback-network', 'local-network-access'],
  local: ['local-network', 'local-network-access'],
  named: ['local-network-access', 'loopback-network', 'local-network'],
  public: [],
} as const;

async function permissionFor(url: string, { clock, permission }: EvidencePlatform): Promise<string | undefined> {
  for (const name of permissionNames[spaceOf(url)]) {
    let cancel = (): void => undefined;
    const late = new Promise<undefined>((resolve) => (cancel = clock.after(permissionWithin, () => resolve(undefined))));
    const state = await Promise.race([permission(name), late]);
    cancel();
    if (state !== undefined) return state;
  }
  return undefined;
}
