import { durationMs, later, type EpochMs } from '#base/units.ts';
import { freshStep, type ChainDiagnosis, type ChainLink, type ChainStep, type ChainTry } from './chain-step.ts';

/**
 * Which environment is watched while the preferred one is not healthy: a pure fold over what was seen and said.
 * The preferred one is tried first, then each of its `fallback` in order; the first that is healthy and connected is used, and
 * stays so until it fails. Nobody is led back, or away from production, without having said so.
 */
export interface Chain {
  /** The preferred environment, then its fallbacks in their order. */
  readonly links: readonly ChainLink[];
  readonly steps: readonly ChainStep[];
  /** The step that is being tried, in use, or held; null while none can be. */
  readonly current: string | null;
  /** Healthy and connected. */
  readonly inUse: string | null;
  /** Watched on while another one is being tried in its place. */
  readonly kept: string | null;
  /** The environment that should be watched now, and no other one of the chain. */
  readonly wish: string | null;
}

/** What a chain sees of an environment. */
export interface SeenEnvironment {
  readonly id: string;
  /** Its newest answer to the question how it is. */
  readonly health: ChainTry | null;
  readonly phase: 'idle' | 'starting' | 'watching' | 'failed';
  /** Open connections. */
  readonly open: number;
  readonly problem: { readonly reason: string; readonly message: string } | null;
  readonly diagnosis: ChainDiagnosis | null;
}

export type ChainFact =
  /** How the environments stand; also the only way in which a chain learns that time has passed. */
  | { readonly kind: 'seen'; readonly at: EpochMs; readonly environments: readonly SeenEnvironment[] }
  /** The watch that was wished for has begun; or could not, and why. */
  | { readonly kind: 'watched'; readonly at: EpochMs; readonly id: string; readonly problem: string | null }
  /** Somebody wants this one, and has entered the values that it needs. */
  | { readonly kind: 'use'; readonly at: EpochMs; readonly id: string }
  /** Somebody wants everything tried anew, from the preferred one on. */
  | { readonly kind: 'again'; readonly at: EpochMs }
  /** Nobody will enter the values that the current one needs. */
  | { readonly kind: 'declined'; readonly at: EpochMs; readonly id: string };

/** How long the preferred environment has to be healthy before it is offered again. */
export const offerAfterMs = 60_000;
/** A step that was refused although its health is good may be tried anew after this, where nothing better is left. */
export const restMs = 30_000;
/** Pause after the first answer that is not good; each further one doubles it. */
const firstPauseMs = 1000;

const keptTries = 100;
/** Refusals that no further try can mend. */
const lasting: ReadonlySet<string> = new Set(['auth-refused', 'unusable']);

/** A chain at its start: `links[0]` is the preferred environment. */
export function beginChain(links: readonly ChainLink[], at: EpochMs): Chain {
  const steps = links.map((link) => freshStep(link, at));
  return settled(fromTheFirst({ links, steps, current: null, inUse: null, kept: null, wish: null }, at), at);
}

/** The chain after one more fact; the same object where that changes nothing. */
export function advanceChain(chain: Chain, fact: ChainFact): Chain {
  return settled(taken(chain, fact), fact.at);
}

function taken(chain: Chain, fact: ChainFact): Chain {
  const { at } = fact;
  switch (fact.kind) {
    case 'seen': {
      const heard = fact.environments.reduce((sofar, { id, health }) => (health === null ? sofar : hear(sofar, id, health)), chain);
      const seen = fact.environments.find(({ id }) => id === heard.current);
      const judged = seen === undefined ? heard : judge(explained(heard, seen), seen, at);
      return judged.current === null ? tryNext(judged, at) : judged;
    }
    case 'watched':
      // What is in use has begun: an answer that comes after that is of an older watch.
      if (fact.id !== chain.wish || fact.id !== chain.current || fact.id === chain.inUse) return chain;
      return fact.problem === null ? changed(chain, fact.id, { watched: true }) : leave(chain, fact.id, at, fact.problem, true);
    case 'use':
      return stepOf(chain, fact.id) === undefined || fact.id === chain.inUse ? chain : turnTo(chain, fact.id, at);
    case 'again': {
      // A sign-in that was refused is tried with other values, or not at all.
      const needs = (link: ChainLink): readonly string[] => stepOf(chain, link.id)?.locked === true ? link.needs : (stepOf(chain, link.id)?.needs ?? link.needs);
      const steps = chain.links.map((link) => freshStep({ ...link, needs: needs(link) }, at));
      return fromTheFirst({ ...chain, steps, kept: watchedOn(chain, chain.links[0]?.id) }, at);
    }
    case 'declined':
      return fact.id === chain.current && stepOf(chain, fact.id)?.state === 'needs-consent' ? leave(chain, fact.id, at, 'the values that it needs were not entered', false) : chain;
  }
}

