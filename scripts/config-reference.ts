/**
 * Writes docs/environments.md: a head that is written by hand, below, and the fields as the schema of the environments file
 * describes them. `tests/unit/scripts/config-reference.test.ts` demands that the file is as this script would write it.
 */
import { writeFileSync } from 'node:fs';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { environmentsFileSchema } from '#environment/schema.ts';

const FILE = fileURLToPath(new URL('../docs/environments.md', import.meta.url));

type Field = z.core.JSONSchema.BaseSchema;

/** The whole page. */
export function configReference(): string {
  const file = z.toJSONSchema(environmentsFileSchema, { io: 'input' });
  const environment = itemOf(propertiesOf(file).get('environments'));
  if (environment === undefined) throw new Error('The schema has no environments.');
  return [head, ...sections(file, environment), ''].join('\n');
}

function* sections(file: Field, environment: Field): Iterable<string> {
  yield '## Every field\n';
  yield 'A field that is not listed here is a fault, so that a misspelt one is found. Lengths of time are milliseconds.\n';
  yield '### The file\n';
  yield table('', file);
  yield '\n### An environment\n';
  yield table('', environment);
  for (const [name, each] of propertiesOf(environment)) yield* section(name, each);
}

/** What a field's own fields are, and theirs after them; nothing for a field that has none. */
function* section(path: string, each: Field): Iterable<string> {
  const head = `\n### ${path}\n\n${meaningOf(path, each)}`;
  if (each.oneOf !== undefined) yield `${head} \`method\` decides which fields there are.\n\n${variants(path, each.oneOf)}`;
  const group = groupIn(each);
  if (group === undefined) return;
  yield `${head}\n\n${table(`${path}.`, group)}`;
  for (const [name, inner] of propertiesOf(group)) yield* section(`${path}.${name}`, inner);
}

/** The fields that a field has: itself an object, or one as an alternative or in a list. */
const groupIn = (each: Field): Field | undefined => [each, ...(each.anyOf ?? []), itemOf(each)].find((group) => group?.properties !== undefined);

/** Where a path's section is on the page. */
const anchorOf = (path: string): string => `#${path.replaceAll('.', '').toLowerCase()}`;

const TITLES = '| field | type | default | meaning |\n|---|---|---|---|';

/** A row for each field; a group of fields has a section of its own, to which its row leads. */
function table(prefix: string, group: Field): string {
  const rows = Array.from(propertiesOf(group), ([name, each]) => row(`${prefix}${name}`, each, group.required?.includes(name) === true && each.default === undefined));
  return [TITLES, ...rows].join('\n');
}

/** The fields of alternatives, one table each; fields that the alternatives share come again. */
function variants(path: string, alternatives: readonly Field[]): string {
  return alternatives
    .map((alternative) => {
      const { method, ...others } = Object.fromEntries(propertiesOf(alternative));
      if (method === undefined) throw new Error(`An alternative of ${path} has no method.`);
      const intro = `**\`"method": ${JSON.stringify(method.const)}\`** ${meaningOf(`${path}.method`, method)}`;
      return Object.keys(others).length === 0 ? intro : `${intro}\n\n${table(`${path}.`, { ...alternative, properties: others })}`;
    })
    .join('\n\n');
}

function row(path: string, each: Field, isNeeded: boolean): string {
  const isPrefilled = each.properties !== undefined && each.default !== undefined;
  const otherwise = isNeeded ? '**needed**' : isPrefilled ? 'see below' : each.default === undefined ? '–' : `\`${JSON.stringify(each.default)}\``;
  return `| \`${path}\` | ${typeOf(each, path)} | ${otherwise} | ${meaningOf(path, each)} |`;
}

/** @param path of the field, to whose section an object leads */
function typeOf(each: Field, path: string): string {
  const types: unknown = each.type;
  if (Array.isArray(types)) return types.map((type: NonNullable<Field['type']>) => typeOf({ type }, path)).join(', ');
  if (each.const !== undefined) return `\`${JSON.stringify(each.const)}\``;
  if (each.enum !== undefined) return each.enum.map((value) => `\`${JSON.stringify(value)}\``).join(', ');
  if (each.properties !== undefined || each.oneOf !== undefined) return `[object](${anchorOf(path)})`;
  if (each.anyOf !== undefined) return each.anyOf.map((alternative) => typeOf(alternative, path)).join(' or ');
  switch (each.type) {
    case 'integer':
    case 'number':
      return numberOf(each);
    case 'array':
      return `list of ${typeOfItem(itemOf(each), path)}`;
    case 'boolean':
      return '`true` or `false`';
    case 'object':
      return `object of ${typeof each.additionalProperties === 'object' ? typeOf(each.additionalProperties, path) : 'any JSON'}`;
    case 'string':
      return 'text';
    default:
      // Only what takes any JSON at all has no type.
      return 'any JSON';
  }
}

