import { replaceEqualDeep } from '@tanstack/react-query';
import { epochMs, type EpochMs } from '#base/units.ts';
import type { MonitorClient } from '#monitor/messages.ts';
import type { Snapshot } from '#monitor/snapshot.ts';

/** What the views ask of the monitor. */
export type ViewClient = Pick<MonitorClient, 'subscribe' | 'watch' | 'unwatch' | 'health' | 'timeline' | 'timelineLine' | 'run' | 'rejected' | 'experiment' | 'frames' | 'combinations' | 'trial' | 'cancelTrials' | 'check' | 'ask' | 'captures'>;

/** Live data on the page: the newest snapshot, the one that is shown, and the freeze between the two. */
export interface MonitorStore {
  readonly client: ViewClient;
  /** Called when the shown or the newest snapshot, or the freeze, changed. */
  readonly subscribe: (listener: () => void) => () => void;
  /** What the view shows; stands still while frozen. Parts that did not change keep their identity. */
  readonly shown: () => Snapshot | undefined;
  /** What the monitor said last, frozen or not. */
  readonly newest: () => Snapshot | undefined;
  /** Since when the view stands still, on the monitor's clock. */
  readonly frozenAt: () => EpochMs | undefined;
  readonly freeze: () => void;
  readonly resume: () => void;
  /** The monitor's clock now; goes on between snapshots, and when none come any more. */
  readonly now: () => EpochMs;
  /** The time that the view shows: `now`, or the moment of the freeze. */
  readonly shownNow: () => EpochMs;
  /** Times as fast as this machine's clock its own goes: 1, of a capture its speed, and 0 while that stands. */
  readonly rate: () => number;
}

/** A step of the monitor's clock larger than this is taken over at once instead of being smoothed. */
const largeStepMs = 1000;

/** @param pageClock a monotonic clock, in milliseconds */
export function createMonitorStore(client: ViewClient, pageClock: () => number = () => performance.now()): MonitorStore {
  const listeners = new Set<() => void>();
  let newest: Snapshot | undefined;
  let shown: Snapshot | undefined;
  let frozenAt: EpochMs | undefined;
  let offset: number | undefined;

  const now = (): EpochMs => epochMs(pageClock() + (offset ?? 0));
  const notify = (): void => {
    for (const listener of listeners) listener();
  };
  const take = (snapshot: Snapshot): void => {
    // The snapshot that travelled fastest gives the best offset; later ones only say by how much they were delayed.
    const measured = snapshot.at - pageClock();
    if (offset === undefined || measured > offset || measured < offset - largeStepMs) offset = measured;
    newest = replaceEqualDeep(newest, snapshot);
    if (frozenAt === undefined) shown = newest;
    notify();
  };

  let unsubscribe: (() => void) | undefined;
  return {
    client,
    subscribe: (listener) => {
      listeners.add(listener);
      unsubscribe ??= client.subscribe(take);
      return () => {
        listeners.delete(listener);
        if (listeners.size > 0) return;
        unsubscribe?.();
        unsubscribe = undefined;
      };
    },
    shown: () => shown,
    newest: () => newest,
    frozenAt: () => frozenAt,
    freeze: () => {
      if (frozenAt !== undefined || shown === undefined) return;
      frozenAt = now();
      notify();
    },
    resume: () => {
      if (frozenAt === undefined) return;
      frozenAt = undefined;
      shown = newest;
      notify();
    },
    now,
    shownNow: () => frozenAt ?? now(),
    rate: () => 1,
  };
}
