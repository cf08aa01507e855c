import type { EpochMs } from '#base/units.ts';
import type { RedactionCounts } from './export-redaction.ts';

/** `capsule`: gzipped records with what was made of them, which Runwatch opens again; `jsonl`: the same as plain text; `har`: for a browser's own tools; `csv`: a table of runs. */
export const exportFormats = ['capsule', 'jsonl', 'har', 'csv'] as const;
export type ExportFormat = (typeof exportFormats)[number];

export interface ExportAsk {
  readonly environmentId: string;
  /** The stretch of time that is wanted, widened to whole runs at its beginning; all where it is left out. */
  readonly from?: EpochMs | undefined;
  readonly to?: EpochMs | undefined;
  readonly format: ExportFormat;
  /** Payload texts stay, without what looks like a secret. */
  readonly payloads: boolean;
}

export interface ExportCounts extends RedactionCounts {
  readonly records: number;
  readonly frames: number;
  readonly runs: number;
  readonly notes: number;
  /** Older lines that are no longer in memory, and so not in the export. */
  readonly evicted: number;
}

/** What became of an export. */
export type ExportAnswer =
  | {
      readonly kind: 'exported';
      /** For the file, such as `staging-20261118T141222.jsonl.gz`. */
      readonly name: string;
      readonly blob: Blob;
      readonly counts: ExportCounts;
      /** Its first lines as text, 20 at most, long ones cut. */
      readonly preview: readonly string[];
    }
  /** A newer export of the same environment was asked for, or this one was cancelled. */
  | { readonly kind: 'dropped' }
  /** Nothing is known of the environment. */
  | { readonly kind: 'nothing' };

/** How far an export is, 0 to 1; null where none is under way. */
export interface ExportStatus {
  readonly share: number | null;
}
