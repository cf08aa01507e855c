import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { seededRandom } from '#base/random.ts';
import { Dice } from '#mock/dice.ts';
import { connectionScenarios, drawConnectionScenario, drawRun, readScenarioRequest, runScenarios, scenarioNames, type Share } from '#mock/scenarios.ts';

const mixOf = (request: unknown): readonly Share[] => {
  const read = readScenarioRequest(request);
  if (!read.ok) throw new Error(read.error);
  return read.value.mix;
};

describe('reading a request', () => {
  test.each(scenarioNames)('%s is known, at share 1', (scenario) => {
    const total = mixOf({ scenario }).reduce((sum, { share }) => sum + share, 0);
    expect(total).toBeLessThanOrEqual(1);
    expect(total).toBeGreaterThan(0);
  });

  test('chaos holds every fault; demo leaves 97 % healthy and raises no alarm by itself', () => {
    expect(new Set(mixOf({ scenario: 'chaos' }).map(({ scenario }) => scenario))).toEqual(
      new Set([...runScenarios.filter((scenario) => scenario !== 'healthy'), ...connectionScenarios]),
    );
    const demo = mixOf({ scenario: 'demo' });
    expect(demo.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(0.03, 9);
    expect(demo.map(({ scenario }) => scenario)).not.toContain('cross-talk');
  });

  test('a share of a named mix shrinks all of it', () => {
    expect(mixOf({ mix: [{ scenario: 'demo', share: 0.5 }] }).reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(0.015, 9);
  });

  test('a seed is kept apart from the mix', () => {
    expect(readScenarioRequest({ scenario: 'late', seed: 7 })).toEqual({ ok: true, value: { mix: [{ scenario: 'late', share: 1 }], seed: 7 } });
    expect(readScenarioRequest({ scenario: 'late' })).toMatchObject({ value: { seed: undefined } });
  });

  test.each<[unknown, RegExp]>([
    [null, /expected an object/],
    ['late', /expected an object/],
    [{}, /unknown scenario nothing/],
    [{ scenario: 'toString' }, /unknown scenario "toString"; known are: healthy, missing-event/],
    [{ scenario: 'late', share: -0.1 }, /share/],
    [{ scenario: 'late', share: '1' }, /share/],
    [{ scenario: 'late', seed: 1.5 }, /seed/],
    [{ scenario: 'late', seed: 2 ** 32 }, /seed/],
    [{ mix: 'late' }, /mix: expected a list/],
    [{ mix: [] }, /mix: expected a list/],
    [{ mix: [7] }, /unknown scenario/],
    [{ mix: [{ scenario: 'late', share: 0.6 }, { scenario: 'stall', share: 0.6 }] }, /add up to 1/],
    [{ mix: [{ scenario: 'late', share: 0.6 }, { scenario: 'stall', share: 0.6, user: 'u1' }] }, /add up to 1/],
    [{ scenario: 'late', user: '' }, /user: expected/],
    [{ scenario: 'late', lateMs: -1 }, /lateMs: expected a number from 0 to 60000/],
    [{ scenario: 'close-1011', user: 'u1' }, /only a fault of runs can be aimed, and close-1011 is none/],
  ])('%j is refused with a sentence', (request, message) => {
    const read = readScenarioRequest(request);
    expect(read.ok ? '' : read.error).toMatch(message);
  });

  test('a fault can be aimed at a user, and be late; each user has shares of their own', () => {
    const mix = mixOf({ mix: [{ scenario: 'late', share: 1, user: 'u1' }, { scenario: 'healthy', share: 1, user: 'u2', lateMs: 3000 }] });
    const random = (): number => 0.5;
    expect(drawRun(mix, random, 'u1')).toEqual({ scenario: 'late', lateMs: 0 });
    expect(drawRun(mix, random, 'u2')).toEqual({ scenario: 'healthy', lateMs: 3000 });
    for (const user of ['u3', undefined]) expect(drawRun(mix, random, user)).toEqual({ scenario: 'healthy', lateMs: 0 });
  });

  test('nothing from outside makes it throw', () => {
    fc.assert(fc.property(fc.jsonValue(), (value) => typeof readScenarioRequest(value).ok === 'boolean'));
  });
});

describe('drawing', () => {
  const mix: readonly Share[] = [
    { scenario: 'late', share: 0.2 },
    { scenario: 'close-1011', share: 0.5 },
    { scenario: 'stall', share: 0.1 },
  ];

  test('each fault meets its share of the runs, or of the connections, and the rest is healthy', () => {
    const random = seededRandom(3);
    const drawn = { late: 0, stall: 0, healthy: 0 };
    let closed = 0;
    for (let count = 0; count < 20_000; count += 1) {
      const scenario = drawRun(mix, random, undefined).scenario;
      if (scenario === 'late' || scenario === 'stall' || scenario === 'healthy') drawn[scenario] += 1;
      if (drawConnectionScenario(mix, random) === 'close-1011') closed += 1;
    }
    expect(drawn.late / 20_000).toBeCloseTo(0.2, 1);
    expect(drawn.stall / 20_000).toBeCloseTo(0.1, 1);
    expect(drawn.late + drawn.stall + drawn.healthy).toBe(20_000);
    expect(closed / 20_000).toBeCloseTo(0.5, 1);
  });

  test('the shares also hold over the first numbers of the streams, one for each run', () => {
    const dice = new Dice(1);
    let late = 0;
    for (let run = 0; run < 5000; run += 1) if (drawRun(mix, dice.next('run'), undefined).scenario === 'late') late += 1;
    expect(late / 5000).toBeGreaterThan(0.18);
    expect(late / 5000).toBeLessThan(0.22);
  });

  test('a run’s numbers do not depend on how many connections came before', () => {
    const [quiet, busy] = [new Dice(7), new Dice(7)];
    for (let count = 0; count < 5; count += 1) busy.next('connection');
    expect([quiet.next('run')(), quiet.next('run')()]).toEqual([busy.next('run')(), busy.next('run')()]);
    expect(new Dice(7).next('run')()).not.toBe(new Dice(8).next('run')());
  });
});
