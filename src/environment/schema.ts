import * as z from 'zod/mini';
import { defaulted, field, optional } from './field.ts';
import { mappingSchema } from './mapping-schema.ts';

/**
 * The one schema of the environments file: the page, the CLI and the capture's header all read through it, and the
 * configuration reference is generated from it (every description below is a line of that page). Written with zod's
 * small build: it is loaded before the page can show anything.
 */

const name = z.string().check(z.minLength(1));
const milliseconds = z.number().check(z.positive());
const count = z.number().check(z.int(), z.positive());
const names = z.array(name);
const rooted = z.string().check(z.startsWith('/', { error: 'expected a path that begins with /' }));

const contractShape = {
  requiredEvents: defaulted('Event types that every run has to bring.', names, ['agent_started', 'agent_thinking', 'tool_executing', 'tool_completed', 'agent_completed']),
  pairs: defaulted(
    'Types that come in twos: each first one is answered by a second one of the same tool call, or of the same tool where calls have no id.',
    z.array(z.tuple([name, name])),
    [['tool_executing', 'tool_completed']],
  ),
  first: defaulted('The type that opens a run.', name, 'agent_started'),
  last: defaulted('The type that ends a run well.', name, 'agent_completed'),
  failureEvents: defaulted('Types that end a run badly.', names, ['agent_error']),
  firstEventTimeoutMs: defaulted('How long a triggered run may wait for its first event.', milliseconds, 10_000),
  eventTimeoutMs: defaulted('How long a run may be silent before its terminal event.', milliseconds, 10_000),
  runTimeoutMs: defaulted('How old a run may become.', milliseconds, 300_000),
  settleMs: defaulted('How long to listen on after the terminal event.', z.number().check(z.nonnegative()), 1000),
  rememberMs: defaulted('How long a closed run and its ids are remembered: what comes later is judged as if it had never been known.', milliseconds, 3_600_000),
  rememberRuns: defaulted('How many closed runs are remembered at most.', count, 20_000),
};

const sloShape = {
  target: defaulted('The promised share: 0.99 promises 99 %.', z.number().check(z.gt(0), z.lt(1)), 0.99),
  sli: defaulted('What is counted: the delivered of the expected events, or the good of the judged runs.', z.enum(['events', 'runs']), 'events'),
  windowMs: defaulted('The window that the page judges; a report counts from its first record.', milliseconds, 3_600_000),
  latencyMs: optional('Objective for the p95 of the delivery latency, drawn into its chart; none if left out.', milliseconds),
};

/** As the environments file is read: a field that the schema does not know is a fault. */
export const contractSchema = z.strictObject(contractShape);
export const sloSchema = z.strictObject(sloShape);
/** As a capture's header is read: fields of a later version are ignored. */
export const capturedContractSchema = z.object(contractShape);
export const capturedSloSchema = z.object(sloShape);

export type Contract = z.output<typeof contractSchema>;
export type ContractInput = z.input<typeof contractSchema>;
export type Slo = z.output<typeof sloSchema>;
export type SloInput = z.input<typeof sloSchema>;

export const environmentKinds = ['local', 'staging', 'production', 'mock'] as const;
export type EnvironmentKind = (typeof environmentKinds)[number];
export const transports = ['websocket', 'socket.io'] as const;
export type Transport = (typeof transports)[number];
export const dialectNames = ['canonical', 'netra'] as const;

const tokenCarriage = {
  carry: optional('How the token reaches the target; default `subprotocol` for a plain WebSocket, `auth` for Socket.IO.', z.enum(['subprotocol', 'query', 'auth', 'message'])),
  as: optional(
    'Shapes the token; `{token}` is the token itself. Default `jwt.{token}` for a subprotocol, else `{token}`.',
    z.string().check(z.includes('{token}', { error: 'expected a text with {token} in it' })),
  ),
  queryName: optional('Name of the URL parameter for `carry: query`; default `token`.', name),
  authMessage: optional('First message for `carry: message`; default `{"type":"auth","token":"{token}"}`.', z.json()),
};
const authSchema = z.discriminatedUnion('method', [
  z.strictObject({ method: field('No token: the target is told the `user` alone, in `?user=` or in Socket.IO’s `auth.user`.', z.literal('none')) }),
  z.strictObject({
    method: field('A token that is known beforehand.', z.literal('token')),
    token: field('The token; write `${NAME}` and keep it out of the file. `{n}` is the connection’s number.', name),
    ...tokenCarriage,
  }),
  z.strictObject({
    method: field('A POST over HTTP that answers with a token, once a connection and try.', z.literal('login')),
    path: field('Path on the backend, or a whole URL; `{n}` is the connection’s number. Redirects are not followed.', name),
    headers: defaulted('Headers of the login; `{n}` in them is the connection’s number.', z.record(z.string(), z.string()), {}),
    body: defaulted('Body of the login, sent as JSON; `{n}` in its texts is the connection’s number.', z.json(), {}),
    tokenAt: defaulted('Where the token stands in the answer, as a dotted path.', name, 'access_token'),
    userAt: optional('Where the user id stands in the answer, as a dotted path.', name),
    ...tokenCarriage,
  }),
]);

