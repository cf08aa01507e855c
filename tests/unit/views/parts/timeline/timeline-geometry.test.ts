import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { epochMs } from '#base/units.ts';
import { barAt, barEdges, showsMarks, ticksOf, timeAt, visibleLanes, xOf, yOf, type TimelineGeometry } from '#views/parts/timeline/timeline-geometry.ts';
import type { LaneLayout, RunBar } from '#views/parts/timeline/timeline-layout.ts';

const geometry: TimelineGeometry = { width: 1300, height: 224, left: 100, right: 1100, top: 24, laneHeight: 20, scrollTop: 0, endAt: epochMs(60_000), spanMs: 60_000 };
const now = epochMs(60_000);

function bar(id: string, openedAt: number, endedAt: number | null, events = 5): RunBar {
  return {
    run: { id, lane: 0, openedAt: epochMs(openedAt), endedAt: endedAt === null ? null : epochMs(endedAt), status: endedAt === null ? 'running' : 'complete', missing: [], violations: {}, letters: '' },
    lane: 0,
    tone: 'quiet',
    reason: '',
    events: Array.from({ length: events }, () => ({ at: epochMs(openedAt), type: 'agent_started', flags: 0 })),
    missing: [],
    openedAt: epochMs(openedAt),
    endedAt: endedAt === null ? null : epochMs(endedAt),
    lateAt: null,
  };
}
const lanes = (...bars: RunBar[]): LaneLayout[] => [
  { bars: [], loose: [], count: 0 },
  { bars, loose: [], count: 0 },
];

describe('time and place', () => {
  test('the edges are the ends of the stretch', () => {
    expect([xOf(geometry, epochMs(0)), xOf(geometry, epochMs(60_000))]).toEqual([100, 1100]);
  });

  test('a time survives the way there and back', () => {
    fc.assert(fc.property(fc.integer({ min: 0, max: 60_000 }), (at) => Math.abs(timeAt(geometry, xOf(geometry, epochMs(at))) - at) < 1e-6));
  });

  test('lanes scroll', () => {
    expect(yOf(geometry, 0)).toBe(34);
    expect(visibleLanes(geometry, 100)).toEqual([0, 9]);
    expect(visibleLanes({ ...geometry, scrollTop: 50 }, 100)).toEqual([2, 12]);
    expect(visibleLanes({ ...geometry, scrollTop: 50 }, 5)).toEqual([2, 4]);
  });
});

describe('bars', () => {
  test('reach over their first and last event, and a running one to now', () => {
    expect(barEdges(geometry, bar('a', 6000, 12_000), now)).toEqual([192, 308]);
    expect(barEdges(geometry, bar('a', 54_000, null), now)).toEqual([992, 1100]);
  });

  test('show marks only where these can be told apart', () => {
    const five = bar('a', 0, 2400);
    expect(showsMarks(five, barEdges(geometry, five, now))).toBe(true);
    const tight = bar('a', 0, 1800);
    expect(showsMarks(tight, barEdges(geometry, tight, now))).toBe(false);
    expect(showsMarks(bar('a', 0, 10, 1), [0, 2])).toBe(true);
  });
});

describe('barAt', () => {
  const found = (x: number, y: number, view = geometry, ...bars: RunBar[]) => barAt(view, lanes(...bars), now, x, y)?.run.id;

  test('finds the bar under a point', () => {
    expect(found(250, 50, geometry, bar('a', 6000, 12_000))).toBe('a');
    expect(found(250, 30, geometry, bar('a', 6000, 12_000))).toBeUndefined();
    expect(found(400, 50, geometry, bar('a', 6000, 12_000))).toBeUndefined();
  });

  test('of bars that overlap it finds the one that is painted last', () => {
    expect(found(300, 50, geometry, bar('a', 6000, 12_000), bar('b', 11_000, 20_000))).toBe('b');
  });

  test('counts the scrolled lanes, and nothing on the axis or beside the time', () => {
    expect(found(250, 30, { ...geometry, scrollTop: 20 }, bar('a', 6000, 12_000))).toBe('a');
    expect(found(250, 10, { ...geometry, scrollTop: 20 }, bar('a', 6000, 12_000))).toBeUndefined();
    expect(found(1150, 50, geometry, bar('a', 58_000, null))).toBeUndefined();
  });
});

describe('ticksOf', () => {
  test('stands on full steps with room for their labels', () => {
    expect(ticksOf(geometry)).toEqual([0, 10_000, 20_000, 30_000, 40_000, 50_000, 60_000]);
  });

  test('are never closer than a label, at any zoom', () => {
    fc.assert(
      fc.property(fc.integer({ min: 5000, max: 3_600_000 }), fc.integer({ min: 300, max: 3000 }), (spanMs, right) => {
        const view = { ...geometry, spanMs, right };
        const places = ticksOf(view).map((at) => xOf(view, at));
        return places.every((x, index) => index === 0 || x - (places[index - 1] ?? 0) > 100);
      }),
    );
  });
});
