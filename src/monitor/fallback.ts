import type { EpochMs } from '#base/units.ts';
import { advanceChain, beginChain, type Chain, type ChainFact, type SeenEnvironment } from '#environment/chain.ts';
import type { EnvironmentSnapshot, Snapshot } from './snapshot.ts';

/** What can happen to a chain: the monitor says how the environments stand, or somebody says what to do. */
export type FallbackFact = { readonly kind: 'snapshot'; readonly snapshot: Snapshot } | Exclude<ChainFact, { readonly kind: 'seen' }>;

/** The chain of an environment that names a fallback; undefined where there is no such environment, or it names none. */
export function beginFallback(environments: readonly EnvironmentSnapshot[], preferred: string, at: EpochMs): Chain | undefined {
  const known = new Map(environments.map((environment) => [environment.id, environment]));
  const fallback = known.get(preferred)?.fallback ?? [];
  if (fallback.length === 0) return undefined;
  const links = [...new Set([preferred, ...fallback])].flatMap((id) => known.get(id) ?? []);
  return beginChain(links, at);
}

/** The chain after one more fact. What it sees of its environments is what their snapshots say. */
export function advanceFallback(chain: Chain, fact: FallbackFact): Chain {
  if (fact.kind !== 'snapshot') return advanceChain(chain, fact);
  const { at, environments } = fact.snapshot;
  return advanceChain(chain, { kind: 'seen', at, environments: environments.map(seen) });
}

const seen = ({ id, health, phase, open, problem, diagnosis }: EnvironmentSnapshot): SeenEnvironment => ({ id, health: health?.newest ?? null, phase, open, problem, diagnosis });
