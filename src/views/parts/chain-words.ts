import type { Chain } from '#environment/chain.ts';
import type { ChainStep, StepState } from '#environment/chain-step.ts';
import type { StateWord } from '#monitor/snapshot.ts';

/** How a step of the fallback chain stands, in words and in the shape of a state. */
export function wordsOf({ state, triedAt, locked }: ChainStep): { readonly word: string; readonly shape: StateWord } {
  const words = stepWords[state];
  return state === 'refused' && (triedAt === null || locked) ? { ...words, word: locked ? 'Refused' : 'Not tried' } : words;
}

const stepWords: Readonly<Record<StepState, { readonly word: string; readonly shape: StateWord }>> = {
  trying: { word: 'Being tried', shape: 'unproven' },
  'in-use': { word: 'Healthy, in use', shape: 'ok' },
  refused: { word: 'Not healthy', shape: 'breached' },
  standby: { word: 'Standby', shape: 'no-data' },
  offered: { word: 'Healthy again', shape: 'ok' },
  'needs-consent': { word: 'Waits for you', shape: 'at-risk' },
};

/** A reason inside a sentence: without the full stop that it may bring along. */
export const clauseOf = (reason: string | null): string => (reason ?? 'no reason is known').replace(/\.$/, '');

/** What the page says of its chain; undefined while the preferred environment is there, or has only just been asked. */
export function chainSentence(chain: Chain, nameOf: (id: string) => string): string | undefined {
  const [preferred] = chain.steps;
  const current = chain.steps.find(({ id }) => id === chain.current);
  if (preferred === undefined || chain.inUse === preferred.id) return undefined;
  const first = nameOf(preferred.id);
  if (chain.inUse !== null) return `${nameOf(chain.inUse)} is shown${becauseOf(preferred, first)}.`;
  if (current === undefined) return `No environment of this chain is healthy${chain.kept === null ? '' : `; ${nameOf(chain.kept)} is still shown`}. ${first}: ${clauseOf(preferred.reason)}.`;
  const name = nameOf(current.id);
  switch (current.state) {
    case 'trying': {
      const meanwhile = chain.kept === null ? '' : `; ${nameOf(chain.kept)} is shown until it is there`;
      if (current.id !== preferred.id) return `${preferred.state === 'refused' ? `${first} is not healthy: ${clauseOf(preferred.reason)}. ` : ''}${name} is being tried${meanwhile}.`;
      const failed = current.tries.findLast(({ ok }) => !ok);
      if (failed !== undefined && current.healthyAt === null) return `${first} is not healthy yet: ${clauseOf(failed.reason)}. It is asked again${meanwhile}.`;
      return chain.kept === null ? undefined : `${first} is being tried${meanwhile}.`;
    }
    case 'refused':
      return `${name} is not healthy: ${clauseOf(current.reason)}. Production is not left without you.`;
    case 'needs-consent':
      return `${name} waits: ${clauseOf(current.reason)}.`;
    default:
      return undefined;
  }
}

function becauseOf({ state, reason }: ChainStep, name: string): string {
  if (state === 'refused') return `, because ${name} is not healthy: ${clauseOf(reason)}`;
  if (state === 'offered') return `, because ${name} was not healthy; it is again`;
  return `, as it was chosen instead of ${name}`;
}
