import { z } from 'zod';

/**
 * The one schema of the environments file: the page, the CLI and the capture's header all read through it,
 * and the configuration reference is generated from it (every `describe` below is a line of that page).
 */

// Zod would compile its checks with `new Function`, which the page's Content-Security-Policy forbids.
z.config({ jitless: true });

const name = z.string().min(1);
const milliseconds = z.number().positive().finite();
const names = z.array(name);

const contractShape = {
  requiredEvents: names
    .default(['agent_started', 'agent_thinking', 'tool_executing', 'tool_completed', 'agent_completed'])
    .describe('Event types that every run has to bring.'),
  pairs: z
    .array(z.tuple([name, name]))
    .default([['tool_executing', 'tool_completed']])
    .describe('Types that come in twos: each first one is answered by a second one of the same tool call, or of the same tool where calls have no id.'),
  first: name.default('agent_started').describe('The type that opens a run.'),
  last: name.default('agent_completed').describe('The type that ends a run well.'),
  failureEvents: names.default(['agent_error']).describe('Types that end a run badly.'),
  firstEventTimeoutMs: milliseconds.default(10_000).describe('How long a triggered run may wait for its first event.'),
  eventTimeoutMs: milliseconds.default(10_000).describe('How long a run may be silent before its terminal event.'),
  runTimeoutMs: milliseconds.default(300_000).describe('How old a run may become.'),
  settleMs: z.number().nonnegative().finite().default(1000).describe('How long to listen on after the terminal event.'),
  rememberMs: milliseconds.default(3_600_000).describe('How long a closed run and its ids are remembered: what comes later is judged as if it had never been known.'),
  rememberRuns: z.number().int().positive().default(20_000).describe('How many closed runs are remembered at most.'),
};

