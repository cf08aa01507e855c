import { describe, expect, test } from 'vitest';
import type { StreakRun } from '#slo/streaks.ts';
import { createStreaks } from '#slo/streaks.ts';

const run = (status: StreakRun['status'], connection = 'c0', user?: string, missing: readonly string[] = []): StreakRun => ({
  status,
  connection,
  user,
  missing,
});

const after = (...runs: readonly StreakRun[]) => {
  const streaks = createStreaks();
  runs.forEach((each) => streaks.add(each));
  return streaks.active();
};

const times = <T>(count: number, make: (n: number) => T): readonly T[] => Array.from({ length: count }, (_, n) => make(n));

describe('streaks', () => {
  test('four in a row are none, five page, six go on', () => {
    expect(after(...times(4, () => run('incomplete')))).toEqual([]);
    expect(after(...times(5, () => run('incomplete')))).toEqual([{ scope: 'connection', name: 'c0', runs: 5 }]);
    expect(after(...times(6, () => run('incomplete')))).toEqual([{ scope: 'connection', name: 'c0', runs: 6 }]);
  });

  test('a complete run breaks the row, and clears a streak', () => {
    const bad = times(4, () => run('incomplete'));
    expect(after(...bad, run('complete'), ...bad)).toEqual([]);
    expect(after(...bad, ...bad, run('complete'))).toEqual([]);
  });

  test('runs that say nothing of the target neither lengthen nor break it', () => {
    for (const status of ['failed', 'inconclusive', 'running'] as const) {
      expect(after(...times(9, () => run(status)))).toEqual([]);
      expect(after(...times(4, () => run('incomplete')), run(status), run('incomplete'))).toHaveLength(1);
      expect(after(...times(5, () => run('incomplete')), run(status))).toHaveLength(1);
    }
  });

  test('connections are told apart: one breaks, the others do not clear it', () => {
    const mixed = times(5, () => [run('incomplete', 'c1'), run('complete', 'c2')]).flat();
    expect(after(...mixed)).toEqual([{ scope: 'connection', name: 'c1', runs: 5 }]);
    expect(after(...times(8, (n) => run('incomplete', `c${n % 2}`)))).toEqual([]);
  });

  test('one user on many connections', () => {
    const bad = times(5, (n) => run('incomplete', `c${n}`, 'u1'));
    expect(after(...bad)).toEqual([{ scope: 'user', name: 'u1', runs: 5 }]);
    expect(after(...bad, run('complete', 'c9', 'u2'))).toHaveLength(1);
    expect(after(...bad, run('complete', 'c9', 'u1'))).toEqual([]);
  });

  test('one type across the environment', () => {
    const bad = times(5, (n) => run('incomplete', `c${n}`, undefined, n % 2 === 0 ? ['tool_completed', 'tool_completed'] : ['a', 'tool_completed']));
    expect(after(...bad)).toEqual([{ scope: 'type', name: 'tool_completed', runs: 5 }]);
    expect(after(...bad, run('complete', 'c9'))).toEqual([]);
    expect(after(...bad.slice(0, 4), run('complete', 'c9'), ...bad.slice(0, 4))).toEqual([]);
  });

  test('a run that lacks another type breaks a row, but does not clear a streak', () => {
    const lacking = (type: string, count: number) => times(count, (n) => run('incomplete', `${type}${n}`, undefined, [type]));
    expect(after(...lacking('x', 4), ...lacking('y', 1), ...lacking('x', 4))).toEqual([]);
    expect(after(...lacking('x', 5), ...lacking('y', 1))).toEqual([{ scope: 'type', name: 'x', runs: 5 }]);
    expect(after(...lacking('x', 5), ...lacking('y', 1), run('complete'))).toEqual([]);
  });

  test('names from a target are names only', () => {
    const hostile = ['__proto__', 'constructor', 'toString'];
    const bad = hostile.flatMap((name) => times(5, () => run('incomplete', name, name, [name])));
    const names = after(...bad).map(({ scope, name }) => `${scope} ${name}`);
    expect(names).toEqual(['connection', 'user', 'type'].flatMap((scope) => hostile.map((name) => `${scope} ${name}`)));
  });

  test('memory is bounded, and a streak that pages is not forgotten for it', () => {
    const streaks = createStreaks();
    for (const each of times(5, () => run('incomplete', 'broken'))) streaks.add(each);
    streaks.add(run('incomplete', 'once'));
    for (let n = 0; n < 10_500; n += 1) streaks.add(run('incomplete', `c${n}`));
    for (const each of times(4, () => run('incomplete', 'once'))) streaks.add(each);
    expect(streaks.active()).toEqual([{ scope: 'connection', name: 'broken', runs: 5 }]);
  });
});
