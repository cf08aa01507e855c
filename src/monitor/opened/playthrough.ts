import { err, ok, type Result } from '#base/result.ts';
import { durationMs, epochMs, later, type DurationMs, type EpochMs } from '#base/units.ts';
import type { ConnectionStatus } from '#connection/connection.ts';
import type { HeaderRecord } from '#record/record.ts';
import { capturedEnvironment } from './captured-environment.ts';
import { CapturedStatuses } from './captured-statuses.ts';
import type { CaptureTape } from './capture-tape.ts';
import type { Terms } from '#monitor/engine.ts';
import { openFaults, type OpenFault } from './open-fault.ts';
import { incidentBookOf } from '#monitor/incident/incident-book.ts';
import { Recording } from '#monitor/recording.ts';
import type { RecordingSource } from '#monitor/recording-source.ts';

const secondMs = durationMs(1000);
const minuteMs = durationMs(60_000);
const hourMs = 3_600_000;

/** Asked before each step of a long piece of work: what it promises is waited for, and `stop` ends the work. */
export type Rest = () => Promise<void> | 'stop' | undefined;

export interface PlaythroughOptions {
  readonly header: HeaderRecord;
  readonly terms: Terms;
  /** Ids of the connections, in the order in which they are drawn. */
  readonly connections: readonly string[];
  /** At its beginning. */
  readonly tape: CaptureTape;
}

/**
 * One way through a capture, from its beginning on: its records are folded when their time has come, and between them time passes as
 * it did. Where it stops on its way makes no difference to what comes of it.
 */
export class Playthrough implements RecordingSource {
  readonly recording: Recording;
  readonly stopping = false;
  readonly blindNow = false;
  readonly isPast = true;
  lagMs = 0;
  readonly #tape: CaptureTape;
  readonly #statuses: CapturedStatuses;
  #tickAt: EpochMs;
  #newestAt: EpochMs;
  #dueAt: EpochMs;
  #fault: OpenFault | undefined;

  constructor({ header, terms, connections, tape }: PlaythroughOptions) {
    const environment = capturedEnvironment(terms, header.environment, connections.length);
    this.recording = new Recording({ environment, dialect: terms.dialect, header, lanes: connections });
    // From the first record on: what is told of an incident later is counted as it comes.
    incidentBookOf(this.recording);
    this.#tape = tape;
    const statuses = new CapturedStatuses(environment.name, connections);
    this.#statuses = statuses;
    this.recording.observe({ record: (record) => statuses.learn(record), event: () => undefined });
    this.#newestAt = header.at;
    this.#dueAt = header.at;
    this.#tickAt = later(header.at, secondMs);
  }

  statuses(): readonly ConnectionStatus[] {
    return this.#statuses.statuses();
  }

  /** The time up to which it has come. */
  get at(): EpochMs {
    return this.recording.engine.now;
  }

  /** Up to when time has passed as soon as somebody looks. */
  set dueAt(at: EpochMs) {
    this.#dueAt = at;
  }

  /** Folds on to what is due, as far as it was read. */
  catchUp(): void {
    while (this.#foldNext(this.#dueAt));
    this.#passTo(this.#dueAt);
  }

  /** Folds every record up to `until`, and lets time pass up to there. */
  async foldTo(until: EpochMs, rest: Rest): Promise<Result<'arrived' | 'stopped', OpenFault>> {
    for (;;) {
      const told = rest();
      if (told === 'stop') return ok('stopped');
      if (told !== undefined) await told;
      else if (this.#tape.peek() === undefined && !this.#tape.atEnd) {
        const read = await this.#tape.read();
        if (!read.ok) return read;
      } else if (!this.#foldNext(until)) break;
    }
    this.#dueAt = until;
    this.#passTo(until);
    return this.#fault === undefined ? ok('arrived') : err(this.#fault);
  }

  /** Lets go of the file. */
  close(): void {
    this.#tape.close();
  }

  /** Folds the next record, if it was read and is not after `until`. */
  #foldNext(until: EpochMs): boolean {
    const record = this.#tape.peek();
    if (record === undefined || record.at > until || this.#fault !== undefined) return false;
    this.#tape.take();
    // The header was folded with the recording.
    if (record.record === 'header') return true;
    this.#guarded(() => {
      this.#tickTo(record.record === 'blind' ? epochMs(Math.min(record.from, record.at)) : record.at);
      this.recording.apply(record);
    });
    if (record.at > this.#newestAt) this.#newestAt = record.at;
    if (this.#tickAt === Number.POSITIVE_INFINITY) this.#tickAt = later(this.#newestAt, secondMs);
    return true;
  }

  /** Lets time pass between two records; while the monitor was blind it stood still. */
  #passTo(until: EpochMs): void {
    const next = this.#tape.peek();
    // The first record of what is not read yet may be a blindness that began before it.
    if (next === undefined && !this.#tape.atEnd) return;
    const to = next?.record === 'blind' ? epochMs(Math.min(until, next.from)) : until;
    if (to <= this.at) return;
    this.#guarded(() => {
      this.#tickTo(to);
      this.recording.engine.advance(to);
    });
  }

  /** Alerts are assessed every second, as live: at seconds of the capture, so that it makes no difference who looked when. */
  #tickTo(to: EpochMs): void {
    while (this.#tickAt <= to) {
      this.recording.advance(this.#tickAt);
      this.#tickAt = later(this.#tickAt, tickAfter(this.#tickAt - this.#newestAt));
    }
  }

  /** A snapshot of everything else must not fail for what one capture holds. */
  #guarded(task: () => void): void {
    if (this.#fault !== undefined) return;
    try {
      task();
    } catch (error) {
      this.#fault = openFaults.notFolded(error instanceof Error ? error.message : 'it gives no reason');
    }
  }
}

/** A long silence is passed in longer steps, and the rest of one that does not end in none: a capture may claim to span a thousand years. */
function tickAfter(silentMs: number): DurationMs {
  if (silentMs < minuteMs) return secondMs;
  return silentMs < hourMs ? minuteMs : durationMs(Number.POSITIVE_INFINITY);
}
