import { err, ok, type Result } from '#base/result.ts';
import type { CaptureFault } from '#record/capture-fault.ts';
import { CaptureReader } from '#record/capture-reader.ts';
import type { RunwatchRecord } from '#record/record.ts';
import { CapsuleError, capsuleText } from '#monitor/export/capsule.ts';
import { openFaults, type OpenFault } from './open-fault.ts';

/** Of the file so much is read at once. */
const sliceBytes = 1024 * 1024;
/** Of its text so much is parsed at once: about a millisecond of work. */
const pieceLength = 64 * 1024;

/**
 * A capture of a file, read record by record as somebody asks for them: how long it is does not matter, and what is not asked for
 * stays in the file. Plain text or gzip.
 */
export class CaptureTape {
  readonly #capture: Blob;
  readonly #texts: AsyncGenerator<string, void, void>;
  #text = '';
  #readBytes = 0;
  /** Why the file could not be read on. */
  #failure: unknown;
  #closed = false;
  #records: RunwatchRecord[] = [];
  #place = 0;
  #atEnd = false;
  #tornLines = 0;
  readonly #reader = new CaptureReader((record) => {
    this.#records.push(record);
    if (record.record === 'end') this.#atEnd = true;
  });

  /** @param limitBytes unpacked text that is read at the most */
  constructor(capture: Blob, limitBytes?: number) {
    this.#capture = capture;
    this.#texts = capsuleText(this.#bytes(), limitBytes);
  }

  /** The share of the file that was read, 0 to 1. */
  get ratio(): number {
    return this.#atEnd || this.#capture.size === 0 ? 1 : this.#readBytes / this.#capture.size;
  }

  /** Lines at its end that were torn and skipped; known at the end. */
  get tornLines(): number {
    return this.#tornLines;
  }

  /** Everything was read; what was read may still have to be taken. */
  get atEnd(): boolean {
    return this.#atEnd;
  }

  /** The next record, which stays; undefined where more has to be read first, and at the end. */
  peek(): RunwatchRecord | undefined {
    return this.#records[this.#place];
  }

  /** Goes past the next record. */
  take(): void {
    this.#place += 1;
  }

  /** Reads the next piece of the file. Every record of the last piece is to be taken before. The last record of a capture is always an `end`. */
  async read(): Promise<Result<void, OpenFault>> {
    this.#records = [];
    this.#place = 0;
    try {
      const done = this.#text === '' && (await this.#readText());
      if (this.#failure !== undefined) return this.#fail(openFaults.unreadable(wordsOf(this.#failure)));
      if (done) return this.#finish();
      const pushed = this.#reader.push(this.#text.slice(0, pieceLength));
      this.#text = this.#text.slice(pieceLength);
      if (this.#atEnd) this.close();
      return pushed.ok ? pushed : this.#failOf(pushed.error);
    } catch (error) {
      return this.#fail(error instanceof CapsuleError ? openFaults.ofCapsule(error) : openFaults.unreadable(wordsOf(error)));
    }
  }

  /** Lets go of the file. */
  close(): void {
    this.#closed = true;
    // Nobody waits for what it would still have told.
    this.#texts.return().catch(() => undefined);
  }

  /** True at the end of the file. */
  async #readText(): Promise<boolean> {
    const next = await this.#texts.next();
    this.#text = next.done === true ? '' : next.value;
    return next.done === true;
  }

  #finish(): Result<void, OpenFault> {
    const summary = this.#reader.finish();
    if (!summary.ok) return this.#failOf(summary.error);
    this.#tornLines = summary.value.tornLines;
    return ok(undefined);
  }

  #failOf(fault: CaptureFault): Result<void, OpenFault> {
    return this.#fail(openFaults.ofCapture(fault));
  }

  #fail(fault: OpenFault): Result<void, OpenFault> {
    this.close();
    return err(fault);
  }

  /** The file, slice by slice. It may be gone or changed by now: whoever unpacks it is told that it ends there. */
  async *#bytes(): AsyncGenerator<Uint8Array, void, void> {
    while (this.#readBytes < this.#capture.size && !this.#closed) {
      let bytes: Uint8Array;
      try {
        bytes = new Uint8Array(await this.#capture.slice(this.#readBytes, this.#readBytes + sliceBytes).arrayBuffer());
      } catch (error) {
        this.#failure = error;
        return;
      }
      this.#readBytes += bytes.length;
      yield bytes;
    }
  }
}

const wordsOf = (error: unknown): string => (error instanceof Error ? error.message.replace(/\.$/, '') : 'the browser gives no reason');
