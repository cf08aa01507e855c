import { describe, expect, test, vi } from 'vitest';
import { epochMs } from '#base/units.ts';
import type { Snapshot } from '#monitor/snapshot.ts';
import { createMonitorStore, type ViewClient } from '#views/parts/monitor-store.ts';

function world() {
  let page = 1000;
  const listeners = new Set<(snapshot: Snapshot) => void>();
  const client: ViewClient = {
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    ask: () => Promise.reject(new Error('Nobody asks.')),
    captures: () => Promise.reject(new Error('Nobody asks.')),
    watch: async () => undefined,
    unwatch: async () => undefined,
    health: async () => undefined,
    timeline: async () => undefined,
    timelineLine: () => new MessageChannel().port1,
    run: async () => undefined,
    rejected: async () => [],
    frames: async () => undefined,
    combinations: async () => [],
    trial: async () => ({ kind: 'cancelled' }),
    cancelTrials: async () => undefined,
    check: async () => ({ faults: [], secrets: [], names: [], environments: 0 }),
    experiment: async () => undefined,
  };
  const store = createMonitorStore(client, () => page);
  return {
    store,
    listeners,
    send: (snapshot: Snapshot) => listeners.forEach((listener) => listener(snapshot)),
    pass: (ms: number) => {
      page += ms;
    },
  };
}
const snapshot = (at: number): Snapshot => ({ at: epochMs(at), environments: [], opened: [], archive: null });

describe('freeze', () => {
  test('holds the view while the newest goes on, and resume catches up', () => {
    const { store, send } = world();
    store.subscribe(() => undefined);
    send(snapshot(5000));
    store.freeze();
    send(snapshot(6000));
    expect([store.shown()?.at, store.newest()?.at]).toEqual([5000, 6000]);
    store.resume();
    expect([store.shown()?.at, store.frozenAt()]).toEqual([6000, undefined]);
  });

  test('stops the time of the view, not the time of the monitor', () => {
    const { store, send, pass } = world();
    store.subscribe(() => undefined);
    send(snapshot(5000));
    store.freeze();
    pass(700);
    expect([store.shownNow(), store.now()]).toEqual([5000, 5700]);
  });

  test('does nothing before there is anything to hold', () => {
    const { store } = world();
    store.freeze();
    expect(store.frozenAt()).toBeUndefined();
  });
});

describe("the monitor's clock", () => {
  test('is not set back by a snapshot that came late', () => {
    const { store, send, pass } = world();
    store.subscribe(() => undefined);
    send(snapshot(5000));
    pass(250);
    send(snapshot(5210));
    expect(store.now()).toBe(5250);
  });

  test('follows a large step at once', () => {
    const { store, send, pass } = world();
    store.subscribe(() => undefined);
    send(snapshot(90_000));
    pass(250);
    send(snapshot(5000));
    expect(store.now()).toBe(5000);
  });
});

test('parts that did not change keep their identity', () => {
  const { store, send } = world();
  store.subscribe(() => undefined);
  send(snapshot(5000));
  const { environments } = store.shown() ?? {};
  send(snapshot(5250));
  expect(store.shown()?.at).toBe(5250);
  expect(store.shown()?.environments).toBe(environments);
});

test('listens to the monitor only while somebody looks', () => {
  const { store, listeners, send } = world();
  const look = vi.fn<() => void>();
  const stop = store.subscribe(look);
  send(snapshot(1));
  expect([look.mock.calls.length, listeners.size]).toEqual([1, 1]);
  stop();
  expect(listeners.size).toBe(0);
});
