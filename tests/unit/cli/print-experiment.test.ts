import { expect, test } from 'vitest';
import { epochMs } from '#base/units.ts';
import { printExperiment } from '#cli/print-experiment.ts';
import type { ReconnectResult } from '#monitor/experiment.ts';

const lost: ReconnectResult = {
  experiment: 'reconnect',
  outcome: 'lost',
  sentence: 'local#0 was cut in mid-run.',
  connection: 'local#0',
  run: 'r\u{1b}[2J1',
  cutAt: epochMs(0),
  reopenedAfterMs: 640,
  recovered: true,
  expected: 5,
  delivered: 3,
  lost: 2,
  missing: ['agent_completed', 'tool\u{202e}'],
  replayed: 1,
  doubled: 2,
};

test('the outcome, its sentence, and every figure; nothing that a terminal would obey', () => {
  expect(printExperiment(lost).split('\n')).toEqual([
    'Experiment reconnect: LOST  local#0 was cut in mid-run.',
    '  cut        local#0 in run r\u{fffd}[2J1',
    '  open again after 0.6 s',
    '  claimed    session recovered',
    '  delivered  3 of 5 expected events',
    '  lost       2 (agent_completed tool\u{fffd})',
    '  replayed   1',
    '  doubled    2',
  ]);
});

test('what did not happen is said so', () => {
  const text = printExperiment({ ...lost, outcome: 'not-reopened', reopenedAfterMs: null, recovered: null, lost: 0, missing: [] });
  expect(text).toMatch(/NOT REOPENED/);
  expect(text).toMatch(/open again no\n {2}claimed {4}nothing\n/);
  expect(text).toMatch(/lost {7}0\n/);
  expect(printExperiment({ ...lost, recovered: false, missing: Array.from({ length: 21 }, () => 'x') })).toMatch(/claimed {4}no recovery\n.*\n {2}lost {7}2 \((x ){20}…\)/);
  expect(printExperiment({ ...lost, outcome: 'not-done', connection: null, run: null })).toBe('Experiment reconnect: NOT DONE  local#0 was cut in mid-run.');
});
