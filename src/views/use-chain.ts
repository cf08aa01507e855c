import { useCallback, useEffect, useMemo, useReducer, useRef } from 'react';
import type { Chain } from '#environment/chain.ts';
import type { advanceFallback, FallbackFact } from '#monitor/fallback.ts';
import type { Snapshot } from '#monitor/snapshot.ts';
import { useMonitorStore } from './parts/use-monitor.ts';
import type { Values, Watch } from './use-watch.ts';

export interface ChainControls {
  /** Undefined where the chosen environment names no fallback. */
  readonly chain: Chain | undefined;
  /** Prefers an environment: begins its chain, or tries it anew. False where it has none, and is to be watched by itself. */
  readonly prefer: (environmentId: string) => boolean;
  /** Takes a step that was offered, or that waits for a word or a value. */
  readonly take: (environmentId: string) => void;
  /** Tries everything anew, from the preferred one on. */
  readonly again: () => void;
  /** Ends the chain, and what it watches. */
  readonly stop: () => void;
  /** What was entered for an environment; in memory for as long as the chain is. */
  readonly valuesOf: (environmentId: string) => Values | undefined;
}

/** A chain, and what walks it: few pages have one, so it is loaded with the first. */
interface Walk {
  readonly chain: Chain;
  readonly advance: typeof advanceFallback;
}

type Action = FallbackFact | { readonly kind: 'begin'; readonly walk: Walk | undefined };

function reduce(walk: Walk | undefined, action: Action): Walk | undefined {
  if (action.kind === 'begin') return action.walk;
  if (walk === undefined) return undefined;
  const chain = walk.advance(walk.chain, action);
  return chain === walk.chain ? walk : { ...walk, chain };
}

/** Walks the fallback chain of the chosen environment: tells it what the snapshots say, and watches what it wishes for. */
export function useChain(ask: Watch['ask']): ChainControls {
  const store = useMonitorStore();
  const [walk, tell] = useReducer(reduce, undefined);
  const chain = walk?.chain;
  const values = useRef(new Map<string, Values>());
  /** What the chain has connected to. */
  const watched = useRef<string | null>(null);
  /** Which environment was preferred last: its chain may still be loading. */
  const wanted = useRef<string>(undefined);
  const walking = chain !== undefined;
  const wish = chain?.wish ?? null;

  useEffect(() => {
    if (!walking) return undefined;
    let last: Snapshot | undefined;
    // The chain goes on while the view stands still; a freeze alone is no news.
    const look = (): void => {
      const snapshot = store.newest();
      if (snapshot === undefined || snapshot === last) return;
      last = snapshot;
      tell({ kind: 'snapshot', snapshot });
    };
    return store.subscribe(look);
  }, [store, walking]);

  useEffect(() => {
    const before = watched.current;
    if (before === wish) return;
    watched.current = wish;
    // What cannot be let go has ended already.
    if (before !== null) store.client.unwatch(before).catch(() => {});
    if (wish === null) return;
    const begun = (problem: string | null): void => tell({ kind: 'watched', at: store.now(), id: wish, problem });
    store.client.watch(wish, values.current.get(wish)).then(
      (problem) => begun(problem?.message ?? null),
      (error: unknown) => begun(error instanceof Error ? error.message : 'the monitor gave no reason'),
    );
  }, [store, wish]);

  const askThenTake = useCallback(
    (id: string, declined?: () => void) => {
      const names = store.newest()?.environments.find((each) => each.id === id)?.needs ?? [];
      const turn = (): void => tell({ kind: 'use', at: store.now(), id });
      if (names.length === 0 || values.current.has(id)) turn();
      else {
        const given = (entered: Values): void => {
          values.current.set(id, entered);
          turn();
        };
        ask({ environmentId: id, names, given, ...(declined !== undefined && { declined }) });
      }
    },
    [store, ask],
  );

  // The preferred one was chosen by hand, so what it needs is asked for at once.
  const waiting = chain?.steps.find(({ id, state }) => id === chain.current && state === 'needs-consent')?.id;
  useEffect(() => {
    if (waiting !== undefined) askThenTake(waiting, () => tell({ kind: 'declined', at: store.now(), id: waiting }));
  }, [store, waiting, askThenTake]);

  /** A sign-in that was refused is tried with other values. */
  const forgetRefused = useCallback(() => {
    for (const { id, locked } of chain?.steps ?? []) if (locked) values.current.delete(id);
  }, [chain]);
  const again = useCallback(() => {
    forgetRefused();
    tell({ kind: 'again', at: store.now() });
  }, [store, forgetRefused]);
  const preferred = chain?.links[0]?.id;
  const prefer = useCallback(
    (id: string) => {
      if (id === preferred) {
        again();
        return true;
      }
      // What another chain watches goes on being watched, as everything does that was chosen once.
      watched.current = null;
      values.current.clear();
      wanted.current = id;
      tell({ kind: 'begin', walk: undefined });
      const hasFallback = store.newest()?.environments.some((environment) => environment.id === id && environment.fallback.length > 0) === true;
      if (hasFallback) {
        void import('#monitor/fallback.ts').then(({ advanceFallback: advance, beginFallback }) => {
          const begun = wanted.current === id ? beginFallback(store.newest()?.environments ?? [], id, store.now()) : undefined;
          if (begun !== undefined) tell({ kind: 'begin', walk: { chain: begun, advance } });
        });
      }
      return hasFallback;
    },
    [store, preferred, again],
  );
  const take = useCallback(
    (id: string) => {
      forgetRefused();
      askThenTake(id);
    },
    [forgetRefused, askThenTake],
  );
  const stop = useCallback(() => {
    values.current.clear();
    wanted.current = undefined;
    tell({ kind: 'begin', walk: undefined });
  }, []);
  const valuesOf = useCallback((id: string) => values.current.get(id), []);
  return useMemo(() => ({ chain, prefer, take, again, stop, valuesOf }), [chain, prefer, take, again, stop, valuesOf]);
}
