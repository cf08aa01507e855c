import { isJsonObject } from '#base/json.ts';
import { err, ok, type Result } from '#base/result.ts';
import type { Random } from '#base/random.ts';

/** Faults of one run: drawn once for each trigger. What each one does is told in faults.ts. */
export const runScenarios = [
  'healthy',
  'missing-event',
  'missing-tool-completed',
  'duplicate',
  'out-of-order',
  'late',
  'slow-first-event',
  'stall',
  'silent',
  'dumped',
  'cross-talk',
  'disconnect-mid-run',
  'expire-token',
  'mislabelled',
  'malformed',
  'huge',
  'batch',
  'mixed-time-units',
  'agent-error',
  'no-tools',
  'nested-agents',
  'recovered-burst',
] as const;
export type RunScenario = (typeof runScenarios)[number];

/** Faults of a whole connection: drawn once when a connection or a login arrives. */
export const connectionScenarios = ['refuse-auth', 'close-1011', 'skewed-clock', 'handshake-never'] as const;
export type ConnectionScenario = (typeof connectionScenarios)[number];

/** Mixtures that have a name. */
const namedMixes = ['chaos', 'demo'] as const;

export const scenarioNames = [...runScenarios, ...connectionScenarios, ...namedMixes] as const;
export type ScenarioName = (typeof scenarioNames)[number];

/** Whom a fault of runs hits, and how late its events are. */
export interface Aim {
  /** The runs of this user alone; of every user where it is left out. */
  readonly user?: string;
  /** Each event leaves so many milliseconds after it was made. */
  readonly lateMs?: number;
}

/** A fault and the share (0 to 1) of the runs, or of the connections, that it hits. */
export interface Share extends Aim {
  readonly scenario: RunScenario | ConnectionScenario;
  readonly share: number;
}

/** What is wrong with a run. */
export interface RunFaults {
  readonly scenario: RunScenario;
  readonly lateMs: number;
}

/** What `POST /scenario` and `startMock` take: one scenario (share 1 if left out) or a mix; the rest is healthy. */
export type ScenarioRequest =
  | ({ readonly scenario: ScenarioName; readonly share?: number; readonly seed?: number } & Aim)
  | { readonly mix: readonly ({ readonly scenario: ScenarioName; readonly share: number } & Aim)[]; readonly seed?: number };

/** A request that was understood: named mixes are resolved, and the seed is there only if it is to change. */
export interface ScenarioChoice {
  readonly mix: readonly Share[];
  readonly seed: number | undefined;
}

const chaosRunShare = 0.4;
const faultyRunScenarios = runScenarios.filter((scenario) => scenario !== 'healthy');

/** Every fault, a little: 4 runs in 10 and 1 connection in 10 are hit. A refused sign-in is rarest, as a good client never retries it. */
const chaos: readonly Share[] = [
  ...faultyRunScenarios.map((scenario) => ({ scenario, share: chaosRunShare / faultyRunScenarios.length })),
  { scenario: 'skewed-clock', share: 0.05 },
  { scenario: 'close-1011', share: 0.03 },
  { scenario: 'handshake-never', share: 0.01 },
  { scenario: 'refuse-auth', share: 0.01 },
];

/** A lively but decent target: 97 % of the runs are healthy, and no fault is an alarm by itself. */
const demo: readonly Share[] = [
  { scenario: 'missing-event', share: 0.01 },
  { scenario: 'duplicate', share: 0.005 },
  { scenario: 'dumped', share: 0.005 },
  { scenario: 'late', share: 0.004 },
  { scenario: 'agent-error', share: 0.004 },
  { scenario: 'out-of-order', share: 0.002 },
];

const isScenarioName = (value: unknown): value is ScenarioName => scenarioNames.some((name) => name === value);

/** True for a scenario that is drawn per run. */
export const isRunScenario = (value: unknown): value is RunScenario => runScenarios.some((name) => name === value);
/** True for a scenario that is drawn per connection. */
export const isConnectionScenario = (value: unknown): value is ConnectionScenario => connectionScenarios.some((name) => name === value);

