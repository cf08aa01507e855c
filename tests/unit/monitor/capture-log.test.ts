import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { CaptureLog } from '#monitor/capture-log.ts';

describe('a capture log', () => {
  test('keeps all lines within its budget', () => {
    const log = new CaptureLog(12);
    for (const line of ['header\n', 'a1\n', 'b2\n', 'c3\n', 'd4\n']) log.add(line);
    expect(log.text()).toBe('header\na1\nb2\nc3\nd4\n');
    expect(log.evicted).toBe(0);
  });

  test('lets the oldest go beyond it, and counts them; the header stays', () => {
    const log = new CaptureLog(12);
    for (const line of ['header\n', 'a1\n', 'b2\n', 'c3\n', 'd4\n', 'e5\n', 'long6\n']) log.add(line);
    expect(log.text()).toBe('header\nd4\ne5\nlong6\n');
    expect(log.evicted).toBe(3);
  });

  test('has no room for a line that is larger than the budget itself', () => {
    const log = new CaptureLog(4);
    for (const line of ['header\n', 'a\n', 'far too long\n']) log.add(line);
    expect(log.text()).toBe('header\n');
    expect(log.evicted).toBe(2);
    log.add('b\n');
    expect(log.text()).toBe('header\nb\n');
  });

  test('is always its header and the newest lines that fit', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 40 }), { maxLength: 300 }), fc.integer({ min: 0, max: 200 }), (lengths, budget) => {
        const lines = lengths.map((length, index) => `${'x'.repeat(length)}${index}\n`);
        const log = new CaptureLog(budget);
        log.add('header\n');
        for (const line of lines) log.add(line);
        let kept = lines.length;
        for (let room = budget; kept > 0 && (lines[kept - 1]?.length ?? 0) <= room; kept -= 1) room -= lines[kept - 1]?.length ?? 0;
        expect(log.text()).toBe(`header\n${lines.slice(kept).join('')}`);
        expect(log.evicted).toBe(kept);
      }),
    );
  });

  test('stays within its budget over far more lines than it holds', () => {
    const log = new CaptureLog(100);
    log.add('header\n');
    for (let n = 0; n < 20_000; n += 1) log.add(`line ${n}\n`);
    expect(log.text()).toMatch(/^header\n(line 199\d\d\n){9}$/);
    expect(log.evicted).toBe(19_991);
  });
});
