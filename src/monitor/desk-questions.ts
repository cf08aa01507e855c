import type { EpochMs } from '#base/units.ts';
import type { NoteRecord } from '#record/record.ts';
import type { IncidentReport } from './incident-report.ts';

/** What somebody may want to write beside what is seen. */
export interface NoteInput {
  readonly text: string;
  readonly author?: string;
  /** The time that it is about; the time at which it is written where it is left out. */
  readonly time?: EpochMs;
  /** The run that it is about. */
  readonly run?: string;
  /** The incident that is taken on by it, by its key: it is labelled, and not hidden. */
  readonly acknowledges?: string;
}

/** The questions of somebody who looks closely; what answers them is loaded with the first. */
export interface DeskQuestions {
  /** What is wrong, for whom, since when; of a stretch of time, else as of now. Undefined: nothing is known of the environment. */
  readonly incident: {
    readonly ask: { readonly environmentId: string; readonly from?: EpochMs | undefined; readonly to?: EpochMs | undefined };
    readonly answer: IncidentReport | undefined;
  };
  readonly note: { readonly ask: { readonly environmentId: string; readonly note: NoteInput }; readonly answer: undefined };
  readonly notes: { readonly ask: { readonly environmentId: string }; readonly answer: readonly NoteRecord[] };
}

export type DeskQuestionName = keyof DeskQuestions;
