import type { Clock } from '#base/clock.ts';
import { printableUrl } from '#connection/connection-error.ts';
import { createHandshakeGate, type HandshakeGate } from '#connection/handshake-gate.ts';
import { healthUrl, probeHealth } from '#connection/health.ts';
import type { Dialect } from '#protocol/dialect.ts';
import { placeholderNames } from '#environment/placeholder-names.ts';
import type { Environment } from '#environment/schema.ts';
import type { HealthRecord } from '#record/record.ts';
import type { NoteInput } from './desk-questions.ts';
import type { ArchiveFeed } from './archive-feed.ts';
import { Diagnoser } from './diagnoser.ts';
import { EnvironmentView, idleSnapshot } from './environment-snapshot.ts';
import type { ReconnectResult } from './experiment.ts';
import type { FramesDetail } from './frames-detail.ts';
import { HealthBook } from './health-book.ts';
import type { OpenedCaptures } from './opened/opened-captures.ts';
import type { Recording } from './recording.ts';
import type { RecordingSource } from './recording-source.ts';
import { makeReport, type Report, type ReportOptions } from './report.ts';
import type { Counts, DiagnosisSnapshot, RejectedFrame, RunDetail, Snapshot, TimelineRequest, TimelineSlice } from './snapshot.ts';
import type { SliceMatcher } from './query/timeline-matches.ts';
import { timelineSlice } from './timeline-slice.ts';
import type { TrialAnswer, TrialCell } from './trials.ts';
import { Watch, type Platform } from './watch.ts';

interface Watched {
  readonly watch: Watch;
  readonly view: EnvironmentView;
  readonly diagnoser: Diagnoser;
}

/** All environments of a file, and the watches over those that were chosen. The same in a worker and in Node. */
export class Monitor {
  readonly #environments: readonly Environment[];
  readonly #platform: Platform & { readonly gate: HandshakeGate };
  readonly #watched = new Map<string, Watched>();
  readonly #experiments = new Map<string, Promise<ReconnectResult>>();
  #visible = true;
  #trials = new AbortController();
  readonly #health = new Map<string, HealthBook>();
  /** There from the first capture on that is opened. */
  opened: OpenedCaptures | undefined;
  /** There from the moment on at which there is an archive. */
  archive: ArchiveFeed | undefined;

  constructor(environments: readonly Environment[], platform: Platform) {
    this.#environments = environments;
    this.#platform = { gate: createHandshakeGate(platform.clock), ...platform };
  }

