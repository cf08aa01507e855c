import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { epochMs } from '#base/units.ts';
import { Capture } from '#monitor/capture.ts';
import { Replay } from '#monitor/replay.ts';
import { CaptureReader } from '#record/capture-reader.ts';
import { captureLine, recordLine } from '#record/capture-writer.ts';
import type { RunwatchRecord } from '#record/record.ts';
import { EventStore } from '#store/event-store.ts';
import { foldedEngine, hostileNames, plainNames, randomCapture } from '../../fixtures/random-capture.ts';
import { utf8 } from '../store/text-codec.ts';

/** A capture that keeps `slabs` times `slabBytes`, after all these records. */
function captureOf(records: readonly RunwatchRecord[], slabBytes: number, slabs = 2): { readonly text: string; readonly store: EventStore } {
  const store = new EventStore({ capacity: 10, lanes: 1, textBytes: slabs * slabBytes, slabBytes, codec: utf8 });
  const capture = new Capture(store);
  for (const record of records) capture.write(record);
  return { text: capture.text(), store };
}

function recordsOf(text: string): RunwatchRecord[] {
  const records: RunwatchRecord[] = [];
  const reader = new CaptureReader((record) => records.push(record));
  expect(reader.push(text)).toEqual({ ok: true, value: undefined });
  expect(reader.finish()).toMatchObject({ ok: true, value: { tornLines: 0 } });
  return records;
}

const at = epochMs(1_790_000_000_000);
const header: RunwatchRecord = {
  record: 'header',
  at,
  format: 'runwatch',
  version: 1,
  app: 'test',
  environment: { id: 'local', name: 'Local', kind: 'mock', transport: 'websocket', dialect: 'canonical' },
};
const opening = (n: number, after: number, user?: string): RunwatchRecord => ({
  record: 'connection-open',
  at: epochMs(at + after),
  connection: `local#${n}`,
  ...(user === undefined ? {} : { user }),
  transport: 'websocket',
  recovered: false,
});
const frame = (n: number, after: number, data: Record<string, string>): RunwatchRecord => ({ record: 'frame', at: epochMs(at + after), connection: `local#${n}`, data });
const note = (after: number): RunwatchRecord => ({ record: 'note', at: epochMs(at + after), text: '.'.repeat(100) });