const sharesOf = (scenario: ScenarioName, share: number): readonly Share[] => {
  if (scenario === 'chaos') return chaos.map((part) => ({ scenario: part.scenario, share: part.share * share }));
  if (scenario === 'demo') return demo.map((part) => ({ scenario: part.scenario, share: part.share * share }));
  return [{ scenario, share }];
};

/** Reads a request from outside. The error is a sentence that says what was expected. */
export function readScenarioRequest(value: unknown): Result<ScenarioChoice, string> {
  if (!isJsonObject(value)) return err('expected an object like {"scenario":"missing-event","share":0.2,"seed":7} or {"mix":[…]}');
  const seed = value['seed'];
  if (seed !== undefined && !isSeed(seed)) return err('seed: expected a whole number from 0 to 4294967295');
  const parts = value['mix'] ?? [value];
  if (!Array.isArray(parts) || parts.length === 0 || parts.length > 100) return err('mix: expected a list of 1 to 100 shares');
  const mix: Share[] = [];
  for (const part of parts) {
    const scenario = isJsonObject(part) ? part['scenario'] : undefined;
    if (!isScenarioName(scenario)) return err(`unknown scenario ${JSON.stringify(scenario) ?? 'nothing'}; known are: ${scenarioNames.join(', ')}`);
    const share = isJsonObject(part) ? (part['share'] ?? 1) : 1;
    if (typeof share !== 'number' || !(share >= 0 && share <= 1)) return err('share: expected a number from 0 to 1');
    const aim = readAim(part, scenario);
    if (!aim.ok) return aim;
    mix.push(...sharesOf(scenario, share).map((each) => ({ ...each, ...aim.value })));
  }
  if (mostOfOne(mix) > 1 + 1e-9) return err('mix: expected shares that add up to 1 at the most');
  return ok({ mix, seed });
}

const longestUser = 200;
const latestMs = 60_000;

function readAim(part: unknown, scenario: ScenarioName): Result<Aim, string> {
  const user = isJsonObject(part) ? part['user'] : undefined;
  const lateMs = isJsonObject(part) ? part['lateMs'] : undefined;
  if (user !== undefined && (typeof user !== 'string' || user === '' || user.length > longestUser)) return err('user: expected the name of a user');
  if (lateMs !== undefined && (typeof lateMs !== 'number' || !(lateMs >= 0 && lateMs <= latestMs))) return err(`lateMs: expected a number from 0 to ${latestMs}`);
  // A connection is drawn before it says who it is, and sends nothing late.
  const isAimed = user !== undefined || lateMs !== undefined;
  if (isAimed && !isRunScenario(scenario)) return err(`user, lateMs: only a fault of runs can be aimed, and ${scenario} is none`);
  return ok({ ...(user !== undefined && { user }), ...(lateMs !== undefined && { lateMs }) });
}

/** The largest share that the runs of one user may be hit by. */
function mostOfOne(mix: readonly Share[]): number {
  const users = new Set(mix.map(({ user }) => user));
  const totals = Array.from(users, (one) => mix.reduce((sum, { user, share }) => (user === undefined || user === one ? sum + share : sum), 0));
  return Math.max(...totals);
}

/** A seed as `seededRandom` takes it. */
export const isSeed = (value: unknown): value is number => typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= 0xff_ff_ff_ff;

/** Draws the fault of the next run; what the mix leaves over is healthy, and so is a run of a user whom it does not aim at. */
export function drawRun(mix: readonly Share[], random: Random, user: string | undefined): RunFaults {
  const drawn = draw(mix.filter((part) => part.user === undefined || part.user === user), isRunScenario, random);
  return { scenario: drawn?.scenario ?? 'healthy', lateMs: drawn?.lateMs ?? 0 };
}

/** Draws the fault of the next connection or login; undefined means that it is sound. */
export const drawConnectionScenario = (mix: readonly Share[], random: Random): ConnectionScenario | undefined => draw(mix, isConnectionScenario, random)?.scenario;

function draw<Name extends string>(mix: readonly Share[], isMember: (value: unknown) => value is Name, random: Random): (Share & { readonly scenario: Name }) | undefined {
  const roll = random();
  let edge = 0;
  for (const part of mix) {
    const { scenario } = part;
    if (!isMember(scenario)) continue;
    edge += part.share;
    if (roll < edge) return { ...part, scenario };
  }
  return undefined;
}
