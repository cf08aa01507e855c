import type { Clock } from '#base/clock.ts';
import type { EpochMs } from '#base/units.ts';
import type { NoteInput } from '#monitor/desk-questions.ts';
import { openFaults, type OpenFault } from './open-fault.ts';
import { OpenedCapture } from './opened-capture.ts';
import type { RecordingSource } from '#monitor/recording-source.ts';
import type { EnvironmentSnapshot } from '#monitor/snapshot.ts';

/** What became of a capture that was to be opened. */
export type OpenAnswer = { readonly kind: 'opened'; readonly environmentId: string } | { readonly kind: 'fault'; readonly fault: OpenFault };

/** Each holds the memory of an environment that is watched. */
const mostOpen = 4;
const slowest = 0.25;
const fastest = 16;
const longestName = 120;

/** The captures that are looked at, beside what is watched. They are in memory alone, and gone with the page. */
export class OpenedCaptures {
  readonly #clock: Clock;
  readonly #opened = new Map<string, OpenedCapture>();
  #count = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Opens a capture and shows its end. One that cannot be read changes nothing of what is open. */
  async open(capture: Blob, name: string): Promise<OpenAnswer> {
    if (this.#opened.size >= mostOpen) return { kind: 'fault', fault: openFaults.tooManyOpen(mostOpen) };
    this.#count += 1;
    const id = `capture:${this.#count}`;
    const opened = new OpenedCapture({ id, capture, name: name.slice(0, longestName), clock: this.#clock });
    this.#opened.set(id, opened);
    const loaded = await opened.load();
    if (loaded.ok) return { kind: 'opened', environmentId: id };
    this.close(id);
    return { kind: 'fault', fault: loaded.error };
  }

  close(environmentId: string): void {
    this.#opened.get(environmentId)?.close();
    this.#opened.delete(environmentId);
  }

  /**
   * Goes to a moment of a capture, where one is given, and plays it from there.
   * @param speed 0.25 to 16 times as fast as it happened; null stands. @returns when the moment is shown
   */
  async play(environmentId: string, speed: number | null, at?: EpochMs): Promise<void> {
    const bounded = speed === null || Number.isNaN(speed) ? null : Math.min(fastest, Math.max(slowest, speed));
    await this.#opened.get(environmentId)?.play(bounded, at);
  }

  /** Puts a note beside a capture. */
  note(environmentId: string, note: NoteInput): void {
    this.#opened.get(environmentId)?.note(note);
  }

  /** Where the recording of a capture comes from, as of the moment that is shown. */
  source(environmentId: string): RecordingSource | undefined {
    return this.#opened.get(environmentId)?.source();
  }

  /** Those that were read through, by id. */
  sources(): readonly (readonly [string, RecordingSource])[] {
    return Array.from(this.#opened, ([id, opened]) => [id, opened.source()] as const).flatMap(([id, source]) => (source === undefined ? [] : [[id, source] as const]));
  }

  snapshots(): readonly EnvironmentSnapshot[] {
    return Array.from(this.#opened.values(), (opened) => opened.snapshot()).filter((snapshot) => snapshot !== undefined);
  }
}
