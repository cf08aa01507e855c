import { describe, expect, test } from 'vitest';
import { epochMs } from '#base/units.ts';
import type { TimelineRun, TimelineSlice } from '#monitor/snapshot.ts';
import { eventFlags, layOut, placeMissing, type EventMark } from '#views/parts/timeline/timeline-layout.ts';

const types = ['agent_started', 'agent_thinking', 'tool_executing', 'tool_completed', 'agent_completed'];
const run = (change: Partial<TimelineRun>): TimelineRun => ({ id: 'r1', lane: 0, openedAt: epochMs(1000), endedAt: epochMs(2000), status: 'complete', missing: [], violations: {}, letters: 'STERC', ...change });
const marks = (...times: number[]): EventMark[] => times.map((at, index) => ({ at: epochMs(at), type: types[index] ?? 'x', flags: 0 }));

function slice(events: readonly { readonly at: number; readonly lane?: number; readonly type?: number; readonly flags?: number }[], runs: readonly TimelineRun[]): TimelineSlice {
  return {
    from: epochMs(1000),
    to: epochMs(9000),
    lanes: ['a#0', 'a#1'],
    typeNames: types,
    times: Float64Array.from(events, ({ at }) => at - 1000),
    eventLanes: Uint16Array.from(events, ({ lane = 0 }) => lane),
    types: Uint16Array.from(events, ({ type = 0 }) => type),
    flags: Uint8Array.from(events, ({ flags = 0 }) => flags),
    runs,
    reconnects: [],
    density: null,
    newestAt: null,
    waitingSince: null,
  };
}

describe('layOut', () => {
  test('puts events into the run that was open, on the lane of the screen', () => {
    const [first, second] = layOut(slice([{ at: 1500, lane: 1 }, { at: 2500, lane: 0 }], [run({ lane: 1 })]), ['a#1', 'a#0']);
    expect(first?.bars[0]?.events.map(({ at }) => at)).toEqual([1500]);
    expect(second?.loose.map(({ at }) => at)).toEqual([2500]);
  });

  test('leaves out connections that are not on the screen', () => {
    const lanes = layOut(slice([{ at: 1500, lane: 1 }], [run({ lane: 1 })]), ['a#0']);
    expect(lanes).toEqual([{ bars: [], loose: [], count: 0 }]);
  });

  test("keeps another user's event out of the run it fell into", () => {
    const [lane] = layOut(slice([{ at: 1500, flags: eventFlags.crossTalk }], [run({})]), ['a#0']);
    expect([lane?.bars[0]?.events.length, lane?.loose.length]).toEqual([0, 1]);
  });

  test('a late event goes with the run before it, and stands behind its bar', () => {
    const [lane] = layOut(slice([{ at: 1900 }, { at: 4000, flags: eventFlags.late }], [run({})]), ['a#0']);
    expect([lane?.bars[0]?.events.length, lane?.bars[0]?.lateAt]).toEqual([2, 4000]);
  });

  test('what came late bounds no gap', () => {
    const lacks = run({ status: 'incomplete', letters: '··', missing: ['agent_started', 'agent_thinking'] });
    const [lane] = layOut(slice([{ at: 4000, flags: eventFlags.late }, { at: 4100, flags: eventFlags.late }], [lacks]), ['a#0']);
    const { openedAt, endedAt } = lacks;
    expect(lane?.bars[0]?.missing.every(({ at }) => at > openedAt && at < (endedAt ?? 0))).toBe(true);
    expect(lane?.bars[0]?.missing).toHaveLength(2);
  });

  test('names a duplicate by its type', () => {
    const [lane] = layOut(slice([{ at: 1400, type: 1, flags: eventFlags.duplicate }], [run({ violations: { duplicate: 1 } })]), ['a#0']);
    expect(lane?.bars[0]?.reason).toBe('duplicate agent_thinking');
  });

  test('marks as missing only what a closed, judged run lacks', () => {
    const lacks = { letters: 'STE·C', missing: ['tool_completed'] };
    const [lane] = layOut(slice([], [run({ ...lacks, status: 'incomplete' }), run({ ...lacks, id: 'r2', status: 'inconclusive' })]), ['a#0']);
    expect(lane?.bars.map((bar) => bar.missing.length)).toEqual([1, 0]);
  });
});

describe('placeMissing', () => {
  test('a gap lies between the events around it', () => {
    const placed = placeMissing(run({ letters: 'STE·C', missing: ['tool_completed'] }), marks(1000, 1200, 1400, 2000));
    expect(placed).toEqual([{ at: 1700, type: 'tool_completed' }]);
  });

  test('gaps at the end share what is left, in the order of a run', () => {
    const placed = placeMissing(run({ letters: 'STE··', missing: ['agent_completed', 'tool_completed'] }), marks(1000, 1200, 1400));
    expect(placed).toEqual([
      { at: 1600, type: 'tool_completed' },
      { at: 1800, type: 'agent_completed' },
    ]);
  });

  test('a run that began before the stretch is read from its end', () => {
    const placed = placeMissing(run({ letters: 'STE·C', missing: ['tool_completed'] }), marks(1400, 2000));
    expect(placed).toEqual([{ at: 1700, type: 'tool_completed' }]);
  });

  test('never makes more marks than types are missing', () => {
    expect(placeMissing(run({ letters: '·····', missing: ['agent_started'] }), [])).toHaveLength(1);
  });
});
