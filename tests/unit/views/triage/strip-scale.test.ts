import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { epochMs } from '#base/units.ts';
import type { StripMark, StripMinute } from '#monitor/incident/incident-report.ts';
import { cutTo, hourMs, lookOf, placeLabels, roundTop, ticksOf, timeAt, xOf, type StripScale } from '#views/triage/strip-scale.ts';

const end = epochMs(Date.UTC(2026, 10, 18, 14, 12, 22));
const scale: StripScale = { endAt: end, left: 44, right: 908 };
const minute = (change: Partial<StripMinute>): StripMinute => ({ at: end, runs: 400, lossyRuns: 0, expected: 2000, lost: 0, ...change });
const mark = (kind: StripMark['kind'], ago: number, text: string): StripMark => ({ at: epochMs(end - ago), until: null, kind, text });

describe('the scale', () => {
  test('reaches from an hour ago to the end, there and back', () => {
    expect([xOf(scale, end - hourMs), xOf(scale, end)]).toEqual([44, 908]);
    fc.assert(fc.property(fc.integer({ min: 44, max: 908 }), (x) => Math.abs(xOf(scale, timeAt(scale, x)) - x) < 1e-6));
  });

  test('has a round top that holds every bar, and is not twice too high', () => {
    expect([10, 11, 41, 61, 100, 3].map(roundTop)).toEqual([10, 20, 60, 100, 100, 4]);
    fc.assert(fc.property(fc.integer({ min: 1, max: 1e6 }), (highest) => roundTop(highest) >= highest && (roundTop(highest) <= 2 * highest || highest === 1)));
  });

  test('ticks at full ten minutes', () => {
    expect(ticksOf(scale).map((at) => new Date(at).toISOString().slice(11, 19))).toEqual(['13:20:00', '13:30:00', '13:40:00', '13:50:00', '14:00:00', '14:10:00']);
  });
});

test('nothing counted is not nothing lost, and one in a thousand is no exception', () => {
  expect(lookOf(minute({ runs: 0, expected: 0 }))).toBe('void');
  expect(lookOf(minute({}))).toBe('quiet');
  expect(lookOf(minute({ lost: 2 }))).toBe('some');
  expect(lookOf(minute({ lost: 40 }))).toBe('exception');
});

describe('labels', () => {
  test('stand beside their marks, at the left where the right has no room', () => {
    const [inside, atEnd] = placeLabels([mark('blind', 1_800_000, 'blind 21 s'), mark('note', 60_000, 'rollback asked for')], scale).toSorted((left, right) => left.x - right.x);
    expect([inside?.anchor, atEnd?.anchor]).toEqual(['start', 'end']);
    expect(inside?.x).toBeGreaterThan(xOf(scale, end - 1_800_000));
    expect(atEnd?.x).toBeLessThan(xOf(scale, end - 60_000));
  });

  test('never touch: what a reader wrote comes before what a machine did', () => {
    const crowd = [mark('reconnects', 600_000, 'a connection came back here'), mark('note', 601_000, 'somebody wrote this'), mark('version', 602_000, 'version 4.12.1 and more')];
    const placed = placeLabels(crowd, scale);
    expect(placed[0]?.text).toBe('somebody wrote this');
    const spans = placed.map(({ x, anchor, text }) => (anchor === 'start' ? [x, x + text.length * 5.9] : [x - text.length * 5.9, x]));
    for (const [index, [from = 0, to = 0]] of spans.entries()) for (const [begin = 0, finish = 0] of spans.slice(index + 1)) expect(to < begin || from > finish).toBe(true);
  });

  test('a text is cut with a sign, or left out', () => {
    expect(cutTo('short', 100)).toBe('short');
    expect(cutTo('health reports version 4.12.1', 60)).toBe('health re…');
    expect(cutTo('health reports version 4.12.1', 10)).toBe('');
  });
});
