import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { firstText, noText, TextRing } from '#store/text-ring.ts';
import { utf8 } from './text-codec.ts';

interface Written {
  readonly row: number;
  readonly text: string;
  readonly address: number;
  readonly length: number;
}

const write = (ring: TextRing, text: string, row: number): Written => {
  ring.write(text, row);
  return { row, text, address: ring.lastAddress, length: ring.lastLength };
};
const read = (ring: TextRing, { address, length, row }: Written, most = Infinity): string | undefined => ring.read(address, length, row, most);
const allOf = (ring: TextRing): string => [...ring.texts()].join('');
const bytesOf = (text: string): number => utf8.encode(text).length;

/** The same in plain lists: slabs of texts, the oldest of which leaves until the budget holds. */
function naive(list: readonly string[], budget: number, slabBytes: number): { kept: number[]; bytes: number } {
  const slabs: { readonly texts: number[]; readonly bytes: number; used: number }[] = [];
  const held = (): number => slabs.reduce((sum, slab) => sum + slab.bytes, 0);
  list.forEach((text, n) => {
    const length = bytesOf(text);
    let slab = slabs.at(-1);
    if (length > budget) return;
    if (slab === undefined || slab.used === slab.bytes || slab.used + length > slab.bytes) {
      slab = { texts: [], bytes: Math.max(slabBytes, length), used: 0 };
      while (held() + slab.bytes > budget) slabs.shift();
      slabs.push(slab);
    }
    slab.texts.push(n);
    slab.used += length;
  });
  return { kept: slabs.flatMap((slab) => slab.texts), bytes: held() };
}

