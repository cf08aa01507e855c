import type { Environment } from '#environment/schema.ts';

/** How the events may travel: Socket.IO over either of its transports or from one to the other, or a plain WebSocket. */
export const trialTransports = ['socketio-websocket', 'socketio-polling', 'socketio-upgrade', 'websocket'] as const;
export type TrialTransport = (typeof trialTransports)[number];

/** Where the token may stand, as in `auth.carry`; or that there is none. */
export const carriages = ['none', 'auth', 'subprotocol', 'query', 'message'] as const;
export type Carriage = (typeof carriages)[number];

/** One way to connect and to sign in. */
export interface Combination {
  readonly transport: TrialTransport;
  readonly carriage: Carriage;
}

/** Why a combination cannot even be tried: the transport has no such place, or the environment has no token to put there. */
export type Impossibility = 'no-subprotocol' | 'no-auth-packet' | 'no-token';

/** The combination that the pool uses for an environment. */
export function combinationInUse({ auth, transport, socketio }: Environment): Combination {
  const usual = transport === 'socket.io' ? 'auth' : 'subprotocol';
  const carriage = auth.method === 'none' ? 'none' : (auth.carry ?? usual);
  if (transport === 'websocket') return { transport: 'websocket', carriage };
  const [first, ...others] = socketio.transports;
  // Socket.IO begins with the first of its list, and only polling ever becomes something else.
  const way = first !== 'polling' ? 'socketio-websocket' : others.includes('websocket') ? 'socketio-upgrade' : 'socketio-polling';
  return { transport: way, carriage };
}

/** Undefined where the combination can be tried. */
export function whyImpossible({ auth }: Environment, { transport, carriage }: Combination): Impossibility | undefined {
  if (carriage === 'subprotocol' && transport !== 'websocket') return 'no-subprotocol';
  if (carriage === 'auth' && transport === 'websocket') return 'no-auth-packet';
  return carriage !== 'none' && auth.method === 'none' ? 'no-token' : undefined;
}

const socketIoTransports = {
  'socketio-websocket': ['websocket'],
  'socketio-polling': ['polling'],
  'socketio-upgrade': ['polling', 'websocket'],
} as const satisfies Record<Exclude<TrialTransport, 'websocket'>, readonly string[]>;

/**
 * The environment as it would be with a combination that is possible. What its file does not say of another transport is taken to be
 * usual: Socket.IO at `socketio.path` of the same host, a plain WebSocket at the path of `eventsUrl`, or at `/ws` where that has none.
 */
export function withCombination(environment: Environment, combination: Combination): Environment {
  const auth = authWith(environment, combination.carriage);
  if (combination.transport === 'websocket') return { ...environment, auth, transport: 'websocket', eventsUrl: plainUrl(environment) };
  return { ...environment, auth, transport: 'socket.io', socketio: { ...environment.socketio, transports: [...socketIoTransports[combination.transport]] } };
}

function authWith(environment: Environment, carriage: Carriage): Environment['auth'] {
  const { auth } = environment;
  if (carriage === 'none' || auth.method === 'none') return { method: 'none' };
  // The token's shape is written for one place: `jwt.{token}` would be a wrong token anywhere but in a subprotocol.
  if (carriage === combinationInUse(environment).carriage) return { ...auth, carry: carriage };
  const { as: _, ...unshaped } = auth;
  return { ...unshaped, carry: carriage };
}

function plainUrl({ transport, eventsUrl }: Environment): string {
  if (transport === 'websocket' || !URL.canParse(eventsUrl)) return eventsUrl;
  const { protocol, host, pathname, search } = new URL(eventsUrl);
  return `${protocol.replace('http', 'ws')}//${host}${pathname === '/' ? '/ws' : pathname}${search}`;
}
