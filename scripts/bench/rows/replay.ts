import { createReadStream, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { Replay } from '#monitor/replay.ts';
import { writeCapture } from '../capture-file.ts';
import { type Measurement, say } from '../measurement.ts';
import { compare, median, rounded } from '../statistics.ts';
import { openedInPage } from './opened.ts';
import type { RowOptions } from './row.ts';

/** Opening a capture, in Node and in the page. */
export async function replayRow(options: RowOptions): Promise<Measurement[]> {
  return [...(await judged(options)), ...(await openedInPage(options))];
}

/** Opening a capture from a file and judging it, in Node, against reading the same file line by line with `JSON.parse`. */
async function judged({ rounds, quick }: RowOptions): Promise<Measurement[]> {
  const events = quick ? 200_000 : 1_000_000;
  const folder = mkdtempSync(join(tmpdir(), 'runwatch-bench-'));
  const file = join(folder, 'capture.ndjson');
  try {
    await writeCapture(file, events);
    const replay = async (): Promise<number> => {
      const since = performance.now();
      const opened = new Replay();
      const decoder = new TextDecoder();
      for await (const bytes of createReadStream(file)) opened.push(decoder.decode(bytes, { stream: true }));
      const replayed = opened.finish();
      if (!replayed.ok) throw new Error(replayed.error.message);
      if (replayed.value.summary.records < events) throw new Error('The capture was not read to its end.');
      return events / ((performance.now() - since) / 1000);
    };
    const parse = async (): Promise<number> => {
      const since = performance.now();
      for await (const line of createInterface({ input: createReadStream(file) })) JSON.parse(line);
      return events / ((performance.now() - since) / 1000);
    };
    const { ours, theirs, ratios } = await compare(rounds, replay, parse, (round, own, other) => say(`   replay, round ${round + 1}: ${rounded(own)} events/s, lines and JSON.parse ${rounded(other)}/s, ${(own / other).toFixed(2)}`));
    return [
      {
        row: 'i',
        what: `opening and judging a capture of ${rounded(events)} events, in Node`,
        unit: 'of reading lines with JSON.parse',
        values: ratios,
        context: `${rounded(events / median(ours))} s against ${rounded(events / median(theirs))} s`,
        limit: 'JSON.parse, and checking the shape of every record',
      },
    ];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
