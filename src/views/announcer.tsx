import { useState } from 'react';
import type { EnvironmentSnapshot, StateWord as StateName } from '#monitor/snapshot.ts';
import { stateWords } from './parts/state.ts';
import { useNewestEnvironments } from './parts/use-monitor.ts';

/** Tells a screen reader of changes of state, also while the view is frozen: politely, a breach at once. Counts are not told. */
export function Announcer() {
  const environments = useNewestEnvironments() ?? [];
  const [known, setKnown] = useState(() => statesOf(environments));
  const [said, setSaid] = useState({ polite: '', urgent: '' });
  if (environments.some(({ id, state }) => known.get(id) !== state)) {
    const changed = environments.filter(({ id, state, phase }) => phase !== 'idle' && known.get(id) !== state);
    setKnown(statesOf(environments));
    setSaid({ polite: wordsOf(changed.filter(({ state }) => state !== 'breached')), urgent: wordsOf(changed.filter(({ state }) => state === 'breached')) });
  }
  return (
    <>
      <div className="visually-hidden" aria-live="polite">
        {said.polite}
      </div>
      <div className="visually-hidden" aria-live="assertive">
        {said.urgent}
      </div>
    </>
  );
}

const statesOf = (environments: readonly EnvironmentSnapshot[]): ReadonlyMap<string, StateName> => new Map(environments.map(({ id, state }) => [id, state]));

const wordsOf = (environments: readonly EnvironmentSnapshot[]): string => environments.map(({ name, state, sentence }) => `${name} is ${stateWords[state].toLowerCase()}. ${sentence}`).join(' ');
