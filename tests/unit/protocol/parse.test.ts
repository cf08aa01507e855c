import { Buffer } from 'node:buffer';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { base64OfBytes, bytesOfBase64 } from '#protocol/base64.ts';
import { canonical } from '#protocol/canonical.ts';
import type { Decoded, Frame } from '#protocol/dialect.ts';
import { maxDepth, maxLength } from '#protocol/gate.ts';
import { netra } from '#protocol/netra.ts';
import { frameFault, frameOfBytes, frameOfEvent, frameOfText } from '#protocol/parse.ts';

/** What a capture gives back of a frame. */
const replayed = (frame: Frame): Frame => JSON.parse(JSON.stringify(frame)) as Frame;
const decode = (frame: Frame): Decoded => canonical.createDecoder().decode(frame);
const rejection = (reason: string): unknown => ({ kind: 'rejected', reason });

const deepText = (depth: number): string => `{"type":"agent_started","payload":${'['.repeat(depth)}${']'.repeat(depth)}}`;

describe('frameOfText', () => {
  test('JSON stands as data', () => {
    expect(frameOfText('{"type":"agent_started"}')).toEqual({ data: { type: 'agent_started' } });
    expect(frameOfText('null')).toEqual({ data: null });
    expect(frameOfText('"text"')).toEqual({ data: 'text' });
  });

  test.each(['', '{oops', 'hello', '{"a":1}}', "{'a':1}", 'NaN', 'undefined', '\u0000', '[1,]'])('%j stands as text', (text) => {
    expect(frameOfText(text)).toEqual({ text });
    expect(decode(frameOfText(text))).toEqual(rejection('not-json'));
  });

  test.each([
    ['too-deep', deepText(maxDepth)],
    ['too-deep', deepText(1_000_000)],
    ['bad-number', '{"type":"agent_started","seq":1e400}'],
  ])('JSON that the gate keeps out is kept raw, and rejected as %s', (reason, text) => {
    expect(frameOfText(text)).toEqual({ text });
    expect(decode(frameOfText(text))).toEqual(rejection(reason));
    expect(decode(replayed(frameOfText(text)))).toEqual(rejection(reason));
  });

  test('of a text that is too large as much is kept as shows it', () => {
    const frame = frameOfText(`{"type":"${'x'.repeat(2 * maxLength)}"}`);
    expect(frame.text).toHaveLength(maxLength + 1);
    expect(decode(replayed(frame))).toEqual(rejection('too-large'));
  });

  test('a text of the largest length is decoded', () => {
    const rest = '{"type":"agent_thinking","x":""}'.length;
    const text = `{"type":"agent_thinking","x":"${'x'.repeat(maxLength - rest)}"}`;
    expect(text).toHaveLength(maxLength);
    expect(decode(frameOfText(text)).kind).toBe('events');
    expect(decode(frameOfText(`${text} `))).toEqual(rejection('too-large'));
  });
});

describe('a value that came through the gate is not walked again, but every other one is', () => {
  const deep: Frame = JSON.parse(`{"data":${deepText(maxDepth)}}`);

  test.each([
    ['of a text', () => frameOfText('{"type":"agent_started"}')],
    ['of a Socket.IO event', () => frameOfEvent('agent_event', { type: 'agent_started' })],
  ])('%s', (_, hear) => {
    const heard = hear();
    expect([frameFault(heard), frameFault(deep), frameFault(heard), frameFault({ ...heard })]).toEqual([undefined, 'too-deep', undefined, undefined]);
    expect(frameOfEvent('agent_event', deep.data)).not.toHaveProperty('data');
    expect(frameFault(deep)).toBe('too-deep');
    expect(frameFault({ data: { type: 'agent_started', seq: Infinity } })).toBe('bad-number');
  });
});

describe('frameOfBytes', () => {
  test('bytes stand as base64, and are rejected', () => {
    expect(frameOfBytes(new Uint8Array([0, 1, 2]))).toEqual({ base64: 'AAEC' });
    expect(decode(frameOfBytes(new Uint8Array([0, 1, 2])))).toEqual(rejection('binary'));
    expect(decode(frameOfBytes(new Uint8Array()))).toEqual(rejection('binary'));
  });
  test('no more than the limit is kept', () => {
    expect(bytesOfBase64(frameOfBytes(new Uint8Array(maxLength + 5)).base64 ?? '')).toHaveLength(maxLength);
  });
});

