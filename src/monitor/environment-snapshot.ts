import { epochMs, type EpochMs } from '#base/units.ts';
import type { ConnectionStatus } from '#connection/connection.ts';
import { placeholderNames } from '#environment/placeholder-names.ts';
import type { Environment } from '#environment/schema.ts';
import { assess } from '#slo/reliability.ts';
import { knownState, stateWord } from '#slo/state-word.ts';
import type { Streak } from '#slo/streaks.ts';
import { LatencyTally } from '#timing/latency.ts';
import { completenessOf } from './completeness.ts';
import { funnelOf, nearestRank } from './funnel.ts';
import { minutePoints } from './minute-points.ts';
import { countsOf, crossTalkReport, runsClosedSince, sloReport, windowSums } from './report.ts';
import { runReport } from './run-report.ts';
import { sentenceOf, type BrokenConnections } from './sentence.ts';
import type { ConnectionSnapshot, EnvironmentSnapshot, Problem, WatchPhase } from './snapshot.ts';
import type { Watch } from './watch.ts';

const shownRuns = 200;
const shownLeaks = 20;
/** Every target sends something this often while nothing else happens: a heartbeat, or the answer to a clock question. */
const idleIntervalMs = 15_000;
/** The parts of a snapshot that look at every run of the window are made anew this often. */
const analysisMs = 1000;
const hourMs = 3_600_000;

type Analysis = Pick<EnvironmentSnapshot, 'latency' | 'timeToFirstEventMs' | 'goldenPath' | 'completeness' | 'minutes' | 'slo' | 'leftOut'> & {
  readonly lossy: ReadonlyMap<string, { lossy: number; judged: number }>;
};

/** Makes the snapshots of one watch, and keeps what is costly for a second. */
export class EnvironmentView {
  readonly #watch: Watch;
  #analysis: Analysis | undefined;
  #analysedAt = Number.NEGATIVE_INFINITY;

  constructor(watch: Watch) {
    this.#watch = watch;
  }

