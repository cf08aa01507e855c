import { identifierOf } from '#protocol/identifier.ts';
import { isOneLine, recordLine, redactLine } from '#record/capture-writer.ts';
import type { ConnectionOpenRecord, FrameRecord, RunwatchRecord } from '#record/record.ts';
import type { EventStore } from '#store/event-store.ts';
import { lineEnd, lineHeadOf } from './line-head.ts';

const mostPieces = 4;

/** An opening that made a connection another user's. */
interface Opening {
  readonly user: string;
  readonly line: string;
  /** How many lines were written before it. */
  readonly place: number;
}

/**
 * The capture of one watch: its newest lines, as the store keeps them. Its header is kept whatever else goes, and so are the
 * openings by which the users of the kept lines are known. Secrets are taken out where a line leaves, not where it comes in:
 * most never leave.
 */
export class Capture {
  readonly #store: EventStore;
  #header = '';
  readonly #heads = new Map<string, ReturnType<typeof lineHeadOf>>();
  /** Per connection, its openings since the newest one that is evicted. */
  readonly #openings = new Map<string, Opening[]>();

  constructor(store: EventStore) {
    this.#store = store;
  }

  /** Its first line, with whatever secrets it holds. */
  get header(): string {
    return this.#header;
  }

  /** Takes the next record; the first is the header. Of a frame, `wireText` is the JSON out of which its data was parsed. */
  write(record: RunwatchRecord, wireText?: string): void {
    if (record.record === 'frame' && wireText !== undefined && isOneLine(wireText)) {
      this.#store.write(wireText, this.#lineHead(record), lineEnd);
      return;
    }
    const line = recordLine(record, wireText);
    if (record.record === 'header') {
      this.#header = line;
      return;
    }
    if (record.record === 'connection-open') this.#remember(record, line);
    this.#store.write(line);
  }

  /** The header and what is kept, whole lines without secrets. */
  text(): string {
    const lines = [this.#header, ...this.#evictedOpenings()].map(redactLine);
    let end = '';
    for (const piece of this.#store.texts()) {
      for (const line of piece.split(afterLine)) {
        // Notes may be written when all is over, and nothing is read after the end.
        if (line.startsWith(endHead)) end = line;
        else lines.push(redactLine(line));
      }
    }
    lines.push(end);
    return lines.join('');
  }

  /** The same as it came, with whatever secrets it holds, many lines in each piece: for somebody who takes them out. */
  rawPieces(): string[] {
    return [this.#header + this.#evictedOpenings().join(''), ...this.#store.texts()];
  }

  /** The newest lines of frames, the newest first, `most` of them at the most; with whatever secrets they hold. */
  newestFrames(most: number): string[] {
    const lines: string[] = [];
    let pieces = 0;
    for (const piece of this.#store.newestTexts()) {
      for (let end = piece.length; end > 0 && lines.length < most; ) {
        const begin = piece.lastIndexOf('\n', end - 2) + 1;
        const line = piece.slice(begin, end);
        if (line.startsWith('{"record":"frame"')) lines.push(line);
        end = begin;
      }
      pieces += 1;
      // Frames are most of what comes: where there are none in so much, there are none worth the search.
      if (lines.length === most || pieces === mostPieces) break;
    }
    return lines;
  }

  #lineHead({ connection, at }: FrameRecord): Uint8Array {
    let head = this.#heads.get(connection);
    if (head === undefined) this.#heads.set(connection, (head = lineHeadOf(connection)));
    return head(at);
  }

  #remember({ connection, user }: ConnectionOpenRecord, line: string): void {
    const named = identifierOf(user);
    const openings = this.#openings.get(connection) ?? [];
    if (named === undefined || named === openings.at(-1)?.user) return;
    while (openings[1] !== undefined && this.#isEvicted(openings[1])) openings.shift();
    openings.push({ user: named, line, place: this.#store.writtenTexts });
    this.#openings.set(connection, openings);
  }

  /** What the openings that had to make room said last, in the order in which they came: their times are before those of all kept lines. */
  #evictedOpenings(): string[] {
    const last = Array.from(this.#openings.values(), (openings) => openings.findLast((opening) => this.#isEvicted(opening)));
    return last
      .filter((opening) => opening !== undefined)
      .sort((a, b) => a.place - b.place)
      .map(({ line }) => line);
  }

  #isEvicted({ place }: Opening): boolean {
    return place < this.#store.evictedTexts;
  }
}

const afterLine = /(?<=\n)/;
const endHead = '{"record":"end"';
