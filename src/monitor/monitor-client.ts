import { parseEnvironments } from '#environment/environments-file.ts';
import type { Environment } from '#environment/schema.ts';
import { chooseEnvironment } from './environment-choice.ts';
import { isAnswerTo, type AnyAnswer, type FromWorker, type MonitorClient, type QuestionName, type Questions, type ToWorker } from './messages.ts';
import workerUrl from './monitor.worker.ts?worker&url';
import type { Snapshot } from './snapshot.ts';

interface TrustedTypes {
  /** What the platform calls a TrustedScriptURL, it takes where its types say text. */
  createPolicy(name: string, rules: { createScriptURL(url: string): string }): { createScriptURL(url: string): string };
}

const hasTrustedTypes = (scope: object): scope is { readonly trustedTypes: TrustedTypes } => 'trustedTypes' in scope;

/** Trusted Types let a page start only those scripts that a policy of its own vouches for: here the one bundled worker. */
function trusted(url: string): string {
  const scope: object = globalThis;
  if (!hasTrustedTypes(scope)) return url;
  return scope.trustedTypes.createPolicy('runwatch', { createScriptURL: (text) => text }).createScriptURL(url);
}

/** Starts the monitor in a worker of its own and speaks with it. */
export function createMonitorClient(): MonitorClient {
  const worker = new Worker(trusted(workerUrl), { type: 'module', name: 'runwatch-monitor' });
  const listeners = new Set<(snapshot: Snapshot) => void>();
  const waiting = new Map<number, (message: AnyAnswer | Error) => void>();
  let environments: readonly Environment[] = [];
  let newest: Snapshot | undefined;
  let asked = 0;

  const send = (message: ToWorker): void => worker.postMessage(message);
  const ask = <Name extends QuestionName>(name: Name, question: Questions[Name]['ask']): Promise<Questions[Name]['answer']> =>
    new Promise((resolve, reject) => {
      asked += 1;
      waiting.set(asked, (message) => {
        if (message instanceof Error) reject(message);
        else if (isAnswerTo(message, name)) resolve(message.answer);
      });
      worker.postMessage({ kind: 'ask', id: asked, name, ask: question });
    });
  const settle = (id: number, message: AnyAnswer | Error): void => {
    waiting.get(id)?.(message);
    waiting.delete(id);
  };

  worker.addEventListener('message', ({ data }: MessageEvent<FromWorker>) => {
    switch (data.kind) {
      case 'snapshot':
        newest = data.snapshot;
        for (const listener of listeners) listener(data.snapshot);
        send({ kind: 'taken' });
        break;
      case 'answer':
        settle(data.id, data);
        break;
      case 'failed':
        settle(data.id, new Error(data.message));
        break;
    }
  });

  return {
    // What is written by hand is read on this side of the worker, which loads faster without a parser of configuration.
    async start(text) {
      const parsed = parseEnvironments(text);
      if (!parsed.ok) return parsed.error;
      environments = parsed.value;
      send({ kind: 'start', environments });
      return [];
    },
    subscribe(listener) {
      listeners.add(listener);
      if (newest !== undefined) listener(newest);
      return () => listeners.delete(listener);
    },
    async watch(environmentId, values = {}) {
      const chosen = chooseEnvironment(environments, environmentId, values);
      return chosen.ok ? ask('watch', { environment: chosen.value }) : chosen.error;
    },
    unwatch: (environmentId) => ask('unwatch', { environmentId }),
    timeline: (environmentId, request) => ask('timeline', { environmentId, request }),
    run: (environmentId, runId) => ask('run', { environmentId, runId }),
    rejected: (environmentId) => ask('rejected', { environmentId }),
    counts: () => ask('counts', {}),
    report: (environmentId, options = {}) => ask('report', { environmentId, options }),
    records: (environmentId) => ask('records', { environmentId }),
  };
}
