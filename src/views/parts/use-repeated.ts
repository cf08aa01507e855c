import { useEffect } from 'react';

/**
 * Asks, and asks again `pauseMs` after each answer until it is stopped; once where `pauseMs` is null. A hidden page does not
 * ask: nobody looks at it. A question that fails is put again: a monitor that has gone is told by the age of its data.
 * @returns stops it; an answer that is under way is then dropped
 */
export function repeat<T>(ask: () => Promise<T>, taken: (answer: T) => void, pauseMs: number | null): () => void {
  const stopping = new AbortController();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const again = (): void => {
    if (pauseMs !== null && !stopping.signal.aborted) timer = setTimeout(run, pauseMs);
  };
  const run = (): void => {
    if (document.hidden) {
      document.addEventListener('visibilitychange', run, { once: true, signal: stopping.signal });
      return;
    }
    ask().then((answer) => {
      if (stopping.signal.aborted) return;
      taken(answer);
      again();
    }, again);
  };
  run();
  return () => {
    stopping.abort();
    clearTimeout(timer);
  };
}

/** `repeat` for as long as a component is shown; begins anew when one of the three changes, so `ask` and `taken` have to keep their identity. */
export function useRepeated<T>(ask: () => Promise<T>, taken: (answer: T) => void, pauseMs: number | null): void {
  useEffect(() => repeat(ask, taken, pauseMs), [ask, taken, pauseMs]);
}
