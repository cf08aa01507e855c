import { describe, expect, test } from 'vitest';
import { epochMs } from '#base/units.ts';
import { makeReport, type Report } from '#monitor/report.ts';
import type { RunwatchRecord } from '#record/record.ts';
import { draw, fold, frame, judge, start } from '../../fixtures/drawing.ts';

const report = (...records: readonly RunwatchRecord[]): Report => makeReport(fold(records));
const trigger = (column: number, connection: string, names: { run?: string; thread?: string } = {}): RunwatchRecord => ({
  record: 'trigger',
  at: epochMs(start + column * 100),
  connection,
  ...names,
});
const two = draw('u0: .\nu1: .');
const one = draw('u0: .');
const event = (column: number, fields: Record<string, unknown>, connection = 'local#0') => frame(column, connection, { type: 'agent_started', ...fields });

test('an event id is no other event’s sequence number or time, whatever it is made of', () => {
  const ids = ['\u00011:r1', '\u0000\u00011:r1', '\u0000', 'e', '1:r1', `\u0002${start}|13:agent_started|2:r1|-|-|-`];
  const withIds = ids.map((eventId, n) => event(n + 3, { runId: 'r1', eventId }));
  const found = report(...one, event(1, { runId: 'r1', seq: 1 }), event(2, { runId: 'r1', sentAt: start }), ...withIds);
  expect(found.events).toMatchObject({ decoded: 8, attributed: 8, duplicate: 0 });
  expect(report(...one, ...withIds, ...withIds.map((record) => ({ ...record, at: epochMs(record.at + 1000) }))).events).toMatchObject({ attributed: 6, duplicate: 6 });
});

describe('1. cross-talk', () => {
  test.each([
    ['a foreign user', { userId: 'u1' }, 'u1'],
    ['a run of another user', { runId: 'theirs' }, 'u1'],
    ['a thread of another user', { threadId: 'theirs' }, 'u1'],
    ['its own run in the thread of another user', { runId: 'mine', threadId: 'theirs' }, 'u1'],
  ])('%s', (_, fields, owner) => {
    const found = report(...two, trigger(1, 'local#1', { run: 'theirs', thread: 'theirs' }), event(2, fields));
    expect(found.events).toMatchObject({ crossTalk: 1, attributed: 0 });
    expect(found.crossTalk).toEqual([{ at: start + 200, connection: 'local#0', type: 'agent_started', owner }]);
    expect(found.verdict).toBe('fail');
  });

  test('nobody is named by unknown_*, by an empty text, by null or by a broken number', () => {
    for (const userId of ['unknown_user', '', null, 1.5, true]) expect(report(...one, event(1, { userId })).events.crossTalk).toBe(0);
    expect(report(...one, event(1, { userId: 17 })).crossTalk).toMatchObject([{ owner: '17' }]);
  });

  test('a user cut short matches by its prefix', () => {
    expect(report(...one, event(1, { userId: 'u...' })).events.crossTalk).toBe(0);
    expect(report(...one, event(1, { userId: 'v...' })).events.crossTalk).toBe(1);
  });

  test('on a connection without a user, the connection is the owner, and named users are not compared', () => {
    const bare = draw('u0: .').filter((record) => record.record === 'header');
    const opened = (connection: string): RunwatchRecord => ({ record: 'connection-open', at: epochMs(start), connection, transport: 'websocket', recovered: false });
    const found = report(...bare, opened('local#0'), opened('local#1'), event(1, { runId: 'r', userId: 'anybody' }), event(2, { runId: 'r' }, 'local#1'));
    expect(found.crossTalk).toMatchObject([{ owner: 'local#0', connection: 'local#1' }]);
  });

  test('the user is the last one that an opening named', () => {
    const renamed: RunwatchRecord = { record: 'connection-open', at: epochMs(start + 50), connection: 'local#0', user: 'u9', transport: 'websocket', recovered: false };
    expect(report(...one, renamed, event(1, { userId: 'u9' })).events.crossTalk).toBe(0);
    expect(report(...one, renamed, event(1, { userId: 'u0' })).events.crossTalk).toBe(1);
    const silent: RunwatchRecord = { record: 'connection-open', at: epochMs(start + 50), connection: 'local#0', transport: 'websocket', recovered: false };
    expect(report(...one, silent, event(1, { userId: 'u0' })).events.crossTalk).toBe(0);
  });
});