  /** The environment as it stands at `now`. */
  snapshot(now: EpochMs): EnvironmentSnapshot {
    const watch = this.#watch;
    const { engine, environment } = watch;
    watch.catchUp();
    if (this.#analysis === undefined || now - this.#analysedAt >= analysisMs) {
      this.#analysis = analyse(watch);
      this.#analysedAt = now;
    }
    const { lossy, ...analysis } = this.#analysis;
    const statuses = watch.statuses();
    const { windowMs } = environment.slo;
    const leaks = engine.crossTalk.filter((leak) => leak.at > now - windowMs);
    const crossTalk = watch.minutes.after(epochMs(now - windowMs)).reduce((sum, minute) => sum + minute.crossTalk, 0);
    const streaks = watch.streaks.active();
    const firing = watch.burn.filter((alert) => alert.firing);
    const facts = {
      ...analysis.slo,
      page: streaks.length > 0 || firing.some((alert) => alert.rule.urgency === 'page'),
      ticket: firing.some((alert) => alert.rule.urgency === 'ticket'),
      crossTalk,
    };
    const isClosed = statuses.every((status) => status.state === 'closed');
    // Nothing is expected of connections that were closed on purpose: what is known of them does not go stale.
    const newest = watch.newestAt === undefined || isClosed ? undefined : { at: watch.newestAt, ageMs: Math.max(0, now - watch.newestAt) };
    const expectedIntervalMs = expectedInterval(environment, watch.lanes.length);
    const state = stateWord(facts, { blind: watch.blindNow, newestAgeMs: newest?.ageMs ?? null, expectedIntervalMs });
    const lastLeak = leaks.at(-1);
    const lagMs = watch.lagMs;
    watch.lagMs = 0;
    return {
      ...identityOf(environment),
      ...phaseOf(watch, statuses),
      ...analysis,
      state,
      sentence: sentenceOf({
        state,
        slo: analysis.slo,
        crossTalk,
        lastLeak: lastLeak && { ...crossTalkReport(lastLeak), user: engine.tracker.connection(lastLeak.connection).user },
        streaks,
        broken: brokenConnections(watch, streaks, lossy),
        wanted: watch.lanes.length,
        windowMs,
        newest,
        was: knownState(facts),
      }),
      connections: statuses.map((status) => connectionSnapshot(status, lossy.get(status.id), watch, now)),
      wanted: watch.lanes.length,
      open: statuses.filter((status) => status.state === 'open').length,
      frames: { ...engine.frames, rejectedBy: Object.fromEntries(engine.rejectedBy) },
      events: { ...engine.events, byType: {} },
      counts: countsOf(engine),
      crossTalk: { count: crossTalk, last: leaks.slice(-shownLeaks).map(crossTalkReport) },
      runs: watch.book.newest(shownRuns).map(runReport),
      blinds: watch.blinds.filter((blind) => blind.at > now - windowMs).map((blind) => ({ from: blind.from, to: blind.at, cause: blind.cause })),
      newestAt: watch.newestAt ?? null,
      expectedIntervalMs,
      monitor: {
        lagMs,
        stored: watch.store.stored,
        evicted: watch.store.evicted,
        blindMs: watch.blinds.reduce((sum, blind) => sum + Math.max(0, blind.at - Math.max(blind.from, now - windowMs)), 0),
      },
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
    goldenPath: funnelOf([], [], new Map(), environment.contract.last),
    completeness: [],
    minutes: [],
    runs: [],
    blinds: [],
    newestAt: null,
    expectedIntervalMs: windowMs,
    monitor: { lagMs: 0, stored: 0, evicted: 0, blindMs: 0 },
  };
}

function identityOf(environment: Environment): Pick<EnvironmentSnapshot, 'id' | 'name' | 'kind' | 'transport' | 'dialect' | 'mode' | 'needs' | 'windowMs' | 'latencyObjectiveMs'> {
  const { id, name, kind, transport, dialect, mode, slo } = environment;
  return { id, name, kind, transport, dialect, mode, needs: placeholderNames(environment), windowMs: slo.windowMs, latencyObjectiveMs: slo.latencyMs ?? null };
}

function phaseOf(watch: Watch, statuses: readonly ConnectionStatus[]): { phase: WatchPhase; problem: Problem | null } {
  // From the wish on: connections that were refused or lost stay so, and would look like a start that goes on for ever.
  if (watch.stopping) return { phase: 'idle', problem: null };
  const stuck = statuses.filter((status) => status.state === 'refused' || status.state === 'failed');
  if (stuck.length === statuses.length) return { phase: 'failed', problem: problemOf(stuck[0]) };
  if (statuses.some((status) => status.state === 'open')) return { phase: 'watching', problem: null };
  return { phase: 'starting', problem: problemOf(statuses.find((status) => status.error !== undefined)) };
}

/** How often something comes while all is well: in probe mode with every trigger of all connections together. */
function expectedInterval({ mode, probe }: Environment, connections: number): number {
  return mode === 'probe' ? Math.max(1000, probe.everyMs / connections, hourMs / probe.maxRunsPerHour) : idleIntervalMs;
}

/** Since when the connections that have a streak are broken, and how; undefined if none has. */
function brokenConnections(watch: Watch, streaks: readonly Streak[], lossy: ReadonlyMap<string, { lossy: number }>): BrokenConnections | undefined {
  const left = new Map(streaks.flatMap(({ scope, name, runs }) => (scope === 'connection' ? [[name, runs] as const] : [])));
  const count = left.size;
  if (count === 0) return undefined;
  const othersLossy = Array.from(lossy).filter(([id, share]) => share.lossy > 0 && !left.has(id)).length;
  let since: EpochMs = watch.engine.now;
  let inMidRun = true;
  for (const run of watch.engine.tracker.closedNewestFirst()) {
    const runs = left.get(run.connection.id);
    if (runs === undefined || run.status !== 'incomplete') continue;
    since = epochMs(Math.min(since, run.lastEventAt ?? run.openedAt));
    if (run.closing !== 'silence') inMidRun = false;
    if (runs > 1) left.set(run.connection.id, runs - 1);
    else left.delete(run.connection.id);
    if (left.size === 0) break;
  }
  return { count, since, inMidRun, othersLossy };
}

function problemOf(status: ConnectionStatus | undefined): Problem | null {
  return status?.error === undefined ? null : { reason: status.error.reason, message: status.error.message, remedy: status.error.remedy };
}

function connectionSnapshot(status: ConnectionStatus, runs: { lossy: number; judged: number } | undefined, watch: Watch, now: EpochMs): ConnectionSnapshot {
  const clock = watch.engine.clockOf(status.id)?.at(now);
  return {
    id: status.id,
    n: status.n,
    user: watch.engine.tracker.connection(status.id).user ?? status.user ?? null,
    state: status.state,
    transport: status.transport ?? null,
    attempts: status.attempts,
    nextTryAt: status.nextTryAt ?? null,
    lastHeardAt: status.lastHeardAt ?? null,
    problem: problemOf(status),
    lossyRuns: runs?.lossy ?? 0,
    judgedRuns: runs?.judged ?? 0,
    clock: clock === undefined ? null : { offsetMs: clock.offset, uncertaintyMs: clock.uncertainty },
  };
}

function analyse(watch: Watch): Analysis {
  const { engine, environment } = watch;
  const { windowMs, target } = environment.slo;
  const from = engine.now - windowMs;
  const runs = [...runsClosedSince(engine, from)];
  const sums = windowSums(engine, windowMs);
  const minutes = watch.minutes.after(epochMs(from));
  const latency = new LatencyTally();
  for (const minute of minutes) latency.merge(minute.latency);
  const lossy = new Map<string, { lossy: number; judged: number }>();
  const firsts: number[] = [];
  for (const run of runs) {
    if (run.triggered && run.firstEventAt !== undefined) firsts.push(run.firstEventAt - run.openedAt);
    if (run.status !== 'complete' && run.status !== 'incomplete') continue;
    let share = lossy.get(run.connection.id);
    if (share === undefined) lossy.set(run.connection.id, (share = { lossy: 0, judged: 0 }));
    share.judged += 1;
    if (run.status === 'incomplete') share.lossy += 1;
  }
  return {
    slo: sloReport(sums, engine),
    leftOut: { failed: engine.slo.sli === 'events' ? sums.failed : 0, inconclusive: sums.inconclusive, running: engine.totals.running },
    latency: latency.summary(),
    timeToFirstEventMs: nearestRank(firsts.sort((a, b) => a - b), 0.5),
    goldenPath: funnelOf([...engine.tracker.openRuns(), ...runs], watch.statuses(), watch.stages, environment.contract.last),
    completeness: completenessOf(runs, environment.contract.requiredEvents, target),
    minutes: minutePoints(engine.now, engine.header.at, runs, minutes, watch.blinds, environment.slo),
    lossy,
  };
}

