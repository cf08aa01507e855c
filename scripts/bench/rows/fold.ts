import { invariant } from '#base/assert.ts';
import { capturedEngine } from '#monitor/opened/captured-engine.ts';
import type { RunwatchRecord } from '#record/record.ts';
import { captureBegin, captureFrames, captureHeader } from '../agent-capture.ts';
import { atLeast, type Measurement, say } from '../measurement.ts';
import { compare, median, rounded } from '../statistics.ts';
import type { RowOptions } from './row.ts';

/** Decoding and folding of records that are parsed already, against `JSON.parse` of the lines that they came from. In Node. */
export async function foldRow({ rounds, quick }: RowOptions): Promise<Measurement[]> {
  const events = quick ? 100_000 : 300_000;
  const lines: string[] = [];
  for (const record of captureFrames(events)) lines.push(JSON.stringify(record));
  const begin = captureBegin();
  // Parsed as a capture's are, so that their objects are shaped as real ones.
  const records = lines.map(parsed);
  const what = 'decoding and folding in Node, one event a frame';
  const fold = (): number => {
    const engine = capturedEngine(captureHeader());
    invariant(engine.ok, 'the bench has a sound header');
    for (const record of begin) engine.value.apply(record);
    const since = performance.now();
    for (const record of records) engine.value.apply(record);
    const perSecond = events / ((performance.now() - since) / 1000);
    invariant(engine.value.events.attributed === events, 'every event of the bench belongs to a run');
    return perSecond;
  };
  const parse = (): number => {
    let kept = 0;
    const since = performance.now();
    for (const line of lines) kept += parsed(line).at > 0 ? 1 : 0;
    const perSecond = kept / ((performance.now() - since) / 1000);
    return perSecond;
  };
  fold();
  parse();
  const { ours, theirs, ratios } = await compare(rounds, fold, parse, (round, own, other) => say(`   fold, round ${round + 1}: ${rounded(own)}/s, JSON.parse ${rounded(other)}/s, ${(own / other).toFixed(2)}`));
  return [
    {
      row: 'f',
      what,
      unit: 'of JSON.parse',
      values: ratios,
      bar: atLeast(0.35),
      context: `${rounded(median(ours))}/s against ${rounded(median(theirs))}/s`,
      limit: 'the memory that runs and their ids take',
    },
  ];
}

function parsed(line: string): RunwatchRecord {
  const record: RunwatchRecord = JSON.parse(line);
  return record;
}
