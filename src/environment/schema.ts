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
    .describe('Event types that every run must bring.'),
  pairs: z
    .array(z.tuple([name, name]))
    .default([['tool_executing', 'tool_completed']])
    .describe('Types that come in twos: each first one is answered by a second one of the same tool call, or of the same tool.'),
  first: name.default('agent_started').describe('The type that opens a run.'),
  last: name.default('agent_completed').describe('The type that ends a run well.'),
  failureEvents: names.default(['agent_error']).describe('Types that end a run badly.'),
  firstEventTimeoutMs: milliseconds.default(10_000).describe('How long a triggered run may wait for its first event.'),
  eventTimeoutMs: milliseconds.default(10_000).describe('How long a run may be silent before its terminal event.'),
  runTimeoutMs: milliseconds.default(300_000).describe('How old a run may become.'),
  settleMs: z.number().nonnegative().finite().default(1000).describe('How long to listen on after the terminal event.'),
  rememberMs: milliseconds.default(3_600_000).describe('How long a closed run and its ids are remembered.'),
  rememberRuns: z.number().int().positive().default(20_000).describe('How many closed runs are remembered at most.'),
};

const sloShape = {
  target: z.number().gt(0).lt(1).default(0.99).describe('The promised share, for example 0.99.'),
  sli: z
    .enum(['events', 'runs'])
    .default('events')
    .describe('What is counted: delivered of expected events, or good of judged runs.'),
  windowMs: milliseconds.default(3_600_000).describe('The window that the screen judges.'),
  latencyMs: milliseconds.optional().describe('Objective for the p95 delivery latency; none if left out.'),
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
  .describe('How the token reaches the target: as a WebSocket subprotocol, in the URL, in the Socket.IO auth packet, or as the first message.');
const tokenCarriage = {
  carry: carry.optional(),
  as: z.string().includes('{token}').optional().describe('Shapes the token, for example `jwt.{token}`.'),
  queryName: name.optional().describe('Name of the URL parameter for `carry: query`; default `token`.'),
  authMessage: z.json().optional().describe('First message for `carry: message`; default `{"type":"auth","token":"{token}"}`.'),
};
const authSchema = z.discriminatedUnion('method', [
  z.strictObject({ method: z.literal('none') }),
  z.strictObject({ method: z.literal('token'), token: name, ...tokenCarriage }),
  z.strictObject({
    method: z.literal('login'),
    path: name.describe('Path on the backend, or a whole URL.'),
    headers: z.record(z.string(), z.string()).default({}),
    body: z.json().default({}),
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
    kind: z.enum(environmentKinds).default('local'),
    backendUrl: urlOf('http', 'https').optional().describe('Where health and login are asked for.'),
    eventsUrl: urlOf('ws', 'wss', 'http', 'https').describe('Where the events come from.'),
    transport: z.enum(transports),
    socketio: z
      .strictObject({
        path: z.string().startsWith('/').default('/socket.io'),
        namespace: z.string().startsWith('/').default('/'),
        transports: z.array(z.enum(['websocket', 'polling'])).min(1).default(['websocket']),
        events: z.union([z.literal('*'), names.min(1)]).default(['agent_event']).describe('Names of the events that are frames; "*" takes all.'),
      })
      .prefault({}),
    dialect: z.enum(dialectNames).default('canonical'),
    health: z
      .strictObject({
        path: z.string().startsWith('/').default('/health'),
        intervalMs: milliseconds.default(10_000),
        timeoutMs: milliseconds.default(3000),
        versionAt: name.optional().describe('Dotted path of the version in the answer.'),
      })
      .prefault({}),
    auth: authSchema.default({ method: 'none' }),
    user: name.optional().describe('Who connection n signs in as, where auth does not say; `{n}` counts from 0.'),
    mode: z.enum(['probe', 'observe']).optional().describe('probe: triggers runs itself; observe: only listens. Default probe, but observe for production.'),
    probe: z
      .strictObject({
        everyMs: milliseconds.default(15_000).describe('Pause from one trigger of a connection to its next.'),
        maxRunsPerHour: z.number().int().positive().default(2400).describe('Cap over all connections.'),
        message: z.json().optional().describe("Sent to start a run; the dialect's own trigger if left out."),
        event: name.default('user_message').describe('Socket.IO: name of the event that is emitted.'),
      })
      .prefault({}),
    connectionTimeoutMs: milliseconds.default(15_000),
    maxRetries: z.number().int().nonnegative().default(5),
    concurrentConnections: z.number().int().min(1).max(1000).default(10),
    startupTimeoutMs: milliseconds.default(30_000),
    contract: contractSchema.prefault({}),
    slo: sloSchema.prefault({}),
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
  .strictObject({ $schema: z.string().optional(), version: z.literal(1), environments: z.array(environmentSchema).min(1) })
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
