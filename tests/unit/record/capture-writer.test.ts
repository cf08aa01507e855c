import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { epochMs } from '#base/units.ts';
import { captureLine, recordLine, redact, redactLine } from '#record/capture-writer.ts';
import type { FrameRecord } from '#record/record.ts';

const frameOf = (wireText: string): FrameRecord => ({ record: 'frame', at: epochMs(1_790_000_000_000.25), connection: 'local#0', data: JSON.parse(wireText) });

describe('a line of a capture', () => {
  test('is the record as JSON', () => {
    expect(captureLine({ record: 'end', at: epochMs(5) })).toBe('{"record":"end","at":5}\n');
  });

  test.each([
    ['a JSON web token', 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJ1MCJ9.c2lnbmF0dXJl'],
    ['a bearer token', 'Bearer abcdef0123456789'],
    ['a token field', JSON.stringify({ access_token: 'opaque-0123456789' })],
    ['a password field with a quote in it', JSON.stringify({ password: 'secret"0123456789' })],
    ['a key field, spaced', '{"api_key" : "0123456789"}'],
  ])('holds no secret: %s', (_, text) => {
    const redacted = redact(JSON.stringify({ note: text }).includes('\\"') ? text : JSON.stringify({ note: text }));
    expect(redacted).toContain('[redacted]');
    expect(redacted).not.toMatch(/0123456789|c2lnbmF0dXJl/);
    expect(() => JSON.parse(redacted)).not.toThrow();
  });

  test('keeps what is no secret', () => {
    const text = JSON.stringify({ type: 'agent_started', tokens: 12, runId: 'eyJ', thought: 'the bearer of news' });
    expect(redact(text)).toBe(text);
  });

  test('hides no secret behind an escape, and none in a text that is cut short', () => {
    for (const wireText of ['{"\\u0074oken":"abcdef0123456789"}', '{"a":"Bearer ab\\/cdef0123456789"}', '{"a":"\\u0065yJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJ1MCJ9.c2lnbmF0dXJl"}']) {
      const line = redactLine(recordLine(frameOf(wireText), wireText));
      expect(line).toBe(captureLine(frameOf(wireText)));
      expect(line).toContain('[redacted]');
      expect(line).not.toMatch(/0123456789|c2lnbmF0dXJl/);
    }
    expect(redact('{"token":"abcdef\\')).toBe('{"token":"[redacted]');
  });

  const mebibyte = 2 ** 20;
  test.each([
    ['a long secret', `{"token":"${'a'.repeat(8 * mebibyte)}"}`],
    ['a long secret of escapes', `{"token":"${'\\n'.repeat(4 * mebibyte)}"}`],
    ['beginnings of tokens', `{"a":"${'eyJa'.repeat(2 * mebibyte)}"}`],
    ['beginnings of tokens with dots', `{"a":"${'eyJaaaa.'.repeat(mebibyte)}"}`],
    ['beginnings of bearer tokens', `{"a":"${'Bearer '.repeat(mebibyte)}"}`],
    ['spaces', `{"token"${' '.repeat(8 * mebibyte)}:1}`],
  ])('takes no more time than its length asks for: %s', { timeout: 5000 }, (_, text) => {
    expect(redact(text).length).toBeGreaterThan(0);
  });
});

describe('a line made of the text off the wire', () => {
  test('reads like the record’s own line, whatever the JSON and its white space', () => {
    const wireText = fc
      .tuple(fc.jsonValue({ noUnicodeString: false, maxDepth: 6 }), fc.constantFrom('', ' ', '\t', '\n', '\r\n'), fc.boolean())
      .map(([value, space, escaped]) => {
        const text = `${space}${JSON.stringify(value, null, space.trim() === '' && space.includes('\n') ? 2 : space)}${space}`;
        return escaped ? text.replaceAll(/[\u0080-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`) : text;
      });
    let quick = 0;
    fc.assert(
      fc.property(wireText, (text) => {
        const record = frameOf(text);
        const line = recordLine(record, text);
        if (line.includes(text)) quick += 1;
        expect(line.indexOf('\n')).toBe(line.length - 1);
        expect(line).not.toContain('\r');
        expect(JSON.parse(line)).toEqual(record);
        expect(JSON.parse(line)).toEqual(JSON.parse(JSON.stringify(record)));
      }),
      { numRuns: 1000, examples: [['{"a":1,"a":2,"__proto__":{"b":1e-7}}'], ['[1E5,1.0,0.1e1]']] },
    );
    expect(quick).toBeGreaterThan(200);
  });

  test('other kinds of record take no notice of it', () => {
    const note = { record: 'note', at: epochMs(1), text: 'a' } as const;
    expect(recordLine(note, '{}')).toBe(recordLine(note));
  });
});
