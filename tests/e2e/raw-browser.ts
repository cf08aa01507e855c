/**
 * A Chromium that is spoken to without Playwright, which keeps every page focused and visible: a page can be hidden and frozen here.
 * https://chromedevtools.github.io/devtools-protocol/
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { WebSocket } from 'ws';
import { z } from 'zod';
import { CHROMIUM_FLAGS, findChromium } from '../../scripts/chromium.ts';
import { expect } from './fixtures.ts';

export interface RawPage {
  /** Sends a command of the protocol to the page, and gives its result. */
  send(method: string, params?: object): Promise<unknown>;
  /** Evaluates an expression in the page; a promise is awaited. */
  evaluate(expression: string): Promise<unknown>;
  /** Shows it; the page that was shown before is hidden. */
  show(): Promise<void>;
}

export interface RawBrowser {
  /** Opens a page and shows it. */
  open(url: string): Promise<RawPage>;
  close(): Promise<void>;
}

const answer = z.object({ id: z.number(), result: z.unknown().optional(), error: z.object({ message: z.string() }).optional() });
const target = z.object({ targetId: z.string() });
const session = z.object({ sessionId: z.string() });
const evaluated = z.object({ result: z.object({ value: z.unknown() }), exceptionDetails: z.unknown().optional() });

export async function openRawBrowser(size = { width: 1280, height: 800 }): Promise<RawBrowser> {
  const chromium = await findChromium();
  if (chromium === undefined) throw new Error('no Chromium');
  const profile = mkdtempSync(join(tmpdir(), 'runwatch-chromium-'));
  const flags = [...CHROMIUM_FLAGS, '--headless=new', '--remote-debugging-port=0', `--user-data-dir=${profile}`, `--window-size=${size.width},${size.height}`, 'about:blank'];
  const browser = spawn(chromium, flags, { stdio: 'ignore' });
  const ended = once(browser, 'exit');
  // The first line is the port, the second the path.
  const place = (): string[] => readFileSync(join(profile, 'DevToolsActivePort'), 'utf8').split('\n');
  await expect(() => expect(place()[1]).toMatch(/^\/devtools/)).toPass({ timeout: 20_000 });
  const [port, path] = place();
  const wire = new WebSocket(`ws://127.0.0.1:${port}${path}`, { maxPayload: 256 * 1024 * 1024 });
  await once(wire, 'open');

  const waiting = new Map<number, (told: z.infer<typeof answer>) => void>();
  wire.on('message', (data) => {
    const told = answer.safeParse(JSON.parse(String(data)));
    if (told.success) waiting.get(told.data.id)?.(told.data);
  });
  let asked = 0;
  const send = (method: string, params: object = {}, sessionId?: string): Promise<unknown> =>
    new Promise((resolve, reject) => {
      asked += 1;
      waiting.set(asked, ({ id, result, error }) => {
        waiting.delete(id);
        if (error === undefined) resolve(result);
        else reject(new Error(`${method}: ${error.message}`));
      });
      wire.send(JSON.stringify({ id: asked, method, params, sessionId }));
    });

  return {
    async open(url) {
      const { targetId } = target.parse(await send('Target.createTarget', { url }));
      const { sessionId } = session.parse(await send('Target.attachToTarget', { targetId, flatten: true }));
      const show = async (): Promise<void> => void (await send('Target.activateTarget', { targetId }));
      await show();
      return {
        send: (method, params) => send(method, params, sessionId),
        show,
        async evaluate(expression) {
          const { result, exceptionDetails } = evaluated.parse(await send('Runtime.evaluate', { expression, awaitPromise: true, returnByValue: true }, sessionId));
          if (exceptionDetails !== undefined) throw new Error(JSON.stringify(exceptionDetails));
          return result.value;
        },
      };
    },
    async close() {
      await send('Browser.close').catch(() => undefined);
      await ended;
      rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}
