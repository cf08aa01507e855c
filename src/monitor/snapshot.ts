import type { EpochMs } from '#base/units.ts';
import type { ConnectionState } from '#connection/connection.ts';
import type { Cause, Layer } from '#connection/diagnosis-facts.ts';
import type { EnvironmentKind, Transport } from '#environment/schema.ts';
import type { NoteRecord, WireTransport } from '#record/record.ts';
import type { Liveness } from './liveness.ts';
import type { CrossTalkReport, LatencyReport, Report, RunReport, SloReport } from './report.ts';

/**
 * The small plain object that views read, 4 times a second at most and never before the last one was taken.
 * Bounded: it does not grow with the number of events. Absent figures are null, never 0.
 */
export interface Snapshot {
  /** The monitor's clock when this was made. */
  readonly at: EpochMs;
  /** Every environment of the file, watched or not, in the file's order. */
  readonly environments: readonly EnvironmentSnapshot[];
  /** Captures that were opened, each as its environment stood then. */
  readonly opened: readonly EnvironmentSnapshot[];
  /** What becomes of the captures in the browser's storage; null while nobody asked for it. */
  readonly archive: ArchiveSnapshot | null;
}

/** How the archive fares, which keeps what comes in the browser's storage. Whatever becomes of it, the live view goes on. */
export interface ArchiveSnapshot {
  readonly storage: 'opfs' | 'indexeddb' | 'none';
  /** `full`: all that could make room is kept. `blocked`: the storage refuses, or gives no answer. `absent`: there is none for this page. */
  readonly state: 'writing' | 'full' | 'blocked' | 'absent';
  /** What all captures take, and may take. */
  readonly bytes: number;
  readonly budgetBytes: number;
  /** Records that never were stored, of all captures of this visit; and records that made room for newer ones. */
  readonly lostRecords: number;
  readonly evictedRecords: number;
  /** What is wrong, and what to do; null while nothing is. */
  readonly message: string | null;
  readonly remedy: string | null;
  /** The share of a capture from before that was read again so far, 0 to 1; null while none is read. */
  readonly reading: number | null;
}

/** A capture that is looked at, and where in it. */
export interface OpenedSnapshot {
  /** The name of its file. */
  readonly name: string;
  readonly from: EpochMs;
  readonly to: EpochMs;
  /** Up to here it is read. What is shown is as of then. */
  readonly at: EpochMs;
  /** Times as fast as it happened; null while it stands. */
  readonly speed: number | null;
  /** Lines at its end that were torn and skipped. */
  readonly tornLines: number;
  /** The share of what is to be shown that was read so far, 0 to 1; null once all of it is there. */
  readonly loading: number | null;
}

/** visual.md's state words. */
export type StateWord = 'ok' | 'at-risk' | 'breached' | 'unproven' | 'no-data' | 'stale' | 'blind';

export type WatchPhase =
  /** Not chosen: nothing is connected. */
  | 'idle'
  | 'starting'
  | 'watching'
  /** Could not start, or every connection is refused or used up; `problem` says why. */
  | 'failed';

export interface Problem {
  readonly reason: string;
  readonly message: string;
  readonly remedy: string;
}

/** The one layer at fault and the cause within it, from closed lists; cause and place in a sentence, and what to try. */
export interface DiagnosisSnapshot {
  readonly layer: Layer;
  readonly cause: Cause;
  /** A cause that what is known allows as well. */
  readonly also: Cause | null;
  readonly sentence: string;
  readonly remedy: string;
  /** What it is not, in words. */
  readonly ruledOut: readonly string[];
  /** Since when this cause is named. */
  readonly since: EpochMs;
}

