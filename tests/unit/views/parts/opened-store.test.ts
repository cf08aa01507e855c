import { describe, expect, test } from 'vitest';
import { epochMs } from '#base/units.ts';
import { OpenedCapture } from '#monitor/opened/opened-capture.ts';
import { systemClock } from '#monitor/system-clock.ts';
import type { EnvironmentSnapshot, Snapshot } from '#monitor/snapshot.ts';
import type { MonitorStore } from '#views/parts/monitor-store.ts';
import { openedStore } from '#views/parts/opened-store.ts';
import { captureText, plainFile } from '../../../fixtures/capture-file.ts';
import { draw } from '../../../fixtures/drawing.ts';

async function captureSnapshot(): Promise<EnvironmentSnapshot> {
  const opened = new OpenedCapture({ id: 'capture:1', capture: plainFile(captureText(draw('u0: >STERC |'))), name: 'a.jsonl', clock: systemClock() });
  await opened.load();
  const snapshot = opened.snapshot();
  if (snapshot === undefined) throw new Error('not there');
  return snapshot;
}

/** A page at 5000, and a capture in it. */
async function world(at: number, speed: number | null) {
  const capture = await captureSnapshot();
  if (capture.opened === null) throw new Error('not a capture');
  const opened = { ...capture, opened: { ...capture.opened, from: epochMs(0), to: epochMs(2000), at: epochMs(at), speed } };
  const page = { now: 5000, newest: { at: epochMs(5000), environments: [], opened: [opened], archive: null } as Snapshot | undefined };
  const asked: unknown[] = [];
  const client: Partial<MonitorStore['client']> = {
    ask: (...question) => {
      asked.push(question);
      return Promise.reject(new Error('It has gone.'));
    },
  };
  const live: MonitorStore = {
    // Only what a capture is asked for.
    client: client as MonitorStore['client'],
    subscribe: () => () => undefined,
    shown: () => undefined,
    newest: () => page.newest,
    frozenAt: () => epochMs(1),
    freeze: () => undefined,
    resume: () => undefined,
    now: () => epochMs(page.now),
    shownNow: () => epochMs(1),
    rate: () => 1,
  };
  return { page, asked, store: openedStore(live, 'capture:1') };
}

describe('the store of a capture', () => {
  test('stands where the capture stands, however long ago that is', async () => {
    const { page, store } = await world(1200, null);
    page.now = 60_000;
    expect([store.now(), store.shownNow(), store.rate()]).toEqual([1200, 1200, 0]);
    expect(store.shown()?.at).toBe(1200);
  });

  test('goes with its speed between two snapshots, and neither past the next one nor past the end', async () => {
    const { page, store } = await world(1200, 4);
    expect(store.rate()).toBe(4);
    page.now = 5100;
    expect(store.now()).toBe(1600);
    page.now = 5200;
    expect(store.now()).toBe(2000);
    const slow = await world(0, 1);
    slow.page.now = 9000;
    expect(slow.store.now()).toBe(300);
  });

  test('shows what is newest while the page is frozen, and the same object for the same snapshot', async () => {
    const { store } = await world(1200, null);
    expect(store.frozenAt()).toBeUndefined();
    expect(store.shown()?.opened.map(({ id }) => id)).toEqual(['capture:1']);
    expect(store.shown()).toBe(store.newest());
  });

  test('is paused where a view would be frozen', async () => {
    const { asked, store } = await world(1200, 2);
    store.freeze();
    store.resume();
    expect(asked).toEqual([['play', { environmentId: 'capture:1', speed: null }]]);
  });

  test('is the page’s own where the capture is gone', async () => {
    const { page, store } = await world(1200, 2);
    page.newest = { at: epochMs(5000), environments: [], opened: [], archive: null };
    expect([store.now(), store.rate(), store.shown()?.at]).toEqual([5000, 0, 5000]);
    page.newest = undefined;
    expect(store.shown()).toBeUndefined();
  });
});