function typeOfItem(item: Field | undefined, path: string): string {
  if (item === undefined) return 'anything';
  if (item.prefixItems?.length === 2) return 'pairs of text';
  if (item.properties === undefined) return typeOf(item, path);
  return path === 'environments' ? path : `[objects](${anchorOf(path)})`;
}

function numberOf({ type, minimum, exclusiveMinimum, maximum, exclusiveMaximum }: Field): string {
  const limits = [
    minimum === undefined ? [] : [`from ${minimum}`],
    exclusiveMinimum === undefined ? [] : [`above ${exclusiveMinimum}`],
    maximum === undefined || maximum === Number.MAX_SAFE_INTEGER ? [] : [`to ${maximum}`],
    exclusiveMaximum === undefined ? [] : [`below ${exclusiveMaximum}`],
  ].flat();
  return [type === 'integer' ? 'whole number' : 'number', ...limits].join(' ');
}

/** @throws where the schema leaves a field unexplained */
function meaningOf(path: string, { description }: Field): string {
  if (description === undefined) throw new Error(`The schema does not describe ${path}.`);
  return description.replaceAll('|', '\\|');
}

/** A schema may also be `true` or `false`, which no field of ours is. */
const propertiesOf = ({ properties = {} }: Field): ReadonlyMap<string, Field> =>
  new Map(Object.entries(properties).flatMap(([name, each]) => (typeof each === 'boolean' ? [] : [[name, each] as const])));

const itemOf = (list: Field | undefined): Field | undefined => (typeof list?.items !== 'object' || Array.isArray(list.items) ? undefined : list.items);

