import { epochMs, type EpochMs } from '#base/units.ts';
import type { ConnectionStatus } from '#connection/connection.ts';
import { placeholderNames } from '#environment/placeholder-names.ts';
import type { Environment } from '#environment/schema.ts';
import { assess } from '#slo/reliability.ts';
import type { Streak } from '#slo/streaks.ts';
import { LatencyTally } from '#timing/latency.ts';
import { completenessOf } from './completeness.ts';
import { funnelOf, PathTally } from './funnel.ts';
import { livenessOf } from './liveness.ts';
import { minutePoints } from './minute-points.ts';
import { countsOf, crossTalkReport, sloReport } from './report.ts';
import { runReport } from './run-report.ts';
import { sentenceOf, type BrokenConnections } from './sentence.ts';
import type { ConnectionSnapshot, DiagnosisSnapshot, EnvironmentSnapshot, Problem, WatchPhase } from './snapshot.ts';
import type { Recording } from './recording.ts';
import type { RecordingSource } from './recording-source.ts';
import { connectionInterval, standingOf } from './standing.ts';
import type { ConnectionSums } from './window-tally.ts';

const shownRuns = 200;
const shownLeaks = 20;
/** The figures of the window, with their intervals and quantiles, are made anew this often. */
const analysisMs = 1000;

type Analysis = Pick<EnvironmentSnapshot, 'latency' | 'timeToFirstEventMs' | 'goldenPath' | 'completeness' | 'minutes' | 'slo' | 'leftOut'> & {
  readonly lossy: ReadonlyMap<string, Readonly<ConnectionSums>>;
};

/** Makes the snapshots of one watch, and keeps what is costly for a second. */
export class EnvironmentView {
  readonly #source: RecordingSource;
  readonly #diagnosed: { readonly current: DiagnosisSnapshot | null };
  #analysis: Analysis | undefined;
  #analysedAt = Number.NEGATIVE_INFINITY;

  /** @param diagnosed where the newest diagnosis is held */
  constructor(source: RecordingSource, diagnosed: { readonly current: DiagnosisSnapshot | null } = { current: null }) {
    this.#source = source;
    this.#diagnosed = diagnosed;
  }

  /** The environment as it stands at `now`. */
  snapshot(now: EpochMs): EnvironmentSnapshot {
    const source = this.#source;
    const { recording } = source;
    const { environment, engine } = recording;
    source.catchUp();
    if (this.#analysis === undefined || now - this.#analysedAt >= analysisMs) {
      this.#analysis = analyse(source);
      this.#analysedAt = now;
    }
    const { lossy, ...analysis } = this.#analysis;
    const statuses = source.statuses();
    const { windowMs } = environment.slo;
    const leaks = engine.crossTalk.filter((leak) => leak.at > now - windowMs);
    const { state, known, streaks, crossTalk, newest, expectedIntervalMs } = standingOf(source, analysis.slo, now);
    const lastLeak = leaks.at(-1);
    const lagMs = source.lagMs;
    source.lagMs = 0;
    return {
      ...identityOf(environment),
      ...phaseOf(source, statuses),
      diagnosis: source.stopping ? null : this.#diagnosed.current,
      // The monitor adds it: an environment is also asked how it is without being watched.
      health: null,
      startup: recording.startup.snapshot(),
      ...analysis,
      state,
      sentence: sentenceOf({
        state,
        slo: analysis.slo,
        crossTalk,
        lastLeak: lastLeak && { ...crossTalkReport(lastLeak), user: engine.tracker.connection(lastLeak.connection).user },
        streaks,
        broken: brokenConnections(recording, streaks, lossy),
        wanted: recording.lanes.length,
        windowMs,
        newest,
        was: known,
      }),
      connections: statuses.map((status) => connectionSnapshot(status, lossy.get(status.id), source, now)),
      wanted: recording.lanes.length,
      open: statuses.filter((status) => status.state === 'open').length,
      frames: { ...engine.frames, rejectedBy: Object.fromEntries(engine.rejectedBy) },
      events: { ...engine.events, byType: {} },
      counts: countsOf(engine),
      crossTalk: { count: crossTalk, last: leaks.slice(-shownLeaks).map(crossTalkReport) },
      runs: recording.book.newest(shownRuns).map(runReport),
      blinds: recording.blinds.filter((blind) => blind.at > now - windowMs).map((blind) => ({ from: blind.from, to: blind.at, cause: blind.cause })),
      newestAt: recording.newestAt ?? null,
      expectedIntervalMs,
      monitor: {
        lagMs,
        stored: recording.store.stored,
        evicted: recording.store.evicted,
        blindMs: recording.blinds.reduce((sum, blind) => sum + Math.max(0, blind.at - Math.max(blind.from, now - windowMs)), 0),
      },
      opened: null,
    };
  }
}

/** An environment that nothing is connected to. */
export function idleSnapshot(environment: Environment): EnvironmentSnapshot {
  const { target, sli, windowMs } = environment.slo;
  return {
    ...identityOf(environment),
    phase: 'idle',
    problem: null,
    diagnosis: null,
    health: null,
    startup: null,
    state: 'no-data',
    sentence: 'Not connected. Choose it to watch it.',
    connections: [],
    wanted: environment.concurrentConnections,
    open: 0,
    frames: { received: 0, control: 0, eventful: 0, rejected: 0, rejectedBy: {} },
    events: { decoded: 0, attributed: 0, crossTalk: 0, echo: 0, duplicate: 0, late: 0, orphan: 0, byType: {} },
    counts: { running: 0, complete: 0, incomplete: 0, failed: 0, inconclusive: 0, good: 0 },
    slo: { target, sli, good: 0, valid: 0, trials: 0, ...assess({ good: 0, valid: 0, trials: 0, target }) },
    latency: new LatencyTally().summary(),
    timeToFirstEventMs: null,
    leftOut: { failed: 0, inconclusive: 0, running: 0 },
    crossTalk: { count: 0, last: [] },
    goldenPath: funnelOf(new PathTally(), [], [], new Map(), environment.contract.last),
    completeness: [],
    minutes: [],
    runs: [],
    blinds: [],
    newestAt: null,
    expectedIntervalMs: windowMs,
    monitor: { lagMs: 0, stored: 0, evicted: 0, blindMs: 0 },
    opened: null,
  };
}

