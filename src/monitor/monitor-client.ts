import workerUrl from './monitor.worker.ts?worker&url';
import type { Environment } from '#environment/schema.ts';
import type { FromWorker, MonitorClient, QuestionName, Questions, ToWorker } from './messages.ts';
import type { Snapshot } from './snapshot.ts';

interface TrustedTypes {
  createPolicy(name: string, rules: { createScriptURL(url: string): string }): { createScriptURL(url: string): unknown };
}

/** Trusted Types let a page start only those scripts that a policy of its own vouches for: here the one bundled worker. */
function trusted(url: string): string {
  const { trustedTypes } = globalThis as { trustedTypes?: TrustedTypes };
  if (trustedTypes === undefined) return url;
  const policy = trustedTypes.createPolicy('runwatch', { createScriptURL: (text) => text });
  // The platform's type says text, and takes the trusted one.
  return policy.createScriptURL(url) as string;
}

/** Starts the monitor in a worker of its own and speaks with it. */
export function createMonitorClient({ environments }: { readonly environments: readonly Environment[] }): MonitorClient {
  const worker = new Worker(trusted(workerUrl), { type: 'module', name: 'runwatch-monitor' });
  const listeners = new Set<(snapshot: Snapshot) => void>();
  const waiting = new Map<number, { resolve(answer: unknown): void; reject(error: Error): void }>();
  let newest: Snapshot | undefined;
  let asked = 0;

  const send = (message: ToWorker): void => worker.postMessage(message);
  const ask = <Name extends QuestionName>(name: Name, question: Questions[Name]['ask']): Promise<Questions[Name]['answer']> =>
    new Promise((resolve, reject) => {
      asked += 1;
      // Safe: the worker answers each question with the answer of its name.
      waiting.set(asked, { resolve: (answer) => resolve(answer as Questions[Name]['answer']), reject });
      send({ kind: 'ask', id: asked, name, ask: question } as ToWorker);
    });

  worker.addEventListener('message', ({ data }: MessageEvent<FromWorker>) => {
    if (data.kind === 'snapshot') {
      newest = data.snapshot;
      for (const listener of listeners) listener(data.snapshot);
      send({ kind: 'taken' });
      return;
    }
    const asker = waiting.get(data.id);
    waiting.delete(data.id);
    if (data.kind === 'answer') asker?.resolve(data.answer);
    else asker?.reject(new Error(data.message));
  });
  send({ kind: 'start', environments });

  return {
    subscribe(listener) {
      listeners.add(listener);
      if (newest !== undefined) listener(newest);
      return () => listeners.delete(listener);
    },
    watch: (environmentId, values = {}) => ask('watch', { environmentId, values }),
    unwatch: (environmentId) => ask('unwatch', { environmentId }),
    timeline: (environmentId, from, to, maxEvents) => ask('timeline', { environmentId, from, to, maxEvents }),
    run: (environmentId, runId) => ask('run', { environmentId, runId }),
    rejected: (environmentId) => ask('rejected', { environmentId }),
    counts: () => ask('counts', {}),
    report: (environmentId, options = {}) => ask('report', { environmentId, options }),
    records: (environmentId) => ask('records', { environmentId }),
  };
}
