import type { Clock } from '#base/clock.ts';
import type { Environment } from '#environment/schema.ts';
import type { Dialect } from '#protocol/dialect.ts';
import { CaptureReader } from '#record/capture-reader.ts';
import { incidentBookOf } from './incident/incident-book.ts';
import { Recording } from './recording.ts';
import { lanesOf } from './watch.ts';

export interface EarlierOptions {
  readonly environment: Environment;
  readonly dialect: Dialect;
  /** Whole lines in UTF-8, the header first. */
  readonly pieces: readonly Uint8Array[];
  readonly clock: Clock;
  /** Told of the share that is read, 0 to 1. */
  readonly progress: (share: number) => void;
  /** Lets everything else go on for a moment. */
  readonly rest: () => Promise<void>;
}

export interface EarlierRecording {
  readonly recording: Recording;
  /** Connections that were open at its end. */
  readonly open: ReadonlySet<string>;
}

const sliceBytes = 65_536;
/** So long at a time, that snapshots and answers go on. */
const sliceMs = 30;

/** Folds what a capture holds; undefined where it cannot be read from its beginning. Of one that breaks off, all that comes before that. */
export async function foldEarlier({ environment, dialect, pieces, clock, progress, rest }: EarlierOptions): Promise<EarlierRecording | undefined> {
  let recording: Recording | undefined;
  const open = new Set<string>();
  const reader = new CaptureReader((record) => {
    if (record.record === 'header') {
      recording = new Recording({ environment, dialect, header: record, lanes: lanesOf(environment, environment.concurrentConnections) });
      incidentBookOf(recording);
      return;
    }
    if (record.record === 'connection-open') open.add(record.connection);
    else if (record.record === 'connection-close') open.delete(record.connection);
    recording?.apply(record);
  });
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  const total = pieces.reduce((sum, { length }) => sum + length, 0);
  let done = 0;
  let began = clock.now();
  for (const piece of pieces) {
    for (let at = 0; at < piece.length; at += sliceBytes) {
      const slice = piece.subarray(at, at + sliceBytes);
      if (!reader.push(decoder.decode(slice, { stream: true })).ok) return recording && { recording, open };
      done += slice.length;
      if (clock.now() - began < sliceMs) continue;
      progress(done / total);
      await rest();
      began = clock.now();
    }
  }
  return recording && { recording, open };
}
