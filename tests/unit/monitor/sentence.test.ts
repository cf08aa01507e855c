import { describe, expect, test } from 'vitest';
import { epochMs } from '#base/units.ts';
import type { SloReport } from '#monitor/report.ts';
import { reportSentence, sentenceOf, type SentenceFacts } from '#monitor/sentence.ts';
import { assess } from '#slo/reliability.ts';
import type { StateWord } from '#slo/state-word.ts';
import { judge } from '../../fixtures/drawing.ts';

const at = (hours: number, minutes: number, seconds: number) => epochMs(new Date(2026, 10, 18, hours, minutes, seconds).getTime());

function sloOf(good: number, valid: number, trials: number, options: { target?: number; sli?: 'events' | 'runs' } = {}): SloReport {
  const { target = 0.99, sli = 'events' } = options;
  return { target, sli, good, valid, trials, ...assess({ good, valid, trials, target }) };
}

function say(state: StateWord, slo: SloReport, facts: Partial<SentenceFacts> = {}): string {
  const sentence = sentenceOf({ state, slo, crossTalk: 0, lastLeak: undefined, streaks: [], broken: undefined, wanted: 100, windowMs: 3_600_000, newest: undefined, was: 'ok', ...facts });
  // The per cent sign stands behind a narrow no-break space, and nothing else does.
  expect(sentence).not.toMatch(/[^\u202f]%|\u202f[^%]/);
  return sentence.replaceAll('\u202f', ' ');
}

const clean = sloOf(100, 100, 20);

describe('the sentences of the design', () => {
  test('ok', () => {
    expect(say('ok', sloOf(14_451, 14_487, 2397))).toBe('36 of 14,487 expected events did not arrive. 2,397 runs prove delivery above 99 %.');
  });

  test('unproven', () => {
    expect(say('unproven', sloOf(530, 530, 106))).toBe('No loss in 106 runs, which is too few to say. 262 more clean runs would prove 99 %.');
  });

  test('at risk', () => {
    expect(say('at-risk', sloOf(803, 812, 132))).toBe('9 of 812 expected events did not arrive, 98.89 %. 132 runs cannot yet say whether 99 % holds.');
  });

  test('breached', () => {
    const broken = { count: 3, since: at(14, 21, 7), inMidRun: true, othersLossy: 0 };
    expect(say('breached', clean, { broken })).toBe('3 of 100 connections stop in mid-run since 14:21:07. The other 97 are normal.');
  });

  test('leak', () => {
    const lastLeak = { owner: 'probe-3', type: 'agent_thinking', connection: 'local#7', user: 'probe-7' };
    expect(say('breached', clean, { crossTalk: 1, lastLeak })).toBe("probe-3's agent_thinking was shown on #7, which is signed in as probe-7. One event is an alarm; no budget covers it.");
  });

  test('stale', () => {
    expect(say('stale', clean, { newest: { at: at(14, 3, 22), ageMs: 47_200 } })).toBe('Nothing received since 14:03:22, 47 s ago. Was OK.');
  });

  test('no data', () => {
    expect(say('no-data', sloOf(0, 0, 0))).toBe('No run was counted in the last 1 h.');
  });

  test('blind, while it lasts', () => {
    expect(say('blind', clean)).toBe('This machine is offline. Runs that overlap this time are inconclusive and left out.');
  });
});

describe('numbers', () => {
  test('one is not many', () => {
    expect(say('unproven', sloOf(5, 5, 1))).toBe('No loss in 1 run, which is too few to say. 367 more clean runs would prove 99 %.');
    expect(say('unproven', sloOf(367, 367, 367, { sli: 'runs' }))).toBe('No loss in 367 runs, which is too few to say. 1 more clean run would prove 99 %.');
    expect(say('ok', sloOf(1, 1, 1, { target: 0.02 }))).toBe('Nothing was lost of 1 expected event. 1 run proves delivery above 2 %.');
    expect(say('breached', sloOf(0, 5, 1, { target: 0.98 }))).toBe('5 of 5 expected events did not arrive. 1 run refutes 98 %.');
    expect(say('unproven', sloOf(4, 5, 1, { target: 0.5 }))).toMatch(/^1 of 5 expected events did not arrive\. 1 run is too few to say\. \d+ more clean runs would prove 50 %\.$/);
  });

  test('runs are good or not, events arrive or not', () => {
    expect(say('ok', sloOf(400, 400, 400, { sli: 'runs' }))).toBe('All 400 runs were good. 400 runs prove delivery above 99 %.');
    expect(say('ok', sloOf(1, 1, 1, { sli: 'runs', target: 0.02 }))).toBe('The only run was good. 1 run proves delivery above 2 %.');
    expect(say('at-risk', sloOf(97, 98, 98, { sli: 'runs', target: 0.995 }))).toBe('1 of 98 runs was not good, 98.97 %. 98 runs cannot yet say whether 99.5 % holds.');
    expect(say('at-risk', sloOf(98, 100, 100, { sli: 'runs' }))).toBe('2 of 100 runs were not good, 98.00 %. 100 runs cannot yet say whether 99 % holds.');
  });

  test('a target that no number of runs in reach proves is not said to be near', () => {
    expect(say('unproven', sloOf(5, 5, 1, { target: 0.999_999 }))).toBe('No loss in 1 run, which is too few to say.');
  });
});