describe('text ring', () => {
  test('keeps the newest texts, whole and in order, within its budget, and counts the others', () => {
    const short = fc.string({ unit: 'grapheme', maxLength: 15 });
    const long = fc.string({ unit: 'grapheme', minLength: 60, maxLength: 200 });
    const texts = fc.array(fc.oneof({ weight: 6, arbitrary: short }, { weight: 1, arbitrary: long }), { maxLength: 80 });
    fc.assert(
      fc.property(texts, fc.integer({ min: 2, max: 5 }), (list, slabs) => {
        const ring = new TextRing(utf8, slabs * 128, 128);
        const written = list.map((text, row) => write(ring, text, row));
        const { kept, bytes } = naive(list, slabs * 128, 128);
        expect(written.map((one) => read(ring, one))).toEqual(list.map((text, n) => (kept.includes(n) ? text : undefined)));
        expect(allOf(ring)).toBe(kept.map((n) => list[n]).join(''));
        expect([...ring.newestTexts()]).toEqual([...ring.texts()].reverse());
        expect([ring.written, ring.evicted]).toEqual([list.length, list.length - kept.length]);
        expect(ring.bytes).toBeGreaterThanOrEqual(bytes);
        expect(ring.bytes).toBeLessThanOrEqual(slabs * 128);
      }),
      { numRuns: 500 },
    );
  });

  test('read along at any pace it gives every text once, in order, and counts those that had made room', () => {
    const text = fc.oneof({ weight: 6, arbitrary: fc.string({ unit: 'grapheme', maxLength: 15 }) }, { weight: 1, arbitrary: fc.string({ unit: 'grapheme', minLength: 60, maxLength: 400 }) });
    const steps = fc.array(fc.oneof({ weight: 4, arbitrary: text.map((one) => `${one.replaceAll('\n', '')}\n`) }, { weight: 1, arbitrary: fc.constant(undefined) }), { maxLength: 80 });
    fc.assert(
      fc.property(steps, fc.integer({ min: 2, max: 5 }), fc.boolean(), (list, slabs, late) => {
        const ring = new TextRing(utf8, slabs * 128, 128);
        let cursor = late ? ring.cursor : firstText;
        let told = '';
        let read = 0;
        let lost = 0;
        const readAll = (): void => {
          for (let piece = ring.since(cursor); piece !== undefined; piece = ring.since(cursor)) {
            told += utf8.decode(piece.bytes);
            read += piece.texts;
            lost += piece.lost;
            ({ cursor } = piece);
          }
        };
        const texts = list.filter((step) => step !== undefined);
        for (const [row, step] of list.entries()) {
          if (step === undefined) readAll();
          else write(ring, step, row);
        }
        readAll();
        // A ring in which nothing ever fitted has nothing to tell.
        expect(read + lost).toBe(allOf(ring) === '' ? 0 : ring.written);
        expect(ring.since(cursor)).toBeUndefined();
        // What was told is some of the texts, in their order.
        const lines = told.split(/(?<=\n)/).filter((line) => line !== '');
        expect(lines).toHaveLength(read);
        let at = 0;
        for (const line of lines) {
          at = texts.indexOf(line, at) + 1;
          expect(at).toBeGreaterThan(0);
        }
        // What is kept was told, whoever read when.
        expect(told.endsWith(allOf(ring))).toBe(true);
      }),
      { numRuns: 500 },
    );
  });

  test('bytes before and after a text belong to it: it is the same as if they had been written in it', () => {
    const part = fc.string({ unit: 'grapheme', maxLength: 8 });
    const texts = fc.array(fc.tuple(part, fc.string({ unit: 'grapheme', minLength: 1, maxLength: 50 }), part), { maxLength: 80 });
    fc.assert(
      fc.property(texts, (list) => {
        const rings = [new TextRing(utf8, 3 * 64, 64), new TextRing(utf8, 3 * 64, 64)] as const;
        const whole = list.map((parts, row) => write(rings[0], parts.join(''), row));
        const inParts = list.map(([before, text, after], row) => {
          rings[1].write(text, row, utf8.encode(before), utf8.encode(after));
          return { row, text, address: rings[1].lastAddress, length: rings[1].lastLength };
        });
        expect(inParts.map((one) => read(rings[1], one))).toEqual(whole.map((one) => read(rings[0], one)));
        expect([allOf(rings[1]), rings[1].bytes, rings[1].evicted]).toEqual([allOf(rings[0]), rings[0].bytes, rings[0].evicted]);
      }),
      { numRuns: 300 },
    );
  });

  test('a text that would not fit the rest of a slab goes whole to the next', () => {
    const ring = new TextRing(utf8, 64, 32);
    const first = write(ring, 'a'.repeat(20), 0);
    const second = write(ring, 'b'.repeat(20), 1);
    expect([read(ring, first), read(ring, second)]).toEqual(['a'.repeat(20), 'b'.repeat(20)]);
    const third = write(ring, 'c'.repeat(20), 2);
    expect(third.address).toBe(first.address);
    expect([first, second, third].map((one) => read(ring, one)?.[0])).toEqual([undefined, 'b', 'c']);
    expect(ring.evicted).toBe(1);
    expect(allOf(ring)).toBe('b'.repeat(20) + 'c'.repeat(20));
  });

  test('takes room as it needs it until it has an eighth, and then all, which is what it holds from there on', () => {
    const ring = new TextRing(utf8, 32 * 32, 32);
    const held = Array.from({ length: 100 }, (_, row) => {
      write(ring, 'x'.repeat(32), row);
      return ring.bytes / 32;
    });
    expect(held.slice(0, 5)).toEqual([1, 2, 3, 32, 32]);
    expect(new Set(held.slice(3))).toEqual(new Set([32]));
    expect(ring.evicted).toBe(68);
  });

  test('a text that is longer than a slab is kept whole, and as many of the oldest make room as it takes', () => {
    const ring = new TextRing(utf8, 5 * 32, 32);
    const short = Array.from('abcde', (letter, row) => write(ring, letter.repeat(32), row));
    const long = write(ring, 'é'.repeat(45), 5);
    expect(read(ring, long)).toBe('é'.repeat(45));
    expect(short.map((one) => read(ring, one)?.[0])).toEqual([undefined, undefined, undefined, 'd', 'e']);
    expect([ring.bytes, ring.evicted]).toEqual([2 * 32 + 90, 3]);
    // What is left beside it is room for what comes next, until it is the oldest itself.
    const shown = (): string => allOf(ring).replaceAll(/(.)\1*/gu, '$1');
    for (const letter of 'fg') write(ring, letter.repeat(32), 6);
    expect(shown()).toBe('éfg');
    for (const letter of 'hijk') write(ring, letter.repeat(32), 7);
    expect([shown(), ring.bytes]).toEqual(['ghijk', 5 * 32]);
  });

  test('a text as long as the whole budget takes it all; a longer one is not kept, and no row refers to it', () => {
    const ring = new TextRing(utf8, 64, 32);
    const before = write(ring, 'before', 0);
    const whole = write(ring, 'x'.repeat(64), 1);
    expect([read(ring, before), read(ring, whole), ring.bytes, ring.evicted]).toEqual([undefined, 'x'.repeat(64), 64, 1]);
    const tooLong = write(ring, 'y'.repeat(65), 2);
    expect([tooLong.address, read(ring, tooLong), read(ring, whole), ring.evicted]).toEqual([noText, undefined, 'x'.repeat(64), 2]);
    expect(read(ring, write(ring, 'after', 3))).toBe('after');
    expect(allOf(ring)).toBe('after');
  });

  test('gives the first bytes of a text to who asks for no more', () => {
    const ring = new TextRing(utf8, 64, 32);
    const one = write(ring, 'héllo', 0);
    expect([read(ring, one, 3), read(ring, one, 100)]).toEqual(['hé', 'héllo']);
  });

  test('empty is not absent, and half a character becomes the replacement mark', () => {
    const ring = new TextRing(utf8, 64, 32);
    expect([ring.bytes, ring.lastAddress]).toEqual([0, noText]);
    expect(read(ring, write(ring, '', 0))).toBe('');
    expect(read(ring, write(ring, '\ud800', 1))).toBe('\ufffd');
    write(ring, 'x'.repeat(29), 2);
    expect(read(ring, write(ring, '', 3))).toBe('');
    expect(ring.read(noText, 5, 1, 5)).toBeUndefined();
  });

  test('a budget of less than two slabs is refused', () => {
    expect(() => new TextRing(utf8, 63, 32)).toThrow('two slabs');
    expect(() => new TextRing(utf8, 2 ** 32, 1_048_576)).toThrow('4 GiB');
  });
});
