import type { EpochMs } from '#base/units.ts';
import type { RejectedFrame, RunDetail, Snapshot, TimelineSlice } from './snapshot.ts';

/** What the page may ask of the monitor; the worker's client and an in-process monitor both have this face. */
export interface MonitorClient {
  /** Called with each snapshot; the monitor makes the next only after this returned. Returns the unsubscribing function. */
  subscribe(listener: (snapshot: Snapshot) => void): () => void;
  /** Connects to an environment of the file; `values` fill its `${NAME}` placeholders and stay in memory. */
  watch(environmentId: string, values?: Readonly<Record<string, string>>): Promise<void>;
  /** Closes its connections; what was learnt stays. */
  unwatch(environmentId: string): Promise<void>;
  timeline(environmentId: string, from: EpochMs, to: EpochMs, maxEvents: number): Promise<TimelineSlice | undefined>;
  run(environmentId: string, runId: string): Promise<RunDetail | undefined>;
  rejected(environmentId: string): Promise<readonly RejectedFrame[]>;
}
