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

  test('without secrets nothing changes', () => {
    const frame = { text: 'canary+token' };
    expect(createRedactor([]).frame(frame)).toBe(frame);
  });
});
