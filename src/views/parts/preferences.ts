import { useSyncExternalStore } from 'react';

/** What a reader has chosen on this machine. */
interface Preferences {
  readonly theme: 'dark' | 'light';
  /** `off`: keys of a single letter do nothing. */
  readonly letterKeys: 'on' | 'off';
}
type PreferenceName = keyof Preferences;

const allowed: { readonly [Name in PreferenceName]: readonly Preferences[Name][] } = {
  theme: ['dark', 'light'],
  letterKeys: ['on', 'off'],
};
const listeners = new Set<() => void>();
/** Holds a choice for this visit where the browser's storage is closed or full. */
const memory = new Map<PreferenceName, string>();

/** The stored choice, or `undefined`; storage that is switched off, full or holds something else is as good as empty. */
function readPreference<Name extends PreferenceName>(name: Name): Preferences[Name] | undefined {
  let stored: string | null | undefined = memory.get(name);
  try {
    stored ??= window.localStorage.getItem(`runwatch.${name}`);
  } catch {
    // No storage here: the choice lasts as long as the page.
  }
  return allowed[name].find((value) => value === stored);
}

export function writePreference<Name extends PreferenceName>(name: Name, value: Preferences[Name]): void {
  memory.set(name, value);
  try {
    window.localStorage.setItem(`runwatch.${name}`, value);
  } catch {
    // Kept in memory above.
  }
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => {
    listeners.delete(listener);
  };
}

export const usePreference = <Name extends PreferenceName>(name: Name): Preferences[Name] | undefined =>
  useSyncExternalStore(subscribe, () => readPreference(name));
