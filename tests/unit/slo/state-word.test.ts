import { describe, expect, test } from 'vitest';
import type { SloVerdict } from '#slo/reliability.ts';
import type { Ranked, StateFacts, StateWord } from '#slo/state-word.ts';
import { byWorstFirst, knownState, stateWord, stateWords } from '#slo/state-word.ts';

const target = 0.99;
const figures: readonly (readonly [SloVerdict, number | null, StateWord])[] = [
  ['met', 0.995, 'ok'],
  ['met', 1, 'ok'],
  ['unproven', 1, 'unproven'],
  ['unproven', 0.99, 'unproven'],
  ['unproven', 0.9899, 'at-risk'],
  ['missed', 0.9, 'breached'],
  ['no-data', null, 'no-data'],
];
const facts = (verdict: SloVerdict, ratio: number | null, more: Partial<StateFacts> = {}): StateFacts => ({
  verdict,
  ratio,
  target,
  page: false,
  ticket: false,
  crossTalk: 0,
  ...more,
});
const fresh = { blind: false, newestAgeMs: 100, expectedIntervalMs: 1000 };

describe('state word', () => {
  test.each(figures)('%s at %d without an alarm is as the verdict says', (verdict, ratio, expected) => {
    expect(stateWord(facts(verdict, ratio), fresh)).toBe(expected);
  });

  test.each(figures)('%s at %d with alarms', (verdict, ratio, expected) => {
    const withTicket = expected === 'breached' ? 'breached' : 'at-risk';
    expect(stateWord(facts(verdict, ratio, { ticket: true }), fresh)).toBe(withTicket);
    for (const ticket of [false, true]) {
      expect(stateWord(facts(verdict, ratio, { ticket, page: true }), fresh)).toBe('breached');
      expect(stateWord(facts(verdict, ratio, { ticket, crossTalk: 1 }), fresh)).toBe('breached');
      expect(stateWord(facts(verdict, ratio, { ticket, page: true, crossTalk: 3 }), fresh)).toBe('breached');
    }
  });

  test.each(figures)('%s at %d is covered by stale and by blind', (verdict, ratio, expected) => {
    for (const more of [{}, { ticket: true }, { page: true }, { crossTalk: 1 }]) {
      const known = facts(verdict, ratio, more);
      const stale = { ...fresh, newestAgeMs: 2001 };
      expect(stateWord(known, stale)).toBe('stale');
      expect(stateWord(known, { ...fresh, blind: true })).toBe('blind');
      expect(stateWord(known, { ...stale, blind: true })).toBe('blind');
      expect(stateWord(known, fresh)).toBe(knownState(known));
    }
    expect(knownState(facts(verdict, ratio))).toBe(expected);
  });

  test('stale begins beyond two intervals; where nothing ever came there is nothing to be stale', () => {
    expect(stateWord(facts('met', 1), { ...fresh, newestAgeMs: 2000 })).toBe('ok');
    expect(stateWord(facts('no-data', null), { ...fresh, newestAgeMs: null })).toBe('no-data');
  });
});

describe('worst first', () => {
  const ranked = (state: StateWord, ratio: number | null = null, standby = false): Ranked => ({ state, ratio, standby });

  test('in the order of severity', () => {
    expect(stateWords).toEqual(['breached', 'stale', 'blind', 'at-risk', 'no-data', 'unproven', 'ok']);
    const all = stateWords.map((state) => ranked(state));
    expect(all.toReversed().toSorted(byWorstFirst)).toEqual(all);
  });

  test('of equals the lower ratio, then those without one; standby last', () => {
    const all = [ranked('breached', 1), ranked('ok', 0.99), ranked('ok', 1), ranked('ok'), ranked('no-data', null, true)];
    expect(all.toReversed().toSorted(byWorstFirst)).toEqual(all);
    expect(byWorstFirst(ranked('no-data', null, true), ranked('breached', 0.1, true))).toBeGreaterThan(0);
    expect(byWorstFirst(ranked('ok'), ranked('ok'))).toBe(0);
  });
});
