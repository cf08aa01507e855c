import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { CaptureTape } from '#monitor/opened/capture-tape.ts';
import { epochMs } from '#base/units.ts';
import type { OpenFault } from '#monitor/opened/open-fault.ts';
import type { RunwatchRecord } from '#record/record.ts';
import { captureText, gzipFile, plainFile } from '../../../fixtures/capture-file.ts';
import { draw, start } from '../../../fixtures/drawing.ts';

const records = draw('u0: >STERC--------------->STEC |\nu1: >STXC');
const text = captureText(records);
const end = records.at(-1)?.at ?? epochMs(start);

/** All records that a tape gives, or why it gives none. */
async function play(tape: CaptureTape): Promise<readonly RunwatchRecord[] | OpenFault> {
  const got: RunwatchRecord[] = [];
  while (!tape.atEnd) {
    const read = await tape.read();
    if (!read.ok) return read.error;
    for (let record = tape.peek(); record !== undefined; record = tape.peek()) {
      got.push(record);
      tape.take();
    }
  }
  return got;
}

describe('a tape', () => {
  test.each([
    ['plain text', plainFile(text)],
    ['gzip', gzipFile(text)],
    ['plain text that begins with a byte order mark', plainFile(`\uFEFF${text}`)],
  ])('gives the records of %s', async (_, file) => {
    const tape = new CaptureTape(file);
    expect(await play(tape)).toEqual(records);
    expect([tape.ratio, tape.tornLines]).toEqual([1, 0]);
  });

  test('reads a long file in pieces, and tells how far it is', async () => {
    const notes: RunwatchRecord[] = Array.from({ length: 20_000 }, (_, n) => ({ record: 'note', at: end, text: `note ${n}` }) as const);
    const long = [...records.slice(0, -1), ...notes, ...records.slice(-1)];
    const tape = new CaptureTape(plainFile(captureText(long)));
    await tape.read();
    expect(tape.peek()).toEqual(records[0]);
    expect(tape.ratio).toBeGreaterThan(0);
    expect(tape.ratio).toBeLessThan(1);
    expect(await play(new CaptureTape(plainFile(captureText(long))))).toHaveLength(long.length);
  });

  test('ends a capture that has no end, and counts a last line that was torn', async () => {
    const torn = new CaptureTape(plainFile(text.slice(0, text.lastIndexOf('{') + 7)));
    const got = await play(torn);
    expect(got).toHaveLength(records.length);
    expect(torn.tornLines).toBe(1);
    expect(await play(new CaptureTape(plainFile(text.slice(0, text.lastIndexOf('{')))))).toHaveLength(records.length);
  });

  test('takes gzip that was cut short for what is whole of it, and refuses gzip that is not right', async () => {
    const noise = Array.from({ length: 5000 }, (_, n) => `{"record":"note","at":${records[0]?.at},"text":"${Math.imul(n, 2_654_435_761) >>> 0}"}\n`);
    const bytes = gzipSync(text.split('\n')[0] + '\n' + noise.join(''));
    const cut = await play(new CaptureTape(new Blob([bytes.subarray(0, bytes.length - 500)])));
    expect(Array.isArray(cut) && cut.length > 2000).toBe(true);
    const spoilt = Buffer.from(bytes);
    spoilt.fill(0xff, 5000, 5040);
    expect(await play(new CaptureTape(new Blob([spoilt])))).toMatchObject({ reason: expect.stringMatching(/not-gzip|broken-line/) });
  });

  test.each([
    ['an empty file', '', 'no-header', 1],
    ['a line that is no JSON', text.replace('\n{', '\n{{'), 'broken-line', 2],
    ['another version', text.replace('"version":1', '"version":2'), 'unknown-version', 1],
  ])('refuses %s and says what to do', async (_, broken, reason, line) => {
    expect(await play(new CaptureTape(plainFile(broken)))).toMatchObject({ reason, line, message: expect.stringMatching(/^Line \d+: .+\.$/), remedy: expect.stringMatching(/^[A-Z].+\.$/) });
  });

  test('stops where there is more text than it takes, long before it has unpacked all of it', async () => {
    const bomb = gzipSync(Buffer.concat([Buffer.from(text.split('\n')[0] + '\n'), Buffer.alloc(40_000_000, '\n')]));
    expect(bomb.length).toBeLessThan(100_000);
    const tape = new CaptureTape(new Blob([bomb]), 1_000_000);
    expect(await play(tape)).toMatchObject({ line: null, reason: 'too-large' });
    expect(tape.ratio).toBeLessThan(1.01);
  });

  test('says that a file cannot be read', async () => {
    const gone = new Blob(['x']);
    Object.defineProperty(gone, 'slice', { value: () => ({ arrayBuffer: () => Promise.reject(new Error('The file was moved.')) }) });
    expect(await play(new CaptureTape(gone))).toMatchObject({ line: null, reason: 'unreadable', message: 'The file cannot be read: The file was moved.' });
  });
});
