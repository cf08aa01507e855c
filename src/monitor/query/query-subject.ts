import { dialectOf } from '#protocol/dialects.ts';
import type { AgentEvent } from '#protocol/agent-event.ts';
import { redact, redactLine } from '#record/capture-writer.ts';
import type { FrameRecord } from '#record/record.ts';
import type { Run } from '#runs/run.ts';
import type { StoredEvent } from '#store/columns.ts';
import type { Recording } from '#monitor/recording.ts';

/** Characters of a line that are looked at: what is longer is no message of an agent. */
const longestLine = 64 * 1024;
const noEvent: StoredEvent = { at: Number.NaN, lane: -1, type: -1, run: -1, flags: 0, latencyMs: Number.NaN };

/**
 * What the terms of a query are asked of: one event of a recording after the other, or a run by itself. What costs more than a
 * look into the columns is fetched when a term wants it.
 */
export class QuerySubject {
  readonly recording: Recording;
  /** The row of the event; −1 while it is a run by itself. */
  row = -1;
  event: StoredEvent = noEvent;
  /** Milliseconds since the event before in its run, or since its trigger; NaN where there was none, undefined where that is gone. */
  gapMs: number | undefined = Number.NaN;
  #run: Run | undefined;
  #hasRun = false;
  #line: string | undefined;
  #lineRow = -1;
  #decodedLine: string | undefined;
  #decoded: readonly AgentEvent[] | undefined;
  /** Characters of lines that were fetched, until somebody sets it back. */
  charactersRead = 0;

  constructor(recording: Recording) {
    this.recording = recording;
  }

  /** Turns to an event; false when it is evicted. */
  turnTo(row: number): boolean {
    const event = this.recording.store.event(row);
    if (event === undefined) return false;
    this.row = row;
    this.event = event;
    this.#hasRun = false;
    return true;
  }

  /** Turns to a run by itself: nothing is said of any event. */
  turnToRun(run: Run): void {
    this.row = -1;
    this.event = { ...noEvent, lane: this.recording.laneOf(run.connection.id), run: run.ordinal };
    this.#run = run;
    this.#hasRun = true;
  }

  /** The run of the event; undefined when it has none, or that is forgotten. */
  get run(): Run | undefined {
    if (!this.#hasRun) {
      this.#run = this.event.run < 0 ? undefined : this.recording.book.withOrdinal(this.event.run);
      this.#hasRun = true;
    }
    return this.#run;
  }

  get type(): string {
    return this.recording.types.names[this.event.type] ?? '';
  }

  get connection(): string {
    return this.recording.lanes[this.event.lane] ?? '';
  }

  /** Who is signed in on its connection. */
  get user(): string | undefined {
    return this.recording.engine.tracker.connection(this.connection).user;
  }

  /** The line of the capture in which it came, just as it is: no part of it may leave. Undefined when it is evicted, or too long to be read. */
  get line(): string | undefined {
    if (this.#lineRow !== this.row) {
      const line = this.recording.store.text(this.row, longestLine);
      // What is cut short cannot be read as JSON, and a secret may hide in it behind escapes.
      this.#line = line !== undefined && !line.endsWith('\n') && /\\[u/]/.test(line) ? undefined : line;
      this.#lineRow = this.row;
      this.charactersRead += line?.length ?? 0;
    }
    return this.#line;
  }

  /** The events of its type in its frame, read again; of a batch there may be several. Undefined when the frame is gone, or cannot be read by itself. */
  decoded(): readonly AgentEvent[] | undefined {
    const { line } = this;
    if (line === undefined || !line.endsWith('\n')) return undefined;
    // The events of a batch come one behind the other: it is taken apart once.
    if (line !== this.#decodedLine) {
      const frame: FrameRecord = JSON.parse(line);
      const decoded = dialectOf(this.recording.environment.dialect)?.createDecoder().decode(frame);
      this.#decoded = decoded?.kind === 'events' ? decoded.events : undefined;
      this.#decodedLine = line;
    }
    return this.#decoded?.filter(({ type }) => type === this.type);
  }
}

/** What came off the wire, out of a line of the capture, without secrets. */
export function wireText(line: string): string {
  const clean = line.endsWith('\n') ? redactLine(line) : redact(line);
  // The head holds no quote that is not escaped but those of its own fields, so the first of these is the frame's.
  const head = clean.indexOf(dataField);
  return head < 0 ? clean.trimEnd() : clean.slice(head + dataField.length, clean.endsWith('}\n') ? -2 : undefined);
}

const dataField = ',"data":';
