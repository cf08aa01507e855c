import { err, ok, type Result } from '#base/result.ts';
import type { CaptureFault } from '#record/capture-fault.ts';
import { CaptureReader, type CaptureSummary } from '#record/capture-reader.ts';
import type { HeaderRecord, RunwatchRecord } from '#record/record.ts';
import type { Run } from '#runs/run.ts';
import { capturedTerms } from '#monitor/opened/captured-engine.ts';
import { capturedEnvironment } from '#monitor/opened/captured-environment.ts';
import { incidentBookOf } from '#monitor/incident/incident-book.ts';
import { Recording } from '#monitor/recording.ts';
import { makeReport, type Report } from '#monitor/report.ts';
import { whysReport } from './whys.ts';
import { isHistory } from './whys-history.ts';
import type { WhysReport } from './whys-report.ts';

export interface CapturedWhys {
  /** As a replay gives it. */
  readonly report: Report;
  readonly whys: WhysReport;
  readonly summary: CaptureSummary;
}

const mostConnections = 1000;

/**
 * The report of a whole capture. Its text is kept until it is at its end: who is connected has to be known before the first record is
 * folded.
 */
export class WhysCapture {
  readonly #pieces: string[] = [];
  readonly #connections = new Set<string>();
  #header: HeaderRecord | undefined;
  readonly #scan = new CaptureReader((record) => {
    if (record.record === 'header') this.#header = record;
    if ('connection' in record && this.#connections.size < mostConnections) this.#connections.add(record.connection);
  });

  /** Takes the next piece of the capture's text. */
  push(piece: string): Result<void, CaptureFault> {
    this.#pieces.push(piece);
    return this.#scan.push(piece);
  }

  /** @param name of the capture, as the report calls it; null where it has none */
  finish(name: string | null): Result<CapturedWhys, CaptureFault> {
    const summary = this.#scan.finish();
    if (!summary.ok) return summary;
    const header = this.#header;
    if (header === undefined) return err({ line: 1, reason: 'no-header', message: 'Line 1: the capture has no header.' });
    const terms = capturedTerms(header);
    if (!terms.ok) return err({ line: 1, reason: 'no-header', message: `Line 1: ${terms.error}.` });
    const lanes = [...this.#connections].sort(byNumber);
    // A run is forgotten in time, and the report is of all of them.
    const runs: Run[] = [];
    const records: RunwatchRecord[] = [];
    const environment = capturedEnvironment(terms.value, header.environment, lanes.length);
    const recording = new Recording({ environment, dialect: terms.value.dialect, header, lanes, runClosed: (run) => runs.push(run) });
    incidentBookOf(recording);
    const reader = new CaptureReader((record) => {
      if (record.record === 'header') return;
      recording.apply(record);
      recording.advance(recording.engine.now);
      if (isHistory(record)) records.push(record);
    });
    for (const piece of this.#pieces) reader.push(piece);
    reader.finish();
    const whys = whysReport(recording, { from: header.at, to: recording.engine.now, runs, records, ...(name !== null && { capture: name }) });
    return ok({ report: makeReport(recording.engine), whys, summary: summary.value });
  }
}

/** `local#2` before `local#10`. */
const byNumber = (a: string, b: string): number => numberOf(a) - numberOf(b) || (a < b ? -1 : 1);
const numberOf = (connection: string): number => Number(/#(\d+)$/.exec(connection)?.[1] ?? Infinity);
