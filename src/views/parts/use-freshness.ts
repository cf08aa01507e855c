import type { EnvironmentSnapshot, StateWord } from '#monitor/snapshot.ts';
import { freshnessOf, shownState, type Freshness } from './state.ts';
import { useClock } from './use-clock.ts';
import { useFrozenAt, useMonitorStore } from './use-monitor.ts';

/** How fresh an environment's data are right now, and the state that follows. A frozen view does not grow old: it says that it is frozen. */
export function useFreshness(environment: EnvironmentSnapshot): { readonly state: StateWord; readonly freshness: Freshness } {
  const store = useMonitorStore();
  const frozen = useFrozenAt() !== undefined;
  const now = useClock(250);
  const snapshotAt = store.shown()?.at ?? now;
  const freshness = freshnessOf(environment, snapshotAt, frozen ? snapshotAt : now);
  return { state: shownState(environment.state, freshness), freshness };
}
