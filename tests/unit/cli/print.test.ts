import { describe, expect, test } from 'vitest';
import { epochMs } from '#base/units.ts';
import { printRejected, printReport } from '#cli/print.ts';
import { judge, type DrawingOptions } from '../../fixtures/drawing.ts';

const printed = (drawing: string, options?: DrawingOptions): string => printReport(judge(drawing, options)).replaceAll('\u202f', ' ');
const row = (text: string, label: string): string | undefined => new RegExp(`^  ${label} +(.*)$`, 'm').exec(text)?.[1];

describe('a report in print', () => {
  test('of a good run: its verdict in words, and what it rests on', () => {
    const text = printed('u0: >STERC');
    expect(text.split('\n')[0]).toBe('PASS  local  No loss in 1 run, which is too few to say. 367 more clean runs would prove 99 %.');
    expect(row(text, 'runs')).toBe('1 complete, 0 incomplete, 0 failed, 0 inconclusive; 1 good');
    expect(row(text, 'delivered')).toMatch(/^5 of 5 events, 100 % \(95 % interval \d\d\.\d\d % to 100 %\), target 99 %: unproven$/);
    expect(row(text, 'latency')).toBe('no data; 0 unsynced, 0 impossible');
    expect(row(text, 'frames')).toBe('5 received = 0 control + 5 eventful + 0 rejected');
    expect(row(text, 'events')).toBe('5 decoded = 5 attributed + 0 cross-talk + 0 echo + 0 duplicate + 0 late + 0 orphan');
    expect(text).not.toContain('Runs that were not good');
  });

  test('of a lossy one: which run, what fault, what was missing', () => {
    const text = printed('u0: >STEC');
    expect(text.split('\n')[0]).toBe('FAIL  local  1 of 5 expected events did not arrive, 80.00 %. 1 run cannot yet say whether 99 % holds.');
    expect(text).toMatch(/\n {2}run {3}connection {2}status {6}fault {3}delivered {2}violations\n {2}u0-1 {2}local#0 {5}incomplete {2}server {2}4\/5 {8}missing 1, \(tool_completed\)$/);
  });

  test('without a run', () => {
    const text = printed('u0: -');
    expect(text.split('\n')[0]).toBe('INCONCLUSIVE  local  No run was counted.');
    expect(row(text, 'delivered')).toBe('no data');
  });

  test('tells of runs that are under way', () => {
    expect(row(printReport({ ...judge('u0: >STERC'), counts: { running: 2, complete: 1, incomplete: 0, failed: 0, inconclusive: 0, good: 1 } }), 'runs')).toBe('1 complete, 0 incomplete, 0 failed, 0 inconclusive, 2 running; 1 good');
  });

  test('gives latencies with their uncertainty', () => {
    const latency = { count: 14, unsynced: 2, impossible: 1, p50: 6.91, p95: 24.04, p99: 388, max: 400, uncertaintyMs: 1.25 };
    expect(row(printReport({ ...judge('u0: >STERC'), latency }), 'latency')).toBe('p50 6.9, p95 24.0, p99 388.0 ms ±1.3 ms of 14 events; 2 unsynced, 1 impossible');
  });

  test('says what was rejected, and for which reason', () => {
    const report = judge('u0: >STERC');
    const frames = { received: 8, control: 0, eventful: 5, rejected: 3, rejectedBy: { 'not-json': 2, binary: 1 } };
    expect(row(printReport({ ...report, frames }), 'frames')).toBe('8 received = 0 control + 5 eventful + 3 rejected (2 not-json, 1 binary)');
  });

  test('shows a rejected frame: where it came, what did not fit, and how it begins, without its secrets and control characters', () => {
    const frame = { at: epochMs(0), connection: 'local#0', reason: 'no-type', raw: `{"kind":"x","token":"abcdefgh","bell":"\u0007"}` };
    expect(printRejected({ ...frame, why: 'event_type: expected a text, found nothing' })).toBe('A rejected frame, on local#0: no-type, event_type: expected a text, found nothing. It is {"kind":"x","token":"[redacted]","bell":"\u{fffd}"}\n');
    expect(printRejected({ ...frame, raw: 'x'.repeat(300) })).toBe(`A rejected frame, on local#0: no-type. It begins ${'x'.repeat(200)}\n`);
  });

  test('names leaks, and who saw them', () => {
    const text = printed('u0: >STERC\nu1: >STERC', { fields: ({ user, run, nth }) => ({ runId: run, userId: user === 'u1' && nth === 2 ? 'u0' : user }) });
    expect(text.split('\n')[0]).toMatch(/^FAIL {2}local {2}u0's agent_thinking was shown on #1, which is signed in as u1\./);
    expect(row(text, 'leaked')).toBe("u0's agent_thinking was shown on local#1");
  });

  test('shows twenty runs, and counts the rest', () => {
    const text = printed(Array.from({ length: 23 }, (_, n) => `u${n}: >STEC`).join('\n'));
    expect(text.match(/^ {2}u\d+-1 /gm)?.length).toBe(20);
    expect(text.endsWith('\n  … and 3 more')).toBe(true);
  });
});

test('no name of a target is obeyed by the terminal, nor breaks a line', () => {
  const evil = `\u001b]0;owned\u0007\u202egnp\u2066\n\rFAKE  PASS\u009b2J\u2028${'x'.repeat(500)}`;
  const report = judge('u0: >STEC\nu1: >STEC', {
    contract: { requiredEvents: ['agent_started', evil], pairs: [] },
    fields: ({ user, run, nth }) => ({ runId: `${run}${evil}`, userId: user === 'u1' && nth === 2 ? evil : user, threadId: evil }),
  });
  const text = printReport({ ...report, environment: evil });
  expect(report.crossTalk.length).toBeGreaterThan(0);
  expect(text).toContain('gnp');
  // oxlint-disable-next-line no-control-regex -- these are what it looks for
  expect(text.replaceAll('\n', '')).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u2028\u202e\u2066]/);
  expect(text).not.toMatch(/^FAKE/m);
  expect(Math.max(...text.split('\n').map((line) => line.length))).toBeLessThan(400);
});
