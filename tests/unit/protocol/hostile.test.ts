import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { epochMs } from '#base/units.ts';
import type { AgentEvent } from '#protocol/agent-event.ts';
import { canonical } from '#protocol/canonical.ts';
import type { Decoded } from '#protocol/dialect.ts';
import { rejectReasons } from '#protocol/dialect.ts';
import { netra } from '#protocol/netra.ts';
import { frameOfText } from '#protocol/parse.ts';

const names = [
  'type', 'event', 'event_type', 'message_type', 'runId', 'run_id', 'turn_id', 'threadId', 'thread_id', 'userId', 'user_id', 'eventId', 'event_id', 'message_id', 'id',
  'seq', 'sentAt', 'timestamp', 'serverTime', 'agent', 'agent_id', 'tool', 'name', 'toolCallId', 'recovered', 'payload', 'data', 'metadata', 'events', 'error', 'mode',
  'total_chunks', 'chunk_index', 'compression', '__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty',
]; // prettier-ignore
const words = [
  'agent_started', 'agent_completed', 'tool_call', 'system_message', 'agent_progress', 'event_batch', 'ping', 'pong', 'error', 'connection_established', 'handshake_response',
  'chunked_start', 'chunked_data', 'chunked_end', 'm1', 'e30=', 'unknown_user', '2025-09-18T10:00:00.5', '__proto__', 'constructor', 'toString', 'hasOwnProperty', 'AUTH_FAILED', '',
]; // prettier-ignore
const numbers = [0, -0, 1, 1.5, -1, 2 ** 53, 2 ** 53 + 2, 8.65e15, 1e22, 1e300, -1e300, 1758189600.125, 1758189600125];

/** JSON text that looks much like a message of one of the dialects, with all that a hostile target may put there. */
const message = fc.letrec<{ value: string }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.oneof(fc.constantFrom(...words), fc.string()).map((text) => JSON.stringify(text)),
    fc.constantFrom(...numbers.map((value) => JSON.stringify(value)), '1e400', '-1e400', 'true', 'false', 'null'),
    fc.array(tie('value'), { maxLength: 4 }).map((items) => `[${items.join(',')}]`),
    fc
      .array(fc.tuple(fc.oneof(fc.constantFrom(...names), fc.string()), tie('value')), { maxLength: 7 })
      .map((fields) => `{${fields.map(([name, value]) => `${JSON.stringify(name)}:${value}`).join(',')}}`),
  ),
})).value;

const fields = ['type', 'runId', 'threadId', 'userId', 'eventId', 'seq', 'sentAt', 'agent', 'tool', 'toolCallId', 'recovered'];

/** What is not plain, not finite, or not of the one shape that all events share. */
function faultsOf(decoded: Decoded): readonly unknown[] {
  if (decoded.kind === 'rejected') return rejectReasons.includes(decoded.reason) ? [] : [decoded];
  if (decoded.kind === 'control') return [];
  return decoded.events.length === 0 ? [decoded] : decoded.events.filter((event) => !isPlain(event));
}

function isPlain(event: AgentEvent): boolean {
  const ids = [event.runId, event.threadId, event.userId, event.eventId, event.agent, event.tool, event.toolCallId];
  return (
    Object.keys(event).join() === fields.join() &&
    Object.getPrototypeOf(event) === Object.prototype &&
    event.type !== '' &&
    ids.every((id) => id === undefined || (typeof id === 'string' && id !== '' && !id.startsWith('unknown_'))) &&
    (event.seq === undefined || Number.isInteger(event.seq)) &&
    (event.sentAt === undefined || Number.isFinite(event.sentAt))
  );
}

const objectPrototype = Object.getOwnPropertyNames(Object.prototype).join();

describe.each([canonical, netra])('$id', (dialect) => {
  test('never throws, and gives plain events, whatever comes', () => {
    const decoder = dialect.createDecoder();
    const conversation = dialect.createConversation();
    fc.assert(
      fc.property(message, fc.option(fc.constantFrom('agent_event', 'ping', 'agent_started', ''), { nil: undefined }), (text, event) => {
        const frame = { ...frameOfText(text), ...(event !== undefined && { event }) };
        expect(faultsOf(decoder.decode(frame))).toEqual([]);
        const heard = conversation.hear(frame, epochMs(1_758_189_600_000));
        expect(heard.serverAt === undefined || Number.isFinite(heard.serverAt)).toBe(true);
        expect(() => JSON.stringify(heard)).not.toThrow();
      }),
      { numRuns: 10_000 },
    );
    expect(Object.getOwnPropertyNames(Object.prototype).join()).toBe(objectPrototype);
  });

  test('keys of the language are data like any other', () => {
    const decode = (text: string): Decoded => dialect.createDecoder().decode(frameOfText(text));
    expect(decode('{"__proto__":{"type":"agent_started"}}')).toEqual({ kind: 'rejected', reason: 'no-type' });
    expect(decode('{"constructor":{"prototype":{"type":"x"}}}')).toEqual({ kind: 'rejected', reason: 'no-type' });
    for (const id of ['__proto__', 'constructor', 'toString', 'hasOwnProperty']) {
      const decoded = decode(JSON.stringify({ type: id, runId: id, __proto__: null }));
      expect(decoded).toMatchObject({ kind: 'events', events: [{ type: id, runId: id, userId: undefined }] });
    }
    const nested = decode('{"type":"agent_started","payload":{"__proto__":{"run_id":"evil","timestamp":1}},"data":{"constructor":{"run_id":"evil"}}}');
    expect(nested).toMatchObject({ kind: 'events', events: [{ runId: undefined, sentAt: undefined }] });
    expect(Object.hasOwn(Object.prototype, 'run_id')).toBe(false);
  });
});
