import { describe, expect, test } from 'vitest';
import { epochMs } from '#base/units.ts';
import { captureLine, redact } from '#record/capture-writer.ts';

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
});
