import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { epochMs } from '#base/units.ts';
import { environmentSchema } from '#environment/schema.ts';
import { foldEarlier } from '#monitor/earlier-recording.ts';
import { makeReport } from '#monitor/report.ts';
import { canonical } from '#protocol/canonical.ts';
import { recordLine } from '#record/capture-writer.ts';
import type { RunwatchRecord } from '#record/record.ts';
import { draw, fold, start } from '../../fixtures/drawing.ts';
import { ManualClock } from '../../fixtures/manual-clock.ts';

const environment = environmentSchema.parse({ id: 'local', name: 'Local', eventsUrl: 'ws://target.example/ws', transport: 'websocket', concurrentConnections: 3 });
const end = start + 400_000;

/** Folds text in pieces of so many bytes, with a clock on which each look takes `slowMs`. */
async function earlier(text: string, pieceBytes = 1e6, slowMs = 0) {
  const bytes = new TextEncoder().encode(text);
  const pieces = Array.from({ length: Math.ceil(bytes.length / pieceBytes) }, (_, n) => bytes.subarray(n * pieceBytes, (n + 1) * pieceBytes));
  const shares: number[] = [];
  const clock = new ManualClock();
  const now = clock.now.bind(clock);
  let looks = 0;
  clock.now = () => epochMs(now() + slowMs * (looks += 1));
  const found = await foldEarlier({ environment, dialect: canonical, pieces, clock, progress: (share) => shares.push(share), rest: () => Promise.resolve() });
  return { found, shares };
}
const linesOf = (records: readonly RunwatchRecord[]): string => records.map((record) => recordLine(record)).join('');

const runs = `
  u0: >STERC   >STERC    >STERC!  ^  >STEC
  u1:   >STEC   >STERC   >STERC  >S T E R C
  u2: >ST  E R C  >X  >STERC  >STtERC
`;

describe('what is folded again', () => {
  test('is the same as if it had never been interrupted, wherever and in whatever pieces', async () => {
    const records = draw(runs);
    const whole = makeReport(fold(records));
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: records.length }), fc.integer({ min: 1, max: 500 }), async (cut, pieceBytes) => {
        const { found } = await earlier(linesOf(records.slice(0, cut)), pieceBytes);
        for (const record of records.slice(cut)) found?.recording.apply(record);
        found?.recording.advance(epochMs(end));
        expect(found && makeReport(found.recording.engine)).toEqual(whole);
      }),
      { numRuns: 60 },
    );
  });

  test('knows which connections were open, and resumes as a capture of the same records is judged', async () => {
    const records = draw(runs);
    const cut = records.findIndex(({ record }) => record === 'connection-close') + 1;
    const { found } = await earlier(linesOf(records.slice(0, cut)));
    expect(found?.open).toEqual(new Set(['local#1', 'local#2']));
    const at = epochMs(start + 60_000);
    const last = epochMs(records[cut - 1]?.at ?? 0);
    found?.recording.resume(at, found.open);
    expect(found?.recording.startup.snapshot().startedAt).toBe(at);
    const gap: RunwatchRecord[] = [
      { record: 'blind', at, from: last, cause: 'stalled' },
      { record: 'connection-close', at, connection: 'local#1', cause: 'monitor' },
      { record: 'connection-close', at, connection: 'local#2', cause: 'monitor' },
    ];
    const judged = makeReport(fold([...records.slice(0, cut), ...gap]));
    found?.recording.advance(epochMs(end));
    expect(found && makeReport(found.recording.engine)).toEqual(judged);
    expect(judged.counts.inconclusive).toBeGreaterThan(0);
  });

  test('tells how far it is where it takes longer, and rests in between', async () => {
    const text = linesOf(draw(runs));
    const { shares } = await earlier(text, 100, 10);
    expect(shares.length).toBeGreaterThan(3);
    expect(shares).toEqual(shares.toSorted((a, b) => a - b));
    expect((await earlier(text)).shares).toEqual([]);
  });

  test('is all that comes before a line that cannot be read', async () => {
    const records = draw(runs);
    const { found } = await earlier(`${linesOf(records.slice(0, 8))}{"record":"frame"\n${linesOf(records.slice(8))}`, 64);
    expect(found && makeReport(found.recording.engine).frames.received).toBe(records.slice(0, 8).filter(({ record }) => record === 'frame').length);
  });

  test('is nothing where the header is none', async () => {
    expect((await earlier('{"record":"note"}\n')).found).toBeUndefined();
    expect((await earlier('')).found).toBeUndefined();
  });
});
