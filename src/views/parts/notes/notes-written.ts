import { useSyncExternalStore } from 'react';

const listeners = new Set<() => void>();
let written = 0;

/** A note was written on this page: who shows notes asks for them again, also where the view stands still. */
export function noteWritten(): void {
  written += 1;
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => {
    listeners.delete(listener);
  };
}

/** How many notes were written since the page was loaded. */
export const useNotesWritten = (): number => useSyncExternalStore(subscribe, () => written);
