import { describe, expect, test } from 'vitest';
import { missingWords, runReason, runTone, shortConnection } from '#views/parts/run-words.ts';

const clean = { status: 'complete', missing: [], violations: {} } as const;

describe('runReason', () => {
  test('a good run and a running one need no words', () => {
    expect(runReason(clean)).toBe('');
    expect(runReason({ ...clean, status: 'running', missing: ['agent_completed'] })).toBe('');
  });

  test('names what is missing in the order of a run', () => {
    expect(runReason({ status: 'incomplete', missing: ['agent_completed', 'tool_completed', 'tool_completed'], violations: { missing: 3 } })).toBe('missing 2 tool_completed, agent_completed');
  });

  test('names a duplicate with its type where that is known, and counts', () => {
    expect(runReason({ ...clean, violations: { duplicate: 1 } }, 'agent_thinking')).toBe('duplicate agent_thinking');
    expect(runReason({ ...clean, violations: { duplicate: 2, out_of_order: 2 } })).toBe('out of order, 2 duplicate');
  });

  test('does not hold against an inconclusive run what it lacks', () => {
    expect(runReason({ status: 'inconclusive', missing: ['agent_completed'], violations: { missing: 1 } })).toBe('inconclusive');
  });

  test('a failed run says that it failed', () => {
    expect(runReason({ status: 'failed', missing: ['agent_completed'], violations: { missing: 1 } })).toBe('failed: agent_error');
  });
});

test('the look follows the verdict', () => {
  expect(runTone(clean)).toBe('quiet');
  expect(runTone({ ...clean, violations: { late: 1 } })).toBe('risk');
  expect(runTone({ ...clean, status: 'incomplete' })).toBe('breach');
  expect(runTone({ ...clean, status: 'inconclusive', violations: { missing: 1 } })).toBe('void');
});

test('types that nobody knows come last, by name', () => {
  expect(missingWords(['zeta', 'agent_completed', 'alpha'])).toBe('missing agent_completed, alpha, zeta');
});

test('a connection goes by its number on the screen of its environment', () => {
  expect(shortConnection('staging#42')).toBe('#42');
  expect(shortConnection('odd')).toBe('odd');
});
