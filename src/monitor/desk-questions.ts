import type { EpochMs } from '#base/units.ts';
import type { NoteRecord } from '#record/record.ts';
import type { ComparedAsk, Comparison } from './comparison/comparison-report.ts';
import type { ExportAnswer, ExportAsk, ExportStatus } from './export/exported-capture.ts';
import type { IncidentReport } from './incident/incident-report.ts';
import type { OpenAnswer } from './opened/opened-captures.ts';
import type { SearchAnswer, SearchAsk } from './query/search-answer.ts';
import type { WhysReport } from './whys/whys-report.ts';

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
  /** Opens a capture: the text of a file, or gzip. Answered when all of it was read; meanwhile the snapshots tell how far it is. */
  readonly openCapture: { readonly ask: { readonly capture: Blob; readonly name: string }; readonly answer: OpenAnswer };
  readonly closeCapture: { readonly ask: { readonly environmentId: string }; readonly answer: undefined };
  /** Goes to a moment of an opened capture, where one is given, and plays it from there, 0.25 to 16 times as fast as it happened; null stands. Answered when the moment is shown. */
  readonly play: { readonly ask: { readonly environmentId: string; readonly speed: number | null; readonly at?: EpochMs | undefined }; readonly answer: undefined };
  readonly notes: { readonly ask: { readonly environmentId: string }; readonly answer: readonly NoteRecord[] };
  /** Two stretches of time, or two runs, beside each other. */
  readonly compare: { readonly ask: { readonly left: ComparedAsk; readonly right: ComparedAsk }; readonly answer: Comparison };
  /** What matches a query. A newer question of the same environment drops it. */
  readonly search: { readonly ask: SearchAsk; readonly answer: SearchAnswer };
  /** Makes a file of what is in memory of an environment. A newer question of the same environment drops it. */
  readonly exportCapture: { readonly ask: ExportAsk; readonly answer: ExportAnswer };
  /** How far that is; `cancel` ends it. */
  readonly exportStatus: { readonly ask: { readonly environmentId: string; readonly cancel?: boolean }; readonly answer: ExportStatus };
  /** The report in the form of Five Whys, of a stretch of time, else of the window up to now; `capture` is the name of what is looked at. Undefined: nothing is known of the environment. */
  readonly whys: {
    readonly ask: { readonly environmentId: string; readonly from?: EpochMs | undefined; readonly to?: EpochMs | undefined; readonly capture?: string | undefined };
    readonly answer: WhysReport | undefined;
  };
}

export type DeskQuestionName = keyof DeskQuestions;