export interface EnvironmentSnapshot {
  readonly id: string;
  readonly name: string;
  readonly kind: EnvironmentKind;
  readonly transport: Transport;
  readonly dialect: string;
  readonly mode: 'probe' | 'observe';
  /** How its connections sign in. */
  readonly signIn: 'none' | 'token' | 'login';
  /** Names of the values that must be entered before it can be watched: its file says `${NAME}`. */
  readonly needs: readonly string[];
  /** Ids of the environments to try, in this order, while this one is not healthy. */
  readonly fallback: readonly string[];
  readonly startupTimeoutMs: number;
  readonly healthIntervalMs: number;
  /** What it answered when it was asked how it is; null while nobody did. */
  readonly health: HealthSnapshot | null;
  /** How the watch came up; null where there is none. */
  readonly startup: StartupSnapshot | null;
  readonly phase: WatchPhase;
  readonly problem: Problem | null;
  /** What is behind it, or behind runs that bring nothing; null while nothing is wrong or nothing can be said yet. */
  readonly diagnosis: DiagnosisSnapshot | null;
  readonly state: StateWord;
  /** One or two sentences in the words of the design: what was lost, out of how many, what that proves. */
  readonly sentence: string;
  readonly connections: readonly ConnectionSnapshot[];
  readonly wanted: number;
  readonly open: number;
  readonly frames: Report['frames'];
  readonly events: Report['events'];
  /** Runs by status since the start, and those that are known still. */
  readonly counts: Report['counts'];
  /** Counted over `windowMs`. */
  readonly windowMs: number;
  readonly slo: SloReport;
  readonly latencyObjectiveMs: number | null;
  readonly latency: LatencyReport;
  /** Median time to first event of the runs in the window. */
  readonly timeToFirstEventMs: number | null;
  readonly leftOut: { readonly failed: number; readonly inconclusive: number; readonly running: number };
  readonly crossTalk: { readonly count: number; readonly last: readonly CrossTalkReport[] };
  readonly goldenPath: readonly GoldenPathStage[];
  readonly completeness: readonly CompletenessRow[];
  /** Steps of a minute, oldest first, 60 at most; `null` fields where nothing was counted. */
  readonly minutes: readonly MinutePoint[];
  /** The newest runs first, 200 at most. */
  readonly runs: readonly RunReport[];
  readonly blinds: readonly { readonly from: EpochMs; readonly to: EpochMs; readonly cause: string }[];
  /** When the newest frame came. */
  readonly newestAt: EpochMs | null;
  /** How often something is expected: data older than two of these are stale. */
  readonly expectedIntervalMs: number;
  readonly monitor: MonitorHealth;
  /** Null of a live environment. */
  readonly opened: OpenedSnapshot | null;
}

export interface HealthAnswer {
  readonly at: EpochMs;
  /** What the body says, whatever the status. */
  readonly ok: boolean;
  readonly status: number | null;
  readonly durationMs: number | null;
  readonly version: string | null;
  readonly reason: string | null;
}

/** The newest answers of an environment to the question how it is, 500 at most. */
export interface HealthSnapshot {
  /** What is asked, without secrets. */
  readonly place: string;
  readonly newest: HealthAnswer;
  /** Since when every answer was good; null where the newest is not. */
  readonly healthySince: EpochMs | null;
  /** When the oldest of the kept answers came, how many are kept, and how many of them are good. */
  readonly from: EpochMs;
  readonly asked: number;
  readonly good: number;
  /** The newest 60, the oldest first. */
  readonly recent: readonly Pick<HealthAnswer, 'at' | 'ok' | 'durationMs'>[];
  /** The newest 8 that were not good, the newest first. */
  readonly failures: readonly HealthAnswer[];
  /** Each version that was named, since when; the newest first. */
  readonly versions: readonly { readonly at: EpochMs; readonly version: string }[];
}

export type StartupStageName = 'login' | 'connect' | 'clock' | 'event';

/** How a watch came up, within its `startupTimeoutMs`. */
export interface StartupSnapshot {
  readonly startedAt: EpochMs;
  readonly firstOpenAt: EpochMs | null;
  /** Until when the connections passed a stage for the first time, and how many did; the earliest first. */
  readonly stages: readonly { readonly stage: StartupStageName; readonly at: EpochMs; readonly connections: number }[];
}

export interface ConnectionSnapshot {
  readonly id: string;
  readonly n: number;
  readonly user: string | null;
  readonly state: ConnectionState;
  readonly transport: WireTransport | null;
  readonly attempts: number;
  readonly nextTryAt: EpochMs | null;
  readonly lastHeardAt: EpochMs | null;
  /** How it stands, by what is heard over it; true until its age says otherwise. */
  readonly liveness: Liveness;
  /** From these ages of what was heard last it is late, and silent; null where nothing can be expected of it. */
  readonly lateAfterMs: number | null;
  readonly silentAfterMs: number | null;
  readonly problem: Problem | null;
  /** Of the runs closed in the window: how many were not complete (failed and inconclusive aside), of how many. */
  readonly lossyRuns: number;
  readonly judgedRuns: number;
  /** Null: this target answers no clock question. */
  readonly clock: { readonly offsetMs: number; readonly uncertaintyMs: number } | null;
}

