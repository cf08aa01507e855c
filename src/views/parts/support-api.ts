import { version } from '#base/version.ts';
import type { MonitorClient } from '#monitor/messages.ts';
import type { MonitorStore } from './monitor-store.ts';
import { paintedPictures, paintLags, type Picture } from './paint-lag.ts';

/** `window.runwatch`: plain JSON for kiosk scripts, tests and support. What is asked before the monitor has started is answered when it has. */
export type SupportApi = Pick<MonitorClient, 'counts' | 'report' | 'records'> & {
  readonly version: string;
  /** The view stands still; capturing goes on. */
  freeze(): Promise<void>;
  resume(): Promise<void>;
  /** The newest delays, in milliseconds, from a socket's callback to the end of the frame that drew what it brought. */
  paintLags(): Promise<readonly number[]>;
  /** How many pictures of the timeline were painted, and what the newest of them took. */
  painted(): Promise<{ readonly count: number; readonly newest: readonly Picture[] }>;
};

interface Page {
  readonly client: MonitorClient;
  readonly store: MonitorStore;
}

/** Puts the support interface where scripts look for it; the returned function tells it that the monitor has started. */
export function installSupportApi(page: Page): () => void {
  let tell: () => void = () => {};
  const monitor = new Promise<Page>((resolve) => (tell = () => resolve(page)));
  const api: SupportApi = {
    version,
    counts: async () => (await monitor).client.counts(),
    report: async (environmentId, options) => (await monitor).client.report(environmentId, options),
    records: async (environmentId) => (await monitor).client.records(environmentId),
    freeze: async () => (await monitor).store.freeze(),
    resume: async () => (await monitor).store.resume(),
    paintLags: async () => [...paintLags()],
    painted: async () => ({ ...paintedPictures(), newest: [...paintedPictures().newest] }),
  };
  Object.defineProperty(window, 'runwatch', { value: Object.freeze(api) });
  return tell;
}
