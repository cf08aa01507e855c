import { describe, expect, test, vi } from 'vitest';
import { epochMs } from '#base/units.ts';
import type { Recording } from '#monitor/recording.ts';
import { matchSlice } from '#monitor/query/timeline-matches.ts';
import { timelineSlice } from '#monitor/timeline-slice.ts';
import { start } from '../../../fixtures/drawing.ts';
import { recordingOf } from '../../../fixtures/drawn-recording.ts';

const drawing = `
  u1: >S T E R C
  u2: ..>S T E   C
  u3: >
`;

/** What a query marks: the types of the events, and the runs. */
function marked(recording: Recording, query: string, room: { maxEvents?: number; since?: number } = {}) {
  const { maxEvents = 1000, since = 0 } = room;
  const slice = timelineSlice(recording, { from: epochMs(start + since), to: epochMs(start + 60_000), columns: 100_000, maxEvents, query }, matchSlice);
  return {
    density: slice.density !== null,
    events: slice.matches === undefined ? undefined : Array.from(slice.matches, (match, index) => (match === 1 ? `${slice.eventLanes[index]} ${slice.typeNames[slice.types[index] ?? 0]}` : '')).filter((event) => event !== ''),
    runs: slice.runs.filter(({ matches }) => matches === true).map(({ id }) => id),
    told: slice.runs.every(({ matches }) => matches !== undefined),
  };
}

describe('a slice of the timeline', () => {
  test.each([
    ['type:tool_executing', ['0 tool_executing', '1 tool_executing'], ['u1-1', 'u2-1']],
    ['type:tool_executing unpaired', ['1 tool_executing'], ['u2-1']],
    ['text:u1-1 -type:agent_*', ['0 tool_executing', '0 tool_completed'], ['u1-1']],
    ['gap:>250ms', ['1 agent_completed'], ['u2-1']],
    ['type:nothing', [], []],
    // A run that brought nothing can be asked for all the same.
    ['violation:missing -user:u2', [], ['u3-1']],
    ['incomplete unpaired', ['1 tool_executing'], ['u2-1']],
  ])('marks what matches %s', (query, events, runs) => {
    expect(marked(recordingOf(drawing), query)).toEqual({ density: false, events, runs, told: true });
  });

  test.each(['', '(', 'nothing:x'])('marks nothing by %j, which is no query', (query) => {
    expect(marked(recordingOf(drawing), query)).toEqual({ density: false, events: undefined, runs: [], told: false });
  });

  test('has no marks without a query', () => {
    const slice = timelineSlice(recordingOf(drawing), { from: epochMs(start), to: epochMs(start + 60_000), columns: 100_000, maxEvents: 1000 }, matchSlice);
    expect('matches' in slice || slice.runs.some((run) => 'matches' in run)).toBe(false);
  });

  test('that is a density marks the runs of which an event may match', () => {
    const recording = recordingOf(drawing);
    expect(marked(recording, 'type:tool_executing', { maxEvents: 1 })).toEqual({ density: true, events: [], runs: ['u2-1'], told: true });
    expect(marked(recording, 'status:complete', { maxEvents: 1 })).toEqual({ density: true, events: [], runs: [], told: true });
  });

  test('that begins in the middle of a run does not say of what it does not see', () => {
    const recording = recordingOf(drawing);
    expect(marked(recording, 'type:agent_started', { since: 700 }).runs).toEqual(['u1-1', 'u2-1']);
    // What came before the stretch is looked up where a gap is asked for.
    expect(marked(recording, 'gap:150..250ms type:tool_executing', { since: 700 }).events).toEqual(['1 tool_executing']);
  });

  test('reads no more for one picture than that can wait for, and goes on with the next', () => {
    const recording = recordingOf('u1: >');
    for (let n = 0; n < 100; n += 1) {
      recording.store.write(`{"record":"frame","data":{"x":"${'x'.repeat(60_000)}"}}\n`);
      recording.store.append(start + 500 + n * 500, 0, 0, -1, 0, Number.NaN);
    }
    const seen = [1, 2, 3, 4].map(() => marked(recording, 'text:xxx').events?.length);
    expect(seen).toEqual([35, 70, 100, 100]);
  });

  test('reads what came once for each event, however often it is drawn', () => {
    const recording = recordingOf(drawing);
    const reads = vi.spyOn(recording.store, 'text');
    marked(recording, 'text:u1-1');
    expect(reads).toHaveBeenCalledTimes(9);
    marked(recording, 'text:u1-1');
    expect(reads).toHaveBeenCalledTimes(9);
    marked(recording, 'text:u2-1');
    expect(reads).toHaveBeenCalledTimes(18);
  });
});
