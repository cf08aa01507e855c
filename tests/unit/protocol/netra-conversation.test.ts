import { describe, expect, test } from 'vitest';
import type { JsonValue } from '#base/json.ts';
import { epochMs } from '#base/units.ts';
import type { Heard } from '#protocol/dialect.ts';
import { netra } from '#protocol/netra.ts';

const now = epochMs(Date.parse('2025-10-09T10:00:00.250Z') + 0.5);
const heard = (...messages: JsonValue[]): Heard[] => {
  const conversation = netra.createConversation();
  return messages.map((data) => conversation.hear({ data }, now));
};

const handshake = {
  type: 'handshake_response',
  thread_id: 'thread_x',
  run_id: 'run_x',
  request_id: 'req_x',
  session_token: '..',
  timestamp: '..',
  message: 'Handshake complete',
};
const acknowledged = [{ type: 'handshake_acknowledged', thread_id: 'thread_x', timestamp: '2025-10-09T10:00:00.250Z' }];
const newest = { type: 'connection_established', data: { connection_id: 'conn-1', user_id: 'u1' } };

describe('the welcome of a server that does not shake hands', () => {
  test.each<[string, JsonValue, Heard]>([
    [
      'W1',
      {
        type: 'connection_established',
        data: { mode: 'main', user_id: 'e2e-user...', connection_id: 'main_ab12cd34', features: { full_business_logic: true }, timestamp: '2025-09-18T10:00:00.123456+00:00' },
        timestamp: 1758189600.125,
        server_id: null,
        correlation_id: null,
      },
      { ready: true, user: 'e2e-user...' },
    ],
    ['W2', { type: 'system_message', data: { event: 'connection_established', connection_id: '..', user_id: 'u1', server_time: '..', config: {} }, timestamp: 1756800000.1 }, { ready: true, user: 'u1' }],
    ['W3', { type: 'connection_established', connection_id: '..', server_time: '2025-09-18T10:00:00Z', message: '..' }, { ready: true }],
    ['W4', { type: 'connection_established', payload: { connection_id: '..', timestamp: 1758189600125 } }, { ready: true }],
    ['data with a time', { type: 'connection_established', data: { user_id: 'u1', timestamp: 1758189600.1 } }, { ready: true, user: 'u1' }],
    ['with a thread', { type: 'connected', user_id: 'u1', thread_id: 't1' }, { ready: true, user: 'u1', thread: 't1' }],
    ['a placeholder for the user', { type: 'welcome', user_id: 'unknown_user' }, { ready: true }],
    ['welcome by event', { event: 'connection_ack' }, { ready: true }],
    ['authentication_success', { type: 'authentication_success', data: { user_id: 'u1' } }, { ready: true, user: 'u1' }],
  ])('%s', (_, message, expected) => {
    expect(heard(message)).toEqual([expected]);
  });
});

describe('W5, the handshake', () => {
  test('welcome first: ready with the handshake', () => {
    expect(heard(newest, handshake)).toEqual([{ user: 'u1' }, { replies: acknowledged, thread: 'thread_x', ready: true }]);
  });
  test('handshake first: ready with the welcome', () => {
    expect(heard(handshake, newest, newest)).toEqual([{ replies: acknowledged, thread: 'thread_x' }, { user: 'u1', ready: true }, { user: 'u1', ready: true }]);
  });
  test('the welcome alone, or the handshake alone, is not enough', () => {
    expect(heard(newest, newest).some((one) => one.ready === true)).toBe(false);
    expect(heard(handshake, handshake).some((one) => one.ready === true)).toBe(false);
  });
  test('a handshake without a thread', () => {
    expect(heard({ type: 'handshake_response' })).toEqual([{ replies: [{ ...acknowledged[0], thread_id: null }] }]);
  });
  test('its end says nothing more', () => {
    expect(heard({ type: 'handshake_complete' })).toEqual([{}]);
  });
});

