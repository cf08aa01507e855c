import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { longestPayload, noPayload, PayloadSlabs } from '#store/payload-slabs.ts';
import { utf8 } from './text-codec.ts';

interface Written {
  readonly row: number;
  readonly text: string;
  readonly address: number;
  readonly length: number;
}

const write = (slabs: PayloadSlabs, text: string, row: number): Written => {
  const address = slabs.write(text, row);
  return { row, text, address, length: slabs.lastLength };
};
const read = (slabs: PayloadSlabs, { address, length, row }: Written): string | undefined => slabs.read(address, length, row);

describe('payload slabs', () => {
  test('keeps the texts of the newest slabs, whole, and counts the others', () => {
    const texts = fc.array(fc.string({ unit: 'grapheme', maxLength: 15 }), { maxLength: 80 });
    fc.assert(
      fc.property(texts, fc.integer({ min: 2, max: 4 }), (list, slabCount) => {
        const slabs = new PayloadSlabs(utf8, slabCount * 512, 512);
        const written = list.map((text, row) => write(slabs, text, row));
        // The naive model: in which slab, counted without end, each text lies.
        let slab = 0;
        let used = 0;
        const slabOf = list.map((text, n) => {
          const bytes = text === list[n - 1] ? 0 : new TextEncoder().encode(text).length;
          if (used + bytes > 512) slab += 1;
          used = used + bytes > 512 ? bytes : used + bytes;
          return slab;
        });
        const isKept = (n: number): boolean => (slabOf[n] ?? 0) > slab - slabCount;
        expect(written.map((one) => read(slabs, one))).toEqual(list.map((text, n) => (isKept(n) ? text : undefined)));
        expect(slabs.evicted).toBe(list.filter((text, n) => text !== list[n - 1] && !isKept(n)).length);
        expect(slabs.bytes).toBe(list.length === 0 ? 0 : Math.min(slabCount, slab + 1) * 512);
      }),
    );
  });

  test('a text that would not fit the rest of a slab goes whole to the next', () => {
    const slabs = new PayloadSlabs(utf8, 64, 32);
    const first = write(slabs, 'a'.repeat(20), 0);
    const second = write(slabs, 'b'.repeat(20), 1);
    expect(second.address).toBe(32);
    expect([read(slabs, first), read(slabs, second)]).toEqual(['a'.repeat(20), 'b'.repeat(20)]);
    const third = write(slabs, 'c'.repeat(20), 2);
    expect(third.address).toBe(first.address);
    expect([first, second, third].map((one) => read(slabs, one)?.[0])).toEqual([undefined, 'b', 'c']);
    expect(slabs.evicted).toBe(1);
  });

  test('the events of one frame share its text', () => {
    const slabs = new PayloadSlabs(utf8, 2048, 1024);
    const frame = JSON.stringify({ type: 'event_batch', events: [1, 2, 3] });
    const written = [0, 1, 2].map((row) => write(slabs, frame, row));
    expect(new Set(written.map((one) => one.address)).size).toBe(1);
    expect(written.map((one) => read(slabs, one))).toEqual([frame, frame, frame]);
  });

  test('long texts are cut at a character, within the slab or at 65,535 bytes', () => {
    const small = new PayloadSlabs(utf8, 64, 32);
    expect(read(small, write(small, 'é'.repeat(100), 0))).toBe('é'.repeat(16));
    const large = new PayloadSlabs(utf8, 4 * longestPayload, 2 * longestPayload);
    write(large, 'x', 0);
    const cut = write(large, '€'.repeat(1_000_000), 1);
    expect(cut).toMatchObject({ address: 1, length: longestPayload });
    expect(read(large, cut)).toBe('€'.repeat(longestPayload / 3));
  });

  test('empty is not absent, and half a character becomes the replacement mark', () => {
    const slabs = new PayloadSlabs(utf8, 64, 32);
    expect(slabs.bytes).toBe(0);
    expect(read(slabs, write(slabs, '', 0))).toBe('');
    expect(read(slabs, write(slabs, '\ud800', 1))).toBe('\ufffd');
    expect(slabs.read(noPayload, 5, 1)).toBeUndefined();
  });

  test('a budget of less than two slabs is refused', () => {
    expect(() => new PayloadSlabs(utf8, 63, 32)).toThrow('two slabs');
    expect(() => new PayloadSlabs(utf8, 2 ** 32, 1_048_576)).toThrow('4 GiB');
  });
});
