import { describe, expect, test } from 'vitest';
import { playwrightTally, vitestTally } from '../../../scripts/tally.ts';

const file = (...statuses: string[]) => ({
  name: 'a.test.ts',
  status: statuses.includes('failed') ? 'failed' : 'passed',
  assertionResults: statuses.map((status, index) => ({ fullName: `test ${index}`, status })),
});

describe('vitestTally', () => {
  test('counts tests by their status', () => {
    expect(vitestTally({ success: false, testResults: [file('passed', 'failed', 'skipped'), file('passed', 'todo')] }, 1)).toEqual({ passed: 2, failed: 1, skipped: ['test 2', 'test 1'] });
  });

  test('counts a file that could not be loaded as a failure', () => {
    expect(vitestTally({ success: false, testResults: [{ name: 'a.test.ts', status: 'failed', assertionResults: [] }] }, 1)).toEqual({ passed: 0, failed: 1, skipped: [] });
  });

  test('counts a failing exit that no test explains, and a missing report', () => {
    expect(vitestTally({ success: true, testResults: [file('passed')] }, 1).failed).toBe(1);
    expect(vitestTally({ success: true, testResults: [file('passed')] }, 0).failed).toBe(0);
    expect(vitestTally(undefined, 0).failed).toBe(1);
  });
});

describe('playwrightTally', () => {
  const spec = (status: string, annotations: unknown[] = []) => ({ title: `is ${status}`, file: 'a.spec.ts', tests: [{ status, annotations }] });

  test('counts nested suites, and a test that needed a second try as passed and named', () => {
    const report = { errors: [], suites: [{ specs: [spec('expected')], suites: [{ specs: [spec('flaky'), spec('unexpected')] }] }] };
    expect(playwrightTally(report, 1)).toEqual({ passed: 2, failed: 1, skipped: [], flaky: ['a.spec.ts is flaky'] });
  });

  test('gives the reason of a skipped test', () => {
    const report = { errors: [], suites: [{ specs: [spec('skipped', [{ type: 'skip', description: 'no such screen here' }])] }] };
    expect(playwrightTally(report, 0)).toEqual({ passed: 0, failed: 0, skipped: ['a.spec.ts is skipped: no such screen here'], flaky: [] });
  });

  test('counts errors outside of tests, and a missing report', () => {
    expect(playwrightTally({ errors: [{ message: 'no tests found' }], suites: [] }, 1).failed).toBe(1);
    expect(playwrightTally(undefined, 0).failed).toBe(1);
  });
});
