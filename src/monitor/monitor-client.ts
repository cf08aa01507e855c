import { invariant } from '#base/assert.ts';
import archiveUrl from '#archive/archive.worker.ts?worker&url';
import { holdsCaptures } from '#archive/holds-captures.ts';
import { parseEnvironments } from '#environment/environments-file.ts';
import type { Environment } from '#environment/schema.ts';
import { chooseEnvironment } from './environment-choice.ts';
import { isAnswerTo, type AnyAnswer, type FromWorker, type MonitorClient, type QuestionName, type Questions, type ToWorker } from './messages.ts';
import workerUrl from './monitor.worker.ts?worker&url';
import type { Snapshot } from './snapshot.ts';
import { trustedScript } from './trusted-script.ts';

/** The page comes first. */
const archiveAfterMs = 1000;

/** Starts the monitor in a worker of its own and speaks with it. */
export function createMonitorClient(): MonitorClient {
  const worker = new Worker(trustedScript(workerUrl), { type: 'module', name: 'runwatch-monitor' });
  /** Keeps captures, in a thread of its own. */
  let archive: Worker | undefined;
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

  const startArchive = (): Worker => {
    if (archive !== undefined) return archive;
    const { port1, port2 } = new MessageChannel();
    // First, so that the monitor misses an archive that cannot start.
    worker.postMessage({ kind: 'archive-line', line: port2 }, [port2]);
    archive = new Worker(trustedScript(archiveUrl), { type: 'module', name: 'runwatch-archive' });
    archive.postMessage({ line: port1 }, [port1]);
    return archive;
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

  // A worker is not told; it needs to know why it stood still when its page was frozen.
  const sayVisible = (): void => send({ kind: 'visible', visible: document.visibilityState === 'visible' });
  document.addEventListener('visibilitychange', sayVisible);

  return {
    // What is written by hand is read on this side of the worker, which loads faster without a parser of configuration.
    async start(text) {
      const parsed = parseEnvironments(text);
      if (!parsed.ok) return parsed.error;
      environments = parsed.value;
      send({ kind: 'start', environments });
      sayVisible();
      return [];
    },
    subscribe(listener) {
      listeners.add(listener);
      if (newest !== undefined) listener(newest);
      return () => listeners.delete(listener);
    },
    async watch(environmentId, values = {}) {
      const chosen = chooseEnvironment(environments, environmentId, values);
      if (!chosen.ok) return chosen.error;
      // What was watched before a reload goes on. Where nothing is kept, nothing waits: the archive reads later what came since the start.
      if (await holdsCaptures()) startArchive();
      else setTimeout(startArchive, archiveAfterMs);
      return ask('watch', { environment: chosen.value });
    },
    async health(environmentId, values = {}) {
      const filled = chooseEnvironment(environments, environmentId, values);
      // Its health may be asked also without the values that only its sign-in needs.
      const environment = filled.ok ? filled.value : environments.find(({ id }) => id === environmentId);
      return environment === undefined ? undefined : ask('health', { environment });
    },
    unwatch: (environmentId) => ask('unwatch', { environmentId }),
    timeline: (environmentId, request) => ask('timeline', { environmentId, request }),
    timelineLine() {
      const { port1, port2 } = new MessageChannel();
      worker.postMessage({ kind: 'timeline-line', line: port1 }, [port1]);
      return port2;
    },
    run: (environmentId, runId) => ask('run', { environmentId, runId }),
    rejected: (environmentId) => ask('rejected', { environmentId }),
    frames: (environmentId) => ask('frames', { environmentId }),
    combinations: (environmentId) => ask('combinations', { environmentId }),
    async trial(environmentId, combination, values = {}) {
      const chosen = chooseEnvironment(environments, environmentId, values);
      const answer = await ask('trial', { environmentId, combination, environment: chosen.ok ? chosen.value : undefined });
      if (answer !== undefined) return answer;
      invariant(!chosen.ok, 'what has its values can be tried');
      return { kind: 'not-started', problem: chosen.error };
    },
    cancelTrials: () => ask('cancelTrials', {}),
    // Loaded when somebody writes a file, and not before.
    check: async (text) => (await import('#environment/file-check.ts')).checkFile(text),
    experiment: (environmentId) => ask('experiment', { environmentId }),
    captures: async () => (await import('./archive-client.ts')).archiveClient(startArchive()),
    ask,
    counts: () => ask('counts', {}),
    report: (environmentId, options = {}) => ask('report', { environmentId, options }),
    records: (environmentId) => ask('records', { environmentId }),
  };
}
