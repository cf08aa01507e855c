import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { jsonText, plainLine, plainName, plainText } from '#cli/terminal.ts';

/** What a terminal obeys or hides: controls, escapes, bidi marks and overrides, zero-width and tag characters, other line ends, broken halves. */
const hostile = ['\u0000', '\u0007', '\b', '\r', '\u001b[2J', '\u007f', '\u009b31m', '\u200b', '\u200e', '\u202e', '\u2028', '\u2066', '\ufeff', '\u{e0041}', '\ud800'];
// oxlint-disable-next-line no-control-regex -- these are what it looks for
const obeyed = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff\ud800-\udfff]|\u{e0041}/u;

describe('a target’s text', () => {
  test.each(hostile)('%j becomes visible', (character) => {
    const text = `before${character}after`;
    for (const shown of [plainLine(text), plainName(text), plainText(text), jsonText({ [text]: text })]) {
      expect(shown).not.toMatch(obeyed);
      expect(shown).toContain('before');
      expect(shown).toContain('after');
    }
  });

  test('keeps its line feeds where lines are meant, and loses them where one is', () => {
    expect(plainText('one\ntwo')).toBe('one\ntwo');
    expect(plainLine('one\ntwo')).toBe('one\ufffdtwo');
    expect(plainName('one\ntwo')).toBe('one\ufffdtwo');
  });

  test('of any language stays as it is', () => {
    const text = 'Größe 日本語 עברית العربية 🙂 ±€';
    expect(plainLine(text)).toBe(text);
    expect(JSON.parse(jsonText(text))).toBe(text);
  });

  test('is short as a name, and whole as a line', () => {
    expect(plainName('x'.repeat(60))).toBe('x'.repeat(60));
    expect(plainName('x'.repeat(61))).toBe(`${'x'.repeat(59)}…`);
    expect(plainLine('x'.repeat(1000)).length).toBe(1000);
  });
});

test('JSON stays the same value, whatever is in it', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      expect(JSON.parse(jsonText(value))).toEqual(JSON.parse(JSON.stringify(value)));
    }),
  );
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      const shown = jsonText([text]);
      expect(JSON.parse(shown)).toEqual([text]);
      expect(shown).not.toMatch(obeyed);
    }),
  );
});
