import { describe, expect, test } from 'vitest';
import { epochMs } from '#base/units.ts';
import { freshnessOf, shownState } from '#views/parts/state.ts';

const watched = { state: 'ok', newestAt: epochMs(100_000), expectedIntervalMs: 1000, phase: 'watching', opened: null } as const;
const at = (ms: number) => epochMs(ms);

describe('freshness', () => {
  test('of a capture is of its own time, however long ago that was', () => {
    const opened = { name: 'a.jsonl', from: at(0), to: at(200_000), at: at(102_500), speed: null, tornLines: 0, loading: null };
    const past = freshnessOf({ ...watched, opened }, at(900_000_000), at(900_000_000));
    expect(past).toEqual({ level: 'past', ageMs: 2500, newestAt: 100_000 });
    expect(shownState('ok', past)).toBe('ok');
  });

  test('is live under two expected intervals, late after', () => {
    expect(freshnessOf(watched, at(101_900), at(101_999)).level).toBe('live');
    expect(freshnessOf(watched, at(101_900), at(102_000)).level).toBe('late');
  });

  test('follows the monitor where it says stale, and grows to dead', () => {
    const stale = { ...watched, state: 'stale' } as const;
    expect(freshnessOf(stale, at(103_000), at(103_000)).level).toBe('stale');
    expect(freshnessOf(stale, at(121_000), at(121_000)).level).toBe('dead');
  });

  test('says it by itself when the monitor has fallen silent', () => {
    expect(freshnessOf(watched, at(100_500), at(105_600)).level).toBe('stale');
    expect(shownState('ok', freshnessOf(watched, at(100_500), at(105_600)))).toBe('stale');
  });

  test('data of an environment that was disconnected are a memory, however young', () => {
    expect(freshnessOf({ ...watched, phase: 'idle' }, at(100_100), at(100_100)).level).toBe('stale');
  });

  test('has no age where nothing came, and covers no state then', () => {
    const nothing = freshnessOf({ ...watched, newestAt: null, state: 'no-data' }, at(0), at(900_000));
    expect(nothing).toEqual({ level: 'none', ageMs: null, newestAt: null });
    expect(shownState('no-data', nothing)).toBe('no-data');
  });
});
