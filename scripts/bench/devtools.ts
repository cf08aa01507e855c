/**
 * A browser driven over the bare DevTools protocol. Playwright's Network domain copies every frame to the driver, which halves what a page
 * can take; nothing here ever enables it.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { WebSocket } from 'ws';
import { z } from 'zod';
import { CHROMIUM_FLAGS, findChromium } from '../chromium.ts';

const answerSchema = z.object({
  id: z.number().optional(),
  method: z.string().optional(),
  sessionId: z.string().optional(),
  params: z.unknown().optional(),
  result: z.unknown().optional(),
  error: z.object({ message: z.string() }).optional(),
});
const evaluated = z.object({
  result: z.object({ value: z.unknown().optional() }),
  exceptionDetails: z.object({ text: z.string(), exception: z.object({ description: z.string().optional() }).optional() }).optional(),
});
const attached = z.object({ sessionId: z.string(), targetInfo: z.object({ type: z.string(), url: z.string() }) });
const processes = z.object({ processInfo: z.array(z.object({ type: z.string(), cpuTime: z.number() })) });
const metrics = z.object({ metrics: z.array(z.object({ name: z.string(), value: z.number() })) });

/** One page of the browser, or a worker of it. */
export class Page {
  readonly #browser: Browser;
  readonly #target: string;
  readonly #context: string;
  readonly session: string;

  constructor(browser: Browser, context: string, target: string, session: string) {
    this.#browser = browser;
    this.#context = context;
    this.#target = target;
    this.session = session;
  }

  send(method: string, params: object = {}): Promise<unknown> {
    return this.#browser.send(method, params, this.session);
  }

  async goto(url: string): Promise<void> {
    await this.send('Page.navigate', { url });
  }

  /** Runs in the page before any script of its own. */
  async before(script: string): Promise<void> {
    await this.send('Page.addScriptToEvaluateOnNewDocument', { source: script });
  }

  /** The value of an expression, awaited. @throws what the page threw */
  async evaluate<T>(schema: z.ZodType<T>, expression: string): Promise<T> {
    return this.#browser.evaluate(schema, expression, this.session);
  }

  /** Waits until an expression is true; `everyMs` between two questions. */
  async until(expression: string, limitMs = 30_000, everyMs = 100): Promise<void> {
    const end = performance.now() + limitMs;
    for (;;) {
      // A page that is just being loaded may have lost the context of the question.
      const is = await this.evaluate(z.unknown(), `(async () => Boolean(await (${expression})))()`).catch(() => false);
      if (is === true) return;
      if (performance.now() > end) throw new Error(`The page did not come to ${expression} in ${limitMs / 1000} s.`);
      await new Promise((resolve) => setTimeout(resolve, everyMs));
    }
  }

  /** Seconds that the main thread was busy since the page began. */
  async busySeconds(): Promise<number> {
    await this.send('Performance.enable', { timeDomain: 'threadTicks' });
    const answer = metrics.parse(await this.send('Performance.getMetrics'));
    return answer.metrics.find(({ name }) => name === 'TaskDuration')?.value ?? Number.NaN;
  }

  /** Workers of this page that are there now. */
  async workers(): Promise<readonly string[]> {
    const found: string[] = [];
    const forget = this.#browser.on('Target.attachedToTarget', this.session, (params) => {
      const { sessionId, targetInfo } = attached.parse(params);
      if (targetInfo.type === 'worker') found.push(sessionId);
    });
    await this.send('Target.setAutoAttach', { autoAttach: true, waitForDebuggerOnStart: false, flatten: true });
    await new Promise((resolve) => setTimeout(resolve, 300));
    forget();
    return found;
  }

  async close(): Promise<void> {
    await this.#browser.send('Target.closeTarget', { targetId: this.#target });
    await this.#browser.send('Target.disposeBrowserContext', { browserContextId: this.#context });
  }
}

export class Browser {
  readonly #process: ChildProcess;
  readonly #profile: string;
  readonly #socket: WebSocket;
  readonly #waiting = new Map<number, { resolve(value: unknown): void; reject(error: Error): void }>();
  readonly #listeners = new Set<(method: string, session: string | undefined, params: unknown) => void>();
  #asked = 0;