const stepOf = (chain: Chain, id: string | null | undefined): ChainStep | undefined => chain.steps.find((step) => step.id === id);
const linkOf = (chain: Chain, id: string | null): ChainLink | undefined => chain.links.find((link) => link.id === id);
const needText = (names: readonly string[]): string => `it needs ${names.length === 1 ? 'a value' : 'values'} for ${names.join(', ')}`;
const seconds = (ms: number): string => `${Number((ms / 1000).toFixed(1))} s`;

/** The chain with one step changed; the same object where nothing is different. */
function changed(chain: Chain, id: string, change: Partial<ChainStep>): Chain {
  const index = chain.steps.findIndex((each) => each.id === id);
  const step = chain.steps[index];
  if (step === undefined || Object.entries(change).every(([name, value]) => Reflect.get(step, name) === value)) return chain;
  return { ...chain, steps: chain.steps.with(index, { ...step, ...change }) };
}

/** Takes an answer, which may have been taken before. */
function hear(chain: Chain, id: string, answer: ChainTry): Chain {
  const step = stepOf(chain, id);
  if (step === undefined || (step.newest !== null && answer.at <= step.newest.at)) return chain;
  const counts = step.state === 'trying' && step.healthyAt === null && step.triedAt !== null && answer.at >= step.triedAt;
  const tries = counts ? [...step.tries, answer].slice(-keptTries) : step.tries;
  return changed(chain, id, { newest: answer, healthySince: answer.ok ? (step.healthySince ?? answer.at) : null, tries });
}

/** Keeps what was found out of the current step: once it is let go, nothing more will be. */
function explained(chain: Chain, { id, diagnosis }: SeenEnvironment): Chain {
  const step = stepOf(chain, id);
  return step?.watched === true && (diagnosis !== null || step.state === 'in-use') ? changed(chain, id, { diagnosis }) : chain;
}

/** What is seen of the current step's environment, and what follows for the step. */
function judge(chain: Chain, seen: SeenEnvironment, at: EpochMs): Chain {
  const step = stepOf(chain, seen.id);
  const limit = linkOf(chain, seen.id)?.startupTimeoutMs ?? 0;
  const healthy = step !== undefined && step.healthySince !== null && seen.open > 0 && seen.phase !== 'failed';
  switch (step?.state) {
    case 'trying': {
      if (step.healthyAt === null) {
        const answer = step.tries.at(-1);
        if (answer?.ok === true) return { ...changed(chain, step.id, { healthyAt: at, watched: chain.kept === step.id }), kept: null };
        return answer !== undefined && answer.at - (step.triedAt ?? at) >= limit ? leave(chain, step.id, at, answer.reason ?? 'it is not healthy', false) : chain;
      }
      const refusal = step.watched ? refusalOf(seen) : undefined;
      if (refusal !== undefined) return leave(chain, step.id, at, refusal.message, lasting.has(refusal.reason));
      if (step.watched && healthy) return up(chain, step.id, at);
      return at - step.healthyAt >= limit ? leave(chain, step.id, at, `it is healthy, but no connection opened within ${seconds(limit)}`, false) : chain;
    }
    case 'in-use': {
      const refusal = seen.phase === 'failed' ? refusalOf(seen) : undefined;
      if (refusal !== undefined) return leave(chain, step.id, at, refusal.message, lasting.has(refusal.reason));
      // As long as it had to start, so long it has to come back.
      const failingSince = healthy ? null : (step.failingSince ?? at);
      if (failingSince === null || at - failingSince < limit) return changed(chain, step.id, { failingSince });
      return leave(chain, step.id, at, step.healthySince === null ? (step.newest?.reason ?? 'it is not healthy') : (seen.problem?.message ?? 'no connection is open'), false);
    }
    // Production that was not left: it goes on being watched, and comes back by itself.
    case 'refused':
      return step.watched && healthy ? up(chain, step.id, at) : chain;
    default:
      return chain;
  }
}

/** Why no connection can be had. A refused sign-in says so at once; the other problems may pass. */
function refusalOf({ phase, open, problem }: SeenEnvironment): { readonly reason: string; readonly message: string } | undefined {
  if (phase === 'failed') return problem ?? { reason: 'failed', message: 'every connection was given up' };
  return open === 0 && problem?.reason === 'auth-refused' ? problem : undefined;
}

const up = (chain: Chain, id: string, at: EpochMs): Chain => changed(chain, id, { state: 'in-use', since: at, upAt: at, reason: null, failingSince: null, locked: false });

/** The current step is not to be used: on to the next one, unless that would leave production. */
function leave(chain: Chain, id: string, at: EpochMs, reason: string, locked: boolean): Chain {
  const refused = changed({ ...chain, kept: chain.kept === id ? null : chain.kept }, id, { state: 'refused', since: at, reason, locked, failingSince: null });
  return linkOf(chain, id)?.kind === 'production' ? refused : tryNext({ ...refused, current: null }, at);
}