type Identity = 'id' | 'name' | 'kind' | 'transport' | 'dialect' | 'mode' | 'signIn' | 'needs' | 'fallback' | 'startupTimeoutMs' | 'healthIntervalMs' | 'windowMs' | 'latencyObjectiveMs';

function identityOf(environment: Environment): Pick<EnvironmentSnapshot, Identity> {
  const { id, name, kind, transport, dialect, mode, auth, fallback, startupTimeoutMs, health, slo } = environment;
  return {
    id,
    name,
    kind,
    transport,
    mode,
    fallback,
    startupTimeoutMs,
    dialect: typeof dialect === 'string' ? dialect : 'mapping',
    signIn: auth.method,
    needs: placeholderNames(environment),
    healthIntervalMs: health.intervalMs,
    windowMs: slo.windowMs,
    latencyObjectiveMs: slo.latencyMs ?? null,
  };
}

function phaseOf(source: RecordingSource, statuses: readonly ConnectionStatus[]): { phase: WatchPhase; problem: Problem | null } {
  // From the wish on: connections that were refused or lost stay so, and would look like a start that goes on for ever.
  if (source.stopping) return { phase: 'idle', problem: null };
  const stuck = statuses.filter((status) => status.state === 'refused' || status.state === 'failed');
  if (stuck.length === statuses.length) return { phase: 'failed', problem: problemOf(stuck[0]) };
  if (statuses.some((status) => status.state === 'open')) return { phase: 'watching', problem: null };
  return { phase: 'starting', problem: problemOf(statuses.find((status) => status.error !== undefined)) };
}

/** Since when the connections that have a streak are broken, and how; undefined if none has. */
function brokenConnections(recording: Recording, streaks: readonly Streak[], lossy: Analysis['lossy']): BrokenConnections | undefined {
  const names = new Set(streaks.flatMap(({ scope, name }) => (scope === 'connection' ? [name] : [])));
  const row = recording.brokenRows.of(names);
  if (row === undefined) return undefined;
  const othersLossy = Array.from(lossy).filter(([id, share]) => share.lossy > 0 && !names.has(id)).length;
  return { count: names.size, ...row, othersLossy };
}

function problemOf(status: ConnectionStatus | undefined): Problem | null {
  return status?.error === undefined ? null : { reason: status.error.reason, message: status.error.message, remedy: status.error.remedy };
}

function connectionSnapshot(status: ConnectionStatus, runs: Readonly<ConnectionSums> | undefined, source: RecordingSource, now: EpochMs): ConnectionSnapshot {
  const { recording } = source;
  const clock = recording.engine.clockOf(status.id)?.at(now);
  const liveness = livenessOf(
    {
      status,
      lastEventAt: recording.lastEventAt[status.n],
      expectedIntervalMs: connectionInterval(recording.environment, recording.lanes.length),
      blindUntil: source.blindNow ? now : recording.blinds.at(-1)?.at,
    },
    now,
  );
  return {
    id: status.id,
    n: status.n,
    user: recording.engine.tracker.connection(status.id).user ?? status.user ?? null,
    state: status.state,
    transport: status.transport ?? null,
    attempts: status.attempts,
    nextTryAt: status.nextTryAt ?? null,
    lastHeardAt: status.lastHeardAt ?? null,
    liveness: liveness.state,
    lateAfterMs: liveness.lateAfterMs,
    silentAfterMs: liveness.silentAfterMs,
    problem: problemOf(status),
    lossyRuns: runs?.lossy ?? 0,
    judgedRuns: runs?.judged ?? 0,
    clock: clock === undefined ? null : { offsetMs: clock.offset, uncertaintyMs: clock.uncertainty },
  };
}

function analyse(source: RecordingSource): Analysis {
  const { recording } = source;
  const { environment, engine } = recording;
  const { contract, slo } = environment;
  recording.windows.advance(engine.now);
  const { shown } = recording.windows;
  const minutes = recording.minutes.after(epochMs(engine.now - slo.windowMs));
  const latency = new LatencyTally();
  for (const minute of minutes) latency.merge(minute.latency);
  return {
    slo: sloReport(shown.sums, engine.slo),
    leftOut: { failed: engine.slo.sli === 'events' ? shown.sums.failed : 0, inconclusive: shown.sums.inconclusive, running: engine.totals.running },
    latency: latency.summary(),
    timeToFirstEventMs: shown.firstEvents.quantile(0.5) ?? null,
    goldenPath: funnelOf(shown.path, engine.tracker.openRuns(), source.statuses(), recording.stages, contract.last),
    completeness: completenessOf(shown.byType, contract, slo.target),
    minutes: minutePoints(engine.now, engine.header.at, shown, minutes, recording.blinds, slo),
    // Runs go on closing while the rest of these figures stays as it is for a second.
    lossy: new Map(Array.from(shown.byConnection, ([id, sums]) => [id, { ...sums }])),
  };
}