export type GoldenPathStageName = 'login' | 'connection' | 'agent' | 'stream' | 'response';

/** Of the triggered runs in the window, how they fared at one stage. */
export interface GoldenPathStage {
  readonly stage: GoldenPathStageName;
  readonly passed: number;
  readonly failed: number;
  readonly inconclusive: number;
  readonly blocked: number;
  readonly pending: number;
  readonly medianMs: number | null;
  readonly p95Ms: number | null;
}

export interface CompletenessRow {
  readonly type: string;
  readonly expected: number;
  readonly delivered: number;
  /** Runs that this rests on. */
  readonly trials: number;
  readonly ratio: number | null;
  readonly interval: readonly [number, number];
  readonly exact: readonly [number, number];
  readonly verdict: SloReport['verdict'];
}

export interface MinutePoint {
  /** Start of the minute. */
  readonly at: EpochMs;
  readonly runs: number;
  readonly expected: number;
  readonly delivered: number;
  /** Over the five minutes that end with this one. */
  readonly ratio: number | null;
  readonly interval: readonly [number, number] | null;
  /** Share of the error budget of the window that is left at the end of this minute; below 0 when overspent. */
  readonly budgetLeft: number | null;
  readonly latencyCount: number;
  readonly p50: number | null;
  /** From 20 events in the minute. */
  readonly p95: number | null;
  /** From 100 events in the minute. */
  readonly p99: number | null;
  readonly uncertaintyMs: number | null;
  readonly blind: boolean;
}

export interface MonitorHealth {
  /** From the socket's callback until the record was folded, the largest of the last snapshot interval. */
  readonly lagMs: number;
  readonly stored: number;
  readonly evicted: number;
  /** Total blind time in the window. */
  readonly blindMs: number;
}

/** Counts per lane and bucket of time, for a stretch in which single events stand too near to be told apart. */
export interface TimelineDensity {
  /** Start of the first bucket. */
  readonly from: EpochMs;
  readonly bucketMs: number;
  /** From here on the counts are complete; what came earlier may be forgotten. */
  readonly completeFrom: EpochMs;
  /** Per cell: its bucket from the first one, its lane, and eight counts: types 0 to 5, all others, flagged. */
  readonly buckets: Uint32Array;
  readonly lanes: Uint16Array;
  readonly counts: Uint32Array;
}

/** What a timeline asks for: a stretch of time, and the room that it has for it. */
export interface TimelineRequest {
  readonly from: EpochMs;
  readonly to: EpochMs;
  /** Pixel columns that the stretch takes on the screen. */
  readonly columns: number;
  /** Most single events in the answer. */
  readonly maxEvents: number;
  /** The connections that are wanted, by id; all where it is left out. */
  readonly lanes?: readonly string[];
  /** Up to when events came that are on the screen already. */
  readonly shownUntil?: EpochMs;
  /** What matches it is marked; a text that is no query marks nothing. */
  readonly query?: string;
}

/** What the timeline draws: the events and runs of a stretch of time, or where these stand too near, how many there are. Bounded by the screen. */
export interface TimelineSlice {
  readonly from: EpochMs;
  readonly to: EpochMs;
  /** Lane per connection, by id, in the pool's order. */
  readonly lanes: readonly string[];
  /** Event types by number, as used in `types`. */
  readonly typeNames: readonly string[];
  /** Per event: milliseconds after `from`, lane number, type number, flags (bit 0 duplicate, 1 late, 2 cross-talk, 3 echo, 4 orphan, 5 recovered). */
  readonly times: Float64Array;
  readonly eventLanes: Uint16Array;
  readonly types: Uint16Array;
  readonly flags: Uint8Array;
  /** Where a query was asked for: per event 1 if it matches, else 0; empty beside a density. */
  readonly matches?: Uint8Array;
  /** Runs that overlap the stretch. `id` opens the run panel. */
  readonly runs: readonly TimelineRun[];
  readonly reconnects: readonly { readonly at: EpochMs; readonly lane: number; readonly opened: boolean }[];
  /** Instead of single events; then only runs with something wrong are listed. */
  readonly density: TimelineDensity | null;
  /** When the newest frame of the environment came: what the picture is up to date with. */
  readonly newestAt: EpochMs | null;
  /** When the first event came that is not on the screen yet; null where all are, or the question did not say. */
  readonly waitingSince: EpochMs | null;
}

