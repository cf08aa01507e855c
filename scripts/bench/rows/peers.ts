import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { z } from 'zod';
import { startProgram, waitForLine } from '../../children.ts';
import { serve } from '../../serve.ts';
import type { Page } from '../devtools.ts';
import { type Measurement, pause, say } from '../measurement.ts';
import type { Stage } from '../stage.ts';
import { median, rounded } from '../statistics.ts';
import { frameNotes, takeNotes } from './frames.ts';
import type { RowOptions } from './row.ts';

const ladder = [20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000, 20_000] as const;
/** A page keeps up while its main thread has half its time left (processor time, which other programs do not change) and half its frames. */
const mostBusy = 0.5;
const leastFrames = 0.5;
const notes = z.object({ frames: z.array(z.number()) });

interface Peer {
  readonly name: string;
  readonly open: () => Promise<{ readonly page: Page; readonly begin: (rate: number) => Promise<void>; readonly close: () => Promise<void> }>;
}

/** Up to which rate a page keeps up with one event a frame on ten connections: Runwatch against two others at the same work. */
export async function peersRow({ stage, rounds, quick }: RowOptions): Promise<Measurement[]> {
  const at = await stage();
  const naive = await buildNaive(at);
  const own: Peer = { name: 'Runwatch', open: () => openOwn(at) };
  const others: Peer[] = [
    { name: '@socket.io/admin-ui 0.5.1, development mode, its dashboard', open: () => openAdmin(at) },
    { name: 'events in React state, one list and one Recharts line', open: naive.open },
  ];
  try {
    const ours: number[] = [];
    const theirs = new Map<string, number[]>(others.map(({ name }) => [name, []]));
    for (let round = 0; round < rounds; round += 1) {
      ours.push(await highestRate(own, quick));
      for (const peer of others) theirs.get(peer.name)?.push(await highestRate(peer, quick));
      say(`   round ${round + 1}: Runwatch up to ${rounded(ours.at(-1) ?? 0)}/s; ${others.map(({ name }) => `${name}: ${rounded(theirs.get(name)?.at(-1) ?? 0)}/s`).join('; ')}`);
    }
    return others.map(({ name }) => {
      const rates = theirs.get(name) ?? [];
      return {
        row: 'g',
        what: `rate up to which the page keeps up, against ${name}`,
        unit: 'times theirs',
        values: ours.map((rate, round) => rate / (rates[round] ?? Number.NaN)),
        context: `${rounded(median(ours))}/s against ${rounded(median(rates))}/s, on a ladder of ${ladder.map(rounded).join(', ')}; keeping up: the main thread at most half busy, at least half the frames`,
        limit: 'drawing per event on the main thread (theirs)',
      };
    });
  } finally {
    await naive.close();
  }
}

/** Climbs the ladder until the page falls behind; the last step that it kept up with, or half the first. */
async function highestRate(peer: Peer, quick: boolean): Promise<number> {
  const { page, begin, close } = await peer.open();
  try {
    await pause(1500);
    const idle = (await effort(page, 1500)).fps;
    let highest = ladder[0] / 2;
    for (const rate of quick ? ladder.filter((_, index) => index % 2 === 0) : ladder) {
      await begin(rate);
      await pause(1000);
      const { fps, busy } = await effort(page, 2000);
      if (busy > mostBusy || fps < leastFrames * idle) break;
      highest = rate;
    }
    return highest;
  } finally {
    await close();
  }
}

/** Frames a second, and the share of a core that the main thread takes. */
async function effort(page: Page, windowMs: number): Promise<{ readonly fps: number; readonly busy: number }> {
  await page.evaluate(z.unknown(), `(${takeNotes}, 0)`);
  const busyBefore = await page.busySeconds();
  const since = performance.now();
  await pause(windowMs);
  // A page that is stuck answers late: what it drew until then is all there is, over the time that it took.
  const { frames } = await page.evaluate(notes, takeNotes);
  const busy = (await page.busySeconds()) - busyBefore;
  const seconds = (performance.now() - since) / 1000;
  return { fps: frames.length / seconds, busy: busy / seconds };
}

async function openOwn(stage: Stage): ReturnType<Peer['open']> {
  const subject = await stage.watch({ wire: 'websocket', connections: 10 }, frameNotes);
  return { page: subject.page, begin: (rate) => stage.begin({ perFrame: 1, rate }), close: () => stopped(stage, () => subject.close()) };
}

const stopped = async (stage: Stage, close: () => Promise<void>): Promise<void> => {
  await stage.stop();
  await close();
};

async function openAdmin({ browser }: Stage): ReturnType<Peer['open']> {
  const server = startProgram('scripts/bench/peer-server.ts', [], 'pipe');
  const [url] = await waitForLine(server.process, /http:\/\/[\d.:]+\d/);
  const page = await browser.page();
  await page.before(`localStorage.setItem('server_url', '${url}'); localStorage.setItem('namespace', '/admin'); localStorage.setItem('ws_only', 'true');${frameNotes}`);
  await page.goto(url);
  await page.until(`!document.body.innerText.includes('Disconnected') && /clients/i.test(document.body.innerText)`);
  return {
    page,
    begin: async (rate) => void (await fetch(`${url}/begin?rate=${rate}`)),
    async close() {
      await page.close();
      await server.stop();
    },
  };
}

async function buildNaive(stage: Stage): Promise<{ readonly open: Peer['open']; readonly close: () => Promise<void> }> {
  const { build } = await import('vite');
  const root = resolve('bench/naive');
  await build({ configFile: false, root: 'scripts/bench/pages', build: { outDir: root, emptyOutDir: true, rolldownOptions: { input: 'scripts/bench/pages/naive.html' } }, logLevel: 'error' });
  const target = stage.senderUrl.replace('http', 'ws');
  // The server lets a page connect to what its environments file names.
  writeFileSync(`${root}/environments.json`, JSON.stringify({ environments: [{ eventsUrl: target }] }));
  const site = await serve({ root, port: 0 });
  return {
    async open() {
      const page = await stage.browser.page();
      await page.before(frameNotes);
      await page.goto(`${site.url}/naive.html?connections=10&target=${encodeURIComponent(target)}`);
      await page.until('window.received !== undefined');
      while ((await stage.state()).connections < 10) await pause(50);
      return { page, begin: (rate) => stage.begin({ perFrame: 1, rate }), close: () => stopped(stage, () => page.close()) };
    },
    close: () => site.close(),
  };
}
