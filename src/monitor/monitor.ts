import { createHandshakeGate } from '#connection/handshake-gate.ts';
import { placeholderNames } from '#environment/placeholder-names.ts';
import type { Environment } from '#environment/schema.ts';
import { EnvironmentView, idleSnapshot } from './environment-snapshot.ts';
import { makeReport, type Report, type ReportOptions } from './report.ts';
import { runDetail } from './run-detail.ts';
import type { Counts, RejectedFrame, RunDetail, Snapshot, TimelineRequest, TimelineSlice } from './snapshot.ts';
import { timelineSlice } from './timeline-slice.ts';
import { Watch, type Platform } from './watch.ts';

interface Watched {
  readonly watch: Watch;
  readonly view: EnvironmentView;
}

/** All environments of a file, and the watches over those that were chosen. The same in a worker and in Node. */
export class Monitor {
  readonly #environments: readonly Environment[];
  readonly #platform: Platform;
  readonly #watched = new Map<string, Watched>();

  constructor(environments: readonly Environment[], platform: Platform) {
    this.#environments = environments;
    this.#platform = { gate: createHandshakeGate(platform.clock), ...platform };
  }

  /** Connects to an environment, whose placeholders are filled in; one that is watched already goes on as it is. */
  watch(environment: Environment): void {
    const running = this.#watched.get(environment.id);
    if (running !== undefined && !running.watch.stopping) return;
    const watch = new Watch({ environment }, this.#platform);
    this.#watched.set(environment.id, { watch, view: new EnvironmentView(watch) });
    watch.start();
  }

  async unwatch(environmentId: string): Promise<void> {
    await this.#watched.get(environmentId)?.watch.stop('operator');
  }

  /** The machine lost its network, or has it again. */
  online(online: boolean): void {
    for (const { watch } of this.#watched.values()) watch.online(online);
  }

  snapshot(): Snapshot {
    const at = this.#platform.clock.now();
    const environments = this.#environments.map((environment) => {
      const view = this.#watched.get(environment.id)?.view;
      // What must be entered is what the file leaves open; a watched environment has it filled in.
      return view === undefined ? idleSnapshot(environment) : { ...view.snapshot(at), needs: placeholderNames(environment) };
    });
    return { at, environments };
  }

  timeline(environmentId: string, request: TimelineRequest): TimelineSlice | undefined {
    const watched = this.#watched.get(environmentId);
    return watched === undefined || request.to <= request.from ? undefined : timelineSlice(watched.watch, request);
  }

  run(environmentId: string, runId: string): RunDetail | undefined {
    const watched = this.#watched.get(environmentId);
    return watched === undefined ? undefined : runDetail(watched.watch, runId);
  }

  rejected(environmentId: string): readonly RejectedFrame[] {
    return this.#watched.get(environmentId)?.watch.rejected ?? [];
  }

  /** What `window.runwatch.counts()` gives; cheap at any rate. */
  counts(): Counts {
    return {
      environments: Object.fromEntries(
        Array.from(this.#watched, ([id, { watch }]) => {
          watch.catchUp();
          const { engine } = watch;
          const { complete, incomplete, failed, inconclusive, good } = engine.totals.sums;
          return [
            id,
            {
              frames: { ...engine.frames, rejectedBy: Object.fromEntries(engine.rejectedBy) },
              events: { ...engine.events },
              counts: { running: engine.totals.running, complete, incomplete, failed, inconclusive, good },
              connections: { wanted: watch.lanes.length, open: watch.statuses().filter((status) => status.state === 'open').length },
              monitor: { lagMs: watch.lagMs, stored: watch.store.stored, evicted: watch.store.evicted },
            },
          ];
        }),
      ),
    };
  }

  /** The report of an environment; of the first watched one if none is named. */
  report(environmentId: string | undefined, options: ReportOptions): Report | undefined {
    const watch = this.#watchOf(environmentId);
    watch?.catchUp();
    return watch === undefined ? undefined : makeReport(watch.engine, options);
  }

  /** The redacted capture of an environment, its newest 64 MiB. */
  records(environmentId: string | undefined): string | undefined {
    return this.#watchOf(environmentId)?.capture.text();
  }

  async stop(): Promise<void> {
    await Promise.all(Array.from(this.#watched.values(), ({ watch }) => watch.stop('operator')));
  }

  #watchOf(environmentId: string | undefined): Watch | undefined {
    const id = environmentId ?? this.#watched.keys().next().value;
    return id === undefined ? undefined : this.#watched.get(id)?.watch;
  }
}
