import { describe, expect, test } from 'vitest';
import { CaptureReader } from '#record/capture-reader.ts';
import type { RunwatchRecord } from '#record/record.ts';

const header = '{"record":"header","at":1000,"format":"runwatch","version":1,"app":"test","environment":{"id":"local"}}';
const open = '{"record":"connection-open","at":1001,"connection":"local#0","user":"u0","transport":"websocket","recovered":false}';
const frame = (at: number, connection = 'local#0') => `{"record":"frame","at":${at},"connection":"${connection}","data":{"type":"ping"}}`;
const end = (at: number) => `{"record":"end","at":${at}}`;

function read(...pieces: readonly string[]) {
  const records: RunwatchRecord[] = [];
  const reader = new CaptureReader((record) => records.push(record));
  for (const piece of pieces) reader.push(piece);
  const result = reader.finish();
  return { records, kinds: records.map((record) => record.record), result };
}

describe('a capture is read', () => {
  test('record by record, however it is cut', () => {
    const text = [header, open, frame(1002), end(1003)].join('\n');
    for (let size = 1; size < text.length; size += 7) {
      const pieces = Array.from({ length: Math.ceil(text.length / size) }, (_, n) => text.slice(n * size, (n + 1) * size));
      const { kinds, result } = read(...pieces);
      expect(kinds).toEqual(['header', 'connection-open', 'frame', 'end']);
      expect(result).toEqual({ ok: true, value: { records: 4, tornLines: 0 } });
    }
  });

  test('with an end at its last record where it has none', () => {
    expect(read(`${header}\n${frame(1007)}\n`).records.at(-1)).toEqual({ record: 'end', at: 1007 });
  });

  test('no further than its end', () => {
    expect(read(`${header}\n${end(1001)}\nnot JSON\n${frame(1)}\n`)).toMatchObject({ kinds: ['header', 'end'], result: { ok: true } });
  });

  test('past kinds and fields that it does not know', () => {
    expect(read(`${header}\n{"record":"weather","sky":"blue"}\n${frame(1002).replace('"data"', '"extra":1,"data"')}\n`).kinds).toEqual(['header', 'frame', 'end']);
  });

  test('past a last line that a crash tore, which is counted', () => {
    expect(read(`${header}\n${frame(1002)}\n${frame(1003).slice(0, 30)}`)).toMatchObject({ kinds: ['header', 'frame', 'end'], result: { ok: true, value: { tornLines: 1 } } });
    expect(read(`${header}\n${frame(1002)}`)).toMatchObject({ kinds: ['header', 'frame', 'end'], result: { ok: true, value: { tornLines: 0 } } });
  });

  test('with small disorder between connections', () => {
    expect(read(`${header}\n${frame(1010)}\n${frame(1005, 'local#1')}\n`).result.ok).toBe(true);
  });
});

describe('a capture is refused', () => {
  test.each([
    ['nothing in it', '', 1, 'no-header'],
    ['no header', `${frame(1)}\n`, 1, 'no-header'],
    ['text instead', 'hello\n', 1, 'no-header'],
    ['a blank first line', `\n${header}\n`, 1, 'no-header'],
    ['a list instead', '[]\n', 1, 'no-header'],
    ['only a torn header', header.slice(0, 20), 1, 'no-header'],
    ['another format', `${header.replace('"runwatch"', '"har"')}\n`, 1, 'no-header'],
    ['a later version', `${header.replace('"version":1', '"version":2')}\n`, 1, 'unknown-version'],
    ['a broken line', `${header}\n{"record":\n${frame(1002)}\n`, 2, 'broken-line'],
    ['a broken last line that is whole', `${header}\n${frame(1002)}\nrubbish\n`, 3, 'broken-line'],
    ['a line without record', `${header}\n{"at":1}\n`, 2, 'broken-line'],
    ['a line without time', `${header}\n{"record":"end"}\n`, 2, 'broken-line'],
    ['an infinite time', `${header}\n{"record":"end","at":1e400}\n`, 2, 'bad-number'],
    ['a frame of nothing', `${header}\n{"record":"frame","at":1001,"connection":"c"}\n`, 2, 'broken-line'],
    ['a close without cause', `${header}\n{"record":"connection-close","at":1001,"connection":"c"}\n`, 2, 'broken-line'],
    ['a second header', `${header}\n${header}\n`, 2, 'broken-line'],
    ['time going back on a connection', `${header}\n${frame(1010)}\n${frame(1009)}\n`, 3, 'time-goes-back'],
    ['time going back for all', `${header}\n${frame(1010)}\n${end(1009)}\n`, 3, 'time-goes-back'],
  ])('%s', (_, text, line, reason) => {
    const { result } = read(text);
    expect(result).toMatchObject({ ok: false, error: { line, reason, message: expect.stringContaining(`Line ${line}: `) } });
  });

  test('and nothing is read after the fault', () => {
    expect(read(`${header}\nrubbish\n`, `${frame(1002)}\n`).kinds).toEqual(['header']);
  });
});
