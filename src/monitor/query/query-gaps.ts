import type { Recording } from '#monitor/recording.ts';

/** How long nothing came for a run before each of its events. It has to be told of all events of a stretch, in their order. */
export class GapBook {
  readonly #recording: Recording;
  /** Per run: when the event came that was told last. */
  readonly #lastAt = new Map<number, number>();

  constructor(recording: Recording) {
    this.#recording = recording;
  }

  /**
   * Milliseconds since the event before in its run, or since the trigger of a run whose first event this is. NaN where nothing came before,
   * undefined where that is not known any more.
   * @param ordinal of its run, −1 for none
   */
  tell(ordinal: number, at: number): number | undefined {
    if (ordinal < 0) return Number.NaN;
    const before = this.#lastAt.get(ordinal);
    this.#lastAt.set(ordinal, at);
    if (before !== undefined) return at - before;
    const run = this.#recording.book.withOrdinal(ordinal);
    if (run === undefined || run.firstEventAt !== at) return undefined;
    return run.triggered ? at - run.openedAt : Number.NaN;
  }
}
