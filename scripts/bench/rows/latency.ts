import { z } from 'zod';
import { atMost, type Measurement, pause, say } from '../measurement.ts';
import { missingAfterDrain } from '../stage.ts';
import { median, quantile, rounded } from '../statistics.ts';
import type { RowOptions } from './row.ts';

const frameMs = 1000 / 60;
const perSecond = 1000;

/** From the socket's callback in the worker to the end of the frame that first draws the newest event on the timeline, as the page itself notes it. */
export async function latencyRow({ stage, rounds, quick }: RowOptions): Promise<Measurement[]> {
  const p95s: number[] = [];
  const medians: number[] = [];
  let missing = 0;
  for (let round = 0; round < rounds; round += 1) {
    const at = await stage();
    const subject = await at.watch({ wire: 'websocket', connections: 10 });
    try {
      await at.begin({ perFrame: 1, rate: perSecond });
      // Until the page is warm and its newest 256 measurements are all of this rate.
      await pause(quick ? 5000 : 12_000);
      const lags = await subject.page.evaluate(z.array(z.number()), 'window.runwatch.paintLags()');
      missing += await missingAfterDrain(at, subject);
      p95s.push(quantile(lags, 0.95));
      medians.push(median(lags));
      say(`   round ${round + 1}: median ${rounded(median(lags))} ms, p95 ${rounded(quantile(lags, 0.95))} ms over ${lags.length} frames`);
    } finally {
      await at.stop();
      await subject.close();
    }
  }
  return [
    {
      row: 'e',
      what: 'from the socket’s callback to the end of the frame that draws the event, p95, 1 000 events/s',
      unit: 'ms',
      values: p95s,
      bar: atMost(2 * frameMs + 16),
      context: `median ${rounded(median(medians))} ms; a frame has ${rounded(frameMs)} ms; ${missing === 0 ? 'none lost' : `${missing} events missing`}`,
      limit: 'the question to the worker, sorting its answer, and the wait for the next frame',
    },
  ];
}
