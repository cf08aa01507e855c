/** Why a capture cannot be read. A closed list. */
export type CaptureFaultReason =
  | 'no-header'
  | 'unknown-version'
  | 'broken-line'
  | 'time-goes-back'
  /** A line that is longer than any that this program writes. */
  | 'line-too-long'
  /** JSON in JSON in JSON …: what comes after the parser could not walk it. */
  | 'too-deep'
  /** A number that is none any more once it is read: 1e400 becomes infinite. */
  | 'bad-number';

/** What is wrong with a capture, and on which line (from 1). */
export interface CaptureFault {
  readonly line: number;
  readonly reason: CaptureFaultReason;
  /** A sentence that names the line, what is there and what was expected. */
  readonly message: string;
}
