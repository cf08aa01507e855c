import { epochMs } from '#base/units.ts';
import type { Snapshot } from '#monitor/snapshot.ts';
import type { MonitorStore } from './monitor-store.ts';

/** Snapshots come four times a second: from one to the next the time of a capture is carried on by no more than this. */
const carriedMs = 300;

/**
 * The page's store as a capture that is open has it: its time is the capture's, standing or played, so that everything that tells an
 * age or draws up to now does it as of then. Standing still is pausing: nothing is missed by it.
 * @param id of a capture in `Snapshot.opened`
 */
export function openedStore(store: MonitorStore, id: string): MonitorStore {
  let last: { readonly of: Snapshot; readonly shown: Snapshot } | undefined;
  const opened = () => store.newest()?.opened.find((each) => each.id === id)?.opened ?? null;
  const newest = (): Snapshot | undefined => {
    const snapshot = store.newest();
    if (snapshot === undefined) return undefined;
    if (last?.of !== snapshot) last = { of: snapshot, shown: { ...snapshot, at: opened()?.at ?? snapshot.at } };
    return last.shown;
  };
  const rate = (): number => opened()?.speed ?? 0;
  const now = () => {
    const capture = opened();
    if (capture === null) return store.now();
    const sinceMs = Math.min(carriedMs, Math.max(0, store.now() - (store.newest()?.at ?? 0)));
    return epochMs(Math.min(capture.to, capture.at + sinceMs * rate()));
  };
  return {
    client: store.client,
    subscribe: store.subscribe,
    shown: newest,
    newest,
    frozenAt: () => undefined,
    freeze: () => {
      // A monitor that has gone answers nothing more, which the age of the data says.
      store.client.ask('play', { environmentId: id, speed: null }).catch(() => undefined);
    },
    resume: () => undefined,
    now,
    shownNow: now,
    rate,
  };
}
