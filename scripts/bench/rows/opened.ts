import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { writeCapture } from '../capture-file.ts';
import { type Measurement, say } from '../measurement.ts';
import { median, rounded } from '../statistics.ts';
import type { RowOptions } from './row.ts';

const inputs = z.object({ root: z.object({ nodeId: z.number() }) });
const found = z.object({ nodeId: z.number() });

/** How long an event of the watched environment waited from its socket's callback until it was folded, at the most. */
const watchLag = `(window.worstLag = 0, setInterval(async () => {
  const { bench } = (await window.runwatch.counts()).environments;
  window.worstLag = Math.max(window.worstLag, bench.monitor.lagMs);
}, 50), null)`;

/** Opening a capture in the page, from the choice of the file to its picture, while an environment is watched beside it. */
export async function openedInPage({ stage, rounds, quick }: RowOptions): Promise<Measurement[]> {
  const events = quick ? 200_000 : 1_000_000;
  const folder = mkdtempSync(join(tmpdir(), 'runwatch-bench-'));
  const file = join(folder, 'capture.jsonl');
  const seconds: number[] = [];
  const lags: number[] = [];
  try {
    await writeCapture(file, events);
    for (let round = 0; round < rounds; round += 1) {
      const at = await stage();
      const subject = await at.watch({ wire: 'websocket', connections: 10 });
      try {
        await at.begin({ perFrame: 1, rate: 200 });
        const { page } = subject;
        await page.evaluate(z.unknown(), `(history.pushState(null, '', '/?env=capture:1'), dispatchEvent(new PopStateEvent('popstate')), null)`);
        await page.until(`document.querySelector('.open-capture input') !== null`);
        const { root } = inputs.parse(await page.send('DOM.getDocument'));
        const { nodeId } = found.parse(await page.send('DOM.querySelector', { nodeId: root.nodeId, selector: '.open-capture input' }));
        await page.evaluate(z.unknown(), watchLag);
        const since = performance.now();
        await page.send('DOM.setFileInputFiles', { nodeId, files: [file] });
        await page.until(`document.querySelector('.capture-tag') !== null`, 300_000);
        seconds.push((performance.now() - since) / 1000);
        const counted = await page.evaluate(z.number(), `window.runwatch.counts().then(({ environments }) => environments['capture:1'].frames.received)`);
        if (counted !== events) throw new Error(`Of ${events} events ${counted} were opened.`);
        lags.push(await page.evaluate(z.number(), 'window.worstLag'));
        say(`   opened, round ${round + 1}: ${rounded(seconds.at(-1) ?? 0)} s; an event of what was watched beside it waited ${rounded(lags.at(-1) ?? 0)} ms at the most`);
      } finally {
        await at.stop();
        await subject.close();
      }
    }
    const what = `opening a capture of ${rounded(events)} events in the page, beside 200 events/s that are watched`;
    return [{ row: 'i', what, unit: 's', values: seconds, context: `${rounded(events / median(seconds))} events/s; an event of what was watched beside it waited ${rounded(Math.max(...lags))} ms at the most`, limit: 'JSON.parse, twice: once to see whether all of it can be read, once to fold it' }];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
