import { useCallback, useEffect, useRef, useState } from 'react';

/**
 * `value`, held as it was when the pointer or the focus came to an element until both have left it: nothing moves under the pointer.
 * @returns the element's ref, and the value to show
 */
export function useHeld<T>(value: T): readonly [(element: HTMLElement | null) => (() => void) | undefined, T] {
  const [held, setHeld] = useState<{ readonly value: T }>();
  const latest = useRef(value);
  useEffect(() => {
    latest.current = value;
  }, [value]);
  const attach = useCallback((element: HTMLElement | null) => {
    if (element === null) return undefined;
    const hold = (): void => setHeld((before) => before ?? { value: latest.current });
    const release = (): void => {
      if (!element.matches(':hover, :focus-within')) setHeld(undefined);
    };
    const listening = new AbortController();
    for (const kind of ['pointerenter', 'focusin']) element.addEventListener(kind, hold, { signal: listening.signal });
    // At this moment the element that loses the focus still has it.
    for (const kind of ['pointerleave', 'focusout']) element.addEventListener(kind, () => setTimeout(release), { signal: listening.signal });
    return () => listening.abort();
  }, []);
  return [attach, held === undefined ? value : held.value];
}
