import { err, ok, type Result } from '#base/result.ts';
import type { CaptureFault } from '#record/capture-fault.ts';
import { CaptureReader, type CaptureSummary } from '#record/capture-reader.ts';
import { capturedEngine } from './opened/captured-engine.ts';
import type { Engine } from './engine.ts';
import { makeReport, type Report } from './report.ts';

export interface Replayed {
  readonly report: Report;
  readonly summary: CaptureSummary;
}

/** Folds a capture piece by piece. */
export class Replay {
  #engine: Engine | undefined;
  #fault: CaptureFault | undefined;
  readonly #reader = new CaptureReader((record) => {
    if (record.record === 'header') {
      const engine = capturedEngine(record);
      if (engine.ok) this.#engine = engine.value;
      else this.#fault = { line: 1, reason: 'no-header', message: `Line 1: ${engine.error}.` };
    }
    this.#engine?.apply(record);
  });

  /** Takes the next piece of the capture's text. */
  push(piece: string): Result<void, CaptureFault> {
    const pushed = this.#reader.push(piece);
    return this.#fault === undefined ? pushed : err(this.#fault);
  }

  /** The capture is at its end: judges it. */
  finish(): Result<Replayed, CaptureFault> {
    const summary = this.#reader.finish();
    if (this.#fault !== undefined) return err(this.#fault);
    if (!summary.ok) return summary;
    if (this.#engine === undefined) return err({ line: 1, reason: 'no-header', message: 'Line 1: the capture has no header.' });
    return ok({ report: makeReport(this.#engine), summary: summary.value });
  }
}
