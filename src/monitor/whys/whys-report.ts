import type { EpochMs } from '#base/units.ts';
import type { EnvironmentKind, Transport } from '#environment/schema.ts';
import type { IncidentStage } from '#monitor/incident/incident-report.ts';
import type { CrossTalkReport, LatencyReport, Report, SloReport } from '#monitor/report.ts';
import type { StateWord } from '#monitor/snapshot.ts';

/**
 * The report of an incident in the form of Five Whys, as a plain document: what is absent is null. Its texts are made of what was
 * counted; names in them come from the target, so whoever draws it escapes every text.
 */
export interface WhysReport {
  readonly format: 'runwatch-whys';
  readonly version: 1;
  readonly app: string;
  readonly environment: { readonly id: string; readonly name: string; readonly kind: EnvironmentKind; readonly transport: Transport };
  readonly title: string;
  /** It is as of then. */
  readonly at: EpochMs;
  readonly window: { readonly from: EpochMs; readonly to: EpochMs };
  /** Name of the capture that it was made of; null of what is watched now. */
  readonly capture: string | null;
  readonly verdict: WhysVerdict;
  /** Sentences: what is wrong, what it cost, what else was seen. */
  readonly summary: readonly string[];
  readonly health: readonly HealthRow[];
  readonly path: readonly PathGroup[];
  readonly evidence: readonly EvidenceGroup[];
  readonly whys: readonly Why[];
  readonly steps: readonly NextStep[];
  readonly metrics: readonly SuccessMetric[];
  readonly accounting: Accounting;
  readonly notes: readonly WhysNote[];
  readonly handOver: HandOver;
}

export interface WhysVerdict {
  readonly state: StateWord;
  /** Since when the state is that; null where nothing is known to be wrong. */
  readonly since: EpochMs | null;
  /** When the first of what is wrong happened. */
  readonly onset: EpochMs | null;
}

/** Where the records are that a figure was counted from: what the page's address needs to show them. */
export interface EvidenceLink {
  readonly from: EpochMs;
  readonly to: EpochMs;
  /** As it is typed into the search box; null shows all. */
  readonly filter: string | null;
}

export interface Evidence {
  readonly text: string;
  readonly link: EvidenceLink | null;
}

/** An answer cannot be given without what it rests on: a why that has no evidence is a question. */
export type Why = AnsweredWhy | OpenWhy;

export interface AnsweredWhy {
  readonly open: false;
  readonly question: string;
  readonly answer: string;
  readonly evidence: readonly [Evidence, ...Evidence[]];
}

/** A question for people; what bears on it is listed all the same. */
interface OpenWhy {
  readonly open: true;
  readonly question: string;
  readonly answer: null;
  readonly evidence: readonly Evidence[];
}

export type Component = 'Login' | 'Connections' | 'Agent start' | 'Event stream' | 'Latency' | 'Isolation' | 'This monitor';

export interface HealthRow {
  readonly component: Component;
  /** `not-judged`: measured, but nothing was promised that it could be held against. */
  readonly status: StateWord | 'not-judged';
  readonly issue: string;
  /** What it did to runs or users; null where nothing was seen. */
  readonly impact: string | null;
  readonly link: EvidenceLink | null;
}

export interface PathCell {
  readonly stage: IncidentStage;
  readonly passed: number;
  readonly failed: number;
  readonly blocked: number;
  readonly inconclusive: number;
}

/** How the triggered runs of one group fared along the golden path. */
export interface PathGroup {
  readonly name: string;
  readonly runs: number;
  readonly cells: readonly PathCell[];
  readonly link: EvidenceLink;
}

/** What was delivered to one group of runs. */
export interface EvidenceGroup {
  readonly name: string;
  /** Judged runs: what the interval rests on. */
  readonly runs: number;
  readonly lossy: number;
  readonly lost: number;
  readonly expected: number;
  readonly delivered: number | null;
  /** Wilson's, 95 %; null where nothing was counted. */
  readonly interval: readonly [number, number] | null;
  readonly verdict: SloReport['verdict'];
  readonly link: EvidenceLink;
}

export interface NextStep {
  readonly text: string;
}

export interface SuccessMetric {
  readonly name: string;
  readonly objective: string;
  /** What was measured, with what it rests on. */
  readonly measured: string;
  readonly state: 'met' | 'missed' | 'unproven' | 'no-data';
}

export interface Accounting {
  readonly slo: SloReport;
  /** Runs by status, of those closed in the window, and those still open at its end. */
  readonly counts: Report['counts'];
  /** Since the first record. */
  readonly frames: Report['frames'];
  readonly events: Omit<Report['events'], 'byType'>;
  readonly latency: LatencyReport;
  /** Events shown to another user in the window, 20 at most; `leaks` counts all. */
  readonly crossTalk: readonly CrossTalkReport[];
  readonly leaks: number;
  /** False where runs of the window are forgotten, or lines of its capture had to make room: figures are of what is known still. */
  readonly whole: boolean;
}

export interface WhysNote {
  readonly at: EpochMs;
  readonly text: string;
  readonly author: string | null;
  readonly run: string | null;
  readonly acknowledges: boolean;
}

/** What the next person has to know, in a few lines. */
export interface HandOver {
  readonly who: string;
  /** What became of them, out of how many; null while nothing is wrong. */
  readonly struck: string | null;
  readonly lastGood: { readonly run: string; readonly connection: string; readonly at: EpochMs } | null;
  /** Where to look first; null while nothing is wrong. */
  readonly suspect: string | null;
}
