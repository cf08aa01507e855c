import { describe, expect, test } from 'vitest';
import { epochMs } from '#base/units.ts';
import type { FrameDetail } from '#monitor/frames-detail.ts';
import { canonical } from '#protocol/canonical.ts';
import { rejectReasons } from '#protocol/dialect.ts';
import { eventFields, madeWord, notMeasurable } from '#views/environments/frame-words.ts';
import { reasonSentences } from '#views/parts/reject-reasons.ts';

const event = { type: 'tool_executing', runId: 'r1', threadId: undefined, userId: 'u1', eventId: undefined, seq: 0, sentAt: epochMs(0), agent: undefined, tool: 'search', toolCallId: 'c1', recovered: false };
const frame = (made: FrameDetail['made']): FrameDetail => ({ at: epochMs(0), connection: 'local#0', event: null, raw: '', length: 400_000, made });

describe('a frame', () => {
  test.each([
    [null, 'too long to be taken apart here (400,000 characters)'],
    [{ kind: 'control', shape: null, remarks: [] }, 'control'],
    [{ kind: 'rejected', reason: 'no-type', remarks: [] }, 'rejected: no-type'],
    [{ kind: 'events', shape: null, events: [event], count: 1, remarks: [] }, 'tool_executing'],
    [{ kind: 'events', shape: null, events: [event], count: 12, remarks: [] }, '12 events'],
  ] as const)('of %j is called %s', (made, word) => {
    expect(madeWord(frame(made))).toBe(word);
  });

  test('every reason has its sentence', () => {
    expect(rejectReasons.filter((reason) => !reasonSentences.has(reason))).toEqual([]);
  });
});

describe('an event', () => {
  test('is shown by what the contract looks at; what is not said stays empty', () => {
    const fields = new Map(eventFields(event));
    expect([...fields.keys()]).toEqual(['type', 'run', 'thread', 'user', 'seq', 'sent at', 'tool']);
    expect([fields.get('run'), fields.get('thread'), fields.get('seq'), fields.get('tool')]).toEqual(['r1', null, '0', 'search, call c1']);
    expect(fields.get('sent at')).toMatch(/^\d\d:\d\d:00\.000$/);
    expect(new Map(eventFields({ ...event, toolCallId: undefined, sentAt: undefined })).get('tool')).toBe('search');
  });

  test('may claim a time that no calendar has', () => {
    expect(new Map(eventFields({ ...event, sentAt: epochMs(9e15) })).get('sent at')).toBe('9000000000000000');
  });
});

describe('what cannot be measured', () => {
  test('follows from what a dialect has a place for', () => {
    expect(notMeasurable(canonical.abilities)).toEqual([]);
    const nothing = { seq: false, sentAt: false, toolCalls: false, tools: false, runIds: false, eventIds: false, clock: false };
    expect(notMeasurable(nothing)).toHaveLength(7);
    expect(notMeasurable({ ...canonical.abilities, sentAt: false })).toEqual(['Delivery latency: its events do not say when they were sent.']);
  });
});
