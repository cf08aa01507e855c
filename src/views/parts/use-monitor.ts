import { createContext, startTransition, use, useEffect, useLayoutEffect, useReducer, useRef, useSyncExternalStore } from 'react';
import { invariant } from '#base/assert.ts';
import type { EpochMs } from '#base/units.ts';
import type { EnvironmentSnapshot, Snapshot } from '#monitor/snapshot.ts';
import type { MonitorStore } from './monitor-store.ts';

export const MonitorContext = createContext<MonitorStore | undefined>(undefined);

export function useMonitorStore(): MonitorStore {
  const store = use(MonitorContext);
  invariant(store !== undefined, 'a view stands inside MonitorContext');
  return store;
}

/**
 * What `read` gives, rendered anew when that has changed. A snapshot touches half the page: React takes it in slices, in which
 * the page still draws and answers (`useSyncExternalStore` would render all of it in one task).
 */
function useReading<T>(read: () => T): T {
  const store = useMonitorStore();
  const value = read();
  const last = useRef({ read, value });
  useLayoutEffect(() => {
    last.current = { read, value };
  });
  const [, again] = useReducer((count: number) => count + 1, 0);
  useEffect(() => {
    const look = (): void => {
      if (!Object.is(last.current.read(), last.current.value)) startTransition(again);
    };
    look();
    return store.subscribe(look);
  }, [store]);
  return value;
}

/**
 * A part of the shown snapshot. The component renders again only when this part changes, so `select` has to pick
 * something that is there, and not to make something new.
 */
export function useSnapshot<T>(select: (snapshot: Snapshot) => T): T | undefined {
  const store = useMonitorStore();
  return useReading(() => {
    const snapshot = store.shown();
    return snapshot === undefined ? undefined : select(snapshot);
  });
}

/** An environment of the file, or a capture that is open. */
function environmentOf(snapshot: Snapshot | undefined, id: string): EnvironmentSnapshot | undefined {
  const isIt = (each: EnvironmentSnapshot): boolean => each.id === id;
  return snapshot?.environments.find(isIt) ?? snapshot?.opened.find(isIt);
}

/** A part of one environment, or of a capture, in the shown snapshot; `undefined` where there is no such environment (yet). */
export function useEnvironment<T>(id: string, select: (environment: EnvironmentSnapshot) => T): T | undefined {
  return useSnapshot((snapshot) => {
    const environment = environmentOf(snapshot, id);
    return environment === undefined ? undefined : select(environment);
  });
}

/** The same of the newest snapshot, which goes on while the view is frozen. */
export function useNewestEnvironment<T>(id: string, select: (environment: EnvironmentSnapshot) => T): T | undefined {
  const store = useMonitorStore();
  return useReading(() => {
    const environment = environmentOf(store.newest(), id);
    return environment === undefined ? undefined : select(environment);
  });
}

/** All environments as the monitor knows them now, frozen or not. */
export function useNewestEnvironments(): readonly EnvironmentSnapshot[] | undefined {
  const store = useMonitorStore();
  return useReading(() => store.newest()?.environments);
}

/** The captures that are open now. */
export function useNewestOpened(): readonly EnvironmentSnapshot[] | undefined {
  const store = useMonitorStore();
  return useReading(() => store.newest()?.opened);
}

export function useFrozenAt(): EpochMs | undefined {
  const store = useMonitorStore();
  return useSyncExternalStore(store.subscribe, store.frozenAt);
}
