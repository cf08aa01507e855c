import { describe, expect, test } from 'vitest';
import type { JsonValue } from '#base/json.ts';
import { epochMs } from '#base/units.ts';
import { canonical } from '#protocol/canonical.ts';
import { createClockDialogue } from '#protocol/clock-dialogue.ts';
import type { Conversation } from '#protocol/dialect.ts';

const now = epochMs(1_758_189_600_125.25);
const later = (ms: number): ReturnType<typeof epochMs> => epochMs(now + ms);

describe('the welcome', () => {
  const hear = (data: JsonValue, event?: string): unknown => canonical.createConversation().hear(event === undefined ? { data } : { data, event }, now);

  test.each([
    [{ type: 'connection_established' }, { ready: true }],
    [{ type: 'connection_established', userId: 'u1' }, { ready: true, user: 'u1' }],
    [{ type: 'connection_established', user_id: 'u1', thread_id: 't1' }, { ready: true, user: 'u1', thread: 't1' }],
    [{ type: 'connection_established', data: { user_id: 'abcd1234...', threadId: 't1' } }, { ready: true, user: 'abcd1234...', thread: 't1' }],
    [{ type: 'connection_established', payload: { userId: 7 } }, { ready: true, user: '7' }],
    [{ type: 'connection_established', userId: 'unknown_user', data: { userId: 'u2' } }, { ready: true, user: 'u2' }],
    [{ type: 'connection_established', userId: null, threadId: '' }, { ready: true }],
    [{ event: 'connection_established' }, { ready: true }],
  ])('%j', (data, heard) => {
    expect(hear(data)).toEqual(heard);
  });

  test("may be known by Socket.IO's event name", () => {
    expect(hear({ userId: 'u1' }, 'connection_established')).toEqual({ ready: true, user: 'u1' });
  });

  test.each<JsonValue>([{ type: 'agent_started', userId: 'u1' }, { type: 'heartbeat' }, { type: 'welcome' }, {}, [], null, 'connection_established', [{ type: 'connection_established' }]])(
    'is nothing else: %j',
    (data) => {
      expect(hear(data)).toEqual({});
    },
  );

  test('nothing is heard in text or bytes', () => {
    const conversation = canonical.createConversation();
    expect(conversation.hear({ text: '{"type":"ping"}' }, now)).toEqual({});
    expect(conversation.hear({ base64: 'AAEC' }, now)).toEqual({});
  });
});

test('a ping of the target is answered', () => {
  expect(canonical.createConversation().hear({ data: { type: 'ping', timestamp: 5 } }, now)).toEqual({ replies: [{ type: 'pong', timestamp: now }] });
});

describe('the clock', () => {
  const asked = (): Conversation => {
    const conversation = canonical.createConversation();
    expect(conversation.clockQuestion(now)).toEqual({ type: 'ping', timestamp: now });
    return conversation;
  };
  const answer = (pong: JsonValue): unknown => asked().hear({ data: pong }, later(40));

  test.each([
    [{ type: 'pong', timestamp: 1_758_189_600.5 }, 1_758_189_600_500],
    [{ type: 'pong', timestamp: '2025-09-18T10:00:00.5' }, Date.UTC(2025, 8, 18, 10, 0, 0, 500)],
    [{ type: 'pong', serverTime: 1_758_189_600_500 }, 1_758_189_600_500],
    [{ type: 'pong', server_time: '2025-09-18T10:00:00.500Z' }, Date.UTC(2025, 8, 18, 10, 0, 0, 500)],
    [{ type: 'pong', data: { timestamp: 1_758_189_600.5 }, timestamp: 1_758_189_700 }, 1_758_189_600_500],
    [{ type: 'pong', payload: { serverTime: 1_758_189_600.5 } }, 1_758_189_600_500],
    [{ type: 'pong', timestamp: now, serverTime: 1_758_189_600_500 }, 1_758_189_600_500],
    [{ type: 'pong', data: { timestamp: now }, timestamp: 1_758_189_600_500 }, 1_758_189_600_500],
  ])('%j', (pong, serverAt) => {
    expect(answer(pong)).toEqual({ serverAt });
  });

  test.each([[{ type: 'pong' }], [{ type: 'pong', timestamp: now }], [{ type: 'pong', timestamp: 'soon' }], [{ type: 'pong', data: { timestamp: null } }]])(
    'a pong without a time of its own says nothing: %j',
    (pong) => {
      expect(answer(pong)).toEqual({});
    },
  );

  test('a pong that nobody asked for says nothing, nor does a second one', () => {
    const pong = { data: { type: 'pong', serverTime: 1_758_189_600_500 } };
    expect(canonical.createConversation().hear(pong, now)).toEqual({});
    const conversation = asked();
    expect(conversation.hear(pong, later(1))).not.toEqual({});
    expect(conversation.hear(pong, later(2))).toEqual({});
  });

  test('a late answer to an earlier question is not taken for one to the newest', () => {
    const dialogue = createClockDialogue();
    dialogue.question(now);
    dialogue.question(later(1000));
    expect(dialogue.answer({ serverTime: 1_758_189_600_500 }, later(1001))).toBeUndefined();
    expect(dialogue.answer({ serverTime: 1_758_189_600_600 }, later(1002))).toBe(1_758_189_600_600);
  });

  test('a question that is never answered is given up, and does not disturb the next', () => {
    const dialogue = createClockDialogue();
    dialogue.question(now);
    dialogue.question(later(5000));
    expect(dialogue.answer({ serverTime: 1_758_189_600_500 }, later(5001))).toBe(1_758_189_600_500);
    dialogue.question(later(20_000));
    expect(dialogue.answer({ serverTime: 1_758_189_600_500 }, later(25_000))).toBeUndefined();
  });
});