describe('2. echo', () => {
  const same = draw('u0: .\nu0: .');

  test('the run of another connection of the same user', () => {
    expect(report(...same, trigger(1, 'local#0', { run: 'r' }), event(2, { runId: 'r' }, 'local#1')).events).toMatchObject({ echo: 1, attributed: 0, crossTalk: 0 });
  });

  test('a thread counts only where no run is named', () => {
    expect(report(...same, trigger(1, 'local#0', { thread: 't' }), event(2, { threadId: 't' }, 'local#1')).events.echo).toBe(1);
    expect(report(...same, trigger(1, 'local#0', { thread: 't' }), event(2, { threadId: 't', runId: 'new' }, 'local#1')).events).toMatchObject({ echo: 0, attributed: 1 });
  });
});

describe('3. duplicate', () => {
  test.each([
    ['the same event id', { eventId: 'e' }, { eventId: 'e', seq: 9 }, 1],
    ['another event id', { eventId: 'e', seq: 1 }, { eventId: 'f', seq: 1 }, 0],
    ['the same run and seq', { seq: 1 }, { seq: 1, agent: 'other' }, 1],
    ['the same sending time and names', { sentAt: start }, { sentAt: start }, 1],
    ['the same sending time, another tool', { sentAt: start, tool: 'a' }, { sentAt: start, tool: 'b' }, 0],
    ['nothing to tell it by', {}, {}, 0],
  ])('%s', (_, first, second, duplicates) => {
    const found = report(...one, event(1, { runId: 'r', ...first }), event(2, { runId: 'r', ...second }));
    expect(found.events.duplicate).toBe(duplicates);
    expect(found.runs[0]?.violations.duplicate).toBe(duplicates === 0 ? undefined : duplicates);
  });

  test('ids that would run into each other are told apart', () => {
    const found = report(...one, event(1, { runId: 'r', sentAt: start, agent: 'a', tool: '|1:b' }), event(2, { runId: 'r', sentAt: start, agent: 'a|1:b', tool: '' }));
    expect(found.events.duplicate).toBe(0);
  });

  test('a duplicate of a closed run spoils it', () => {
    const found = judge('u0: >STERC............C', { fields: ({ run, nth }) => ({ runId: run, eventId: nth > 4 ? 'last' : String(nth) }) });
    expect(found.runs).toMatchObject([{ status: 'complete', good: false, violations: { duplicate: 1 } }]);
    expect(found.counts.good).toBe(0);
  });
});

describe('4. late and 5. its open run', () => {
  test('an event of a closed run is late and does not reopen it', () => {
    const found = judge('u0: >STERC............T');
    expect(found.events.late).toBe(1);
    expect(found.runs).toMatchObject([{ status: 'complete', good: true, violations: { late: 1 } }]);
  });

  test('of two runs of one id, the open one gets it; of two closed ones the latest opened', () => {
    const again = (column: number) => trigger(column, 'local#0', { run: 'r' });
    const first = [...one, again(1), event(2, { runId: 'r', type: 'agent_completed' })];
    const second = [again(20), event(21, { runId: 'r', type: 'agent_completed' })];
    const found = report(...first, ...second, event(22, { runId: 'r', type: 'agent_thinking' }), event(60, { runId: 'r', type: 'agent_thinking' }));
    expect(found.events).toMatchObject({ attributed: 3, late: 1 });
    expect(found.runs.map((run) => run.violations.late)).toEqual([undefined, 1]);
  });
});