describe('a capture', () => {
  test('is every record as a line without secrets, the header first', () => {
    const records = [header, opening(0, 1, 'u0'), frame(0, 2, { type: 'agent_started', token: 'abcdef0123456789' }), note(3)];
    const { text } = captureOf(records, 65_536);
    expect(text).toBe(records.map(captureLine).join(''));
    expect(text).toContain('"token":"[redacted]"');
  });

  test('takes a frame’s data from the wire where it is handed along', () => {
    const store = new EventStore({ capacity: 10, lanes: 1, textBytes: 2048, slabBytes: 1024, codec: utf8 });
    const capture = new Capture(store);
    capture.write(header);
    capture.write(frame(0, 1, { type: 'x' }), '{ "type": "x" }');
    expect(capture.text()).toBe(`${captureLine(header)}{"record":"frame","at":${at + 1},"connection":"local#0","data":{ "type": "x" }}\n`);
  });

  test('writes such a frame as recordLine does, whatever the time and the connection', () => {
    const json = fc.constantFrom('{ "type": "x" }', '{"type":"é𝄞"}', '[]', '{\n"type":"x"\r}', '1');
    const frames = fc.array(fc.record({ after: fc.double({ min: -1e13, max: 1e15, noNaN: true }), connection: fc.constantFrom('local#0', 'é"\\#1', ''), json }), { minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(frames, (list) => {
        const store = new EventStore({ capacity: 10, lanes: 1, textBytes: 8192, slabBytes: 4096, codec: utf8 });
        const capture = new Capture(store);
        capture.write(header);
        const lines = list.map(({ after, connection, json: wireText }) => {
          const record: RunwatchRecord = { record: 'frame', at: epochMs(at + after), connection, data: JSON.parse(wireText) };
          capture.write(record, wireText);
          return recordLine(record, wireText);
        });
        expect([...store.texts()].join('')).toBe(lines.join(''));
      }),
    );
  });

  test('that lost its oldest part still has its header, and who the users are', () => {
    const leak = frame(1, 1000, { type: 'agent_started', runId: 'r1', userId: 'u0' });
    const records = [header, opening(0, 1, 'old'), opening(1, 2, 'u1'), opening(0, 3, 'u0'), opening(0, 4), ...Array.from({ length: 40 }, (_, n) => note(10 + n)), leak];
    const { text, store } = captureOf(records, 1024);
    expect(store.evictedTexts).toBeGreaterThan(20);
    const kept = recordsOf(text);
    expect(kept.slice(0, 3)).toEqual([header, opening(1, 2, 'u1'), opening(0, 3, 'u0')]);
    expect(kept.slice(3, -1)).toEqual(records.slice(5 + 40 - (kept.length - 5)));
    expect(foldedEngine(kept).events).toMatchObject({ decoded: 1, crossTalk: 1 });
    // Without the openings nobody would know.
    expect(foldedEngine(kept.filter((record) => record.record !== 'connection-open')).events).toMatchObject({ decoded: 1, crossTalk: 0 });
  });

  test('an opening that is kept itself is not told of too early', () => {
    const records = [header, opening(0, 1, 'u0'), ...Array.from({ length: 40 }, (_, n) => note(10 + n)), frame(0, 100, { type: 'agent_started', userId: 'u0' }), opening(0, 101, 'u1')];
    const kept = recordsOf(captureOf(records, 1024).text);
    expect(kept[1]).toEqual(opening(0, 1, 'u0'));
    expect(kept.at(-2)).toEqual(opening(0, 101, 'u1'));
    expect(foldedEngine(kept).events.crossTalk).toBe(0);
  });

  test.each([
    { of: 'plain names', pool: plainNames },
    { of: 'hostile names', pool: hostileNames },
  ])('can be replayed whatever had to make room, with the users as they were: $of', { timeout: 60_000 }, ({ pool }) => {
    let evicting = 0;
    fc.assert(
      fc.property(randomCapture(pool), fc.integer({ min: 2, max: 6 }), (records, slabs) => {
        const { text, store } = captureOf(records, 512, slabs);
        if (store.evictedTexts > 0) evicting += 1;
        const replay = new Replay();
        expect(replay.push(text)).toMatchObject({ ok: true });
        expect(replay.finish()).toMatchObject({ ok: true });
        const users = (of: readonly RunwatchRecord[]): unknown => pool.connections.map((id) => foldedEngine(of).tracker.connection(id).user);
        expect(users(recordsOf(text))).toEqual(users(records));
      }),
      { numRuns: 200, seed: 20_260_801 },
    );
    expect(evicting).toBeGreaterThan(100);
  });

  test('gives its newest frames, across slabs, and looks no further back than is sensible', () => {
    const store = new EventStore({ capacity: 10, lanes: 1, textBytes: 64 * 512, slabBytes: 512, codec: utf8 });
    const capture = new Capture(store);
    capture.write(header);
    const of = (n: number): RunwatchRecord => frame(0, n, { type: 'x', token: `secret-${n}` });
    for (let n = 1; n <= 30; n += 1) {
      capture.write(of(n));
      capture.write(note(n));
    }
    expect(capture.newestFrames(5).map((line) => JSON.parse(line))).toEqual([30, 29, 28, 27, 26].map(of));
    for (let n = 31; n <= 60; n += 1) capture.write(note(n));
    expect(capture.newestFrames(5)).toEqual([]);
    expect(new Capture(new EventStore({ capacity: 1, lanes: 1, textBytes: 2048, slabBytes: 1024, codec: utf8 })).newestFrames(5)).toEqual([]);
  });

  test('a frame as long as one may be is in it whole', () => {
    const long = frame(0, 1, { type: 'x', text: 'é'.repeat(1_000_000) });
    const kept = recordsOf(captureOf([header, note(0), long, note(2)], 65_536, 64).text);
    expect(kept.slice(0, 4)).toEqual([header, note(0), long, note(2)]);
  });
});
