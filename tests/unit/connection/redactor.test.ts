import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createRedactor } from '#connection/redactor.ts';

const redactor = createRedactor(['canary+token', 'jwt.canary+token', 'abc']);

describe('the redactor', () => {
  test('takes secrets out of texts, as they are and as a URL has them, the longest first', () => {
    expect(redactor.text('a canary+token, jwt.canary+token and canary%2Btoken')).toBe('a [redacted], [redacted] and [redacted]');
    expect(redactor.text('canary')).toBe('canary');
  });

  test('leaves texts that are too short to be a secret', () => {
    expect(redactor.text('abc')).toBe('abc');
  });

  test('makes a reason of a target’s text: one line of 200 characters at most', () => {
    expect(redactor.reason(' bad\r\n canary+token\u0000 ')).toBe('bad  [redacted]');
    expect(redactor.reason('x'.repeat(5000))).toHaveLength(200);
  });

  test('takes secrets out of frames, and leaves a clean frame as it is', () => {
    const clean = { data: { type: 'a', list: [1, null, { deep: 'text' }] } };
    expect(redactor.frame(clean)).toBe(clean);
    expect(redactor.frame({ data: { 'canary+token': ['jwt.canary+token', 7, { a: 'x canary+token' }] }, event: 'e' })).toEqual({
      data: { '[redacted]': ['[redacted]', 7, { a: 'x [redacted]' }] },
      event: 'e',
    });
    expect(redactor.frame({ text: 'no JSON canary+token' })).toEqual({ text: 'no JSON [redacted]' });
    expect(redactor.frame({ base64: 'AAAA' })).toEqual({ base64: 'AAAA' });
  });

  test.each([
    ['a message without one', '{"type":"a","text":"line\\nline"}', true],
    ['one in a text', '{"type":"a canary+token"}', false],
    ['one in a key', '{"canary+token":1}', false],
    ['one as a URL has it', '{"type":"canary%2Btoken"}', false],
    ['one of two fields of the same name, of which only the last is read', '{"a":"canary+token","a":1}', false],
    ['one behind an escape', '{"type":"\\u0063anary+token"}', false],
    ['one behind another escape', '{"type":"canary\\/token"}', true],
    ['an escape with nothing behind it', '{"type":"caf\\u00e9 \\/ canary"}', true],
  ])('tells of a JSON text whether it is clean: %s', (_, json, clean) => {
    expect(redactor.isClean(json, JSON.parse(json))).toBe(clean);
  });

  test('a secret that JSON itself must escape is found in it', () => {
    const odd = createRedactor(['se"cr\\et\n/']);
    const data = { type: 'a se"cr\\et\n/ b' };
    expect(odd.isClean(JSON.stringify(data), data)).toBe(false);
    expect(odd.isClean(JSON.stringify(data).replace('/', '\\/'), data)).toBe(false);
    expect(odd.isClean('{"type":"secret"}', { type: 'secret' })).toBe(true);
  });

  test('what is clean by its text is clean field by field, and the other way round', () => {
    const piece = fc.constantFrom('canary', '+', 'token', 'canary+token', '%2B', ' ', '\\', '"', '/', 'é');
    const text = fc.array(piece, { maxLength: 4 }).map((pieces) => pieces.join(''));
    const escaped = (json: string): string => json.replaceAll('/', '\\/').replaceAll('k', '\\u006b');
    fc.assert(
      fc.property(fc.dictionary(text, fc.oneof(text, fc.array(text), fc.integer())), fc.boolean(), (data, escapes) => {
        const json = escapes ? escaped(JSON.stringify(data)) : JSON.stringify(data);
        const frame = { data: JSON.parse(json) };
        expect(redactor.isClean(json, frame.data)).toBe(redactor.frame(frame) === frame && redactor.text(json) === json);
      }),
    );
  });

  test('without secrets nothing changes', () => {
    const frame = { text: 'canary+token' };
    expect(createRedactor([]).frame(frame)).toBe(frame);
  });
});
