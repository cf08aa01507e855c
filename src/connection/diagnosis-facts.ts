import type { Environment } from '#environment/schema.ts';
import { spaceOf, type AddressSpace } from './address-space.ts';
import { printableUrl } from './connection-error.ts';
import { failingUrl, lossesOf, sharesOneUser, type ConnectionFacts, type ConnectionLoss, type Evidence } from './evidence.ts';

/** Whose fault: the monitor with its page and browser, the way to the target, the sign-in, the target, or the agents behind it. */
export type Layer = 'monitor' | 'network' | 'auth' | 'server' | 'agent';

/** Every cause that can be named. A closed list. */
export type Cause =
  | 'offline'
  | 'socket-limit'
  | 'mixed-content'
  | 'local-network-blocked'
  | 'target-down'
  | 'tls'
  | 'half-open'
  | 'cors-refused'
  | 'subprotocol-refused'
  | 'token-refused'
  | 'token-expired'
  | 'user-limit'
  | 'rate-limited'
  | 'target-error'
  | 'wrong-mode'
  | 'no-room'
  | 'heartbeats-only'
  | 'agent-failed'
  | 'unknown';

/** Cause and place in a sentence, and what to try. */
export interface Finding {
  readonly layer: Layer;
  readonly cause: Cause;
  readonly sentence: string;
  readonly remedy: string;
  /** What the evidence allows as well. */
  readonly also?: Cause;
}

/** The evidence, as the rules read it. */
export interface Facts extends Evidence {
  /** Connections that are not open, and how each ended. */
  readonly losses: readonly ConnectionLoss[];
  /** The one that says most. */
  readonly loss: ConnectionLoss | undefined;
  readonly open: readonly ConnectionFacts[];
  readonly silent: readonly ConnectionFacts[];
  readonly mute: readonly ConnectionFacts[];
  readonly talking: readonly ConnectionFacts[];
  /** Where it happens, as it may be shown. */
  readonly place: string;
  /** The same without its path. */
  readonly origin: string;
  readonly space: AddressSpace;
  readonly isEncrypted: boolean;
  /** All connections come as one user. */
  readonly isOneUser: boolean;
  /** The target is known to let a connection in with this sign-in. */
  readonly isAdmitted: boolean;
  /** Something answers at that place; undefined where nobody asked. */
  readonly isAnswering: boolean | undefined;
  /** How the token travels with a socket; undefined without one. */
  readonly carriage: 'subprotocol' | 'query' | 'auth' | 'message' | undefined;
}

export function factsOf(evidence: Evidence): Facts {
  const { environment, observed, answers } = evidence;
  const losses = lossesOf(observed);
  const loss = losses.toSorted((a, b) => weightOf(b) - weightOf(a))[0];
  const url = loss === undefined ? environment.eventsUrl : failingUrl(environment, loss);
  const open = observed.connections.filter(({ state }) => state === 'open');
  const silent = open.filter(({ silentMs }) => silentMs !== undefined);
  return {
    ...evidence,
    losses,
    loss,
    open,
    silent,
    mute: open.filter(({ mute, silentMs }) => mute !== undefined && silentMs === undefined),
    talking: open.filter(({ talking }) => talking),
    place: printableUrl(url),
    origin: URL.canParse(url) ? new URL(url).origin : printableUrl(url),
    space: spaceOf(url),
    isEncrypted: /^(https|wss):/i.test(url),
    isOneUser: sharesOneUser(environment, observed.connections),
    isAdmitted: open.length > silent.length || losses.some(({ stage, openForMs }) => (stage === 'connection' && environment.auth.method === 'login') || (openForMs ?? 0) > 1000),
    isAnswering: answers?.host === undefined ? undefined : answers.host.outcome === 'answered' || answers.upgrade?.status !== undefined || answers.upgrade?.outcome === 'answered',
    carriage: carriageOf(environment),
  };
}

/** "3 of 10 connections". */
export function share(part: number, { observed }: Facts): string {
  const all = observed.connections.length;
  return `${part} of ${all} ${all === 1 ? 'connection' : 'connections'}`;
}

/** A target's words in quotation marks, if there are any. */
export const quoted = (words: string | undefined): string => (words === undefined || words === '' ? '' : ` ("${words}")`);

/** What a target says in words counts before a number, and a number before silence. */
function weightOf({ words, code }: ConnectionLoss): number {
  return (code === undefined ? 0 : 2) + (words === undefined ? 0 : 1);
}

function carriageOf({ auth, transport }: Environment): Facts['carriage'] {
  if (auth.method === 'none') return undefined;
  return auth.carry ?? (transport === 'socket.io' ? 'auth' : 'subprotocol');
}
