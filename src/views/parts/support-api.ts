import { version } from '#base/version.ts';
import type { MonitorClient } from '#monitor/messages.ts';
import type { MonitorStore } from './monitor-store.ts';

/** `window.runwatch`: plain JSON for kiosk scripts, tests and support. */
export type SupportApi = Pick<MonitorClient, 'counts' | 'report' | 'records'> & {
  readonly version: string;
  /** The view stands still; capturing goes on. */
  freeze(): Promise<void>;
  resume(): Promise<void>;
};

/** Puts the support interface where scripts look for it. */
export function installSupportApi(client: MonitorClient, store: MonitorStore): void {
  const api: SupportApi = {
    version,
    counts: client.counts,
    report: client.report,
    records: client.records,
    freeze: async () => store.freeze(),
    resume: async () => store.resume(),
  };
  Object.defineProperty(window, 'runwatch', { value: Object.freeze(api) });
}
