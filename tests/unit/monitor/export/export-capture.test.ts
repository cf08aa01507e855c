import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { epochMs } from '#base/units.ts';
import { CapsuleError, capsuleText } from '#monitor/export/capsule.ts';
import { cancelExport, exportCapture, exportStatus } from '#monitor/export/export-capture.ts';
import type { ExportAsk } from '#monitor/export/exported-capture.ts';
import type { Pace } from '#monitor/pace.ts';
import type { Recording } from '#monitor/recording.ts';
import { Replay } from '#monitor/replay.ts';
import { makeReport } from '#monitor/report.ts';
import { CaptureReader } from '#record/capture-reader.ts';
import { ExportRedaction } from '#monitor/export/export-redaction.ts';
import type { RunwatchRecord } from '#record/record.ts';
import { draw, start } from '../../../fixtures/drawing.ts';
import { recordingOf } from '../../../fixtures/folded-recording.ts';
import { renamed } from '../../../fixtures/redacted-replay.ts';

const folder = new URL('../../../fixtures/vectors/', import.meta.url);
const vectors = readdirSync(folder).filter((file) => file.endsWith('.jsonl'));

const busy: Pace = { now: () => 0, isDue: () => false, rest: async () => undefined };

function vector(file: string): RunwatchRecord[] {
  const records: RunwatchRecord[] = [];
  const reader = new CaptureReader((record) => records.push(record));
  reader.push(readFileSync(new URL(file, folder), 'utf8'));
  reader.finish();
  return records;
}

async function exported(recording: Recording, ask: Partial<ExportAsk> = {}) {
  const answer = await exportCapture(recording, { environmentId: 'local', format: 'capsule', payloads: false, ...ask }, { pace: busy, isWatched: true });
  if (answer.kind !== 'exported') throw new Error(answer.kind);
  return answer;
}

async function textOf(blob: Blob): Promise<string> {
  let text = '';
  for await (const piece of capsuleText(blob.stream())) text += piece;
  return text;
}

function replayed(text: string) {
  const replay = new Replay();
  replay.push(text);
  const finished = replay.finish();
  if (!finished.ok) throw new Error(finished.error.message);
  return finished.value.report;
}

const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value));
const drawing = `u0: >STERC${' '.repeat(20)}>STEC${' '.repeat(20)}|\nu1: >STERC`;

