import { describe, expect, test } from 'vitest';
import { durationMs, epochMs } from '#base/units.ts';
import { HealthBook } from '#monitor/health-book.ts';
import type { HealthRecord } from '#record/record.ts';

const good = (at: number, version?: string): HealthRecord => ({ record: 'health', at: epochMs(at), ok: true, status: 200, durationMs: durationMs(4), ...(version !== undefined && { version }) });
const bad = (at: number, reason = 'HTTP 503'): HealthRecord => ({ record: 'health', at: epochMs(at), ok: false, status: 503, durationMs: durationMs(9), reason });
const bookOf = (...records: readonly HealthRecord[]): HealthBook => {
  const book = new HealthBook('http://localhost:8000/health');
  for (const record of records) book.add(record);
  return book;
};

describe('the health of an environment', () => {
  test('is nothing before the first answer', () => {
    expect(bookOf().snapshot()).toBeNull();
  });

  test('counts the good of all answers, and says since when all of them are good', () => {
    expect(bookOf(good(1000), bad(2000), good(3000), good(4000)).snapshot()).toMatchObject({
      place: 'http://localhost:8000/health',
      newest: { at: 4000, ok: true, status: 200, durationMs: 4, reason: null },
      healthySince: 3000,
      from: 1000,
      asked: 4,
      good: 3,
      failures: [{ at: 2000, ok: false, status: 503, reason: 'HTTP 503' }],
    });
    expect(bookOf(good(1000), bad(2000)).snapshot()?.healthySince).toBeNull();
  });

  test('takes an answer without a status for what it is', () => {
    expect(bookOf({ record: 'health', at: epochMs(1), ok: false, reason: 'did not answer' }).snapshot()?.newest).toEqual({ at: 1, ok: false, status: null, durationMs: null, version: null, reason: 'did not answer' });
  });

  test('names each version once, since when it is there, the newest first', () => {
    expect(bookOf(good(1, '1.0'), good(2, '1.0'), bad(3), good(4, '1.1'), good(5), good(6, '1.0')).snapshot()?.versions).toEqual([
      { at: 6, version: '1.0' },
      { at: 4, version: '1.1' },
      { at: 1, version: '1.0' },
    ]);
  });

  test('forgets what is older than 500 answers, in every figure', () => {
    const records = Array.from({ length: 700 }, (_, index) => (index < 300 ? bad(index) : good(index, `v${index}`)));
    const snapshot = bookOf(...records).snapshot();
    expect(snapshot).toMatchObject({ asked: 500, good: 400, from: 200 });
    expect(snapshot?.failures.map(({ at }) => at)).toEqual([299, 298, 297, 296, 295, 294, 293, 292]);
    expect([snapshot?.recent.length, snapshot?.recent.at(-1)?.at, snapshot?.versions.length, snapshot?.versions[0]?.version]).toEqual([60, 699, 20, 'v699']);
  });

  test('is the same object until the next answer', () => {
    const book = bookOf(good(1));
    const before = book.snapshot();
    expect(book.snapshot()).toBe(before);
    book.add(good(2));
    expect(book.snapshot()).not.toBe(before);
  });
});
