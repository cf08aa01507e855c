import { describe, expect, test } from 'vitest';
import { epochMs } from '#base/units.ts';
import type { RunBeside } from '#monitor/snapshot.ts';
import { besideAxis, besideBar, besideWords } from '#views/parts/run/beside-layout.ts';

const opened = 1_760_000_000_000;

function beside(events: readonly (readonly [string, number])[], run: Partial<RunBeside['run']> = {}): RunBeside {
  return {
    run: { id: 'r', connection: 'local#0', user: null, thread: null, status: 'incomplete', fault: 'server', good: false, openedAt: epochMs(opened), closedAt: epochMs(opened + 14_000), expected: 5, delivered: 3, missing: [], violations: {}, timeToFirstEventMs: null, durationMs: null, ...run },
    events: events.map(([type, after]) => ({ type, at: epochMs(opened + after) })),
  };
}

const three = [['agent_started', 400], ['agent_thinking', 1800], ['tool_executing', 4000]] as const;

describe('a run as a bar from its trigger', () => {
  test('what never came stands behind all that came, in the order of a run, within the time that was waited', () => {
    const { marks, endMs } = besideBar(beside(three, { missing: ['agent_completed', 'tool_completed'] }));
    expect(endMs).toBe(14_000);
    expect(marks.map(({ type, missing }) => [type, missing])).toEqual([['agent_started', false], ['agent_thinking', false], ['tool_executing', false], ['tool_completed', true], ['agent_completed', true]]);
    const places = marks.map(({ afterMs }) => afterMs);
    expect(places).toEqual(places.toSorted((a, b) => a - b));
    expect(places.at(-1)).toBeLessThan(endMs);
  });

  test('what lacks between two stands between them', () => {
    const { marks } = besideBar(beside([...three, ['agent_completed', 6000]], { missing: ['tool_completed'] }));
    expect(marks.find(({ missing }) => missing)).toEqual({ type: 'tool_completed', afterMs: 5000, missing: true });
  });

  test('a running run lacks nothing yet, and a complete one ends with its last event', () => {
    expect(besideBar(beside(three, { status: 'running', closedAt: null, missing: ['tool_completed'] })).marks).toHaveLength(3);
    expect(besideBar(beside(three, { status: 'complete' })).endMs).toBe(4000);
  });

  test('one of which nothing came has its marks at the trigger and on', () => {
    const { marks } = besideBar(beside([], { missing: ['agent_started'] }));
    expect(marks).toHaveLength(1);
    expect(marks[0]?.afterMs).toBeGreaterThanOrEqual(0);
  });

  test('in words', () => {
    const bar = besideBar(beside(three, { missing: ['tool_completed'] }));
    expect(besideWords(beside(three).run, bar)).toBe('r: 3 events, without tool_completed');
  });
});

test.each([
  [14_000, 15_000, 4],
  [4000, 4000, 5],
  [90, 100, 2],
  [0, 100, 2],
  [3_000_000, 3_000_000, 5],
])('an axis of %d ms ends at %d', (longest, end, ticks) => {
  const axis = besideAxis(longest);
  expect(axis.endMs).toBe(end);
  expect(axis.ticks).toHaveLength(ticks);
  expect(axis.ticks.length).toBeLessThanOrEqual(6);
});