describe('an alert', () => {
  test('alone says that the budget burns, and does not doubt figures that are well', () => {
    expect(say('at-risk', sloOf(14_451, 14_487, 2397))).toBe('36 of 14,487 expected events did not arrive. The error budget burns too fast.');
    expect(say('at-risk', sloOf(999, 1000, 200))).toBe('1 of 1,000 expected events did not arrive. The error budget burns too fast.');
    expect(say('breached', sloOf(999, 1000, 200))).toBe('1 of 1,000 expected events did not arrive. The error budget burns too fast.');
  });

  test('without a run in the window speaks of nothing else', () => {
    expect(say('at-risk', sloOf(0, 0, 0))).toBe('The error budget burns too fast.');
    expect(say('breached', sloOf(0, 0, 0))).toBe('The error budget burns too fast.');
  });
});

describe('a breach', () => {
  const missed = sloOf(500, 1000, 200);

  test('that the figures prove says so', () => {
    expect(say('breached', missed)).toBe('500 of 1,000 expected events did not arrive. 200 runs refute 99 %.');
  });

  test.each([
    [{ count: 1, inMidRun: true, othersLossy: 0 }, 100, '1 of 100 connections stops in mid-run since 14:21:07. The other 99 are normal.'],
    [{ count: 2, inMidRun: false, othersLossy: 0 }, 3, '2 of 3 connections lose events since 14:21:07. The other one is normal.'],
    [{ count: 1, inMidRun: false, othersLossy: 12 }, 100, '1 of 100 connections loses events since 14:21:07. 12 of the other 99 lost events too.'],
    [{ count: 10, inMidRun: false, othersLossy: 0 }, 10, '10 of 10 connections lose events since 14:21:07.'],
  ])('of connections tells how many, since when, and how the others fare: %j of %i', (broken, wanted, sentence) => {
    expect(say('breached', missed, { broken: { ...broken, since: at(14, 21, 7) }, wanted })).toBe(sentence);
  });

  test('of a user, or of a type, names it', () => {
    expect(say('breached', missed, { streaks: [{ scope: 'user', name: 'probe-3', runs: 6 }] })).toBe('probe-3 lost events in 6 runs in a row.');
    expect(say('breached', missed, { streaks: [{ scope: 'type', name: 'tool_completed', runs: 1200 }] })).toBe('tool_completed was missing in 1,200 runs in a row.');
  });

  test('of isolation comes before any other', () => {
    const lastLeak = { owner: 'local#3', type: 'agent_started', connection: 'local#7', user: undefined };
    const broken = { count: 3, since: at(14, 21, 7), inMidRun: true, othersLossy: 0 };
    expect(say('breached', missed, { crossTalk: 12, lastLeak, broken })).toBe("local#3's agent_started was shown on #7. 12 events leaked; no budget covers one.");
  });

  test('of isolation is told though its event is no longer kept', () => {
    expect(say('breached', clean, { crossTalk: 1 })).toBe('1 event was shown to another user; no budget covers one.');
    expect(say('breached', clean, { crossTalk: 1001 })).toBe('1,001 events were shown to another user; no budget covers one.');
  });

  test('keeps a target’s names short', () => {
    const lastLeak = { owner: 'o'.repeat(10_000), type: 't'.repeat(10_000), connection: 'local#7', user: 'u'.repeat(10_000) };
    expect(say('breached', clean, { crossTalk: 1, lastLeak }).length).toBeLessThan(320);
  });
});

test('before anything was received a stale state says so', () => {
  expect(say('stale', clean, { was: 'at-risk' })).toBe('Nothing was received. Was AT RISK.');
});

describe('a report', () => {
  const said = (drawing: string): string => reportSentence(judge(drawing)).replaceAll('\u202f', ' ');

  test('speaks the same words', () => {
    expect(said('u0: -')).toBe('No run was counted.');
    expect(said('u0: >STERC')).toBe('No loss in 1 run, which is too few to say. 367 more clean runs would prove 99 %.');
    expect(said('u0: >STEC')).toBe('1 of 5 expected events did not arrive, 80.00 %. 1 run cannot yet say whether 99 % holds.');
    expect(said(Array.from({ length: 9 }, (_, n) => `u${n}: >STE`).join('\n'))).toBe('18 of 45 expected events did not arrive. 9 runs refute 99 %.');
  });

  test('names the leak and whose screen it was', () => {
    expect(reportSentence(judge('u0: >STERC\nu1: >STERC', { fields: ({ user, run, nth }) => ({ runId: run, userId: user === 'u1' && nth === 2 ? 'u0' : user }) }))).toBe(
      "u0's agent_thinking was shown on #1, which is signed in as u1. One event is an alarm; no budget covers it.",
    );
  });
});