  /**
   * Connects to an environment, whose placeholders are filled in; one that is watched already goes on as it is.
   * @param earlier what is known of it from before, as of now
   */
  watch(environment: Environment, earlier?: Recording): void {
    const running = this.#watched.get(environment.id);
    if (running !== undefined && !running.watch.stopping) return;
    const watch = new Watch(earlier === undefined ? { environment } : { environment, earlier }, this.#platform);
    const diagnoser = new Diagnoser(watch, this.#platform);
    this.#watched.set(environment.id, { watch, view: new EnvironmentView(watch, diagnoser), diagnoser });
    watch.visible(this.#visible);
    diagnoser.start();
    watch.start();
    // What is told of an incident is counted from the beginning on; the connections need none of it, and do not wait for it.
    import('./incident/incident-book.ts').then(
      ({ incidentBookOf }) => incidentBookOf(watch.recording),
      () => undefined,
    );
  }

  /** True while an environment is watched, and not told to stop. */
  isWatched(environmentId: string): boolean {
    return this.#watched.get(environmentId)?.watch.stopping === false;
  }

  /** What is known of each environment that was watched, as of its newest record. */
  watched(): Recording[] {
    return Array.from(this.#watched.values(), ({ watch }) => watch.recording);
  }

  /** How connections are to be spoken with; undefined of a dialect that was not loaded. */
  dialectOf(environment: Environment): Dialect | undefined {
    return this.#platform.dialectOf(environment.dialect);
  }

  async unwatch(environmentId: string): Promise<void> {
    const watched = this.#watched.get(environmentId);
    watched?.diagnoser.stop();
    await watched?.watch.stop('operator');
  }

  /** Asks an environment how it is, watched or not. Undefined where its address needs values that are not there. */
  async health(environment: Environment): Promise<HealthRecord | undefined> {
    const running = this.#watched.get(environment.id)?.watch;
    const asked = running === undefined || running.stopping ? environment : running.environment;
    const url = healthUrl(asked);
    if (url.includes('${')) return undefined;
    const record = await probeHealth(asked, this.#platform.fetch, this.#platform.clock);
    const book = this.#health.get(asked.id) ?? new HealthBook(printableUrl(url));
    this.#health.set(asked.id, book);
    book.add(record);
    // Whoever watches it by now has it in the capture.
    this.#watched.get(asked.id)?.watch.heard(record);
    return record;
  }

  get clock(): Clock {
    return this.#platform.clock;
  }

  /** The machine lost its network, or has it again. */
  online(online: boolean): void {
    for (const { watch } of this.#watched.values()) watch.online(online);
  }

  /** The page is hidden, or shown again. */
  visible(visible: boolean): void {
    this.#visible = visible;
    for (const { watch } of this.#watched.values()) watch.visible(visible);
  }

  snapshot(): Snapshot {
    const at = this.#platform.clock.now();
    const environments = this.#environments.map((environment) => {
      const view = this.#watched.get(environment.id)?.view;
      const health = this.#health.get(environment.id)?.snapshot() ?? null;
      // What must be entered is what the file leaves open; a watched environment has it filled in.
      return view === undefined ? { ...idleSnapshot(environment), health } : { ...view.snapshot(at), needs: placeholderNames(environment), health };
    });
    return { at, environments, opened: this.opened?.snapshots() ?? [], archive: this.archive?.snapshot(environments) ?? null };
  }

  /** @param match marks what matches the request's query; without it nothing is marked */
  timeline(environmentId: string, request: TimelineRequest, match?: SliceMatcher): TimelineSlice | undefined {
    const recording = this.recording(environmentId);
    return recording === undefined || request.to <= request.from ? undefined : timelineSlice(recording, request, match);
  }

  async run(environmentId: string, runId: string): Promise<RunDetail | undefined> {
    const { runDetail } = await import('./run-detail.ts');
    const recording = this.recording(environmentId);
    return recording === undefined ? undefined : runDetail(recording, runId);
  }

  /** Writes a note into the capture of a watched environment, or beside one that is opened. */
  note(environmentId: string, note: NoteInput): void {
    this.#watched.get(environmentId)?.watch.note(note);
    this.opened?.note(environmentId, note);
  }

  /** Cuts a connection in mid-run; one experiment at a time for each environment. Undefined: it is not watched. */
  async experiment(environmentId: string): Promise<ReconnectResult | undefined> {
    const underWay = this.#experiments.get(environmentId);
    if (underWay !== undefined) return underWay;
    const watch = this.#watched.get(environmentId)?.watch;
    if (watch === undefined || watch.stopping) return undefined;
    // What is seldom asked for is loaded when it is.
    const result = import('./experiment.ts').then(({ startReconnectExperiment }) => startReconnectExperiment(watch, this.#platform.clock).result);
    this.#experiments.set(environmentId, result);
    const told = await result;
    this.#experiments.delete(environmentId);
    return told;
  }

  rejected(environmentId: string): readonly RejectedFrame[] {
    return this.recording(environmentId)?.rejected ?? [];
  }

  /** The newest frames of an environment, and what is made of them; undefined where it was never watched. */
  async frames(environmentId: string): Promise<FramesDetail | undefined> {
    const { framesDetail } = await import('./frames-detail.ts');
    const recording = this.recording(environmentId);
    return recording === undefined ? undefined : framesDetail(recording);
  }

  /** Every way to connect to an environment and to sign in there. */
  async combinations(environmentId: string): Promise<readonly TrialCell[]> {
    const { trialCells } = await import('./trials.ts');
    const environment = this.#environments.find(({ id }) => id === environmentId);
    return environment === undefined ? [] : trialCells(environment);
  }

  /**
   * Tries one of them; what comes meanwhile is not recorded. A watched environment is tried with the values that it has, another one as
   * it is handed in; undefined where it is neither.
   */
  async trial(environmentId: string, combination: TrialCell['combination'], handedIn: Environment | undefined): Promise<TrialAnswer | undefined> {
    const watch = this.#watched.get(environmentId)?.watch;
    const isWatched = watch !== undefined && !watch.stopping;
    const environment = isWatched ? watch.environment : handedIn;
    const dialect = environment === undefined ? undefined : this.#platform.dialectOf(environment.dialect);
    if (environment === undefined || dialect === undefined) return undefined;
    // As none of the users who are watched: some targets end a user's other connection, or send to the newest what was kept for the user.
    const n = isWatched ? watch.recording.lanes.length : 0;
    const { tryCombination } = await import('#connection/trial.ts');
    return tryCombination(environment, combination, { ...this.#platform, dialect }, n, this.#trials.signal);
  }

  /** Ends the trials that are under way. */
  cancelTrials(): void {
    this.#trials.abort();
    this.#trials = new AbortController();
  }

  /** What `window.runwatch.counts()` gives; cheap at any rate. */
  counts(): Counts {
    const watched = Array.from(this.#watched, ([id, { watch }]) => [id, watch] as const);
    return {
      environments: Object.fromEntries(
        [...watched, ...(this.opened?.sources() ?? [])].map(([id, source]) => {
          source.catchUp();
          const { recording } = source;
          const { engine } = recording;
          const { complete, incomplete, failed, inconclusive, good } = engine.totals.sums;
          return [
            id,
            {
              frames: { ...engine.frames, rejectedBy: Object.fromEntries(engine.rejectedBy) },
              events: { ...engine.events },
              counts: { running: engine.totals.running, complete, incomplete, failed, inconclusive, good },
              connections: { wanted: recording.lanes.length, open: source.statuses().filter((status) => status.state === 'open').length },
              monitor: { lagMs: source.lagMs, stored: recording.store.stored, evicted: recording.store.evicted },
            },
          ];
        }),
      ),
    };
  }

  /** The report of an environment; of the first watched one if none is named. */
  report(environmentId: string | undefined, options: ReportOptions): Report | undefined {
    const recording = this.recording(environmentId);
    return recording === undefined ? undefined : makeReport(recording.engine, options);
  }

  /** The redacted capture of an environment, its newest 64 MiB. */
  records(environmentId: string | undefined): string | undefined {
    return this.recording(environmentId)?.capture.text();
  }

  async stop(): Promise<void> {
    this.cancelTrials();
    await Promise.all(Array.from(this.#watched.keys(), (id) => this.unwatch(id)));
  }

  /** What is known of an environment, or of the first one that was watched if none is named, as of now; undefined where it never was. */
  recording(environmentId: string | undefined): Recording | undefined {
    return this.source(environmentId)?.recording;
  }

  /** Where that comes from, as of now. */
  source(environmentId: string | undefined): RecordingSource | undefined {
    const id = environmentId ?? this.#watched.keys().next().value;
    const source: RecordingSource | undefined = id === undefined ? undefined : (this.#watched.get(id)?.watch ?? this.opened?.source(id));
    source?.catchUp();
    return source;
  }

  /** What is behind the trouble of a watched environment; null while nothing is wrong. */
  diagnosis(environmentId: string): DiagnosisSnapshot | null {
    const watched = this.#watched.get(environmentId);
    return watched === undefined || watched.watch.stopping ? null : watched.diagnoser.current;
  }
}