/** Tries the first step that can be; those before it which only want a value say so. */
function tryNext(chain: Chain, at: EpochMs): Chain {
  const found = chain.steps.findIndex((step) => mayBeTried(step, at));
  const passed = found === -1 ? chain.steps : chain.steps.slice(0, found);
  const told = passed.reduce((sofar, { id, state, needs }) => (state === 'standby' && needs.length > 0 ? changed(sofar, id, { state: 'refused', since: at, reason: needText(needs) }) : sofar), chain);
  const next = chain.steps[found];
  return next === undefined ? told : tryStep(told, next.id, at);
}

/** Without a word of anybody's. One that was refused has to have become healthy since, or to have rested. */
function mayBeTried({ state, locked, needs, healthySince, since }: ChainStep, at: EpochMs): boolean {
  if (locked || needs.length > 0) return false;
  return state !== 'refused' || (healthySince !== null && (healthySince > since || at - since >= restMs));
}

function tryStep(chain: Chain, id: string, at: EpochMs): Chain {
  const fresh = { state: 'trying', since: at, triedAt: at, tries: [], healthyAt: null, upAt: null, reason: null, diagnosis: null, watched: false, failingSince: null, offerAt: null, locked: false } as const;
  return { ...changed(chain, id, fresh), current: id };
}

/** Tries the preferred one, whose values may have to be entered first. */
function fromTheFirst(chain: Chain, at: EpochMs): Chain {
  const [preferred] = chain.steps;
  if (preferred === undefined) return chain;
  if (preferred.needs.length === 0) return tryStep(chain, preferred.id, at);
  return { ...changed(chain, preferred.id, { state: 'needs-consent', reason: needText(preferred.needs) }), current: preferred.id };
}

/** Somebody chose this step. */
function turnTo(chain: Chain, id: string, at: EpochMs): Chain {
  const before = stepOf(chain, chain.current);
  const left = before === undefined || before.id === id || before.state === 'refused' ? chain : changed(chain, before.id, { state: 'standby', since: at, reason: null });
  return tryStep({ ...changed(left, id, { needs: [] }), kept: watchedOn(chain, id) }, id, at);
}

/** What is watched now, and goes on being so until what was chosen in its place is healthy; nothing where nobody expects it to mend by itself. */
function watchedOn(chain: Chain, chosen: string | undefined): string | null {
  const watched = stepOf(chain, chain.current)?.state === 'trying' ? chain.kept : chain.wish;
  return watched === chosen || stepOf(chain, watched)?.locked === true ? null : watched;
}

/** What follows from where the chain is: who is in use, who should be watched, who is offered, and who is asked how it is. */
function settled(chain: Chain, at: EpochMs): Chain {
  const current = stepOf(chain, chain.current);
  const held = current?.state === 'refused';
  const candidate = held ? chain.steps.find((step) => step.id !== current.id && step.state !== 'refused') : undefined;
  const next = chain.links.reduce((sofar, link, index) => {
    const step = stepOf(sofar, link.id);
    if (step === undefined) return sofar;
    const stands = step.id === chain.current ? sofar : changed(sofar, step.id, standing(step, index === 0, step.id === candidate?.id, at));
    return changed(stands, step.id, { askEveryMs: pauseOf(stepOf(stands, step.id) ?? step, link, index === 0, chain.current) });
  }, chain);
  const inUse = current?.state === 'in-use' ? current.id : null;
  // Values that nobody entered stand in the way of watching also what is held.
  const watchable = current !== undefined && (inUse !== null || (current.state === 'trying' && current.healthyAt !== null) || (held && current.needs.length === 0));
  const wish = watchable ? current.id : chain.kept;
  return next.inUse === inUse && next.wish === wish ? next : { ...next, inUse, wish };
}

/** How a step stands that the chain is not with. */
function standing({ state, newest, healthySince, locked, needs }: ChainStep, preferred: boolean, candidate: boolean, at: EpochMs): Partial<ChainStep> {
  if (candidate) return state === 'needs-consent' ? {} : { state: 'needs-consent', since: at, reason: needs.length > 0 ? needText(needs) : null };
  if (state === 'needs-consent') return { state: 'standby', since: at, reason: null };
  if (!preferred) return {};
  if (state === 'offered' && healthySince === null) return { state: 'refused', since: at, reason: newest?.reason ?? null, offerAt: null };
  const offerAt = healthySince === null || locked ? null : later(healthySince, durationMs(offerAfterMs));
  return offerAt !== null && newest !== null && newest.at >= offerAt && state !== 'offered' ? { state: 'offered', since: at, offerAt } : { offerAt };
}

/** From an answer to the next question; null where nobody needs to know. The last question of a try comes just at its limit. */
function pauseOf(step: ChainStep, link: ChainLink, preferred: boolean, current: string | null): number | null {
  if (step.state === 'trying' && step.healthyAt === null) {
    const last = step.tries.at(-1);
    if (last === undefined || step.triedAt === null) return firstPauseMs;
    return Math.max(1, Math.min(firstPauseMs * 2 ** (step.tries.length - 1), step.triedAt + link.startupTimeoutMs - last.at));
  }
  const isNeeded = step.id === current || step.state === 'needs-consent' || ((preferred || current === null) && !step.locked);
  return isNeeded ? link.healthIntervalMs : null;
}
