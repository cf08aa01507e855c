/** Why a capture cannot be read. A closed list. */
export type CaptureFaultReason = 'no-header' | 'unknown-version' | 'broken-line' | 'time-goes-back';

/** What is wrong with a capture, and on which line (from 1). */
export interface CaptureFault {
  readonly line: number;
  readonly reason: CaptureFaultReason;
  /** A sentence that names the line, what is there and what was expected. */
  readonly message: string;
}
