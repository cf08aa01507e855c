import type { EpochMs } from '#base/units.ts';
import type { Layer } from '#connection/diagnosis-facts.ts';
import type { RunFault } from '#runs/run.ts';
import type { StateWord } from '#monitor/snapshot.ts';

/** What kind of trouble it is; the gravest that holds. */
export type IncidentKind =
  /** An event was shown to another user. */
  | 'leak'
  /** Nothing can be reached, or no connection is let in. */
  | 'down'
  | 'auth'
  /** A connection stands open, and nothing comes over it. */
  | 'silent'
  /** Connections were lost and came back; runs broke in between. */
  | 'restarted'
  /** Events that were expected did not come. */
  | 'lost'
  | 'agent-errors'
  /** The latency objective is missed. */
  | 'late'
  | 'duplicate'
  | 'out-of-order'
  /** All came, but at once at the end. */
  | 'dumped';

/** A stage of the golden path, as in the contract. */
export type IncidentStage = 'login' | 'connection' | 'agent' | 'stream' | 'response';

/** Whom it strikes: the narrowest of these that holds all of it. */
export interface IncidentScope {
  readonly kind: 'connection' | 'user' | 'type' | 'environment';
  /** Ids of connections, users or types, in the order of their first trouble, 100 at most. */
  readonly names: readonly string[];
  readonly affected: number;
  /** Of so many. */
  readonly of: number;
}

/** What is wrong with an environment, in the terms of the first minute of an incident. */
export interface Incident {
  readonly kind: IncidentKind;
  readonly state: StateWord;
  readonly scope: IncidentScope;
  /** When the first of it happened: of a lost event, when the run that lacks it last heard something; of others, the event itself. */
  readonly onsetAt: EpochMs;
  /** When it was last seen to go on; it is over where this is long ago. */
  readonly lastAt: EpochMs;
  readonly stage: IncidentStage;
  readonly fault: RunFault | Layer;
  /** One or two sentences: what, of how many, since when. */
  readonly sentence: string;
  /** What changed shortly before the onset, in words; empty where nothing is known to have. */
  readonly changes: readonly string[];
  /** Runs that show it, the newest first, 20 at most. */
  readonly runs: readonly string[];
  /** Its name for an acknowledgement: the same as long as kind and scope are. */
  readonly key: string;
  /** What somebody said who took it on. */
  readonly acknowledged: { readonly at: EpochMs; readonly text: string; readonly author: string | null } | null;
}

/** A minute of the strip. Nothing was counted where `runs` is 0. */
export interface StripMinute {
  readonly at: EpochMs;
  readonly runs: number;
  readonly lossyRuns: number;
  readonly expected: number;
  readonly lost: number;
}

/** Something that happened at a time, to be marked on the strip. */
export interface StripMark {
  readonly at: EpochMs;
  readonly until: EpochMs | null;
  readonly kind: 'onset' | 'version' | 'transport' | 'reconnects' | 'blind' | 'note' | 'alert';
  readonly text: string;
}

/** How a connection fares in the stretch that was asked for. */
export interface LaneReport {
  readonly connection: string;
  readonly lane: number;
  readonly judged: number;
  readonly lossy: number;
  readonly lost: number;
  /** True of the lanes that differ from the rest: they are shown first. */
  readonly bad: boolean;
  readonly since: EpochMs | null;
  /** `polling since 14:21:05` and the like. */
  readonly words: readonly string[];
}

/** A thing to step to. */
export interface Anomaly {
  readonly at: EpochMs;
  readonly connection: string;
  readonly run: string | null;
  readonly words: string;
}

/** The first minute of an incident, answered. */
export interface IncidentReport {
  /** As of this time on the monitor's clock. */
  readonly at: EpochMs;
  /** The gravest first; empty while nothing is wrong. */
  readonly incidents: readonly Incident[];
  /** Sixty minutes, the oldest first, or as far back as anything is known. */
  readonly strip: readonly StripMinute[];
  readonly marks: readonly StripMark[];
  /** All connections, the bad ones first, each part in the pool's order. */
  readonly lanes: readonly LaneReport[];
  /** The newest 500, in the order of time. */
  readonly anomalies: readonly Anomaly[];
  readonly lastGood: { readonly run: string; readonly connection: string; readonly closedAt: EpochMs } | null;
}