const sloShape = {
  target: z.number().gt(0).lt(1).default(0.99).describe('The promised share: 0.99 promises 99 %.'),
  sli: z
    .enum(['events', 'runs'])
    .default('events')
    .describe('What is counted: the delivered of the expected events, or the good of the judged runs.'),
  windowMs: milliseconds.default(3_600_000).describe('The window that the page judges; a report counts from its first record.'),
  latencyMs: milliseconds.optional().describe('Objective for the p95 of the delivery latency, drawn into its chart; none if left out.'),
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

const carry = z
  .enum(['subprotocol', 'query', 'auth', 'message'])
  .describe('How the token reaches the target; default `subprotocol` for a plain WebSocket, `auth` for Socket.IO.');
const tokenCarriage = {
  carry: carry.optional(),
  as: z.string().includes('{token}').optional().describe('Shapes the token; `{token}` is the token itself. Default `jwt.{token}` for a subprotocol, else `{token}`.'),
  queryName: name.optional().describe('Name of the URL parameter for `carry: query`; default `token`.'),
  authMessage: z.json().optional().describe('First message for `carry: message`; default `{"type":"auth","token":"{token}"}`.'),
};
const authSchema = z.discriminatedUnion('method', [
  z.strictObject({ method: z.literal('none').describe('No token: the target is told the `user` alone, in `?user=` or in Socket.IO’s `auth.user`.') }),
  z.strictObject({ method: z.literal('token').describe('A token that is known beforehand.'), token: name.describe('The token; write `${NAME}` and keep it out of the file. `{n}` is the connection’s number.'), ...tokenCarriage }),
  z.strictObject({
    method: z.literal('login').describe('A POST over HTTP that answers with a token, once a connection and try.'),
    path: name.describe('Path on the backend, or a whole URL; `{n}` is the connection’s number. Redirects are not followed.'),
    headers: z.record(z.string(), z.string()).default({}).describe('Headers of the login; `{n}` in them is the connection’s number.'),
    body: z.json().default({}).describe('Body of the login, sent as JSON; `{n}` in its texts is the connection’s number.'),
    tokenAt: name.default('access_token').describe('Where the token stands in the answer, as a dotted path.'),
    userAt: name.optional().describe('Where the user id stands in the answer, as a dotted path.'),
    ...tokenCarriage,
  }),
]);

const urlOf = (...protocols: readonly string[]) =>
  z.string().refine(
    (text) => {
      // A placeholder may stand for any part of a URL, so only a filled-in text can be judged.
      if (text.includes('${')) return true;
      const scheme = /^([a-z][a-z0-9+.-]*):\/\/[^/\s?#]+/i.exec(text)?.[1];
      return scheme !== undefined && protocols.includes(scheme.toLowerCase());
    },
    { error: `expected a URL that begins with ${protocols.map((protocol) => `${protocol}://`).join(' or ')}` },
  );

export const environmentSchema = z
  .strictObject({
    id: z
      .string()
      .regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/, { error: 'expected letters, digits, dots, dashes or underscores (64 at most)' })
      .describe('Names the environment in links, files and connection ids.'),
    name: name.optional().describe('What people read; default the id.'),
    kind: z.enum(environmentKinds).default('local').describe('What the target is: `mock` puts a band over the page, `production` is only listened to unless `mode` says otherwise.'),
    backendUrl: urlOf('http', 'https').optional().describe('Where the login is, and the health; an `http://` or `https://` URL.'),
    eventsUrl: urlOf('ws', 'wss', 'http', 'https').describe('Where the events come from: a `ws://` or `wss://` URL; for Socket.IO `http://` and `https://` too.'),
    transport: z.enum(transports).describe('What the target speaks.'),
    socketio: z
      .strictObject({
        path: z.string().startsWith('/').default('/socket.io').describe('Path of the Socket.IO server.'),
        namespace: z.string().startsWith('/').default('/').describe('Namespace that is joined.'),
        transports: z.array(z.enum(['websocket', 'polling'])).min(1).default(['websocket']).describe('Transports that are tried, in this order.'),
        events: z.union([z.literal('*'), names.min(1)]).default(['agent_event']).describe('Names of the events that carry agent events; `"*"` takes all.'),
      })
      .prefault({})
      .describe('For the transport `socket.io` alone.'),
    dialect: z.enum(dialectNames).default('canonical').describe('How the target writes its events: `canonical`, flat JSON with one name for each field, or `netra`, in any of its envelopes.'),
    health: z
      .strictObject({
        path: z.string().startsWith('/').default('/health').describe('Path on the backend.'),
        intervalMs: milliseconds.default(10_000).describe('From one question to the next.'),
        timeoutMs: milliseconds.default(3000).describe('How long an answer is waited for.'),
        versionAt: name.optional().describe('Where the version stands in the answer, as a dotted path.'),
      })
      .prefault({})
      .describe('Where the target says how it is.'),
    auth: authSchema.default({ method: 'none' }).describe('How each connection signs in.'),
    user: name.optional().describe('Who a connection signs in as, where `auth` does not say; `{n}` is its number, from 0. Without one a connection has no user.'),
    mode: z.enum(['probe', 'observe']).optional().describe('`probe` triggers runs itself, `observe` only listens. Default `probe`, but `observe` for `production`.'),
    probe: z
      .strictObject({
        everyMs: milliseconds.default(15_000).describe('Pause from one trigger of a connection to its next; a run that takes longer delays it.'),
        maxRunsPerHour: z.number().int().positive().default(2400).describe('Cap over all connections together: where they would break it, each triggers less often.'),
        message: z.json().optional().describe('Sent to start a run, with its placeholders filled in; the trigger of the dialect if left out.'),
        event: name.default('user_message').describe('Socket.IO: name of the event that is emitted to start a run.'),
      })
      .prefault({})
      .describe('How runs are started, in the mode `probe`.'),
    connectionTimeoutMs: milliseconds.default(15_000).describe('How long a login may take, and then the connection with its handshake.'),
    maxRetries: z.number().int().nonnegative().default(5).describe('Retries in a row after which a connection is given up.'),
    concurrentConnections: z.number().int().min(1).max(1000).default(10).describe('Connections that are held, each signed in as a user of its own; a page holds 255 over all environments.'),
    startupTimeoutMs: milliseconds.default(30_000).describe('How long `check` waits until a first connection is open.'),
    contract: contractSchema.prefault({}).describe('What a run has to bring, and when it is over.'),
    slo: sloSchema.prefault({}).describe('What is promised.'),
    fallback: names.default([]).describe('Ids of the environments to try, in this order, while this one is not healthy.'),
  })
  .superRefine((environment, context) => {
    if (environment.transport === 'websocket' && !environment.eventsUrl.includes('${') && !/^wss?:/i.test(environment.eventsUrl)) {
      context.addIssue({ code: 'custom', path: ['eventsUrl'], message: 'expected a URL that begins with ws:// or wss:// for the transport websocket' });
    }
    if (environment.auth.method === 'login' && environment.backendUrl === undefined && !/^https?:\/\//i.test(environment.auth.path)) {
      context.addIssue({ code: 'custom', path: ['backendUrl'], message: 'expected the URL at which the login path is found' });
    }
    if (environment.auth.method !== 'none' && environment.auth.carry === 'auth' && environment.transport === 'websocket') {
      context.addIssue({ code: 'custom', path: ['auth', 'carry'], message: 'expected subprotocol, query or message: a plain WebSocket has no auth packet' });
    }
    if (environment.auth.method !== 'none' && environment.auth.carry === 'subprotocol' && environment.transport === 'socket.io') {
      context.addIssue({ code: 'custom', path: ['auth', 'carry'], message: 'expected auth, query or message: Socket.IO offers no subprotocol' });
    }
  })
  .transform((environment) => ({
    ...environment,
    name: environment.name ?? environment.id,
    mode: environment.mode ?? (environment.kind === 'production' ? ('observe' as const) : ('probe' as const)),
  }));

export type Environment = z.output<typeof environmentSchema>;

export const environmentsFileSchema = z
  .strictObject({
    $schema: z.string().optional().describe('For editors; not read.'),
    version: z.literal(1).describe('Of this format.'),
    environments: z.array(environmentSchema).min(1).describe('The targets, in the order in which they are listed; the first is the default.'),
  })
  .superRefine(({ environments }, context) => {
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
        const expected = `expected the id of another environment of this file: ${[...known.keys()].filter((other) => other !== environment.id).join(', ')}`;
        context.addIssue({ code: 'custom', path: ['environments', index, 'fallback', place], message: expected });
      });
    });
  });
