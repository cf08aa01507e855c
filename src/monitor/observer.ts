import { isJsonObject, type JsonObject } from '#base/json.ts';
import { between, type EpochMs } from '#base/units.ts';
import type { ConnectionStatus } from '#connection/connection.ts';
import type { ConnectionFacts, ConnectionLoss, Observation } from '#connection/evidence.ts';
import { createRedactor } from '#connection/redactor.ts';
import { firstIdentifier } from '#protocol/identifier.ts';
import { partsOf } from '#protocol/message-parts.ts';
import { welcomeTypes } from '#protocol/welcome-types.ts';
import type { ConnectionCloseRecord, FrameRecord, RunwatchRecord, StageRecord } from '#record/record.ts';
import type { Run } from '#runs/run.ts';
import { livenessOf } from './liveness.ts';
import type { Watch } from './watch.ts';

/** How far back runs and a target's words are looked at, and how many runs at the most. */
const recentMs = 60_000;
const recentRuns = 500;
/** Where nothing shows a target's own pace, the longest that the known servers allow: a heartbeat every 45 s and 10 s for its answer. */
const longestSilenceMs = 60_000;
const longestWords = 200;
const longestMode = 40;
/** Secrets are out of a frame already; this makes its texts fit for a sentence. */
const printable = createRedactor([]);
const limitWords = /rate[\s_-]?limit|too many requests|\b429\b/i;

/** What was learnt of one connection from its records. */
interface Trail {
  stage: StageRecord | undefined;
  loss: ConnectionLoss | undefined;
  openedAt: EpochMs | undefined;
  heartbeatAt: EpochMs | undefined;
  /** A run on it brought an event since it was opened. */
  hasTalked: boolean;
}

/** Puts together what can be seen of an environment's trouble from here, out of its records and the state of its watch. */
export class Observer {
  readonly #trails = new Map<string, Trail>();
  /** The longest time from one heartbeat to the next of a connection. */
  #heartbeatMs: number | undefined;
  #mode: string | undefined;
  #limited: { readonly at: EpochMs; readonly words: string } | undefined;
  /** Connections lost and tries failed so far. */
  losses = 0;

  take(record: RunwatchRecord): void {
    switch (record.record) {
      case 'frame':
        return this.#frame(record);
      case 'stage':
        if (record.outcome === 'failed') this.#trail(record.connection).stage = record;
        return undefined;
      case 'connection-open': {
        const trail = this.#trail(record.connection);
        // A welcome that names a user opens an open connection once more.
        trail.openedAt ??= record.at;
        trail.stage = undefined;
        return undefined;
      }
      case 'connection-close':
        return this.#close(record);
      default:
        return undefined;
    }
  }

  /** What is to be seen at `now`. */
  observe(watch: Watch, now: EpochMs): Observation {
    const newest = this.#newestRuns(watch, now);
    const isLimited = this.#limited !== undefined && between(this.#limited.at, now) < recentMs;
    return {
      at: now,
      online: !watch.blindNow,
      connections: watch.statuses().map((status) => this.#facts(status, newest.of.get(status.id) ?? [], watch, now)),
      mode: this.#mode,
      limited: isLimited ? this.#limited?.words : undefined,
      runs: newest.count,
    };
  }

  #facts(status: ConnectionStatus, runs: readonly Run[], watch: Watch, now: EpochMs): ConnectionFacts {
    const trail = this.#trail(status.id);
    const isOpen = status.state === 'open';
    const [newest] = runs;
    if (runs.some(isAnswered)) trail.hasTalked = true;
    const unanswered = runs.findIndex(isAnswered);
    const inARow = unanswered === -1 ? runs.length : unanswered;
    // One run in silence may be an accident; the first one of a connection, or two in a row, are not.
    const isLong = inARow >= 2 || (inARow === 1 && !trail.hasTalked);
    // Something else came since: the link is alive.
    const isMute = isOpen && isLong && (status.lastHeardAt ?? 0) > (runs[inARow - 1]?.openedAt ?? Infinity);
    return {
      state: status.state,
      user: status.user,
      loss: isOpen ? undefined : withReason(trail.loss, status),
      silentMs: isOpen ? this.#silence(status, watch, now) : undefined,
      mute: isMute ? (runs.slice(0, inARow).some((run) => run.events > 0) ? 'acknowledged' : 'bare') : undefined,
      talking: isOpen && newest !== undefined && isAnswered(newest),
    };
  }

