import { useEffect, useState } from 'react';
import type { EnvironmentSnapshot } from '#monitor/snapshot.ts';
import { stateWords } from './parts/state.ts';

/** Tells a screen reader of changes of state: politely, a breach at once. Counts are not told. */
export function Announcer({ environments }: { readonly environments: readonly EnvironmentSnapshot[] }) {
  const [known, setKnown] = useState<ReadonlyMap<string, string>>(new Map());
  const [said, setSaid] = useState({ polite: '', urgent: '' });
  useEffect(() => {
    const changed = environments.filter(({ id, state, phase }) => phase !== 'idle' && known.has(id) && known.get(id) !== state);
    if (environments.every(({ id, state }) => known.get(id) === state)) return;
    setKnown(new Map(environments.map(({ id, state }) => [id, state])));
    if (changed.length === 0) return;
    const words = (those: readonly EnvironmentSnapshot[]): string => those.map(({ name, state, sentence }) => `${name} is ${stateWords[state].toLowerCase()}. ${sentence}`).join(' ');
    setSaid({ polite: words(changed.filter(({ state }) => state !== 'breached')), urgent: words(changed.filter(({ state }) => state === 'breached')) });
  }, [environments, known]);
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
