import { describe, expect, test } from 'vitest';
import { epochMs } from '#base/units.ts';
import { CaptureReader } from '#record/capture-reader.ts';
import { captureLine } from '#record/capture-writer.ts';
import type { NoteRecord, RunwatchRecord } from '#record/record.ts';

const header = '{"record":"header","at":1000,"format":"runwatch","version":1,"app":"test","environment":{"id":"local"}}';

function read(line: string) {
  const records: RunwatchRecord[] = [];
  const reader = new CaptureReader((record) => records.push(record));
  reader.push(`${header}\n${line}`);
  return { records, result: reader.finish() };
}

describe('a note in a capture', () => {
  test('comes back as it was written, with what it is about', () => {
    const note: NoteRecord = { record: 'note', at: epochMs(1001), text: 'rollback asked for\n"now" – ünï', author: 'Kim', time: epochMs(900), run: 'r-1', acknowledges: 'lost:user:u3' };
    expect(read(captureLine(note)).records[1]).toEqual(note);
    const bare: NoteRecord = { record: 'note', at: epochMs(1001), text: '' };
    expect(read(captureLine(bare)).records[1]).toEqual(bare);
  });

  test('loses what looks like a secret', () => {
    const note: NoteRecord = { record: 'note', at: epochMs(1001), text: 'they sent Bearer canary-0123456789abcdef' };
    expect(captureLine(note)).not.toContain('canary');
  });

  test.each([
    ['no text', '{}', 'text'],
    ['a text that is none', '{"text":5}', 'text'],
    ['an author who is none', '{"text":"a","author":{}}', 'author'],
    ['a run that is none', '{"text":"a","run":["r"]}', 'run'],
    ['a time that is none', '{"text":"a","time":"noon"}', 'time'],
    ['a time that no calendar has', '{"text":"a","time":1e300}', 'time'],
    ['an incident that is none', '{"text":"a","acknowledges":1}', 'acknowledges'],
  ])('with %s is refused, by line and field', (_, fields, field) => {
    const { result } = read(`${JSON.stringify({ record: 'note', at: 1001, ...JSON.parse(fields) })}\n`);
    expect(result).toMatchObject({ ok: false, error: { line: 2, reason: 'broken-line', message: expect.stringContaining(`"${field}"`) } });
  });
});
