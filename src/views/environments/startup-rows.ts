import type { EpochMs } from '#base/units.ts';
import type { Chain } from '#environment/chain.ts';
import type { ChainStep } from '#environment/chain-step.ts';
import type { EnvironmentSnapshot, StartupSnapshot, StartupStageName } from '#monitor/snapshot.ts';
import { clauseOf } from '#views/parts/chain-words.ts';
import { formatCount, formatDuration, formatWindow, localTime } from '#views/parts/format.ts';

/** How one environment started. All times in milliseconds from its own start. */
export interface StartupRow {
  readonly id: string;
  readonly name: string;
  readonly mock: boolean;
  readonly from: EpochMs | null;
  readonly limitMs: number;
  /** Answers that were not good. */
  readonly misses: readonly number[];
  readonly stages: readonly StartupStage[];
  readonly upMs: number | null;
  /** Whether it is over, and did not come up. */
  readonly failed: boolean;
  readonly note: string;
}

export interface StartupStage {
  readonly name: string;
  readonly fromMs: number;
  readonly toMs: number;
  /** Connections that passed it; null for the health, which is asked once. */
  readonly connections: number | null;
}

const stageNames: Readonly<Record<StartupStageName, string>> = { login: 'login', connect: 'connect', clock: 'clock', event: 'first event' };

/** Every step of the chain; without one, whatever is watched. */
export function startupRows(environments: readonly EnvironmentSnapshot[], chain: Chain | undefined): StartupRow[] {
  if (chain === undefined) return environments.flatMap((environment) => (environment.startup === null || environment.phase === 'idle' ? [] : [watchRow(environment, environment.startup)]));
  const used = environments.find(({ id }) => id === chain.inUse)?.name;
  return chain.steps.flatMap((step) => {
    const environment = environments.find(({ id }) => id === step.id);
    return environment === undefined ? [] : [stepRow(step, environment, used)];
  });
}

const baseOf = ({ id, name, kind, startupTimeoutMs }: EnvironmentSnapshot) => ({ id, name, mock: kind === 'mock', limitMs: startupTimeoutMs });

function watchRow(environment: EnvironmentSnapshot, startup: StartupSnapshot): StartupRow {
  const { startedAt, firstOpenAt } = startup;
  const upMs = firstOpenAt === null ? null : firstOpenAt - startedAt;
  const stages = stagesOf(startup, startedAt, []);
  const failed = environment.phase === 'failed' && upMs === null;
  return { ...baseOf(environment), from: startedAt, misses: [], stages, upMs, failed, note: failed ? `not up: ${clauseOf(environment.problem?.message ?? null)}` : upText(upMs, stages) };
}

function stepRow(step: ChainStep, environment: EnvironmentSnapshot, used: string | undefined): StartupRow {
  const { triedAt, tries, healthyAt, upAt, state, reason } = step;
  const base = baseOf(environment);
  if (triedAt === null) return { ...base, from: null, misses: [], stages: [], upMs: null, failed: false, note: restText(step, used) };
  const answer = tries.at(-1);
  const asked: StartupStage[] = answer?.ok === true ? [{ name: 'health', fromMs: Math.max(0, answer.at - (answer.durationMs ?? 0) - triedAt), toMs: Math.max(0, answer.at - triedAt), connections: null }] : [];
  // The snapshot may still tell of a watch before this try.
  const isOfThisTry = healthyAt !== null && environment.startup !== null && environment.startup.startedAt >= triedAt;
  const stages = isOfThisTry && environment.startup !== null ? stagesOf(environment.startup, triedAt, asked) : asked;
  const upMs = upAt === null ? null : upAt - triedAt;
  const misses = tries.filter(({ ok }) => !ok).map(({ at }) => Math.max(0, at - triedAt));
  const failed = upMs === null && state !== 'trying';
  const note = failed ? `${missText(misses)}${healthyAt === null ? `not up in ${formatWindow(environment.startupTimeoutMs)}: ` : 'not up: '}${clauseOf(reason)}` : upMs === null ? `${missText(misses)}being tried` : upText(upMs, stages);
  return { ...base, from: triedAt, misses, stages, upMs, failed, note };
}

/** One after the other: each from the end of the one before it, as far as the connections overlap. */
function stagesOf({ startedAt, stages }: StartupSnapshot, from: EpochMs, before: readonly StartupStage[]): StartupStage[] {
  return stages.reduce<StartupStage[]>(
    (sofar, { stage, at, connections }) => {
      const last = sofar.at(-1);
      const fromMs = Math.max(last?.toMs ?? 0, startedAt - from);
      return [...sofar, { name: stageNames[stage], fromMs, toMs: Math.max(fromMs, at - from), connections }];
    },
    [...before],
  );
}

function upText(upMs: number | null, stages: readonly StartupStage[]): string {
  const parts = stages.map(({ name, fromMs, toMs, connections }) => `${name}${connections === null || name === 'first event' ? '' : ` of ${formatCount(connections)}`} ${formatDuration(toMs - fromMs)}`);
  return [upMs === null ? 'not up yet' : `up in ${formatDuration(upMs)}`, ...(parts.length === 0 ? [] : [parts.join(', ')])].join(': ');
}

const missText = (misses: readonly number[]): string => (misses.length === 0 ? '' : `${formatCount(misses.length)} ${misses.length === 1 ? 'try' : 'tries'}; `);

function restText({ newest, state, reason }: ChainStep, used: string | undefined): string {
  const answered = newest?.ok === true && newest.durationMs !== null ? `health answered in ${formatDuration(newest.durationMs)}; ` : '';
  if (state === 'refused') return `not tried: ${clauseOf(reason)}`;
  return `${answered}not connected${used === undefined ? '' : `, because ${used} is up`}`;
}

/** `from 08:58:02`; `standby` for one that was not started. */
export const startText = ({ from }: StartupRow): string => (from === null ? 'standby' : `from ${localTime.time(from)}`);

const steps = [100, 200, 500, 1000, 2000, 5000, 10_000, 20_000, 30_000, 60_000, 120_000, 300_000, 600_000];

/** The axis: up to a little behind the limit, or behind the last thing that happened; ticks on round figures. */
export function startupAxis(rows: readonly StartupRow[], mostTicks: number): { readonly endMs: number; readonly ticks: readonly number[] } {
  const endMs = Math.max(1000, ...rows.flatMap(({ limitMs, misses, stages }) => [limitMs * 1.15, ...misses.map((at) => at * 1.03), ...stages.map(({ toMs }) => toMs * 1.03)]));
  const step = steps.find((each) => endMs / each <= mostTicks) ?? endMs;
  return { endMs, ticks: Array.from({ length: Math.floor(endMs / step) + 1 }, (_, index) => index * step) };
}
