import { describe, expect, test } from 'vitest';
import { epochMs } from '#base/units.ts';
import type { StoredCapture } from '#monitor/archive-client.ts';
import { fileNameOf, formatBytes, keptText, lossesOf, spanText, titleOf } from '#views/parts/captures/capture-words.ts';
import { localTime, utcTime } from '#views/parts/format.ts';

const at = (text: string) => epochMs(Date.parse(text));
const whole: StoredCapture = {
  id: 'c1', environmentId: 'local', environmentName: 'Local', kind: 'local', name: null,
  from: at('2026-11-22T14:03:22Z'), to: at('2026-11-22T15:10:04Z'), keptFrom: at('2026-11-22T14:03:22Z'),
  bytes: 1000, records: 10, evicted: 0, lost: 0, tornLines: 0, gaps: [], kept: false, pinned: [], ended: true, writer: null,
};

describe('a capture in words', () => {
  test('its size', () => {
    expect([0, 1023, 2048, 1_048_575, 18_245_222, 536_870_912].map(formatBytes)).toEqual(['0 B', '1023 B', '2 KiB', '1024 KiB', '17.4 MiB', '512 MiB']);
  });

  test('its time, with the zone, and both days where they differ', () => {
    expect(spanText(whole.from, whole.to, utcTime, 'UTC')).toBe('22 Nov, 14:03:22 to 15:10:04 UTC');
    expect(spanText(whole.from, at('2026-11-23T00:00:01Z'), utcTime, 'UTC')).toBe('22 Nov, 14:03:22 to 23 Nov, 00:00:01 UTC');
  });

  test('says nothing of losses where there are none', () => {
    expect(lossesOf(whole)).toEqual([]);
    expect(keptText(whole)).toBeUndefined();
  });

  test('says of each loss what it is and how much', () => {
    const gaps = [
      { from: at('2026-11-22T14:10:00Z'), to: at('2026-11-22T14:10:03Z') },
      { from: at('2026-11-22T14:20:00Z'), to: at('2026-11-22T14:20:44Z') },
    ];
    expect(lossesOf({ ...whole, gaps, tornLines: 1, lost: 1, evicted: 12_345 })).toEqual([
      'Nobody watched for 47 s in 2 interruptions.',
      '1 line was torn by a crash.',
      '1 record was never stored.',
      `12,345 records made room; the oldest that is there is of ${localTime.time(whole.keptFrom)}.`,
    ]);
    expect(lossesOf({ ...whole, gaps: gaps.slice(0, 1), tornLines: 2 })).toEqual(['Nobody watched for 3.0 s.', '2 lines were torn by a crash.']);
  });

  test('says why it is kept', () => {
    expect(keptText({ ...whole, kept: true, pinned: ['x'] })).toBe('Kept: it makes no room for newer ones.');
    expect(keptText({ ...whole, pinned: ['3 of 100 connections stop in mid-run.'] })).toBe('Kept around a breach: 3 of 100 connections stop in mid-run.');
    expect(keptText({ ...whole, pinned: ['first', 'second'] })).toBe('Kept around a breach and 1 more: first');
  });

  test('is called as somebody said, else by its environment; its file as any system allows', () => {
    expect([titleOf(whole), titleOf({ ...whole, name: 'Friday' })]).toEqual(['Local', 'Friday']);
    expect(fileNameOf({ ...whole, name: '../Friday: 3 % lost' })).toBe('friday-3-lost-2026-11-22-14-03-22.jsonl');
    expect(fileNameOf({ ...whole, name: '…' })).toBe('capture-2026-11-22-14-03-22.jsonl');
  });
});
