import type { ConfigFault } from '#environment/environments-file.ts';
import type { Environment } from '#environment/schema.ts';
import type { Report, ReportOptions } from './report.ts';
import type { Counts, Problem, RejectedFrame, RunDetail, Snapshot, TimelineRequest, TimelineSlice } from './snapshot.ts';

/** What the page may ask of the monitor; the worker's client has this face. */
export interface MonitorClient {
  /** Starts the monitor with the text of an environments file; gives the faults of a text that cannot be used, and then nothing is started. */
  start(text: string): Promise<readonly ConfigFault[]>;
  /** Called with each snapshot; the monitor makes the next only after this returned. Returns the unsubscribing function. */
  subscribe(listener: (snapshot: Snapshot) => void): () => void;
  /** Connects to an environment of the file; `values` fill its `${NAME}` placeholders and stay in memory. Gives what stands in the way. */
  watch(environmentId: string, values?: Readonly<Record<string, string>>): Promise<Problem | undefined>;
  /** Closes its connections; what was learnt stays. */
  unwatch(environmentId: string): Promise<void>;
  timeline(environmentId: string, request: TimelineRequest): Promise<TimelineSlice | undefined>;
  run(environmentId: string, runId: string): Promise<RunDetail | undefined>;
  rejected(environmentId: string): Promise<readonly RejectedFrame[]>;
  counts(): Promise<Counts>;
  report(environmentId?: string, options?: ReportOptions): Promise<Report | undefined>;
  records(environmentId?: string): Promise<string | undefined>;
}

/** What may be asked, and what comes back. */
export interface Questions {
  watch: { readonly ask: { readonly environment: Environment }; readonly answer: undefined };
  unwatch: { readonly ask: { readonly environmentId: string }; readonly answer: undefined };
  timeline: {
    readonly ask: { readonly environmentId: string; readonly request: TimelineRequest };
    readonly answer: TimelineSlice | undefined;
  };
  run: { readonly ask: { readonly environmentId: string; readonly runId: string }; readonly answer: RunDetail | undefined };
  rejected: { readonly ask: { readonly environmentId: string }; readonly answer: readonly RejectedFrame[] };
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

/** Page → worker. */
export type ToWorker =
  | { readonly kind: 'start'; readonly environments: readonly Environment[] }
  /** The last snapshot was taken: the next may be made. */
  | { readonly kind: 'taken' }
  | AnyAsk;

/** Worker → page. */
export type FromWorker =
  | { readonly kind: 'snapshot'; readonly snapshot: Snapshot }
  | AnyAnswer
  | { readonly kind: 'failed'; readonly id: number; readonly message: string };

/** True if this is the answer to a question of that name. */
export const isAnswerTo = <Name extends QuestionName>(message: AnyAnswer | Answer<Name>, name: Name): message is Answer<Name> => message.name === name;
