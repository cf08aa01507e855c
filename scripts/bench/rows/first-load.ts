import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { z } from 'zod';
import { atMost, type Measurement, pause, say } from '../measurement.ts';
import { rounded } from '../statistics.ts';
import type { RowOptions } from './row.ts';

const loaded = z.object({ verdictAt: z.number(), scripts: z.array(z.object({ url: z.string(), at: z.number() })) });

/** Notes when the verdict is first on the screen, which no figure of the page itself tells. */
const watchForVerdict = `
  addEventListener('DOMContentLoaded', () => {
    const look = () => {
      if (document.querySelector('.verdict') === null) return;
      observer.disconnect();
      requestAnimationFrame(() => (window.verdictAt = performance.now()));
    };
    const observer = new MutationObserver(look);
    observer.observe(document.documentElement, { childList: true, subtree: true });
    look();
  });`;

/** A quick line, and not the loopback, where what nobody waits for is there at once as well. Bytes a second, as the protocol wants them. */
const line = { offline: false, latency: 40, downloadThroughput: 1_250_000, uploadThroughput: 1_250_000 };

/** JavaScript that is there before the verdict is on the screen, and after; gzipped as a file server would. */
export async function firstLoadRow({ stage, root }: RowOptions): Promise<Measurement[]> {
  const at = await stage();
  const subject = await at.watch({ wire: 'websocket', connections: 1 }, watchForVerdict, async (page) => {
    // The one row that asks for the Network domain: no event's time is measured in it.
    await page.send('Network.enable');
    await page.send('Network.emulateNetworkConditions', line);
  });
  try {
    await subject.page.until('window.verdictAt > 0');
    // Charts come with the first figures.
    await at.begin({ perFrame: 1, rate: 200 });
    await pause(8000);
    const { verdictAt, scripts } = await subject.page.evaluate(
      loaded,
      `({ verdictAt: window.verdictAt, scripts: performance.getEntriesByType('resource').filter(({ name }) => /\\.js(\\?|$)/.test(name)).map(({ name, responseEnd }) => ({ url: name, at: responseEnd })) })`,
    );
    const files = scripts.map(({ url, at }) => ({ name: new URL(url).pathname, at, bytes: gzipSync(readFileSync(`${root}${new URL(url).pathname}`), { level: 9 }).byteLength }));
    const isWorker = ({ name }: { name: string }): boolean => name.includes('worker');
    const sum = (some: readonly { readonly bytes: number }[]): number => some.reduce((bytes, file) => bytes + file.bytes, 0) / 1000;
    const pageFiles = files.filter((file) => !isWorker(file));
    const main = pageFiles.filter(({ at }) => at <= verdictAt);
    const worker = files.filter((file) => isWorker(file) && file.at <= verdictAt);
    const later = files.filter(({ at }) => at > verdictAt);
    for (const { name, bytes, at } of files) say(`   ${name}: ${rounded(bytes / 1000)} kB, there ${rounded(at)} ms after the start; the verdict at ${rounded(verdictAt)} ms`);
    const names = (some: readonly { readonly name: string }[]): string => some.map(({ name }) => name.replace(/^\/assets\/(.*)-[\w-]{8}\.js$/, '$1')).join(', ') || 'none';
    const common = { row: 'h', unit: 'kB gzipped' } as const;
    return [
      { ...common, what: 'JavaScript of the page until the verdict is on the screen', values: [sum(main)], bar: atMost(115), context: names(main), limit: 'React, React DOM and Zod' },
      { ...common, what: 'JavaScript of the worker until then', values: [sum(worker)], bar: atMost(55), context: names(worker), limit: 'the Socket.IO client' },
      { ...common, what: 'JavaScript that comes later', values: [sum(later)], context: names(later), limit: 'Recharts' },
    ];
  } finally {
    await at.stop();
    await subject.close();
  }
}
