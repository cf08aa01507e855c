import { z } from 'zod';
import { atMost, type Measurement, pause, say } from '../measurement.ts';
import type { Stage, Subject } from '../stage.ts';
import { missingAfterDrain } from '../stage.ts';
import { rounded } from '../statistics.ts';
import type { RowOptions } from './row.ts';

const perSecond = 2000;
const usage = z.object({ usedSize: z.number(), backingStorageSize: z.number().default(0) });

/** What page and worker hold after a long time at 2 000 events/s, against an early time: whatever is kept for ever would show. */
export async function heapRow({ stage, quick, heapMinutes }: RowOptions): Promise<Measurement[]> {
  // Only after two minutes are the limits on events, texts and runs all reached; in a hasty run the memory grows still, and no bar is set.
  const [earlyS, lateS] = quick ? [20, 60] : [120, Math.max(3, heapMinutes) * 60];
  const at = await stage();
  const subject = await at.watch({ wire: 'websocket', connections: 10 });
  try {
    const workers = await subject.page.workers();
    await at.begin({ perFrame: 1, rate: perSecond });
    const since = performance.now();
    const held = async (seconds: number): Promise<number> => {
      await pause(since + seconds * 1000 - performance.now());
      const mebibytes = await heldMebibytes(at, subject, workers);
      say(`   after ${seconds} s: page and worker hold ${rounded(mebibytes)} MiB`);
      return mebibytes;
    };
    const early = await held(earlyS);
    const late = await held(lateS);
    const missing = await missingAfterDrain(at, subject);
    return [
      {
        row: 'j',
        what: `memory of page and worker after ${lateS} s at 2 000 events/s, against ${earlyS} s`,
        unit: 'of the early memory',
        values: [late / early],
        ...(!quick && { bar: atMost(1.02) }),
        context: `${rounded(late)} MiB against ${rounded(early)} MiB, collected; ${missing === 0 ? 'none lost' : `${missing} events missing`}`,
        limit: 'remembered runs and stored events, until their limits are reached',
      },
    ];
  } finally {
    await at.stop();
    await subject.close();
  }
}

/** Heap and buffers of the page and its workers after a collection. */
async function heldMebibytes({ browser }: Stage, { page }: Subject, workers: readonly string[]): Promise<number> {
  let bytes = 0;
  for (const session of [page.session, ...workers]) {
    await browser.send('HeapProfiler.collectGarbage', {}, session);
    const { usedSize, backingStorageSize } = usage.parse(await browser.send('Runtime.getHeapUsage', {}, session));
    bytes += usedSize + backingStorageSize;
  }
  return bytes / 2 ** 20;
}
