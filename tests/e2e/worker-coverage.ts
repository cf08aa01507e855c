import type { Page } from '@playwright/test';
import { z } from 'zod';

/** A script with V8's counts, as `page.coverage` gives it for the page itself. */
const scripts = z.array(z.looseObject({ url: z.string(), functions: z.array(z.unknown()) }));
export type CoveredScript = z.infer<typeof scripts>[number];

const answer = z.object({ id: z.number(), result: z.object({ result: z.unknown().optional() }).optional() });

/**
 * Counts what runs in the workers of a page, which `page.coverage` does not see: each worker is held at its start
 * until V8 counts in it. The returned function reads the counts of the workers that still run.
 */
export async function startWorkerCoverage(page: Page): Promise<() => Promise<CoveredScript[]>> {
  const browser = await page.context().newCDPSession(page);
  const workers = new Set<string>();
  const waiting = new Map<number, (result: unknown) => void>();
  let asked = 0;

  /** Speaks to a worker through the page's session, in messages wrapped in messages. */
  function ask(worker: string, method: string, params: Readonly<Record<string, unknown>> = {}): Promise<unknown> {
    asked += 1;
    const id = asked;
    return new Promise((resolve, reject) => {
      waiting.set(id, resolve);
      browser.send('Target.sendMessageToTarget', { sessionId: worker, message: JSON.stringify({ id, method, params }) }).catch(reject);
    });
  }

  browser.on('Target.receivedMessageFromTarget', ({ message }) => {
    const parsed = answer.safeParse(JSON.parse(message));
    if (parsed.success) waiting.get(parsed.data.id)?.(parsed.data.result?.result);
  });
  browser.on('Target.detachedFromTarget', ({ sessionId }) => workers.delete(sessionId));
  browser.on('Target.attachedToTarget', ({ sessionId }) => {
    workers.add(sessionId);
    // A worker that ends at once answers no more: nothing is lost but its counts.
    void Promise.allSettled([
      ask(sessionId, 'Profiler.enable'),
      ask(sessionId, 'Profiler.startPreciseCoverage', { callCount: true, detailed: true }),
      ask(sessionId, 'Runtime.runIfWaitingForDebugger'),
    ]);
  });
  await browser.send('Target.setAutoAttach', { autoAttach: true, waitForDebuggerOnStart: true, flatten: false });

  return async () => {
    const counted = await Promise.all([...workers].map((worker) => ask(worker, 'Profiler.takePreciseCoverage')));
    return counted.flatMap((result) => scripts.parse(result)).filter((script) => script.url !== '');
  };
}
