import { describe, expect, test } from 'vitest';
import { epochMs } from '#base/units.ts';
import type { TimelineSlice } from '#monitor/snapshot.ts';
import { feedOf } from '#views/parts/timeline/timeline-feed.ts';
import { runWords } from '#views/parts/timeline/timeline-cells.ts';

const at = (ms: number) => epochMs(1_760_000_000_000 + ms);

/** One run with two events, of which `matches` match. */
const slice = (matches?: readonly number[]): TimelineSlice => ({
  from: at(0),
  to: at(1000),
  lanes: ['local#0'],
  typeNames: ['agent_started', 'agent_thinking'],
  times: Float64Array.of(100, 200),
  eventLanes: Uint16Array.of(0, 0),
  types: Uint16Array.of(0, 1),
  flags: Uint8Array.of(0, 0),
  ...(matches !== undefined && { matches: Uint8Array.from(matches) }),
  runs: [{ id: 'r', lane: 0, openedAt: at(100), endedAt: at(200), status: 'complete', missing: [], violations: {}, letters: 'ST', ...(matches !== undefined && { matches: matches.includes(1) }) }],
  reconnects: [],
  density: null,
  newestAt: at(200),
  waitingSince: null,
});

describe('what a query leaves bright', () => {
  test('without one, everything', () => {
    const { isFiltered, lanes } = feedOf(slice(), ['local#0']);
    expect(isFiltered).toBe(false);
    expect(lanes[0]?.bars[0]?.events.map((event) => 'isDim' in event)).toEqual([false, false]);
  });

  test('the events that match', () => {
    const { isFiltered, lanes } = feedOf(slice([0, 1]), ['local#0']);
    const [bar] = lanes[0]?.bars ?? [];
    expect(isFiltered).toBe(true);
    expect(bar?.events.map(({ isDim }) => isDim)).toEqual([true, undefined]);
    expect(bar === undefined ? '' : runWords(bar)).not.toContain('outside the filter');
  });

  test('nothing of a run without a match, which says so in words', () => {
    const [bar] = feedOf(slice([0, 0]), ['local#0']).lanes[0]?.bars ?? [];
    expect(bar?.events.every(({ isDim }) => isDim)).toBe(true);
    expect(bar === undefined ? '' : runWords(bar)).toMatch(/^run r, complete, S T, \d\d:\d\d:\d\d, outside the filter$/);
  });

  test('nothing of a density', () => {
    const { isFiltered } = feedOf({ ...slice([]), density: { from: at(0), bucketMs: 250, completeFrom: at(0), buckets: Uint32Array.of(0), lanes: Uint16Array.of(0), counts: new Uint32Array(8) } }, ['local#0']);
    expect(isFiltered).toBe(true);
  });
});