  private constructor(child: ChildProcess, profile: string, socket: WebSocket) {
    this.#process = child;
    this.#profile = profile;
    this.#socket = socket;
    socket.on('message', (data: Buffer) => this.#hear(data.toString('utf8')));
  }

  /** Starts a Chromium of its own with a fresh profile. @throws where none is found */
  static async launch(): Promise<Browser> {
    const executable = await findChromium();
    if (executable === undefined) throw new Error('No Chromium was found. Name one: CHROMIUM=/path/to/chromium npm run bench');
    const profile = mkdtempSync(join(tmpdir(), 'runwatch-bench-'));
    const flags = [
      ...CHROMIUM_FLAGS,
      '--headless=new',
      '--remote-debugging-port=0',
      `--user-data-dir=${profile}`,
      '--window-size=1920,1080',
      // A page that is measured must not be slowed for lying in the background.
      '--disable-background-timer-throttling',
      '--disable-backgrounding-occluded-windows',
      '--disable-renderer-backgrounding',
    ];
    const child = spawn(executable, [...flags, 'about:blank'], { stdio: ['ignore', 'ignore', 'pipe'] });
    const address = await new Promise<string>((resolve, reject) => {
      let text = '';
      child.stderr?.setEncoding('utf8').on('data', (piece: string) => {
        text += piece;
        const found = /DevTools listening on (ws:\S+)/.exec(text)?.[1];
        if (found !== undefined) resolve(found);
      });
      child.once('exit', () => reject(new Error(`Chromium ended before it could be driven: ${text.slice(-500)}`)));
    });
    child.stderr?.removeAllListeners('data').resume();
    const socket = new WebSocket(address, { perMessageDeflate: false, maxPayload: 512 * 1024 * 1024 });
    await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject));
    return new Browser(child, profile, socket);
  }

  async version(): Promise<string> {
    const { product } = z.object({ product: z.string() }).parse(await this.send('Browser.getVersion'));
    return product;
  }

  /** A page in a profile and a process of its own, with nothing in it yet. */
  async page(): Promise<Page> {
    const { browserContextId } = z.object({ browserContextId: z.string() }).parse(await this.send('Target.createBrowserContext'));
    const { targetId } = z.object({ targetId: z.string() }).parse(await this.send('Target.createTarget', { url: 'about:blank', browserContextId, width: 1920, height: 1080 }));
    const { sessionId } = z.object({ sessionId: z.string() }).parse(await this.send('Target.attachToTarget', { targetId, flatten: true }));
    const page = new Page(this, browserContextId, targetId, sessionId);
    await page.send('Page.enable');
    await page.send('Emulation.setDeviceMetricsOverride', { width: 1920, height: 1080, deviceScaleFactor: 1, mobile: false });
    return page;
  }

  /** Seconds of processor time that the pages' processes have used so far. */
  async pageCpuSeconds(): Promise<number> {
    const { processInfo } = processes.parse(await this.send('SystemInfo.getProcessInfo'));
    return processInfo.filter(({ type }) => type === 'renderer').reduce((sum, { cpuTime }) => sum + cpuTime, 0);
  }

  async evaluate<T>(schema: z.ZodType<T>, expression: string, session: string): Promise<T> {
    const answer = evaluated.parse(await this.send('Runtime.evaluate', { expression, awaitPromise: true, returnByValue: true }, session));
    const thrown = answer.exceptionDetails;
    if (thrown !== undefined) throw new Error(thrown.exception?.description ?? thrown.text);
    return schema.parse(answer.result.value);
  }

  send(method: string, params: object = {}, sessionId?: string): Promise<unknown> {
    this.#asked += 1;
    const id = this.#asked;
    this.#socket.send(JSON.stringify({ id, method, params, ...(sessionId === undefined ? {} : { sessionId }) }));
    return new Promise((resolve, reject) => this.#waiting.set(id, { resolve, reject }));
  }

  on(method: string, session: string, listener: (params: unknown) => void): () => void {
    const hear = (told: string, of: string | undefined, params: unknown): void => {
      if (told === method && of === session) listener(params);
    };
    this.#listeners.add(hear);
    return () => this.#listeners.delete(hear);
  }

  /** Ends the browser by its process id, and removes its profile. */
  async close(): Promise<void> {
    const gone = new Promise((resolve) => this.#process.once('exit', resolve));
    this.#socket.terminate();
    this.#process.kill('SIGTERM');
    const patience = setTimeout(() => this.#process.kill('SIGKILL'), 5000);
    await gone;
    clearTimeout(patience);
    // Its last children may still be writing; what stays is a folder of the system's temporary ones.
    await rm(this.#profile, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 }).catch(() => undefined);
  }

  #hear(text: string): void {
    const { id, method, sessionId, params, result, error } = answerSchema.parse(JSON.parse(text));
    if (id === undefined) {
      for (const listener of this.#listeners) listener(method ?? '', sessionId, params);
      return;
    }
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    if (error === undefined) waiting?.resolve(result);
    else waiting?.reject(new Error(error.message));
  }
}