const head = `# The environments file

<!-- Written by scripts/config-reference.ts from src/environment/schema.ts. Change those, then run: npm run docs -->

One JSON file says which targets there are, how each is reached, what its runs have to bring, and what is promised.

* **The page** fetches \`environments.json\` from its own origin at start. In a checkout that is [\`public/environments.json\`](../public/environments.json); beside built files it is the one next to \`index.html\`, which can be changed without a rebuild. Reload the page after a change.
* **The command line** reads the file that \`--config\` names, \`public/environments.json\` if none is named, and of it the environment that \`--env\` names, the first if none is named.

A wrong file is never half used: every fault is listed at once, with its path, what was found and what was expected, such as \`environments[1].slo.target: found 99, expected a number below 1\`.

## Three examples

A plain WebSocket without a sign-in, on this machine. Everything that is left out has its default.

\`\`\`json
{
  "version": 1,
  "environments": [
    {
      "id": "local",
      "eventsUrl": "ws://localhost:8000/ws",
      "transport": "websocket",
      "dialect": "netra",
      "user": "probe-{n}"
    }
  ]
}
\`\`\`

Socket.IO with a login: each of five connections signs in as a user of its own, and its token travels in Socket.IO's auth packet.

\`\`\`json
{
  "version": 1,
  "environments": [
    {
      "id": "chat",
      "name": "Chat (Socket.IO)",
      "backendUrl": "http://localhost:3000",
      "eventsUrl": "http://localhost:3000",
      "transport": "socket.io",
      "socketio": { "path": "/socket.io", "namespace": "/agents", "events": ["agent_event"] },
      "auth": {
        "method": "login",
        "path": "/auth/login",
        "body": { "email": "probe-{n}@example.com", "password": "\${CHAT_PASSWORD}" },
        "tokenAt": "access_token",
        "userAt": "user.id",
        "carry": "auth"
      },
      "probe": { "everyMs": 30000, "event": "user_message", "message": { "content": "ping {run}", "thread": "{thread}" } },
      "concurrentConnections": 5
    }
  ]
}
\`\`\`

A token as subprotocol on staging, watched with a promise of 99.5 % and slower agents; production beside it, which is only listened to.

\`\`\`json
{
  "version": 1,
  "environments": [
    {
      "id": "staging",
      "kind": "staging",
      "backendUrl": "https://api.staging.example.com",
      "eventsUrl": "wss://api.staging.example.com/ws",
      "transport": "websocket",
      "dialect": "netra",
      "auth": { "method": "token", "token": "\${STAGING_TOKEN}", "carry": "subprotocol", "as": "jwt.{token}" },
      "concurrentConnections": 1,
      "contract": { "firstEventTimeoutMs": 20000, "eventTimeoutMs": 30000 },
      "slo": { "target": 0.995, "latencyMs": 500 }
    },
    {
      "id": "production",
      "kind": "production",
      "eventsUrl": "wss://api.example.com/ws",
      "transport": "websocket",
      "dialect": "netra",
      "auth": { "method": "token", "token": "\${PRODUCTION_TOKEN}", "carry": "subprotocol" },
      "concurrentConnections": 1
    }
  ]
}
\`\`\`

## Secrets and other values: \`\${NAME}\`

\`\${NAME}\` may stand in any text of an environment, whole or in part, but not in the name of a field, nor in a mapping. The command line takes the value from the environment variable of that name; the page asks for it when the environment is chosen, and keeps it in memory only. Names that have no value are all listed at once, and nothing is connected. With the values in place the environment is checked again.

The page may connect only to the addresses that the file names outright: its Content-Security-Policy is made from them. So keep \`\${NAME}\` out of \`eventsUrl\` and \`backendUrl\` where the page shall reach them.

## Placeholders

| placeholder | stands for | may be used in |
|---|---|---|
| \`{n}\` | the number of the connection, from 0 | \`user\`, \`auth.token\`, \`auth.path\`, \`auth.headers\`, \`auth.body\`, \`probe.message\` |
| \`{run}\` | the id that the monitor gives to the run | \`probe.message\` |
| \`{thread}\` | the thread that the target named in its welcome, else one that the monitor makes | \`probe.message\` |
| \`{user}\` | the user of the connection | \`probe.message\` |
| \`{token}\` | the token | \`auth.as\`, \`auth.authMessage\` |

A run is known by the id \`{run}\` only where the message carries it, and its thread likewise; else both are learnt from its first event.

## Modes

* **\`probe\`**: on each connection a run is started every \`probe.everyMs\`, one at a time, never more than \`probe.maxRunsPerHour\` over all of them, since runs cost money. Loss, order and time are judged from the trigger on. This is the default but for production.
* **\`observe\`**: nothing is sent but what signs in, keeps the connection alive and asks for the time. Runs are those that the users of these connections start elsewhere. Nobody knows of a run that brought nothing at all.

## Ways to carry a token

| \`carry\` | where the token travels | who else may see it | transport |
|---|---|---|---|
| \`subprotocol\` | in the \`Sec-WebSocket-Protocol\` header of the handshake | those who log headers | WebSocket |
| \`auth\` | in Socket.IO's \`CONNECT\` packet, once the transport is open | nobody on the way | Socket.IO |
| \`message\` | in the first message on the open socket | nobody on the way | both |
| \`query\` | in the socket's URL, as \`?token=\` (\`queryName\`) | access logs of the target and of proxies | both |

A page can open a WebSocket with a URL and subprotocols, and with nothing else: no \`Authorization\` header. A subprotocol takes letters, digits and \`\`!#$%&'*+-.^_\`|~\`\`, which a JWT fits; a token with \`/\`, \`=\` or spaces does not, and is refused before anything is sent.
A login from a page is a request to another origin: the target has to allow the page's origin, the method and every header of \`auth.headers\` (CORS). A page that came over \`https\` opens \`wss://\` alone, but for this machine itself. The command line has none of these limits.

\`carry: "query"\` puts the token into the URL of the socket alone: never into the address of the page, a link, a message, a log or a capture of Runwatch. The target's own logs are another matter, so take it only where nothing else is accepted.
Without a token (\`auth.method: "none"\`) the target is told the \`user\`, as \`?user=\` or in Socket.IO's \`auth.user\`.
`;

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  writeFileSync(FILE, configReference());
  process.stdout.write(`Wrote ${FILE}\n`);
}
