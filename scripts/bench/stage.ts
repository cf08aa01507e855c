import { z } from 'zod';
import { startProgram, waitForLine } from '../children.ts';
import { serve } from '../serve.ts';
import { Browser, type Page } from './devtools.ts';
import type { PerFrame, Wire } from './frame-tape.ts';
import { pause } from './measurement.ts';

const stateSchema = z.object({ sent: z.number(), connections: z.number(), cpuMs: z.number() });
export type SenderState = z.infer<typeof stateSchema>;

const sampleSchema = z.object({ events: z.number(), odd: z.number(), at: z.number() });
/** How many events a page has taken; how many of them as duplicates, orphans or whatever else must not be; and when that was so, in ms. */
export type Sample = z.infer<typeof sampleSchema>;

export interface Place {
  readonly wire: Wire;
  readonly connections: number;
}

export interface Plan {
  readonly perFrame: PerFrame;
  /** Events a second over all connections; undefined: as fast as they are taken. */
  readonly rate?: number;
  /** Ends by itself after so many events. */
  readonly most?: number;
}

/** What the rows share and what takes time to start: the browser, the sender, the built page with its server. */
export interface Stage {
  readonly browser: Browser;
  readonly senderUrl: string;
  /** Opens the built page on the sender, with all connections open; `script` runs in it before its own, and `prepare` is done before it is loaded. */
  watch(place: Place, script?: string, prepare?: (page: Page) => Promise<void>): Promise<Subject>;
  /** Opens the page that only receives, parses and counts. */
  reference(place: Place, where: 'main' | 'worker'): Promise<Subject>;
  begin(plan: Plan): Promise<void>;
  /** Ends the sending, and gives how much was sent. */
  stop(): Promise<SenderState>;
  state(): Promise<SenderState>;
  close(): Promise<void>;
}

/** A page that takes events. */
export interface Subject {
  readonly page: Page;
  sample(): Promise<Sample>;
  close(): Promise<void>;
}

const counting = `(async () => {
  const { events } = (await window.runwatch.counts()).environments.bench;
  return { events: events.decoded, odd: events.decoded - events.attributed, at: performance.now() };
})()`;
const referenceCounting = '(async () => ({ events: await window.received(), odd: 0, at: performance.now() }))()';

/** @param root the folder of the built page */
export async function openStage(root: string): Promise<Stage> {
  const sender = startProgram('scripts/bench/sender.ts', [], 'pipe');
  const [senderUrl] = await waitForLine(sender.process, /http:\/\/[\d.:]+\d/);
  let place: Place = { wire: 'websocket', connections: 1 };
  const site = await serve({ root, port: 0, environments: () => JSON.stringify(environmentsFile(senderUrl, place)) });
  const browser = await Browser.launch().catch(async (error: unknown) => {
    await Promise.all([site.close(), sender.stop()]);
    throw error;
  });

  const ask = async (path: string): Promise<SenderState> => stateSchema.parse(await (await fetch(`${senderUrl}${path}`)).json());
  const state = (): Promise<SenderState> => ask('/state');
  const open = async (url: string, expression: string, ready: string, prepare: (page: Page) => Promise<void>): Promise<Subject> => {
    while ((await state()).connections > 0) await pause(20);
    const page = await browser.page();
    await prepare(page);
    await page.goto(url);
    await page.until(ready);
    for (const end = performance.now() + 30_000; (await state()).connections < place.connections; await pause(50)) {
      if (performance.now() > end) throw new Error(`Only ${(await state()).connections} of ${place.connections} connections came.`);
    }
    return { page, sample: () => page.evaluate(sampleSchema, expression), close: () => page.close() };
  };

  return {
    browser,
    senderUrl,
    watch(at, script, prepare) {
      place = at;
      const ready = `window.runwatch?.counts().then(({ environments }) => environments.bench?.connections.open === ${at.connections})`;
      return open(`${site.url}/?view=live&env=bench`, counting, ready, async (page) => {
        if (script !== undefined) await page.before(script);
        await prepare?.(page);
      });
    },
    reference(at, where) {
      place = at;
      return open(`${senderUrl}/reference.html?wire=${at.wire}&connections=${at.connections}&where=${where}`, referenceCounting, 'window.received !== undefined', async () => {});
    },
    begin: async ({ perFrame, rate = 0, most = 0 }) => void (await ask(`/begin?perFrame=${perFrame}&rate=${rate}&most=${most}`)),
    stop: () => ask('/stop'),
    state,
    async close() {
      await browser.close();
      await site.close();
      await sender.stop();
    },
  };
}

/** One environment that only listens, its users named as the sender's. */
function environmentsFile(senderUrl: string, { wire, connections }: Place): unknown {
  const environment = {
    id: 'bench',
    kind: 'local',
    mode: 'observe',
    backendUrl: senderUrl,
    eventsUrl: wire === 'websocket' ? `${senderUrl.replace('http', 'ws')}/ws` : senderUrl,
    transport: wire,
    dialect: 'canonical',
    auth: { method: 'none' },
    user: 'user-{n}',
    concurrentConnections: connections,
  };
  return { version: 1, environments: [environment] };
}

/**
 * Ends the sending and waits until a page has taken all of it; gives what is missing after 20 s, which is 0 in a sound run.
 * @param before what the page had taken before this sending began
 */
export async function missingAfterDrain(stage: Stage, subject: Subject, before = 0): Promise<number> {
  const { sent } = await stage.stop();
  let taken = 0;
  for (const end = performance.now() + 20_000; performance.now() < end; await pause(50)) {
    taken = (await subject.sample()).events - before;
    if (taken >= sent) break;
  }
  return sent - taken;
}
