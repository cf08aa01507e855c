import { describe, expect, test } from 'vitest';
import { epochMs } from '#base/units.ts';
import { timelineSlice } from '#monitor/timeline-slice.ts';
import { Watch } from '#monitor/watch.ts';
import { environmentOf, liveWorld } from '../../fixtures/live-world.ts';

async function watched(letters: string) {
  const world = liveWorld();
  world.target.answer = () => letters;
  const environment = environmentOf({ probe: { everyMs: 5000 }, contract: { settleMs: 100, eventTimeoutMs: 1000, firstEventTimeoutMs: 1000 } });
  const watch = new Watch({ environment }, world.platform);
  const from = world.clock.now();
  watch.start();
  const slice = (room: { columns?: number; maxEvents?: number; since?: number; lanes?: readonly string[] } = {}) => {
    const { columns = 10_000, maxEvents = 1000, since = 0, ...rest } = room;
    return timelineSlice(watch.recording, { from: epochMs(from + since), to: epochMs(world.clock.now() + 1), columns, maxEvents, ...rest });
  };
  return { ...world, watch, from, slice };
}

describe('a stretch of the timeline', () => {
  test('has a lane a connection, its events and their types', async () => {
    const { clock, watch, slice } = await watched('STERC');
    await clock.advance(4000);
    const { lanes, times, eventLanes, types, flags, typeNames, density, newestAt } = slice();
    expect(lanes).toEqual(['local#0', 'local#1']);
    expect(times.length).toBe(10);
    expect([...times]).toEqual([...times].sort((a, b) => a - b));
    expect([...types].map((type) => typeNames[type])).toEqual([1, 2].flatMap(() => ['agent_started', 'agent_thinking', 'tool_executing', 'tool_completed', 'agent_completed']));
    expect([...eventLanes]).toEqual([0, 0, 0, 0, 0, 1, 1, 1, 1, 1]);
    expect([...flags].every((flag) => flag === 0)).toBe(true);
    expect(density).toBeNull();
    expect(newestAt).toBe(watch.recording.newestAt);
  });

  test('has a bar a run: closed ones end with their last event, open ones are open', async () => {
    const { clock, slice } = await watched('STEC');
    await clock.advance(2650);
    const [first, second] = slice().runs;
    expect(first).toMatchObject({ lane: 0, status: 'incomplete', missing: ['tool_completed'], violations: { missing: 1 }, letters: 'STE·C' });
    expect((first?.endedAt ?? 0) - (first?.openedAt ?? 0)).toBe(400);
    expect(second).toMatchObject({ lane: 1, status: 'running', endedAt: null, missing: [], violations: {}, letters: 'S' });
  });

  test('leaves out connections that are not wanted, also where there is room for counts alone', async () => {
    const { clock, slice } = await watched('STERC');
    await clock.advance(4000);
    const { lanes, eventLanes, runs } = slice({ lanes: ['local#1', 'local#9'] });
    expect([lanes.length, [...new Set(eventLanes)], runs.map((run) => run.lane)]).toEqual([2, [1], [1]]);
    const { density } = slice({ lanes: ['local#1'], maxEvents: 0, columns: 10 });
    expect([...new Set(density?.lanes)]).toEqual([1]);
    expect(slice({ lanes: [] }).times.length).toBe(0);
  });

  test('has no run and no event of another time', async () => {
    const { clock, slice } = await watched('STERC');
    await clock.advance(4000);
    const { runs, times } = slice({ since: 1000 });
    expect(runs.map((run) => run.lane)).toEqual([1]);
    expect(times.length).toBe(5);
  });

  test('shows a duplicate of a running run, which nothing can take back', async () => {
    const { clock, target, slice } = await watched('');
    await clock.advance(100);
    for (let n = 0; n < 2; n += 1) target.sockets[0]?.deliver({ type: 'agent_started', runId: 'a', eventId: 'e' });
    await clock.advance(10);
    const { runs, flags } = slice();
    expect(runs[0]).toMatchObject({ status: 'running', violations: { duplicate: 1 }, letters: 'SS' });
    expect([...flags]).toEqual([0, 1]);
  });

  test.each([
    ['more events than may be shown', { maxEvents: 4 }],
    ['events nearer to each other than the screen can show', { columns: 16 }],
  ])('with %s is a density, whose counts are all of them', async (_, room) => {
    const { clock, slice } = await watched('STERC');
    await clock.advance(4000);
    const { times, density, lanes } = slice(room);
    expect(times.length).toBe(0);
    const byLane = lanes.map((_name, lane) => Array.from(density?.lanes ?? []).reduce((sum, cell, n) => (cell === lane ? sum + (density?.counts.slice(n * 8, n * 8 + 7).reduce((all, count) => all + count, 0) ?? 0) : sum), 0));
    expect(byLane).toEqual([5, 5]);
  });

  test('that is a density lists only the runs with something wrong', async () => {
    const { clock, target, slice } = await watched('STERC');
    target.answer = (nth) => (nth === 0 ? 'STERC' : 'STEC');
    await clock.advance(9900);
    expect(slice().runs.map((run) => run.lane)).toEqual([0, 1, 0, 1]);
    expect(slice({ maxEvents: 4 }).runs.map((run) => [run.lane, run.letters])).toEqual([[1, 'STE·C'], [1, 'STE·C']]);
  });

  test('marks where a connection was lost and was back', async () => {
    const { clock, target, from, slice } = await watched('');
    await clock.advance(1000);
    target.sockets[1]?.end(1006);
    await clock.advance(10_000);
    const marks = slice().reconnects;
    expect(marks.map(({ lane, opened }) => [lane, opened])).toEqual([[0, true], [1, true], [1, false], [1, true]]);
    expect(slice({ since: 500 }).reconnects.map(({ at }) => at - from)[0]).toBe(1000);
  });
});
