import { readFileSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { seededRandom } from '#base/random.ts';
import { CapsuleError, capsuleText } from '#monitor/export/capsule.ts';
import { exportCapture } from '#monitor/export/export-capture.ts';
import { OpenedCaptures } from '#monitor/opened/opened-captures.ts';
import type { Pace } from '#monitor/pace.ts';
import type { Recording } from '#monitor/recording.ts';
import { Replay } from '#monitor/replay.ts';
import { makeReport } from '#monitor/report.ts';
import { systemClock } from '#monitor/system-clock.ts';
import { CaptureReader } from '#record/capture-reader.ts';
import { captureLine } from '#record/capture-writer.ts';
import type { RunwatchRecord } from '#record/record.ts';
import { draw } from '../../../fixtures/drawing.ts';
import { mutatedCapture } from '../../../fixtures/mutated-capture.ts';

const vector = (name: string): string => readFileSync(new URL(`../../../fixtures/vectors/${name}.jsonl`, import.meta.url), 'utf8');
const originals = ['agent-error', 'cross-talk', 'dumped-at-the-end', 'impossible-clock', 'tab-was-hidden', 'undecodable-frames', 'token-expired', 'network-lost'].map(vector);

const header = '{"record":"header","at":1000,"format":"runwatch","version":1,"app":"test","environment":{"id":"local"}}\n';
const frame = (data: string): string => `{"record":"frame","at":1001,"connection":"local#0","data":${data}}\n`;

function replayed(text: string) {
  const replay = new Replay();
  replay.push(text);
  return replay.finish();
}

/** How a capture ends: `report`, or the reason of its fault where line and cause are told; anything else is wrong. */
function endOf(text: string): string {
  const result = replayed(text);
  if (result.ok) return JSON.stringify(result.value.report).length > 0 ? 'report' : 'no report';
  const { line, reason, message } = result.error;
  return line > 0 && message.startsWith(`Line ${line}: `) && message.endsWith('.') ? reason : `a fault without its line: ${message}`;
}

const busy: Pace = { now: () => 0, isDue: () => false, rest: async () => undefined };

/** What becomes of an opened capture that is exported and opened again; `same` if it says the same. */
async function exportedAgain(recording: Recording, environmentId: string, payloads: boolean): Promise<string> {
  const exported = await exportCapture(recording, { environmentId, format: 'jsonl', payloads }, { pace: busy, isWatched: false });
  if (exported.kind !== 'exported') return exported.kind;
  const again = replayed(await exported.blob.text());
  if (!again.ok) return again.error.message;
  const { counts, frames, events, latency } = makeReport(recording.engine);
  const { byType: _, ...kinds } = events;
  return isDeepStrictEqual(plain({ counts, frames, kinds, latency }), plain({ counts: again.value.report.counts, frames: again.value.report.frames, kinds: { ...again.value.report.events, byType: undefined }, latency: again.value.report.latency })) ? 'same' : 'another report';
}

const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

describe('ten thousand damaged captures', () => {
  test('each end in a report or in a fault with its line and cause', { timeout: 120_000 }, () => {
    const random = seededRandom(20_261_118);
    const ends = new Map<string, number>();
    for (let n = 0; n < 10_000; n += 1) {
      const end = endOf(mutatedCapture(originals[n % originals.length] ?? '', random));
      ends.set(end, (ends.get(end) ?? 0) + 1);
    }
    // Each end is met but the one that takes megabytes.
    expect([...ends.keys()].sort()).toEqual(['bad-number', 'broken-line', 'no-header', 'report', 'time-goes-back', 'too-deep', 'unknown-version']);
    expect(ends.get('report')).toBeGreaterThan(1000);
  });

  test('leave what is open as it is; what can be opened can be exported, and says the same again', { timeout: 120_000 }, async () => {
    const random = seededRandom(7);
    const captures = new OpenedCaptures(systemClock());
    const good = await captures.open(new Blob([vector('cross-talk')]), 'good.jsonl');
    if (good.kind !== 'opened') throw new Error(good.fault.message);
    const state = (): unknown => plain(makeReport(captures.source(good.environmentId)?.recording.engine ?? fail()));
    const before = state();
    const ends = new Map<string, number>();
    for (let n = 0; n < 500; n += 1) {
      const answer = await captures.open(new Blob([mutatedCapture(originals[n % originals.length] ?? '', random)]), 'bad.jsonl');
      const isSnapped = captures.snapshots().length === (answer.kind === 'opened' ? 2 : 1);
      let end = 'a fault';
      if (answer.kind === 'opened') {
        end = await exportedAgain(captures.source(answer.environmentId)?.recording ?? fail(), answer.environmentId, n % 2 === 0);
        captures.close(answer.environmentId);
      }
      end += isSnapped ? '' : ', and no snapshot';
      ends.set(end, (ends.get(end) ?? 0) + 1);
    }
    expect([...ends.keys()].sort()).toEqual(['a fault', 'same']);
    expect(ends.get('same')).toBeGreaterThan(50);
    expect(state()).toEqual(before);
  });
});

describe('a capture that means harm', () => {
  const deep = (depth: number): string => '['.repeat(depth) + ']'.repeat(depth);

  test.each([
    ['nests a hundred thousand deep', header + frame(deep(100_000)), 2, 'too-deep'],
    ['nests deep in objects', header + frame('{"a":'.repeat(100_000) + '1' + '}'.repeat(100_000)), 2, 'too-deep'],
    ['nests deep in what is ignored', `${header}{"record":"weather","sky":${deep(100_000)}}\n`, 2, 'too-deep'],
    ['has no end of brackets in a torn last line', header + frame('1') + '['.repeat(5_000_000), 3, 'too-deep'],
    ['has an infinite number', header + frame('{"type":"agent_started","seq":1e400}'), 2, 'bad-number'],
    ['has a time that no clock shows', header + frame('{}').replace('1001', '1e300'), 2, 'broken-line'],
    ['has a number of a thousand digits', header + frame(`{"type":"a","n":${'9'.repeat(1000)}}`), 2, 'bad-number'],
    ['has names that are no texts', header.replace('"local"', '5'), 1, 'broken-line'],
  ])('and %s is refused', (_, text, line, reason) => {
    const began = performance.now();
    expect(replayed(text)).toMatchObject({ ok: false, error: { line, reason, message: expect.stringMatching(new RegExp(`^Line ${line}: `)) } });
    expect(performance.now() - began).toBeLessThan(1000);
  });

  test('and has a line without end is refused as soon as it is too long', () => {
    const reader = new CaptureReader(() => undefined, { lineLength: 10_000, depth: 64 });
    reader.push(header);
    let pieces = 0;
    while (reader.push('x'.repeat(1000)).ok) pieces += 1;
    expect(pieces).toBe(10);
    expect(reader.finish()).toMatchObject({ ok: false, error: { line: 2, reason: 'line-too-long' } });
  });

  test('and names what every object has does no harm', () => {
    const text = header + ['__proto__', 'constructor', 'prototype'].map((name) => frame(`{"type":"agent_started","runId":"${name}","userId":"${name}","${name}":{"polluted":true}}`)).join('');
    const result = replayed(text);
    expect(result.ok && result.value.report.runs.map(({ id }) => id)).toEqual(['__proto__', 'constructor', 'prototype']);
    expect(Object.hasOwn(Object.prototype, 'polluted')).toBe(false);
  });
});

describe('gzip that unpacks to a thousandfold', () => {
  const capBytes = 64 * 2 ** 20;
  /** A capture whose text is 400 MiB of frames, in half a MiB. */
  function bomb(): Uint8Array {
    const records: RunwatchRecord[] = draw('u0: >STERC');
    const line = captureLine(records.at(-1) ?? fail());
    return gzipSync(records.map(captureLine).join('') + line.repeat(Math.ceil((400 * 2 ** 20) / line.length)));
  }

  test('is read up to the limit and no further, in memory that is below twice the limit', { timeout: 60_000 }, async () => {
    const packed = bomb();
    const inMemory = (): number => {
      const { heapUsed, external, arrayBuffers } = process.memoryUsage();
      return heapUsed + external + arrayBuffers;
    };
    const before = inMemory();
    let most = 0;
    let length = 0;
    const replay = new Replay();
    const read = async (): Promise<void> => {
      for await (const piece of capsuleText(new Blob([new Uint8Array(packed)]).stream(), capBytes)) {
        length += piece.length;
        expect(replay.push(piece).ok).toBe(true);
        most = Math.max(most, inMemory() - before);
      }
    };
    await expect(read()).rejects.toBeInstanceOf(CapsuleError);
    expect(length).toBeLessThanOrEqual(capBytes);
    expect(length).toBeGreaterThan(capBytes * 0.9);
    expect(most).toBeLessThan(2 * capBytes);
  });
});

function fail(): never {
  throw new Error('this is always there');
}