  /** How long nothing came, if that is longer than it may be: by what the link promises, else by the target's heartbeats so far. */
  #silence(status: ConnectionStatus, watch: Watch, now: EpochMs): number | undefined {
    if (status.lastHeardAt === undefined || watch.blindNow) return undefined;
    const blindUntil = watch.recording.blinds.at(-1)?.at;
    const silentMs = now - status.lastHeardAt;
    if (status.heartbeat !== undefined || status.probe !== undefined) {
      const { state } = livenessOf({ status, lastEventAt: undefined, expectedIntervalMs: longestSilenceMs, blindUntil }, now);
      return state === 'silent' ? silentMs : undefined;
    }
    const limit = this.#heartbeatMs === undefined ? longestSilenceMs : Math.min(2 * this.#heartbeatMs + 500, 2 * longestSilenceMs);
    // While the monitor slept it could hear nobody.
    return now - Math.max(status.lastHeardAt, blindUntil ?? 0) > limit ? silentMs : undefined;
  }

  /** Triggered runs that were judged lately, per connection, the newest first. */
  #newestRuns(watch: Watch, now: EpochMs): { readonly of: ReadonlyMap<string, readonly Run[]>; readonly count: Observation['runs'] } {
    const of = new Map<string, Run[]>();
    const count = { judged: 0, failed: 0 };
    let looked = 0;
    for (const run of watch.recording.engine.tracker.closedNewestFirst()) {
      looked += 1;
      if (looked > recentRuns || (run.closedAt ?? 0) <= now - recentMs) break;
      if (run.status === 'inconclusive') continue;
      count.judged += 1;
      if (run.status === 'failed') count.failed += 1;
      const opened = this.#trails.get(run.connection.id)?.openedAt;
      // What happened before a reconnect says nothing of the connection that there is now.
      if (!run.triggered || opened === undefined || run.openedAt < opened) continue;
      const runs = of.get(run.connection.id);
      if (runs === undefined) of.set(run.connection.id, [run]);
      else runs.push(run);
    }
    return { of, count };
  }

  #frame({ connection, at, data, event }: FrameRecord): void {
    if (!isJsonObject(data)) return;
    const stated = data['type'];
    const type = typeof stated === 'string' ? stated : event;
    if (type === 'heartbeat' || type === 'ping') this.#heartbeat(this.#trail(connection), at);
    else if (type === 'error' || type === 'error_message') this.#error(data, at);
    else if (type !== undefined && welcomeTypes.has(type)) this.#welcome(data);
  }

  #welcome(message: JsonObject): void {
    const mode = firstIdentifier(partsOf(message), ['mode']);
    if (mode !== undefined) this.#mode = printable.reason(mode.slice(0, longestMode));
  }

  #heartbeat(trail: Trail, at: EpochMs): void {
    if (trail.heartbeatAt !== undefined) this.#heartbeatMs = Math.max(this.#heartbeatMs ?? 0, between(trail.heartbeatAt, at));
    trail.heartbeatAt = at;
  }

  #error(message: JsonObject, at: EpochMs): void {
    const parts = partsOf(message);
    const texts = [...parts, ...parts.map((part) => part['error']).filter(isJsonObject)].flatMap((part) => ['error_code', 'code', 'error_message', 'message', 'error', 'detail'].map((name) => part[name]));
    const words = texts.filter((text) => typeof text === 'string').find((text) => limitWords.test(text.slice(0, longestWords)));
    if (words !== undefined) this.#limited = { at, words: printable.reason(words.slice(0, longestWords)) };
  }

  #close({ connection, at, cause, code, reason }: ConnectionCloseRecord): void {
    const trail = this.#trail(connection);
    const { stage, openedAt } = trail;
    this.losses += 1;
    const failedCode = typeof stage?.code === 'number' ? stage.code : undefined;
    const failedReason = typeof stage?.code === 'string' ? stage.code : undefined;
    const status = /^HTTP (\d{3})$/.exec(reason ?? '')?.[1];
    const told = code ?? failedCode ?? (status === undefined ? undefined : Number(status));
    // The reason of a failed login is the monitor's own sentence, and a bare status is no words.
    const words = stage?.stage === 'login' || status !== undefined ? undefined : reason;
    trail.loss = {
      stage: stage?.stage ?? 'open',
      cause,
      ...(told !== undefined && { code: told }),
      ...(failedReason !== undefined && { reason: failedReason }),
      ...(words !== undefined && { words }),
      ...(openedAt !== undefined && { openForMs: between(openedAt, at) }),
    };
    trail.stage = undefined;
    trail.openedAt = undefined;
    trail.heartbeatAt = undefined;
    trail.hasTalked = false;
  }

  #trail(connection: string): Trail {
    let trail = this.#trails.get(connection);
    if (trail === undefined) {
      trail = { stage: undefined, loss: undefined, openedAt: undefined, heartbeatAt: undefined, hasTalked: false };
      this.#trails.set(connection, trail);
    }
    return trail;
  }
}

/** An event of the contract came, or so many others that it is no mere acknowledgement. */
const isAnswered = (run: Run): boolean => run.startedAt !== undefined || run.lastAt !== undefined || run.terminal || run.agentFailed || run.events > 2;

/** A session's end names its reason in the status alone. */
function withReason(loss: ConnectionLoss | undefined, { error }: ConnectionStatus): ConnectionLoss | undefined {
  return loss === undefined || loss.reason !== undefined || error === undefined || error.reason === 'retries-used-up' ? loss : { ...loss, reason: error.reason };
}
