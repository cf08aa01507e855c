import { describe, expect, test } from 'vitest';
import type { BurnAlert } from '#slo/burn-rate.ts';
import { assessBurn, burnRules } from '#slo/burn-rate.ts';
import type { Counts } from '#slo/reliability.ts';

const minute = 60_000;
const runs = (bad: number, trials: number): Counts => ({ good: trials - bad, valid: trials, trials });
const none = runs(0, 0);

/** The same counts in every window but those that are named (in minutes). */
const windows =
  (everywhere: Counts, named: Readonly<Record<number, Counts>> = {}) =>
  (windowMs: number): Counts =>
    named[windowMs / minute] ?? everywhere;

const firing = (alerts: readonly BurnAlert[]): readonly number[] => alerts.filter((alert) => alert.firing).map((alert) => alert.rule.factor);

describe('burn alerts', () => {
  test('the rules are those of the contract', () => {
    expect(burnRules.map(({ urgency, factor, longMs, shortMs }) => [urgency, factor, longMs / minute, shortMs / minute])).toEqual([
      ['page', 14.4, 60, 5],
      ['page', 6, 360, 30],
      ['ticket', 3, 1440, 120],
      ['ticket', 1, 4320, 360],
    ]);
  });

  test('nothing counted, nothing lost: nothing fires', () => {
    expect(firing(assessBurn(windows(none), 0.99))).toEqual([]);
    expect(firing(assessBurn(windows(runs(0, 1000)), 0.99))).toEqual([]);
    expect(assessBurn(windows(none), 0.99)[0]).toMatchObject({ longRate: null, shortRate: null });
  });

  test('a total outage fires all of them', () => {
    expect(firing(assessBurn(windows(runs(100, 100)), 0.99))).toEqual([14.4, 6, 3, 1]);
  });

  test('rates say how many times too fast', () => {
    const [first] = assessBurn(windows(runs(2, 100), { 5: runs(1, 10) }), 0.99);
    expect(first?.longRate).toBeCloseTo(2, 9);
    expect(first?.shortRate).toBeCloseTo(10, 9);
  });

  test('both windows must burn', () => {
    const bad = runs(90, 100);
    const quiet = runs(1, 100);
    expect(firing(assessBurn(windows(quiet, { 60: bad }), 0.99))).toEqual([]);
    expect(firing(assessBurn(windows(quiet, { 5: bad }), 0.99))).toEqual([]);
    expect(firing(assessBurn(windows(quiet, { 60: bad, 5: bad }), 0.99))).toEqual([14.4]);
    expect(firing(assessBurn(windows(none, { 5: bad }), 0.99))).toEqual([]);
  });

  test('the short window needs 20 runs', () => {
    expect(firing(assessBurn(windows(runs(19, 19)), 0.99))).toEqual([]);
    expect(firing(assessBurn(windows(runs(20, 20)), 0.99))).toEqual([14.4, 6, 3, 1]);
  });

  test('of 20 runs, 5 lost burn 25 times too fast and prove too little; 6 prove it', () => {
    const long = runs(300, 1000);
    expect(firing(assessBurn(windows(long, { 5: runs(5, 20) }), 0.99))).not.toContain(14.4);
    expect(firing(assessBurn(windows(long, { 5: runs(6, 20) }), 0.99))).toContain(14.4);
  });

  test('trials are runs: events of few runs do not prove more', () => {
    const events: Counts = { good: 750, valid: 1000, trials: 20 };
    expect(firing(assessBurn(windows(runs(300, 1000), { 5: events }), 0.99))).not.toContain(14.4);
  });

  test('one loss alone never fires below 20 runs', () => {
    for (let trials = 1; trials < 20; trials += 1) expect(firing(assessBurn(windows(runs(1, trials)), 0.99))).toEqual([]);
  });

  test('goes on below its gates, and clears when the short window falls below the factor', () => {
    const long = runs(300, 1000);
    const before = assessBurn(windows(long), 0.99);
    const gated = windows(long, { 5: runs(3, 19) });
    expect(firing(assessBurn(gated, 0.99, before))).toContain(14.4);
    expect(firing(assessBurn(gated, 0.99))).not.toContain(14.4);
    const recovered = assessBurn(windows(long, { 5: runs(14, 100) }), 0.99, before);
    expect(firing(recovered)).toEqual([6, 3, 1]);
    expect(firing(assessBurn(gated, 0.99, recovered))).not.toContain(14.4);
  });

  test('each rule remembers for itself', () => {
    const long = runs(300, 1000);
    const before = assessBurn(windows(long, { 5: none }), 0.99);
    expect(firing(before)).toEqual([6, 3, 1]);
    const now = windows(long, { 5: runs(4, 19), 30: runs(4, 19) });
    expect(firing(assessBurn(now, 0.99, before))).toEqual([6, 3, 1]);
    expect(firing(assessBurn(now, 0.99))).toEqual([3, 1]);
  });

  test('an empty short window does not clear it, as long as the long one still remembers', () => {
    const before = assessBurn(windows(runs(300, 1000)), 0.99);
    expect(firing(assessBurn(windows(runs(300, 1000), { 5: none }), 0.99, before))).toContain(14.4);
    expect(firing(assessBurn(windows(none), 0.99, before))).toEqual([]);
  });
});
