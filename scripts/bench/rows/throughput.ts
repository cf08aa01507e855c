import { atLeast, type Measurement, pause, say } from '../measurement.ts';
import type { PerFrame } from '../frame-tape.ts';
import { missingAfterDrain, type Place, type Stage, type Subject } from '../stage.ts';
import { compare, median, rounded } from '../statistics.ts';
import type { RowOptions } from './row.ts';

interface Case extends Place {
  readonly perFrame: PerFrame;
}

/** Events a second that the whole page takes, against a page that only receives, parses and counts the same frames. */
export async function throughputRow({ stage, rounds, quick }: RowOptions): Promise<Measurement[]> {
  const times = quick ? { warmUpMs: 1000, windowMs: 1000 } : { warmUpMs: 1000, windowMs: 2000 };
  const measurements: Measurement[] = [];
  for (const each of cases(quick)) measurements.push(await measureCase(await stage(), each, rounds, times));
  return measurements;
}

function cases(quick: boolean): readonly Case[] {
  const connections = quick ? [10] : [1, 10, 100];
  return ([1, 50] as const).flatMap((perFrame) => (['websocket', 'socket.io'] as const).flatMap((wire) => connections.map((count) => ({ wire, perFrame, connections: count }))));
}

interface Times {
  readonly warmUpMs: number;
  readonly windowMs: number;
}

async function measureCase(stage: Stage, each: Case, rounds: number, times: Times): Promise<Measurement> {
  const what = `${each.wire === 'websocket' ? 'WebSocket' : 'Socket.IO'}, ${each.perFrame === 1 ? 'one event' : '50 events'} a frame, ${each.connections} connection${each.connections === 1 ? '' : 's'}`;
  let missing = 0;
  let odd = 0;
  const cpu = { ours: [] as number[], theirs: [] as number[] };
  const take = async (open: Promise<Subject>, spent: number[]): Promise<number> => {
    const subject = await open;
    try {
      const result = await takes(stage, subject, each.perFrame, times);
      missing += result.missing;
      odd += result.odd;
      spent.push(result.cpuMicros);
      return result.perSecond;
    } finally {
      await stage.stop();
      await subject.close();
    }
  };
  // The stronger reference is the one to be held against: it is found once, and then measured side by side.
  const inPage = await take(stage.reference(each, 'main'), []);
  const inWorker = await take(stage.reference(each, 'worker'), []);
  const where = inPage > inWorker ? 'main' : 'worker';
  say(`   ${what}: reference in the page ${rounded(inPage)}/s, in a worker ${rounded(inWorker)}/s`);
  const { ours, theirs, ratios } = await compare(
    rounds,
    () => take(stage.watch(each), cpu.ours),
    () => take(stage.reference(each, where), cpu.theirs),
    (round, own, other) => say(`   ${what}, round ${round + 1}: Runwatch ${rounded(own)}/s, reference ${rounded(other)}/s, ${(own / other).toFixed(2)}`),
  );
  const lost = missing === 0 && odd === 0 ? 'none lost' : `${missing} events missing, ${odd} misjudged`;
  return {
    row: 'a',
    what,
    unit: 'of the reference',
    values: ratios,
    ...(each.connections === 10 && { bar: atLeast(each.perFrame === 1 ? 0.9 : 0.4) }),
    context: `${rounded(median(ours))}/s against ${rounded(median(theirs))}/s (reference ${where === 'main' ? 'in the page' : 'in a worker'}); ${rounded(median(cpu.ours))} µs of processor time an event against ${rounded(median(cpu.theirs))}; ${lost}`,
    limit: each.perFrame === 1 ? 'the cores: for each frame the browser’s network process, the worker and the sender all have work' : 'decoding, judging and storing each event in the worker',
  };
}

interface Taken {
  readonly perSecond: number;
  /** Processor time of the page's process for an event, all its threads. */
  readonly cpuMicros: number;
  readonly missing: number;
  readonly odd: number;
}

async function takes(stage: Stage, subject: Subject, perFrame: PerFrame, { warmUpMs, windowMs }: Times): Promise<Taken> {
  await stage.begin({ perFrame });
  await pause(warmUpMs);
  const before = await subject.sample();
  const cpuBefore = await stage.browser.pageCpuSeconds();
  await pause(windowMs);
  const after = await subject.sample();
  const cpu = (await stage.browser.pageCpuSeconds()) - cpuBefore;
  const events = after.events - before.events;
  const missing = await missingAfterDrain(stage, subject);
  return { perSecond: (events / (after.at - before.at)) * 1000, cpuMicros: (cpu * 1e6) / events, missing, odd: after.odd };
}
