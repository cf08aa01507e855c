import type { EpochMs } from '#base/units.ts';

/** Of which kind the storage is, how full, and what became of the last writing. */
export interface ArchiveStatus {
  readonly storage: 'opfs' | 'indexeddb' | 'none';
  /** `full`: all that could make room is kept. `refused`: the storage did not take it, for the reason in `error`. */
  readonly state: 'writing' | 'full' | 'refused' | 'absent';
  /** What all captures take, and may take. */
  readonly bytes: number;
  readonly budgetBytes: number;
  /** Records that made room for newer ones since the page was opened. */
  readonly evicted: number;
  /** The name of the storage's error; null where it made none. */
  readonly error: string | null;
}

export interface CaptureBeginning {
  readonly environmentId: string;
  readonly environmentName: string;
  readonly kind: string;
  /** What its runs are judged by, as text: a capture goes on only where this is the same. */
  readonly terms: string;
  /** Its first line, as it is in memory. */
  readonly header: string;
  readonly at: EpochMs;
}

export interface EarlierAsk extends Pick<CaptureBeginning, 'environmentId' | 'terms'> {
  /** Older captures, and those whose times are still to come, are not gone on with. */
  readonly since: EpochMs;
  readonly now: EpochMs;
}

/** A capture that nobody ended, and whose newest records are read again. */
export interface EarlierCapture {
  readonly capture: string;
  /** Text in UTF-8, whole lines in all; the header is the first. */
  readonly pieces: readonly Uint8Array<ArrayBuffer>[];
  readonly bytes: number;
}

export interface CaptureListing {
  readonly id: string;
  readonly environmentId: string;
  readonly environmentName: string;
  readonly kind: string;
  readonly name: string | null;
  /** When its header and its newest record were written; `keptFrom`: since when its records are there still. */
  readonly from: EpochMs;
  readonly to: EpochMs;
  readonly keptFrom: EpochMs;
  readonly bytes: number;
  readonly records: number;
  readonly evicted: number;
  readonly lost: number;
  readonly tornLines: number;
  readonly gaps: readonly { readonly from: EpochMs; readonly to: EpochMs }[];
  /** Somebody keeps all of it. */
  readonly kept: boolean;
  /** Why some of it is evicted last, each reason once. */
  readonly pinned: readonly string[];
  readonly ended: boolean;
  /** Who writes it now; null where nobody does. */
  readonly writer: 'here' | 'elsewhere' | null;
}

/** What may be asked of the archive, by the monitor and by the page. */
export interface ArchiveQuestions {
  /** The newest capture to go on with, which is then written by whoever asked. */
  readonly earlier: { readonly ask: EarlierAsk; readonly answer: EarlierCapture | undefined };
  readonly begin: { readonly ask: CaptureBeginning; readonly answer: { readonly capture: string | undefined; readonly status: ArchiveStatus } };
  /** Whole lines as they are in memory; `lost` never got here. Where they are not stored they may be handed over again. */
  readonly append: {
    readonly ask: { readonly capture: string; readonly bytes: Uint8Array; readonly lost: number };
    readonly answer: { readonly stored: boolean; readonly status: ArchiveStatus };
  };
  /** Nobody watched meanwhile. */
  readonly gap: { readonly ask: { readonly capture: string; readonly from: EpochMs; readonly to: EpochMs }; readonly answer: undefined };
  /** What was, and will be, written of this stretch of time is evicted last. */
  readonly pin: { readonly ask: { readonly capture: string; readonly from: EpochMs; readonly to: EpochMs; readonly because: string }; readonly answer: undefined };
  /** This page writes no more into it. */
  readonly close: { readonly ask: { readonly capture: string }; readonly answer: undefined };
  readonly list: { readonly ask: Readonly<Record<string, never>>; readonly answer: { readonly captures: readonly CaptureListing[]; readonly status: ArchiveStatus } };
  readonly rename: { readonly ask: { readonly capture: string; readonly name: string | null }; readonly answer: undefined };
  readonly keep: { readonly ask: { readonly capture: string; readonly kept: boolean }; readonly answer: undefined };
  /** What was pinned by itself is evicted like everything else. */
  readonly unpin: { readonly ask: { readonly capture: string }; readonly answer: undefined };
  readonly remove: { readonly ask: { readonly capture: string }; readonly answer: undefined };
  /** All of it as `.jsonl`, the header first. */
  readonly read: { readonly ask: { readonly capture: string }; readonly answer: Blob };
}

export type ArchiveQuestionName = keyof ArchiveQuestions;

export interface ArchiveAsk<Name extends ArchiveQuestionName> {
  readonly id: number;
  readonly name: Name;
  readonly ask: ArchiveQuestions[Name]['ask'];
}
export type AnyArchiveAsk = { [Name in ArchiveQuestionName]: ArchiveAsk<Name> }[ArchiveQuestionName];

/** The answer to the question of this number, or what went wrong, in words for whoever reads the page. */
export type ArchiveAnswer = { readonly id: number; readonly answer: ArchiveQuestions[ArchiveQuestionName]['answer'] } | { readonly id: number; readonly failed: string };
