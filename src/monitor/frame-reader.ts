import { isJsonObject } from '#base/json.ts';
import { invariant } from '#base/assert.ts';
import type { AgentEvent } from '#protocol/agent-event.ts';
import type { Dialect } from '#protocol/dialect.ts';
import { dialectOf } from '#protocol/dialects.ts';
import { redact, redactLine } from '#record/capture-writer.ts';
import { isRecord } from '#record/record-shape.ts';
import type { FrameRecord } from '#record/record.ts';
import type { Recording } from './recording.ts';

/** Bytes of a frame's line that are looked at, and characters that are shown. */
const mostShown = 64 * 1024;
/** Characters that one reader gives out: what lies beyond would hold up what comes in meanwhile. */
const mostRead = 4 * 1024 * 1024;

/** What a stored event came in. */
export interface FrameReading {
  /** The payload as text without secrets, its first 64 KiB. */
  readonly payload: string;
  /** The whole record likewise. */
  readonly record: string;
  /** The event itself; undefined where its frame is too long to be taken apart here, or says nothing without those before it. */
  readonly event: AgentEvent | undefined;
}

/** The frame that was read last: events of a batch come in one, row after row. */
interface Last {
  readonly line: string;
  readonly firstRow: number;
  readonly reading: Omit<FrameReading, 'event'>;
  readonly events: readonly AgentEvent[];
}

/** Reads the frames of stored events back, with what the dialect makes of each by itself. */
export class FrameReader {
  readonly #recording: Recording;
  readonly #dialect: Dialect;
  #last: Last | undefined;
  #read = 0;

  constructor(recording: Recording) {
    const dialect = dialectOf(recording.environment.dialect);
    invariant(dialect !== undefined, 'the schema lets in known dialects alone');
    this.#recording = recording;
    this.#dialect = dialect;
  }

  /** What the event in a row came in; undefined when it is no longer stored, or this reader has given out its 4 MiB. */
  at(row: number): FrameReading | undefined {
    if (this.#read >= mostRead) return undefined;
    const line = this.#recording.store.text(row, mostShown);
    if (line === undefined) return undefined;
    this.#read += line.length;
    const frame = this.#last?.line === line ? this.#last : this.#take(line, row);
    this.#last = frame;
    return { ...frame.reading, event: frame.events[row - frame.firstRow] };
  }

  #take(line: string, row: number): Last {
    // The beginning of a longer line is shown as it is.
    if (!line.endsWith('\n')) return { line, firstRow: row, reading: { payload: redact(line), record: redact(line) }, events: [] };
    const record = frameIn(line);
    const clean = redactLine(line);
    const shown = clean === line ? record : frameIn(clean);
    const payload = shown?.text ?? shown?.base64 ?? JSON.stringify(shown?.data, null, 2) ?? '';
    const whole = shown === undefined ? clean : JSON.stringify(shown, null, 2);
    const decoded = record === undefined ? undefined : this.#dialect.createDecoder().decode(record);
    const events = decoded?.kind === 'events' ? decoded.events : [];
    return {
      line,
      firstRow: this.#firstRow(line, row, events.length),
      reading: { payload: payload.slice(0, mostShown), record: whole.slice(0, mostShown) },
      events,
    };
  }

  /** The row of the first event of a frame that brought so many. */
  #firstRow(line: string, row: number, events: number): number {
    let first = row;
    while (row - first < events - 1 && this.#recording.store.text(first - 1, mostShown) === line) first -= 1;
    return first;
  }
}

function frameIn(line: string): FrameRecord | undefined {
  const record: unknown = JSON.parse(line);
  return isJsonObject(record) && isRecord(record) && record.record === 'frame' ? record : undefined;
}
