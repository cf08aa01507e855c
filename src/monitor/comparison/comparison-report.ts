import type { EpochMs } from '#base/units.ts';
import type { EnvironmentKind } from '#environment/schema.ts';
import type { RunReport } from '#monitor/report.ts';
import type { GoldenPathStageName, RunEventDetail } from '#monitor/snapshot.ts';

/** One of the two things that are compared. */
export type ComparedAsk =
  /** The runs of an environment that were closed from `from` on and before `to`; a side that is left out is open. */
  | { readonly environmentId: string; readonly from?: EpochMs | undefined; readonly to?: EpochMs | undefined }
  | { readonly environmentId: string; readonly run: string }
  /** The newest good run of the same connection that was closed before this run began; of a run that is not known here, the newest good one of all. */
  | { readonly environmentId: string; readonly lastGoodBefore: string };

/** Why there is nothing to compare with. A closed list. */
export type ComparedLack = 'unknown-environment' | 'unknown-run' | 'no-good-run';

/** What was compared: runs of an environment over a stretch of time, or one run. */
export interface ComparedSide {
  readonly environmentId: string;
  readonly name: string;
  readonly kind: EnvironmentKind;
  readonly from: EpochMs | null;
  readonly to: EpochMs | null;
  /** Of a single run, else null. */
  readonly run: RunReport | null;
  readonly runs: { readonly complete: number; readonly incomplete: number; readonly failed: number; readonly inconclusive: number };
  /** Runs that were closed before this are forgotten and not counted, which cuts the stretch short; null where it is whole. */
  readonly forgottenBefore: EpochMs | null;
}

/** Of what could have come good, what did; trials are runs. */
export interface ComparedShare {
  readonly good: number;
  readonly valid: number;
  readonly trials: number;
  /** Null where nothing was counted. */
  readonly ratio: number | null;
  /** Wilson's score interval, 95 %. */
  readonly interval: readonly [number, number];
}

/** What can be said of two shares. */
export type DifferenceWord =
  /** One side has nothing to count. */
  | 'no-data'
  | 'same'
  /** They differ, and chance alone may have done that: the interval of the difference holds 0. */
  | 'untold'
  | 'higher'
  | 'lower';

export interface Difference {
  readonly word: DifferenceWord;
  /** Right − left; null where a side has nothing to count. */
  readonly by: number | null;
  /** Newcombe's interval of it, 95 %. */
  readonly interval: readonly [number, number];
}

export interface SharePair {
  readonly left: ComparedShare;
  readonly right: ComparedShare;
  readonly difference: Difference;
}

/** Lengths of time in milliseconds; nulls where none was counted. */
export interface ComparedDurations {
  readonly count: number;
  readonly p50: number | null;
  readonly p95: number | null;
}

export interface DurationPair {
  readonly left: ComparedDurations;
  readonly right: ComparedDurations;
  /** A median or 95th percentile is more than a quarter longer on one side than on the other, and by more than the clocks may be wrong. */
  readonly differs: boolean;
}

export interface StageCounts {
  readonly passed: number;
  readonly failed: number;
  readonly blocked: number;
  readonly inconclusive: number;
}

/** One stage of the golden path; `share` is passed of passed and failed. */
export interface ComparedStage {
  readonly stage: GoldenPathStageName;
  readonly left: StageCounts;
  readonly right: StageCounts;
  readonly share: SharePair;
  readonly durations: DurationPair;
  readonly differs: boolean;
}

/** One event type: delivered of expected, how late it was, and how long after its run's trigger it came. */
export interface ComparedType {
  readonly type: string;
  readonly share: SharePair;
  readonly latency: DurationPair;
  readonly sinceTrigger: DurationPair;
  readonly differs: boolean;
}

export const comparedFlaws = ['duplicate', 'late', 'out_of_order', 'sequence_gap', 'dumped'] as const;
export type ComparedFlaw = (typeof comparedFlaws)[number];

/** Runs with at least one of a kind of violation, of the closed runs. `count`: how many in all. */
export interface ComparedViolation {
  readonly kind: ComparedFlaw;
  readonly left: number;
  readonly right: number;
  readonly share: SharePair;
  readonly differs: boolean;
}

/** Two stretches of time beside each other. */
export interface RangeComparison {
  readonly kind: 'ranges';
  readonly left: ComparedSide;
  readonly right: ComparedSide;
  /** Delivered of expected events, over complete and incomplete runs. */
  readonly delivered: SharePair;
  /** Good runs of complete, incomplete and failed ones. */
  readonly good: SharePair;
  readonly stages: readonly ComparedStage[];
  readonly types: readonly ComparedType[];
  readonly violations: readonly ComparedViolation[];
  /** Events that were shown to another user, on either side. */
  readonly leaked: { readonly left: number; readonly right: number };
}

/** An event of one of two runs. */
export interface ComparedEvent {
  /** Milliseconds after the trigger, or after the first event of a run without one. */
  readonly afterMs: number;
  readonly latencyMs: number | null;
  readonly uncertaintyMs: number | null;
  readonly disposition: RunEventDetail['disposition'];
}

/** The n-th event of a type in each of two runs; null where it did not come. */
export interface EventPair {
  readonly type: string;
  /** From 1. */
  readonly nth: number;
  readonly left: ComparedEvent | null;
  readonly right: ComparedEvent | null;
  /** On that side it was expected and never came. */
  readonly missingLeft: boolean;
  readonly missingRight: boolean;
  /** One side lacks it, it came as something else, or its delivery took longer by more than the clocks may be wrong. */
  readonly differs: boolean;
}

/** Two runs, aligned at their triggers. */
export interface RunComparison {
  readonly kind: 'runs';
  readonly left: ComparedSide;
  readonly right: ComparedSide;
  readonly events: readonly EventPair[];
  /** Events of one of them are no longer stored, so that what seems to lack may have come. */
  readonly whole: boolean;
}

export type Comparison = RangeComparison | RunComparison | { readonly kind: 'nothing'; readonly side: 'left' | 'right'; readonly lack: ComparedLack };