test.each(['factory', 'isolated', 'legacy'])('the mode %s never streams', (mode) => {
  const [one] = heard({ type: 'connection_established', data: { mode, user_id: 'u1' } });
  expect(one).toMatchObject({ user: 'u1', unusable: expect.stringContaining(mode) as unknown });
  expect(one?.ready).toBeUndefined();
});

describe('heartbeats', () => {
  test('a ping is answered with its own time', () => {
    expect(heard({ type: 'ping', data: { timestamp: 1758189600.1 }, timestamp: 1758189600.2 })).toEqual([{ replies: [{ type: 'pong', timestamp: now, original_timestamp: 1758189600.2 }] }]);
    expect(heard({ type: 'ping' })).toEqual([{ replies: [{ type: 'pong', timestamp: now, original_timestamp: null }] }]);
  });
  test('a heartbeat is acknowledged', () => {
    expect(heard({ type: 'heartbeat', data: { stats: {} } })).toEqual([{ replies: [{ type: 'heartbeat_ack', timestamp: now }] }]);
  });
});

describe('the clock', () => {
  test.each<[JsonValue, Heard]>([
    [{ type: 'pong', data: { timestamp: 1760004000.5, user_id: 'u1' }, timestamp: 1760004000.6 }, { serverAt: epochMs(1_760_004_000_500) }],
    [{ type: 'pong', timestamp: '2025-10-09T10:00:00.5' }, { serverAt: epochMs(Date.parse('2025-10-09T10:00:00.5Z')) }],
    [{ type: 'pong' }, {}],
    [{ type: 'pong', timestamp: now }, {}],
  ])('%j', (pong, expected) => {
    const conversation = netra.createConversation();
    expect(conversation.clockQuestion(now)).toEqual({ type: 'ping', timestamp: now });
    expect(conversation.hear({ data: pong }, now)).toEqual(expected);
  });
});

describe('refusals', () => {
  test.each<[JsonValue, string]>([
    [{ type: 'error_message', error_code: 'AUTH_FAILED', error_message: 'Token has expired' }, 'Token has expired'],
    [{ type: 'error_message', data: { error_code: 'AUTH_FAILED', error_message: 'No', details: {} } }, 'No'],
    [{ type: 'error', error: { code: 'UNAUTHORIZED', message: 'Who are you?' } }, 'Who are you?'],
    [{ type: 'error', error_code: 'TOKEN_EXPIRED' }, 'TOKEN_EXPIRED'],
    [{ type: 'error', payload: { error: 'Invalid token' } }, 'Invalid token'],
    [{ type: 'error', error: { code: 403 }, message: '' }, '403'],
  ])('%j', (message, authRefused) => {
    expect(heard(message)).toEqual([{ authRefused }]);
  });
  test.each<JsonValue>([{ type: 'error', message: 'name is not defined' }, { type: 'error_message', error_code: 'AGENT_REQUEST_ERROR' }, { type: 'error', error_code: 'CONNECTION_LIMIT' }])(
    'not %j',
    (message) => {
      expect(heard(message)).toEqual([{}]);
    },
  );
  test('a long reason is cut', () => {
    expect(heard({ type: 'error', error_code: 'AUTH_FAILED', message: 'x'.repeat(1000) })[0]?.authRefused).toHaveLength(300);
  });
});

test.each<JsonValue>([{ type: 'agent_started', user_id: 'u1' }, { hello: 1 }, [], null, 'ping', [{ type: 'ping' }]])('nothing is heard in %j', (data) => {
  expect(heard(data)).toEqual([{}]);
});

test("Socket.IO's event name is a type here too", () => {
  expect(netra.createConversation().hear({ data: { user_id: 'u1' }, event: 'connected' }, now)).toEqual({ ready: true, user: 'u1' });
  expect(netra.createConversation().hear({ text: 'ping' }, now)).toEqual({});
});