export interface TimelineRun {
  readonly id: string;
  readonly lane: number;
  readonly openedAt: EpochMs;
  /** Last event or close, whichever the bar ends with; null while running. */
  readonly endedAt: EpochMs | null;
  readonly status: RunReport['status'];
  readonly missing: readonly string[];
  readonly violations: RunReport['violations'];
  /** The run in letters, as it came: `STE·C`. */
  readonly letters: string;
  /** Where a query was asked for: whether one of its events matches, or all that is known of it. */
  readonly matches?: boolean;
}

/** All that is known of one run. */
export interface RunDetail {
  readonly run: RunReport;
  /** One sentence: why the run is judged so. */
  readonly why: string;
  readonly letters: string;
  readonly expectedByType: readonly { readonly type: string; readonly expected: number; readonly delivered: number }[];
  /** In the order in which they came, 2000 at most. */
  readonly events: readonly RunEventDetail[];
  /** Events of it that came, and are not among `events`: they had to make room, or are too many. */
  readonly leftOut: number;
  /** The whole record of the newest of its events, as text, cut at 64 KiB; null when it is no longer stored. */
  readonly lastRecord: string | null;
  /** The newest good run of the same connection that was closed before this one began; null where none is known. */
  readonly lastGood: RunBeside | null;
  /** Runs of the same connection, three before it and three after it at most. */
  readonly neighbours: readonly RunNeighbour[];
  /** What names this run, or its thread alone, and came over other connections. */
  readonly elsewhere: RunElsewhere;
  /** What was written of it, the oldest first. */
  readonly notes: readonly NoteRecord[];
}

export interface RunEventDetail {
  readonly at: EpochMs;
  readonly type: string;
  /** The call of a tool that it belongs to, or the tool; null where it says none. */
  readonly call: string | null;
  readonly disposition: 'attributed' | 'duplicate' | 'late' | 'crossTalk' | 'echo' | 'orphan';
  /** Null where it was not measured: no sending time, no clock answer, or sent again after a reconnect. */
  readonly latencyMs: number | null;
  /** How wrong `offsetMs`, and with it the latency, may be; null as it is. */
  readonly uncertaintyMs: number | null;
  /** When its target says that it sent it, on the target's own clock; null where it does not say, or says what is no time. */
  readonly sentAt: EpochMs | null;
  /** Target's clock − monitor's clock, as it was known when the event came; null where no clock answered, or there is no time of sending. */
  readonly offsetMs: number | null;
  /** Sent again after a reconnect: it says nothing of latency. */
  readonly recovered: boolean;
  /** The frame's payload as text, cut at 64 KiB; null when it is no longer stored. */
  readonly raw: string | null;
}

/** Another run, to be drawn beside the one that is looked at. */
export interface RunBeside {
  readonly run: RunReport;
  /** What was attributed to it, 200 at most; empty when it is no longer stored. */
  readonly events: readonly { readonly at: EpochMs; readonly type: string }[];
}

export interface RunNeighbour {
  readonly id: string;
  readonly openedAt: EpochMs;
  readonly status: RunReport['status'];
  /** Events that it lacks. */
  readonly lacks: number;
}

export interface RunElsewhere {
  /** In the order in which they came, 50 at most. */
  readonly events: readonly { readonly at: EpochMs; readonly connection: string; readonly user: string | null; readonly type: string; readonly disposition: 'crossTalk' | 'echo' }[];
  /** False where more came in its time than is looked through, or some of it is no longer stored: there may be others. */
  readonly whole: boolean;
}

/** A frame that could not be decoded, kept raw. */
export interface RejectedFrame {
  readonly at: EpochMs;
  readonly connection: string;
  readonly reason: string;
  readonly raw: string;
  /** Where a mapping did not fit it: the path, what was expected there, and what was found. */
  readonly why?: string;
}

/** What `window.runwatch.counts()` gives. */
export interface Counts {
  readonly environments: Readonly<
    Record<
      string,
      {
        readonly frames: EnvironmentSnapshot['frames'];
        readonly events: Omit<EnvironmentSnapshot['events'], 'byType'>;
        readonly counts: EnvironmentSnapshot['counts'];
        readonly connections: { readonly wanted: number; readonly open: number };
        readonly monitor: { readonly lagMs: number; readonly stored: number; readonly evicted: number };
      }
    >
  >;
}
