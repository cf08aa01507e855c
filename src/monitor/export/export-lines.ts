import { isJsonObject } from '#base/json.ts';
import { epochMs, type EpochMs } from '#base/units.ts';
import { isRecord } from '#record/record-shape.ts';
import type { NoteRecord, RunwatchRecord } from '#record/record.ts';
import type { Pace } from '#monitor/pace.ts';
import type { Recording } from '#monitor/recording.ts';

/** The lines of a recording as records, in slices. What is written while they are read is not among them. */
export class ExportLines {
  readonly #pieces: readonly string[];
  readonly #pace: Pace;
  readonly #olderNotes: readonly NoteRecord[];
  readonly #length: number;
  #read = 0;

  constructor({ capture, store, notes }: Recording, pace: Pace) {
    this.#pieces = capture.rawPieces();
    this.#pace = pace;
    this.#olderNotes = store.evictedTexts === 0 ? [] : notes;
    this.#length = this.#pieces.reduce((sum, { length }) => sum + length, 0);
  }

  /** The share that was read, 0 to 1. */
  get share(): number {
    return this.#length === 0 ? 1 : this.#read / this.#length;
  }

  /** All of it as text, many lines in each piece. */
  async *texts(): AsyncGenerator<string, void, void> {
    for (const piece of this.#pieces) {
      if (this.#pace.isDue()) await this.#pace.rest();
      yield piece;
    }
  }

  /** The records in their order, without an `end`. What was noted after it is moved before it, as nothing is read behind. */
  async *records(): AsyncGenerator<RunwatchRecord, void, void> {
    const [head = '', ...rest] = this.#pieces;
    const first = recordsIn(rest[0]?.slice(0, rest[0].indexOf('\n') + 1) ?? '')[0];
    yield* this.#inOrder(recordsIn(head), first?.at);
    this.#read += head.length;
    let endedAt: EpochMs | undefined;
    for (const piece of rest) {
      for (let from = 0; from < piece.length; ) {
        const to = piece.indexOf('\n', from) + 1 || piece.length;
        const record = recordOf(piece.slice(from, to));
        this.#read += to - from;
        from = to;
        if (record?.record === 'end') endedAt = record.at;
        else if (record !== undefined) yield endedAt === undefined ? record : movedTo(record, endedAt);
        if (this.#pace.isDue()) await this.#pace.rest();
      }
    }
  }

  /** What is kept of the lines that had to make room: the openings, and the notes. */
  #inOrder(head: readonly RunwatchRecord[], firstAt: EpochMs | undefined): readonly RunwatchRecord[] {
    const older = this.#olderNotes.filter(({ at }) => firstAt === undefined || at < firstAt);
    return older.length === 0 ? head : [...head, ...older].sort((a, b) => a.at - b.at);
  }
}

const movedTo = (record: RunwatchRecord, at: EpochMs): RunwatchRecord =>
  record.record === 'note' ? { ...record, time: record.time ?? record.at, at } : { ...record, at: epochMs(Math.min(record.at, at)) };

const recordsIn = (text: string): RunwatchRecord[] => text.split('\n').flatMap((line) => recordOf(line) ?? []);

function recordOf(line: string): RunwatchRecord | undefined {
  if (line.trim() === '') return undefined;
  const record: unknown = JSON.parse(line);
  return isJsonObject(record) && isRecord(record) ? record : undefined;
}
