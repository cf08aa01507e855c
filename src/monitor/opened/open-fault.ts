import type { CaptureFault, CaptureFaultReason } from '#record/capture-fault.ts';
import type { CapsuleError } from '#monitor/export/capsule.ts';

/** Why a capture cannot be opened. A closed list. */
export type OpenFaultReason =
  | CaptureFaultReason
  | CapsuleError['reason']
  /** The file is gone, or was changed since it was chosen. */
  | 'unreadable'
  /** More connections than a capture of this program can have. */
  | 'too-many-connections'
  /** A connection whose name is longer than any that this program gives. */
  | 'name-too-long'
  /** As many captures are open as this page holds. */
  | 'too-many-open'
  /** This program could not fold it, which is a fault of its own. */
  | 'not-folded'
  /** It was closed while it was still being read. */
  | 'closed';

/** What is wrong with a capture that was to be opened, and what to do about it. */
export interface OpenFault {
  /** From 1; null where no line is at fault. */
  readonly line: number | null;
  readonly reason: OpenFaultReason;
  /** A sentence that names what is there and what was expected. */
  readonly message: string;
  readonly remedy: string;
}

/** Makes each of them in one place. */
export const openFaults = {
  ofCapture: ({ line, reason, message }: CaptureFault): OpenFault => ({ line, reason, message, remedy: remedyOf(reason) }),
  unreadable: (why: string): OpenFault => ({
    line: null,
    reason: 'unreadable',
    message: `The file cannot be read: ${why}.`,
    remedy: 'Choose the file again: it may have been moved or changed.',
  }),
  /** Its message says already what to do. */
  ofCapsule: ({ reason, message }: CapsuleError): OpenFault => ({ line: null, reason, message, remedy: 'Nothing of it was opened: what you were looking at is as it was.' }),
  tooManyConnections: (limit: number): OpenFault => ({
    line: null,
    reason: 'too-many-connections',
    message: `It has more than ${limit} connections.`,
    remedy: 'Judge it on the command line, which needs no lane for each: runwatch replay FILE.',
  }),
  nameTooLong: (limit: number): OpenFault => ({
    line: null,
    reason: 'name-too-long',
    message: `The name of a connection in it is longer than ${limit} characters.`,
    remedy: 'Shorten it in the file, or judge the capture on the command line: runwatch replay FILE.',
  }),
  tooManyOpen: (limit: number): OpenFault => ({
    line: null,
    reason: 'too-many-open',
    message: `${limit} captures are open already.`,
    remedy: 'Close one of them, then open this one again.',
  }),
  notFolded: (why: string): OpenFault => ({
    line: null,
    reason: 'not-folded',
    message: `Runwatch could not go on with it: ${why}.`,
    remedy: 'This is a fault of Runwatch and not of the capture: please report it. What was shown before stays as it is.',
  }),
  closed: (): OpenFault => ({ line: null, reason: 'closed', message: 'It was closed before it was read.', remedy: 'Open it again.' }),
};

function remedyOf(reason: CaptureFaultReason): string {
  switch (reason) {
    case 'no-header':
      return 'Choose a capture that Runwatch wrote: a .jsonl or .jsonl.gz file whose first line is a header.';
    case 'unknown-version':
      return 'Open it with a newer Runwatch.';
    default:
      return 'Mend or remove this line, or export the capture anew.';
  }
}