describe('6. a triggered run that waits', () => {
  test('takes the first event of an id that the target made', () => {
    expect(report(...one, trigger(1, 'local#0'), event(2, { runId: 'theirs' })).runs).toMatchObject([{ id: 'theirs', openedAt: start + 100 }]);
  });

  test('the one of the same thread before an older one', () => {
    const found = report(...one, trigger(1, 'local#0', { run: 'a', thread: 'ta' }), trigger(2, 'local#0', { run: 'b', thread: 'tb' }), event(3, { threadId: 'tb' }));
    expect(found.runs.map((run) => run.durationMs)).toEqual([null, 100]);
  });

  test('the oldest of all where a first event comes in a thread of its own, which the run takes', () => {
    const found = report(...one, trigger(1, 'local#0', { thread: 'ours' }), event(2, { threadId: 'theirs' }));
    expect(found.runs).toMatchObject([{ thread: 'theirs', durationMs: 100 }]);
    const other = report(...one, trigger(1, 'local#0', { thread: 'ours' }), event(2, { threadId: 'theirs', type: 'agent_thinking' }));
    expect(other.events.orphan).toBe(1);
  });

  test('not if the event names no run and its thread is busy', () => {
    const found = report(
      ...one,
      trigger(1, 'local#0', { run: 'a', thread: 't' }),
      event(2, { threadId: 't' }),
      trigger(3, 'local#0', { run: 'b' }),
      event(4, { threadId: 't', type: 'agent_thinking' }),
    );
    expect(found.runs.map((run) => run.delivered)).toEqual([2, 0]);
  });
});

describe('7. no run named, or an unknown one', () => {
  test('the open run of its thread, else the latest without a thread, which takes it', () => {
    const found = report(...one, event(1, { threadId: 'a' }), event(2, { runId: 'r' }), event(3, { type: 'agent_thinking', threadId: 'a' }), event(4, { type: 'agent_thinking', threadId: 'b' }));
    expect(found.runs).toMatchObject([{ thread: 'a', delivered: 2 }, { thread: 'b', delivered: 2 }]);
  });

  test('without any name the latest open run; a first event opens the next when the untriggered one has ended', () => {
    expect(judge('u0: STERCSTERC', { fields: () => ({}) }).runs.map((run) => run.delivered)).toEqual([5, 5]);
    // A triggered run keeps it: a nested agent of a target without ids.
    expect(judge('u0: >STERCST', { fields: () => ({}) }).runs.map((run) => run.violations)).toEqual([{ out_of_order: 1 }]);
  });

  test('an unknown run id is a further name of the open triggered run, unless their threads contradict', () => {
    const nested = report(...one, trigger(1, 'local#0', { run: 'r', thread: 't' }), event(2, { runId: 'r' }), event(3, { runId: 'sub', threadId: 't' }), event(4, { runId: 'sub', type: 'agent_thinking' }));
    expect(nested.runs).toMatchObject([{ id: 'r', delivered: 2 }]);
    const apart = report(...one, trigger(1, 'local#0', { run: 'r', thread: 't' }), event(2, { runId: 'r' }), event(3, { runId: 'sub', threadId: 'other' }));
    expect(apart.runs.map((run) => run.id)).toEqual(['r', 'sub']);
  });
});

describe('8. to 10.', () => {
  test('a first event opens a run; so does another type of the contract with a run id; the rest are orphans', () => {
    expect(report(...one, event(1, {})).runs).toMatchObject([{ id: 'local#0/1' }]);
    expect(report(...one, event(1, { type: 'tool_completed', runId: 'r' })).runs).toMatchObject([{ id: 'r', missing: expect.arrayContaining(['agent_started', 'tool_executing']) }]);
    expect(report(...one, event(1, { type: 'agent_error', runId: 'r' })).runs).toMatchObject([{ status: 'failed' }]);
    expect(report(...one, event(1, { type: 'tool_completed' })).events.orphan).toBe(1);
    expect(report(...one, event(1, { type: 'final_report', runId: 'r' })).events.orphan).toBe(1);
  });
});

test('an id is at home where a trigger named it, whatever an event said before', () => {
  const stray = { type: 'final_report', runId: 'r' };
  const found = report(...two, frame(1, 'local#1', stray), trigger(2, 'local#0', { run: 'r' }), event(3, { runId: 'r' }), frame(4, 'local#1', stray));
  expect(found.events).toMatchObject({ orphan: 1, attributed: 1, crossTalk: 1 });
  expect(found.crossTalk).toMatchObject([{ owner: 'u0', connection: 'local#1' }]);
});
