import { useSyncExternalStore } from 'react';

/** What a reader has chosen on this machine. */
interface Preferences {
  readonly theme: 'dark' | 'light';
  /** `off`: keys of a single letter do nothing. */
  readonly letterKeys: 'on' | 'off';
  /** Latencies by the corrected clock, or the raw difference of the two. */
  readonly clock: 'corrected' | 'raw';
  /** The name that stands under this reader's notes. */
  readonly author: string;
}
type PreferenceName = keyof Preferences;

const longestText = 100;
const oneOf =
  <Value extends string>(...values: readonly Value[]) =>
  (stored: string): Value | undefined =>
    values.find((value) => value === stored);

const read: { readonly [Name in PreferenceName]: (stored: string) => Preferences[Name] | undefined } = {
  theme: oneOf('dark', 'light'),
  letterKeys: oneOf('on', 'off'),
  clock: oneOf('corrected', 'raw'),
  author: (stored) => stored.slice(0, longestText) || undefined,
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
  return stored === null || stored === undefined ? undefined : read[name](stored);
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
