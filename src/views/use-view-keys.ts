import { useEffect, useRef } from 'react';
import { usePreference } from './parts/preferences.ts';
import { navigate } from './parts/url-state.ts';
import { views } from './rail.tsx';

/** So long after `g` the letter of a view is waited for. */
const waitMs = 1500;
const takesText = 'input, textarea, select, [contenteditable="true"]';

/**
 * `g` and then the first letter of a view leads to it. Heard before all other keys, as most letters mean something by themselves.
 */
export function useViewKeys(): void {
  const letters = usePreference('letterKeys') !== 'off';
  const waitingUntil = useRef(0);
  useEffect(() => {
    if (!letters) return undefined;
    const onKey = (event: KeyboardEvent): void => {
      if (event.ctrlKey || event.altKey || event.metaKey || (event.target instanceof Element && event.target.matches(takesText))) return;
      if (document.querySelector('dialog[open]') !== null) return;
      const isSecond = performance.now() < waitingUntil.current;
      waitingUntil.current = !isSecond && event.key === 'g' ? performance.now() + waitMs : 0;
      const view = isSecond ? views.find(({ id }) => id.startsWith(event.key)) : undefined;
      if (view === undefined) return;
      event.preventDefault();
      event.stopPropagation();
      navigate({ view: view.id });
    };
    document.addEventListener('keydown', onKey, { capture: true });
    return () => document.removeEventListener('keydown', onKey, { capture: true });
  }, [letters]);
}
