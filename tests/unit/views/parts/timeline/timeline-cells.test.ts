import { describe, expect, test } from 'vitest';
import { epochMs } from '#base/units.ts';
import { localTime } from '#views/parts/format.ts';
import { neighbourOf, newestBar, runWords } from '#views/parts/timeline/timeline-cells.ts';
import type { LaneLayout, RunBar } from '#views/parts/timeline/timeline-layout.ts';

const bar = (lane: number, openedAt: number, change: Partial<RunBar['run']> = {}): RunBar => ({
  run: { id: `${lane}/${openedAt}`, lane, openedAt: epochMs(openedAt), endedAt: epochMs(openedAt + 10), status: 'complete', missing: [], violations: {}, letters: 'STERC', ...change },
  lane,
  tone: 'quiet',
  reason: '',
  events: [],
  missing: [],
  openedAt: epochMs(openedAt),
  endedAt: epochMs(openedAt + 10),
  lateAt: null,
});
const lane = (...bars: RunBar[]): LaneLayout => ({ bars, loose: [], count: 0 });
const [first, second, other, far] = [bar(0, 100), bar(0, 300), bar(2, 280), bar(2, 900)];
const lanes = [lane(first, second), lane(), lane(other, far)];

describe('moving by keys', () => {
  test('along a lane, and not beyond it', () => {
    expect(neighbourOf(lanes, first, 'ArrowRight')).toBe(second);
    expect(neighbourOf(lanes, second, 'ArrowRight')).toBeUndefined();
    expect(neighbourOf(lanes, second, 'Home')).toBe(first);
    expect(neighbourOf(lanes, other, 'End')).toBe(far);
  });

  test('to the run of the next lane that is closest in time, over empty lanes', () => {
    expect(neighbourOf(lanes, second, 'ArrowDown')).toBe(other);
    expect(neighbourOf(lanes, far, 'ArrowUp')).toBe(second);
    expect(neighbourOf(lanes, first, 'ArrowUp')).toBeUndefined();
  });

  test('begins at the newest run', () => {
    expect(newestBar(lanes)).toBe(second);
    expect(newestBar([lane()])).toBeUndefined();
  });
});

test('a cell tells the run in words', () => {
  const lossy = bar(0, 100, { id: 'r-e72b38', status: 'incomplete', letters: 'STE··', missing: ['agent_completed', 'tool_completed'] });
  expect(runWords(lossy)).toBe(`run r-e72b38, incomplete, S T E, missing tool_completed, agent_completed, ${localTime.time(epochMs(100))}`);
});