describe('a capsule', () => {
  test.each(vectors)('opened again gives the report to the last digit, names aside: %s', async (file) => {
    const records = vector(file);
    const recording = recordingOf(records);
    const { blob, name, counts } = await exported(recording);
    const text = await textOf(blob);
    const report = replayed(text);
    const [header] = records;
    if (header?.record !== 'header') throw new Error('no header');
    const redaction = new ExportRedaction(header, { payloads: false });
    for (const record of records) redaction.foresee(JSON.stringify(record));
    for (const record of records) redaction.record(record);
    expect(plain(report)).toEqual(plain(renamed(records, redaction)));
    expect(plain(report)).not.toEqual(plain(makeReport(recording.engine)));
    const verdict = JSON.parse(text.split('\n').find((line) => line.startsWith('{"record":"verdict"')) ?? '{}') as { report: unknown };
    expect(verdict.report).toEqual(plain(report));
    expect(name).toMatch(/^[\w.-]+-\d{8}T\d{6}\.jsonl\.gz$/);
    expect(counts.frames).toBe(report.frames.received);
  });

  test('holds notes, the settings without addresses, and what was left out', async () => {
    const records = draw(drawing, { fields: ({ run, user }) => ({ runId: run, userId: user, answer: 'it is raining', secret: 'abc' }) });
    records.splice(-1, 0, { record: 'note', at: epochMs(records.at(-1)?.at ?? start), text: 'u0-2 lost its tool, see u0@example.com', author: 'ops', run: 'u0-2' });
    const { blob, counts, preview } = await exported(recordingOf(records));
    const text = await textOf(blob);
    expect(text).not.toMatch(/raining|abc|u0-2|example\.com|ops/);
    expect(text).toContain('"text":"run-3 lost its tool, see [e-mail]"');
    expect(counts).toMatchObject({ notes: 1, leftOut: 28, secrets: 0, words: 1, pseudonyms: { run: 3, user: 3 } });
    expect(preview.length).toBe(20);
    expect(preview[1]).toMatch(/^{"record":"capsule"/);
    expect(text).not.toContain('eventsUrl');
  });

  test('with payloads holds them, without what looks like a secret', async () => {
    const records = draw(drawing, { fields: ({ run }) => ({ runId: run, answer: 'it is raining on bob@example.com', apiKey: 'abc-def', nested: { text: 'password=hunter22' } }) });
    const text = await textOf((await exported(recordingOf(records), { payloads: true })).blob);
    expect(text).toContain('it is raining on [e-mail]');
    expect(text).not.toMatch(/abc-def|hunter22|u0-1/);
  });
});

describe('a stretch of time', () => {
  test('begins where no run is under way', async () => {
    const records = draw(drawing);
    const from = epochMs(start + 2950);
    const to = epochMs(start + 3100);
    const report = replayed(await textOf((await exported(recordingOf(records), { from, to })).blob));
    // The second run of u0 was triggered before the stretch, and is whole up to its end.
    expect(report.runs.map(({ status, openedAt }) => [status, openedAt - start])).toEqual([['inconclusive', 2700]]);
    expect(report.frames.received).toBe(4);
  });
});

describe('other formats', () => {
  test('JSON Lines are the capsule as it is inside', async () => {
    const recording = recordingOf(draw(drawing));
    const { blob, name } = await exported(recording, { format: 'jsonl' });
    expect(name).toMatch(/\.jsonl$/);
    expect(await blob.text()).toBe(await textOf((await exported(recording)).blob));
  });

  test('HAR has an entry for each time a connection was open', async () => {
    const { blob } = await exported(recordingOf(draw(`u0: >ST! ^ERC${' '.repeat(20)}|\nu1: >STERC`)), { format: 'har' });
    const { log } = JSON.parse(await blob.text());
    expect(log.version).toBe('1.2');
    expect(log.entries.map((entry: { _webSocketMessages: unknown[]; _resourceType: string; comment: string }) => [entry._resourceType, entry._webSocketMessages.length, entry.comment])).toEqual([
      ['websocket', 3, 'user user-1; websocket; closed by network (1006)'],
      ['websocket', 6, 'user user-2; websocket; open at the end of the capture'],
      ['websocket', 3, 'user user-1; websocket; open at the end of the capture'],
    ]);
    const [first] = log.entries;
    expect(new URL(first.request.url).protocol).toBe('wss:');
    expect(first._webSocketMessages.slice(0, 2)).toEqual([
      { type: 'send', time: (start + 100) / 1000, opcode: 1, data: '{"record":"trigger","run":"run-1"}' },
      { type: 'receive', time: (start + 200) / 1000, opcode: 1, data: '{"type":"agent_started","runId":"run-1"}' },
    ]);
    // What Chrome's import asks of every entry.
    for (const entry of log.entries) expect(entry).toMatchObject({ startedDateTime: expect.any(String), time: expect.any(Number), response: { status: 101, headersSize: -1 }, timings: { send: 0, wait: 0 } });
  });

  test('CSV has a line for each run, and no formula', async () => {
    const records = draw(drawing).map((record) => (record.record === 'trigger' ? { ...record, thread: '=1+1' } : record));
    const { blob } = await exported(recordingOf(records), { format: 'csv' });
    const lines = (await blob.text()).split('\r\n');
    expect(lines[0]).toBe('run,connection,user,thread,status,fault,good,opened_at,closed_at,expected,delivered,missing,violations,time_to_first_event_ms,duration_ms');
    expect(lines).toHaveLength(5);
    expect(lines[3]).toMatch(/^run-3,local#0,user-1,thread-1,incomplete,server,false,[^,]+,[^,]+,5,4,tool_completed,missing 1,100,400$/);
  });
});

describe('an export that takes long', () => {
  const slow = (): Pace & { next: () => void } => {
    let go: (() => void) | undefined;
    return { now: () => 0, isDue: () => true, rest: () => new Promise((resolve) => (go = resolve)), next: () => go?.() };
  };

  test('is dropped by a newer one, or when it is cancelled; what comes meanwhile is not in it', async () => {
    const recording = recordingOf(draw(drawing).slice(0, -1));
    const ask: ExportAsk = { environmentId: 'local', format: 'jsonl', payloads: false };
    const pace = slow();
    const first = exportCapture(recording, ask, { pace, isWatched: true });
    expect(exportStatus(recording)).toEqual({ share: 0 });
    const before = recording.engine.frames.received;
    recording.apply({ record: 'frame', at: epochMs(recording.engine.now + 1), connection: 'local#0', data: { type: 'late' } });
    const second = exported(recording, { format: 'jsonl' });
    pace.next();
    expect(await first).toEqual({ kind: 'dropped' });
    expect((await second).counts.frames).toBe(before + 1);
    expect(exportStatus(recording)).toEqual({ share: null });
    const third = exportCapture(recording, ask, { pace, isWatched: true });
    cancelExport(recording);
    pace.next();
    expect(await third).toEqual({ kind: 'dropped' });
  });
});

describe('the text of a capsule', () => {
  const gzip = async (text: string): Promise<Uint8Array> => new Uint8Array(await new Response(new Blob([text]).stream().pipeThrough(new CompressionStream('gzip'))).arrayBuffer());
  async function* pieces(bytes: Uint8Array, length: number) {
    for (let from = 0; from < bytes.length; from += length) yield bytes.subarray(from, from + length);
  }
  async function read(bytes: Uint8Array, length = 1000, limit?: number): Promise<string> {
    let text = '';
    for await (const piece of capsuleText(pieces(bytes, length), limit)) text += piece;
    return text;
  }
  const text = 'grüße 🙂\n'.repeat(20_000);

  test.each([1, 3, 1000, 1_000_000])('is the same plain and gzipped, in pieces of %i bytes', async (length) => {
    const some = length < 10 ? text.slice(0, 3000) : text;
    expect(await read(new TextEncoder().encode(some), length)).toBe(some);
    expect(await read(await gzip(some), length)).toBe(some);
  });

  test('is what is whole where gzip ends too soon', async () => {
    const packed = await gzip(Array.from({ length: 20_000 }, (_, n) => `${Math.sin(n)}\n`).join(''));
    const got = await read(packed.subarray(0, -40));
    expect(got.length).toBeGreaterThan(300_000);
  });

  test('is a fault where it is no gzip after all, or too much', async () => {
    await expect(read(new Uint8Array([0x1f, 0x8b, 1, 2, 3]))).rejects.toMatchObject({ reason: 'not-gzip' });
    await expect(read(await gzip(text), 1000, 100_000)).rejects.toBeInstanceOf(CapsuleError);
    await expect(read(new TextEncoder().encode(text), 1000, 100_000)).rejects.toMatchObject({ reason: 'too-large' });
  });
});
