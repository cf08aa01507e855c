import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { epochMs } from '#base/units.ts';
import { makeReport, type Report } from '#monitor/report.ts';
import type { RunwatchRecord } from '#record/record.ts';
import { captureStart, foldedEngine, hostileNames, plainNames, randomCapture } from '../../fixtures/random-capture.ts';

/** What came in and what became of it, told by the engine's listener. */
interface Told {
  frames: number;
  events: number;
  opened: number;
  closed: number;
  forgotten: number;
}

function fold(records: readonly RunwatchRecord[]): { report: Report; told: Told } {
  const told: Told = { frames: 0, events: 0, opened: 0, closed: 0, forgotten: 0 };
  const engine = foldedEngine(records, undefined, {
    event: () => (told.events += 1),
    runOpened: () => (told.opened += 1),
    runClosed: () => (told.closed += 1),
    runForgotten: () => (told.forgotten += 1),
  });
  told.frames = records.filter(({ record }) => record === 'frame').length;
  return { report: makeReport(engine), told };
}

const sum = (numbers: readonly number[]): number => numbers.reduce((a, b) => a + b, 0);

/** The laws that a report breaks: nothing that came in may be lost or counted twice. */
function brokenLaws({ frames, events, runs, counts, slo, crossTalk }: Report, told: Told): string[] {
  const judged = counts.complete + counts.incomplete;
  const laws: Record<string, boolean> = {
    'every frame is received': frames.received === told.frames,
    'a frame is control, eventful or rejected': frames.received === frames.control + frames.eventful + frames.rejected,
    'a rejected frame has a reason': frames.rejected === sum(Object.values(frames.rejectedBy)),
    'every event is decoded': events.decoded === told.events,
    'an event has one fate': events.decoded === events.attributed + events.crossTalk + events.echo + events.duplicate + events.late + events.orphan,
    'an attributed event has a type': events.attributed === sum(Object.values(events.byType)),
    'cross-talk is listed': events.crossTalk === crossTalk.length,
    'a run has one status': told.opened === judged + counts.running + counts.failed + counts.inconclusive,
    'a run runs until it is closed': counts.running === told.opened - told.closed,
    'a run is reported until it is forgotten': runs.length === told.opened - told.forgotten,
    'only a complete run is good': counts.good <= counts.complete,
    'trials are the runs that are judged': slo.trials === judged + (slo.sli === 'runs' ? counts.failed : 0),
    'good is part of valid': slo.good <= slo.valid,
    'what is missing was expected': runs.every((run) => run.missing.length === run.expected - run.delivered && run.delivered >= 0),
  };
  return Object.keys(laws).filter((law) => laws[law] !== true);
}

describe('nothing is lost and nothing is counted twice', () => {
  test.each([
    { of: 'plain names', pool: plainNames },
    { of: 'hostile names', pool: hostileNames },
  ])('over random captures of $of', { timeout: 60_000 }, ({ pool }) => {
    const before = Object.getOwnPropertyNames(Object.prototype);
    fc.assert(
      fc.property(randomCapture(pool), (records) => {
        const { report, told } = fold(records);
        expect(brokenLaws(report, told)).toEqual([]);
        expect(JSON.parse(JSON.stringify(report))).toEqual(report);
      }),
      { numRuns: 400, seed: 20_260_731 },
    );
    expect(Object.getOwnPropertyNames(Object.prototype)).toEqual(before);
  });

  test('a count that is wrong by one is noticed', () => {
    const busy = fc
      .sample(randomCapture(), { numRuns: 100, seed: 20_260_731 })
      .map(fold)
      .find(({ report }) => report.runs.length > 0 && report.counts.complete > 0 && report.crossTalk.length > 0);
    if (busy === undefined) throw new Error('no capture brings all of these');
    const { report, told } = busy;
    expect(brokenLaws(report, told)).toEqual([]);
    const { frames, events, counts } = report;
    const wrong: Report[] = [
      { ...report, frames: { ...frames, received: frames.received + 1 } },
      { ...report, frames: { ...frames, control: frames.control + 1 } },
      { ...report, frames: { ...frames, rejectedBy: { ...frames.rejectedBy, 'no-type': -1 } } },
      { ...report, events: { ...events, decoded: events.decoded - 1 } },
      { ...report, events: { ...events, late: events.late + 1 } },
      { ...report, events: { ...events, byType: { ...events.byType, more: 1 } } },
      { ...report, counts: { ...counts, running: counts.running + 1 } },
      { ...report, counts: { ...counts, complete: counts.complete - 1 } },
      { ...report, runs: report.runs.slice(1) },
      { ...report, crossTalk: [] },
    ];
    for (const report of wrong) expect(brokenLaws(report, told)).not.toEqual([]);
  });
});

describe('names that are properties of every object are names like any other', () => {
  test.each(['__proto__', 'constructor', 'toString', 'hasOwnProperty'])('%s', (name) => {
    const before = Object.getOwnPropertyNames(Object.prototype);
    const at = epochMs(captureStart);
    // As it comes off the wire: JSON.parse makes `__proto__` a field of its own.
    const event = (type: string, eventId: string): RunwatchRecord => ({
      record: 'frame',
      at,
      connection: name,
      data: JSON.parse(JSON.stringify({ type, eventId, runId: name, threadId: name, userId: name, tool: name, agent: name })),
    });
    const { report } = fold([
      {
        record: 'header',
        at,
        format: 'runwatch',
        version: 1,
        app: 'test',
        environment: {
          id: 'local',
          name: 'Local',
          kind: 'mock',
          transport: 'websocket',
          dialect: 'canonical',
          contract: { requiredEvents: [name], pairs: [['tool_executing', 'tool_completed']], first: name, last: 'done' },
        },
      },
      { record: 'connection-open', at, connection: name, user: name, transport: 'websocket', recovered: false },
      { record: 'trigger', at, connection: name, run: name, thread: name },
      event(name, name),
      event(name, name),
      event('tool_executing', 'e1'),
      event('tool_completed', 'e2'),
      event('done', 'e3'),
      { record: 'frame', at, connection: 'other', data: { type: name, runId: name } },
      { record: 'connection-close', at: epochMs(at + 2000), connection: name, cause: 'monitor' },
      event(name, 'e4'),
      { record: 'end', at: epochMs(at + 2000) },
    ]);
    expect(report.events).toMatchObject({ decoded: 7, attributed: 4, crossTalk: 1, duplicate: 1, late: 1 });
    expect(Object.entries(report.events.byType)).toEqual([
      [name, 1],
      ['tool_executing', 1],
      ['tool_completed', 1],
      ['done', 1],
    ]);
    expect(report.runs).toHaveLength(1);
    expect(report.runs[0]).toMatchObject({ id: name, connection: name, user: name, thread: name, status: 'complete', expected: 3, delivered: 3 });
    expect(report.runs[0]?.violations).toEqual({ duplicate: 1, late: 1 });
    expect(report.crossTalk).toEqual([{ at, connection: 'other', type: name, owner: name }]);
    expect(Object.getOwnPropertyNames(Object.prototype)).toEqual(before);
  });
});
