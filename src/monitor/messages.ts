import type { ConfigFault } from '#environment/environments-file.ts';
import type { FileCheck } from '#environment/file-check.ts';
import type { Environment } from '#environment/schema.ts';
import type { ArchiveClient } from './archive-client.ts';
import type { DeskQuestionName, DeskQuestions } from './desk-questions.ts';
import type { ReconnectResult } from './experiment.ts';
import type { FramesDetail } from './frames-detail.ts';
import type { HealthRecord } from '#record/record.ts';
import type { Report, ReportOptions } from './report.ts';
import type { Counts, Problem, RejectedFrame, RunDetail, Snapshot, TimelineRequest, TimelineSlice } from './snapshot.ts';
import type { TrialAnswer, TrialCell } from './trials.ts';

/** What the page may ask of the monitor; the worker's client has this face. */
export interface MonitorClient {
  /** Starts the monitor with the text of an environments file; gives the faults of a text that cannot be used, and then nothing is started. */
  start(text: string): Promise<readonly ConfigFault[]>;
  /** Called with each snapshot; the monitor makes the next only after this returned. Returns the unsubscribing function. */
  subscribe(listener: (snapshot: Snapshot) => void): () => void;
  /** Connects to an environment of the file; `values` fill its `${NAME}` placeholders and stay in memory. Gives what stands in the way. */
  watch(environmentId: string, values?: Readonly<Record<string, string>>): Promise<Problem | undefined>;
  /** Asks an environment how it is, watched or not; `values` as in `watch`. Undefined where its address needs values that are not there. */
  health(environmentId: string, values?: Readonly<Record<string, string>>): Promise<HealthRecord | undefined>;
  /** Closes its connections; what was learnt stays. */
  unwatch(environmentId: string): Promise<void>;
  timeline(environmentId: string, request: TimelineRequest): Promise<TimelineSlice | undefined>;
  /** A line of its own for a painter in another thread, to be handed on to it: what goes in is a `TimelineAsk`, what comes out its slice. */
  timelineLine(): MessagePort;
  run(environmentId: string, runId: string): Promise<RunDetail | undefined>;
  rejected(environmentId: string): Promise<readonly RejectedFrame[]>;
  /** The newest frames and what is made of them. Undefined: it was never watched. */
  frames(environmentId: string): Promise<FramesDetail | undefined>;
  /** Every way to connect to an environment of the file and to sign in there; none where there is no such environment. */
  combinations(environmentId: string): Promise<readonly TrialCell[]>;
  /** Tries one of them: connects, waits for the welcome, and goes. No run is triggered. `values` as in `watch`; of a watched environment the monitor has them. */
  trial(environmentId: string, combination: TrialCell['combination'], values?: Readonly<Record<string, string>>): Promise<TrialAnswer>;
  /** Ends the trials that are under way. */
  cancelTrials(): Promise<void>;
  /** Says what is wrong with the text of an environments file, in which lines. Starts nothing. */
  check(text: string): Promise<FileCheck>;
  /**
   * Cuts one of its connections in mid-run and tells what became of the run, when that is known: it may take minutes. While one is
   * under way, its result is given. Undefined: it is not watched.
   */
  experiment(environmentId: string): Promise<ReconnectResult | undefined>;
  /** The captures in the browser's storage. */
  captures(): Promise<ArchiveClient>;
  /** The questions of somebody who looks closely. */
  ask<Name extends DeskQuestionName>(name: Name, ask: DeskQuestions[Name]['ask']): Promise<DeskQuestions[Name]['answer']>;
  counts(): Promise<Counts>;
  report(environmentId?: string, options?: ReportOptions): Promise<Report | undefined>;
  records(environmentId?: string): Promise<string | undefined>;
}

/** What may be asked, and what comes back. */
export interface Questions extends DeskQuestions {
  watch: { readonly ask: { readonly environment: Environment }; readonly answer: undefined };
  health: { readonly ask: { readonly environment: Environment }; readonly answer: HealthRecord | undefined };
  unwatch: { readonly ask: { readonly environmentId: string }; readonly answer: undefined };
  timeline: {
    readonly ask: { readonly environmentId: string; readonly request: TimelineRequest };
    readonly answer: TimelineSlice | undefined;
  };
  run: { readonly ask: { readonly environmentId: string; readonly runId: string }; readonly answer: RunDetail | undefined };
  rejected: { readonly ask: { readonly environmentId: string }; readonly answer: readonly RejectedFrame[] };
  frames: { readonly ask: { readonly environmentId: string }; readonly answer: FramesDetail | undefined };
  combinations: { readonly ask: { readonly environmentId: string }; readonly answer: readonly TrialCell[] };
  /** `environment` is missing where its values are known to nobody, or to the monitor alone. */
  trial: {
    readonly ask: { readonly environmentId: string; readonly combination: TrialCell['combination']; readonly environment: Environment | undefined };
    readonly answer: TrialAnswer | undefined;
  };
  cancelTrials: { readonly ask: Readonly<Record<string, never>>; readonly answer: undefined };
  experiment: { readonly ask: { readonly environmentId: string }; readonly answer: ReconnectResult | undefined };
  counts: { readonly ask: Readonly<Record<string, never>>; readonly answer: Counts };
  report: { readonly ask: { readonly environmentId: string | undefined; readonly options: ReportOptions }; readonly answer: Report | undefined };
  records: { readonly ask: { readonly environmentId: string | undefined }; readonly answer: string | undefined };
}

export type QuestionName = keyof Questions;

interface Ask<Name extends QuestionName> {
  readonly kind: 'ask';
  readonly id: number;
  readonly name: Name;
  readonly ask: Questions[Name]['ask'];
}

interface Answer<Name extends QuestionName> {
  readonly kind: 'answer';
  readonly id: number;
  readonly name: Name;
  readonly answer: Questions[Name]['answer'];
}

export type AnyAsk = { [Name in QuestionName]: Ask<Name> }[QuestionName];
export type AnyAnswer = { [Name in QuestionName]: Answer<Name> }[QuestionName];

/** What a painter asks on its own line. */
export interface TimelineAsk {
  readonly environmentId: string;
  readonly request: TimelineRequest;
}

/** Page → worker. */
export type ToWorker =
  | { readonly kind: 'start'; readonly environments: readonly Environment[] }
  /** The last snapshot was taken: the next may be made. */
  | { readonly kind: 'taken' }
  | { readonly kind: 'visible'; readonly visible: boolean }
  | { readonly kind: 'timeline-line'; readonly line: MessagePort }
  /** A line to the archive. */
  | { readonly kind: 'archive-line'; readonly line: MessagePort }
  | AnyAsk;

/** Worker → page. */
export type FromWorker =
  | { readonly kind: 'snapshot'; readonly snapshot: Snapshot }
  | AnyAnswer
  | { readonly kind: 'failed'; readonly id: number; readonly message: string };

/** True if this is the answer to a question of that name. */
export const isAnswerTo = <Name extends QuestionName>(message: AnyAnswer | Answer<Name>, name: Name): message is Answer<Name> => message.name === name;