describe('frameOfEvent', () => {
  test('an argument stands as data beside its name', () => {
    expect(frameOfEvent('agent_event', { runId: 'r1' })).toEqual({ event: 'agent_event', data: { runId: 'r1' } });
    expect(frameOfEvent('agent_event', 'text')).toEqual({ event: 'agent_event', data: 'text' });
    expect(frameOfEvent('agent_event', undefined)).toEqual({ event: 'agent_event', data: null });
  });

  test.each([new Uint8Array([1, 2, 3]), Buffer.from([1, 2, 3]), new Uint8Array([1, 2, 3]).buffer, new DataView(new Uint8Array([1, 2, 3]).buffer)])(
    'bytes stand as base64 (%#)',
    (bytes) => {
      expect(frameOfEvent('agent_event', bytes)).toEqual({ event: 'agent_event', base64: 'AQID' });
      expect(decode(frameOfEvent('agent_event', bytes))).toEqual(rejection('binary'));
    },
  );

  test('a view shows its own bytes, not its whole buffer', () => {
    expect(frameOfEvent('e', new Uint8Array([9, 1, 2, 3, 9]).subarray(1, 4))).toEqual({ event: 'e', base64: 'AQID' });
  });

  test('bytes inside an argument become null', () => {
    const argument = { type: 'tool_completed', runId: 'r1', result: { image: Buffer.from([1, 2]), more: [new ArrayBuffer(3)], ok: true, none: undefined } };
    expect(frameOfEvent('agent_event', argument)).toEqual({
      event: 'agent_event',
      data: { type: 'tool_completed', runId: 'r1', result: { image: null, more: [null], ok: true, none: null } },
    });
  });

  test.each([
    ['too-deep', JSON.parse(deepText(1_000_000))],
    ['too-deep', { bytes: new Uint8Array(1), deep: JSON.parse(deepText(1_000_000)) }],
    ['bad-number', { type: 'agent_started', seq: Infinity }],
    ['bad-number', { type: 'agent_started', seq: -Infinity }],
    ['too-large', { type: 'agent_started', x: 'x'.repeat(maxLength + 1) }],
  ])('what the gate keeps out is kept as text, and rejected as %s live and replayed', (reason, argument) => {
    const frame = frameOfEvent('agent_event', argument);
    expect(frame.data).toBeUndefined();
    expect(frame.event).toBe('agent_event');
    expect(decode(frame)).toEqual(rejection(reason));
    expect(decode(replayed(frame))).toEqual(rejection(reason));
  });
});

describe('frameFault', () => {
  test('data that came past the parser is looked at again', () => {
    expect(frameFault({ data: JSON.parse('[1e400]') })).toBe('bad-number');
    expect(frameFault({ data: JSON.parse(deepText(1_000_000)) })).toBe('too-deep');
  });
  test('text is no JSON, even where it could be read as some', () => {
    expect(frameFault({ text: '{"type":"agent_started"}' })).toBe('not-json');
    expect(frameFault({ text: 'hello' })).toBe('not-json');
  });
  test('a frame with nothing in it has no type', () => {
    expect(frameFault({})).toBe('no-type');
    expect(decode({ event: 'agent_started' })).toEqual(rejection('no-type'));
  });
});

test('live and replayed frames decode alike, whatever came', () => {
  const message = fc.oneof(
    fc.string(),
    fc.json(),
    fc.jsonValue().map((data) => JSON.stringify({ type: 'agent_thinking', sentAt: data, runId: data, payload: data })),
    fc.nat(100).map(deepText),
    fc.constantFrom('1e400', '[1e400,-1e400]', '{"type":"x","runId":-0,"seq":-0,"sentAt":-0}', '"\\ud800"', '{"__proto__":1,"type":"a"}'),
  );
  fc.assert(
    fc.property(message, fc.constantFrom(canonical, netra), (text, dialect) => {
      const frame = frameOfText(text);
      const live = dialect.createDecoder().decode(frame);
      expect(JSON.stringify(dialect.createDecoder().decode(replayed(frame)))).toBe(JSON.stringify(live));
    }),
  );
});

describe('base64', () => {
  test('agrees with the platform', () => {
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) => {
        const text = base64OfBytes(bytes);
        expect(text).toBe(Buffer.from(bytes).toString('base64'));
        expect(bytesOfBase64(text)).toEqual(bytes);
        expect(bytesOfBase64(text.replaceAll('=', ''))).toEqual(bytes);
      }),
    );
  });
  test.each(['A', 'AAAAA', '=', 'AA*A', 'AA A', 'AA-_', '====', 'é123'])('%j is none', (text) => {
    expect(bytesOfBase64(text)).toBeUndefined();
  });
});
