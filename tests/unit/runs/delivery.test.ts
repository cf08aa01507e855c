import { describe, expect, test } from 'vitest';
import { judge, start, type DrawingOptions } from '../../fixtures/drawing.ts';

const violations = (drawing: string, options: DrawingOptions = {}) => judge(drawing, options).runs[0]?.violations;
const delivered = (drawing: string, options: DrawingOptions = {}) => {
  const run = judge(drawing, options).runs[0];
  return run === undefined ? undefined : `${run.delivered} of ${run.expected}: ${run.missing.join(' ')}`;
};
/** Tools (or calls) by the order of the events. */
const named = (field: 'tool' | 'toolCallId', names: string): DrawingOptions => ({ fields: ({ run, nth }) => ({ runId: run, [field]: names.charAt(nth - 1) }) });

describe('expected and delivered', () => {
  test.each([
    ['u0: >STERC', '5 of 5: '],
    ['u0: >SERC', '4 of 5: agent_thinking'],
    ['u0: >STEC', '4 of 5: tool_completed'],
    ['u0: >STRC', '4 of 5: tool_executing'],
    ['u0: >STC', '3 of 5: tool_completed tool_executing'],
    ['u0: >SSTTERCC', '5 of 5: '],
    ['u0: >STEERC', '6 of 7: tool_completed'],
    ['u0: >STERERC', '7 of 7: '],
    ['u0: >STERRRC', '7 of 9: tool_executing tool_executing'],
  ])('%s', (drawing, expected) => expect(delivered(drawing)).toBe(expected));

  test('pairs are counted by tool, or by call where every event of the pair has one', () => {
    expect(delivered('u0: >STERC', named('tool', '..ab'))).toBe('5 of 7: tool_completed tool_executing');
    expect(delivered('u0: >STERC', named('toolCallId', '..ab'))).toBe('5 of 7: tool_completed tool_executing');
    expect(delivered('u0: >STERC', { fields: ({ run, nth }) => ({ runId: run, tool: 'a', toolCallId: nth === 3 ? undefined : 'c' }) })).toBe('5 of 5: ');
  });

  test('a pair that is not required and never comes expects nothing; once it comes it counts', () => {
    const contract = { requiredEvents: ['agent_started', 'agent_completed'] };
    expect(delivered('u0: >SC', { contract })).toBe('2 of 2: ');
    expect(delivered('u0: >SEC', { contract })).toBe('3 of 4: tool_completed');
  });
});

describe('order', () => {
  test.each([
    ['healthy', 'u0: >STERC', undefined],
    ['first is not the first', 'u0: >TSERC', 1],
    ['last is not the last', 'u0: >STECR', 1],
    ['both', 'u0: >TSECR', 2],
    ['an answer before its opening', 'u0: >STREC', 1],
    ['parallel calls of one tool are fine', 'u0: >STEERRC', undefined],
  ])('%s', (_, drawing, count) => expect(violations(drawing)?.out_of_order).toBe(count));

  test('a sequence that goes back, and one with a gap', () => {
    const seq = (numbers: readonly number[]): DrawingOptions => ({ fields: ({ run, nth }) => ({ runId: run, seq: numbers[nth - 1] }) });
    expect(violations('u0: >STERC', seq([1, 2, 3, 4, 5]))).toEqual({});
    expect(violations('u0: >STERC', seq([1, 3, 2, 4, 5]))).toEqual({ out_of_order: 1 });
    expect(violations('u0: >STERC', seq([1, 2, 5, 9, 10]))).toEqual({ sequence_gap: 5 });
    expect(violations('u0: >STERC', seq([9, 7, 5, 8, 6]))).toEqual({ out_of_order: 1 });
  });
});

describe('dumped', () => {
  const sent = (spanMs: number, recovered = false): DrawingOptions => ({
    stepMs: 1,
    fields: ({ run, nth }) => ({ runId: run, sentAt: start + ((nth - 1) * spanMs) / 4, ...(recovered ? { recovered: true } : {}) }),
  });

  test('sent over a second or more, received together', () => {
    expect(violations('u0: >STERC', sent(1000))).toEqual({ dumped: 1 });
    expect(violations('u0: >STERC', sent(999))).toEqual({});
    expect(violations('u0: >STERC', { ...sent(1000), stepMs: 50 })).toEqual({ dumped: 1 });
    expect(violations('u0: >STERC', { ...sent(1000), stepMs: 51 })).toEqual({});
  });

  test('needs five events, and none that was sent again', () => {
    expect(violations('u0: >STEC', sent(4000))?.dumped).toBeUndefined();
    expect(violations('u0: >STERC', sent(1000, true))).toEqual({});
  });

  test('a run that is only dumped or late is good', () => {
    expect(judge('u0: >STERC', sent(1000)).runs[0]).toMatchObject({ good: true, status: 'complete' });
  });
});

describe('status', () => {
  test('an agent that failed, whatever came', () => {
    expect(judge('u0: >STERX').runs[0]).toMatchObject({ status: 'failed', fault: 'agent', good: false });
    expect(judge('u0: >STERXC').runs[0]).toMatchObject({ status: 'failed' });
  });
});