const urlOf = (...protocols: readonly string[]) =>
  z.string().check(
    z.refine(
      (text) => {
        // A placeholder may stand for any part of a URL, so only a filled-in text can be judged.
        if (text.includes('${')) return true;
        const scheme = /^([a-z][a-z0-9+.-]*):\/\/[^/\s?#]+/i.exec(text)?.[1];
        return scheme !== undefined && protocols.includes(scheme.toLowerCase());
      },
      { error: `expected a URL that begins with ${protocols.map((protocol) => `${protocol}://`).join(' or ')}` },
    ),
  );

const socketioSchema = z.strictObject({
  path: defaulted('Path of the Socket.IO server.', rooted, '/socket.io'),
  namespace: defaulted('Namespace that is joined.', rooted, '/'),
  transports: defaulted('Transports that are tried, in this order.', z.array(z.enum(['websocket', 'polling'])).check(z.minLength(1)), ['websocket']),
  events: defaulted('Names of the events that carry agent events; `"*"` takes all.', z.union([z.literal('*'), z.array(name).check(z.minLength(1))]), ['agent_event']),
});

const healthSchema = z.strictObject({
  path: defaulted('Path on the backend.', rooted, '/health'),
  intervalMs: defaulted('From one question to the next.', milliseconds, 10_000),
  timeoutMs: defaulted('How long an answer is waited for.', milliseconds, 3000),
  versionAt: optional('Where the version stands in the answer, as a dotted path.', name),
});

const probeSchema = z.strictObject({
  everyMs: defaulted('Pause from one trigger of a connection to its next; a run that takes longer delays it.', milliseconds, 15_000),
  maxRunsPerHour: defaulted('Cap over all connections together: where they would break it, each triggers less often.', count, 2400),
  message: optional('Sent to start a run, with its placeholders filled in; the trigger of the dialect if left out.', z.json()),
  event: defaulted('Socket.IO: name of the event that is emitted to start a run.', name, 'user_message'),
});

const filledEnvironment = z
  .strictObject({
    id: field(
      'Names the environment in links, files and connection ids.',
      z.string().check(z.regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/, { error: 'expected letters, digits, dots, dashes or underscores (64 at most)' })),
    ),
    name: optional('What people read; default the id.', name),
    kind: defaulted('What the target is: `mock` puts a band over the page, `production` is only listened to unless `mode` says otherwise.', z.enum(environmentKinds), 'local'),
    backendUrl: optional('Where the login is, and the health; an `http://` or `https://` URL.', urlOf('http', 'https')),
    eventsUrl: field('Where the events come from: a `ws://` or `wss://` URL; for Socket.IO `http://` and `https://` too.', urlOf('ws', 'wss', 'http', 'https')),
    transport: field('What the target speaks.', z.enum(transports)),
    socketio: field('For the transport `socket.io` alone.', z.prefault(socketioSchema, {})),
    dialect: defaulted(
      'How the target writes its events: `canonical`, flat JSON with one name for each field; `netra`, in any of its envelopes; or a mapping, which tells where things stand in a format of your own ([guide](mapping.md)).',
      z.union([z.enum(dialectNames), mappingSchema]),
      'canonical',
    ),
    health: field('Where the target says how it is. The page asks while it watches, and before it connects to an environment that has a `fallback` or is one; the body of the answer decides.', z.prefault(healthSchema, {})),
    auth: defaulted('How each connection signs in.', authSchema, { method: 'none' }),
    user: optional('Who a connection signs in as, where `auth` does not say; `{n}` is its number, from 0. Without one a connection has no user.', name),
    mode: optional('`probe` triggers runs itself, `observe` only listens. Default `probe`, but `observe` for `production`.', z.enum(['probe', 'observe'])),
    probe: field('How runs are started, in the mode `probe`.', z.prefault(probeSchema, {})),
    connectionTimeoutMs: defaulted('How long a login may take, and then the connection with its handshake.', milliseconds, 15_000),
    maxRetries: defaulted('Retries in a row after which a connection is given up.', z.number().check(z.int(), z.nonnegative()), 5),
    concurrentConnections: defaulted(
      'Connections that are held, each signed in as a user of its own; a page holds 255 over all environments.',
      z.number().check(z.int(), z.gte(1), z.lte(1000)),
      10,
    ),
    startupTimeoutMs: defaulted('How long `check` waits until a first connection is open. In the page, with a `fallback`: how long an environment may take to be healthy, then to open a first connection, and later on to come back.', milliseconds, 30_000),
    contract: field('What a run has to bring, and when it is over.', z.prefault(contractSchema, {})),
    slo: field('What is promised.', z.prefault(sloSchema, {})),
    fallback: defaulted('Ids of the environments that the page tries, in this order, while this one is not healthy; it says so, and never leads away from `production` unasked. Healthy is a good health and an open connection.', names, []),
  })
  .check(
    z.superRefine((environment, context) => {
      const { auth, eventsUrl, transport } = environment;
      const fault = (path: PropertyKey[], message: string): void => context.addIssue({ code: 'custom', path, message });
      if (transport === 'websocket' && !eventsUrl.includes('${') && !/^wss?:/i.test(eventsUrl)) {
        fault(['eventsUrl'], 'expected a URL that begins with ws:// or wss:// for the transport websocket');
      }
      const mode = environment.mode ?? (environment.kind === 'production' ? 'observe' : 'probe');
      if (typeof environment.dialect !== 'string' && mode === 'probe' && environment.probe.message === undefined) {
        fault(['probe', 'message'], 'expected the message that starts a run: a mapping has none of its own; or the mode observe');
      }
      if (auth.method === 'login' && environment.backendUrl === undefined && !/^https?:\/\//i.test(auth.path)) {
        fault(['backendUrl'], 'expected the URL at which the login path is found');
      }
      if (auth.method !== 'none' && auth.carry === 'auth' && transport === 'websocket') {
        fault(['auth', 'carry'], 'expected subprotocol, query or message: a plain WebSocket has no auth packet');
      }
      if (auth.method !== 'none' && auth.carry === 'subprotocol' && transport === 'socket.io') {
        fault(['auth', 'carry'], 'expected auth, query or message: Socket.IO offers no subprotocol');
      }
    }),
  );

export const environmentSchema = z.pipe(
  filledEnvironment,
  z.transform((environment: z.output<typeof filledEnvironment>) => ({
    ...environment,
    name: environment.name ?? environment.id,
    mode: environment.mode ?? (environment.kind === 'production' ? ('observe' as const) : ('probe' as const)),
  })),
);

export type Environment = z.output<typeof environmentSchema>;

export const environmentsFileSchema = z
  .strictObject({
    $schema: optional('For editors; not read.', z.string()),
    version: field('Of this format.', z.literal(1)),
    environments: field('The targets, in the order in which they are listed; the first is the default.', z.array(environmentSchema).check(z.minLength(1))),
  })
  .check(
    z.superRefine(({ environments }, context) => {
      const known = new Map<string, number>();
      environments.forEach((environment, index) => {
        if (!known.has(environment.id)) known.set(environment.id, index);
      });
      environments.forEach((environment, index) => {
        if (known.get(environment.id) !== index) {
          context.addIssue({ code: 'custom', path: ['environments', index, 'id'], message: `expected an id of its own; "${environment.id}" is taken` });
        }
        environment.fallback.forEach((id, place) => {
          if (known.has(id) && id !== environment.id) return;
          const others = [...known.keys()].filter((other) => other !== environment.id).join(', ');
          context.addIssue({ code: 'custom', path: ['environments', index, 'fallback', place], message: `expected the id of another environment of this file: ${others}` });
        });
      });
    }),
  );
