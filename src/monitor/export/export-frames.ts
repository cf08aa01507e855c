import { assertNever } from '#base/assert.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '#base/json.ts';
import type { RejectReason } from '#protocol/dialect.ts';
import { maxDepth, maxLength } from '#protocol/gate.ts';
import type { Mapping } from '#protocol/mapping.ts';
import { createReassembly, type Reassembly } from '#protocol/netra-chunks.ts';
import { frameFault, frameOfText } from '#protocol/parse.ts';
import type { Pseudonyms } from '#record/pseudonyms.ts';
import type { FrameRecord } from '#record/record.ts';
import type { ExportLeaves } from './export-leaves.ts';
import { canonicalMapping, MappedExport, textsOfMapping } from './export-mapped.ts';
import { NetraExport } from './export-netra.ts';

/** What a frame leaves with. */
type Content = Pick<FrameRecord, 'data' | 'text' | 'base64'>;

const leftOutText = '[left out]';

/** Makes what leaves of frames: decoded again they say the same, or are rejected for the same reason. */
export class ExportFrames {
  readonly #names: Pseudonyms;
  readonly #leaves: ExportLeaves;
  readonly #keepsPayloads: boolean;
  readonly #message: (data: JsonValue, event: string | undefined) => JsonValue;
  /** Per connection, the large messages whose pieces are still coming; only in the dialect that has such. */
  readonly #reassemblies: Map<string, Reassembly> | undefined;

  constructor(dialect: string | Mapping, names: Pseudonyms, leaves: ExportLeaves, keepsPayloads: boolean) {
    this.#names = names;
    this.#leaves = leaves;
    this.#keepsPayloads = keepsPayloads;
    if (dialect === 'netra') {
      const netra = new NetraExport(leaves);
      this.#message = (data, event) => netra.message(data, event);
      this.#reassemblies = new Map();
    } else {
      const mapped = typeof dialect === 'string' ? new MappedExport(canonicalMapping, new Set(), leaves) : new MappedExport(dialect, textsOfMapping(dialect), leaves);
      this.#message = (data) => mapped.message(data);
    }
  }

  /** @param connection the name under which its connection leaves */
  frame(frame: FrameRecord, connection: string): FrameRecord {
    const { record, at, event } = frame;
    const named = { record, at, connection, ...(event !== undefined && { event: this.#names.name(event, 'type') }) };
    const fault = frameFault(frame);
    if (fault !== undefined) return { ...named, ...this.#rejected(frame, fault) };
    const data = frame.data ?? null;
    const pieced = this.#reassemblies !== undefined && isJsonObject(data) ? this.#piece(this.#reassemblies, frame.connection, data) : undefined;
    // A message that was put together from pieces was read without the name of the event that its last piece came in.
    if (pieced !== undefined) return { record, at, connection, ...pieced };
    return { ...named, data: this.#message(data, event) };
  }

  /** Stands for a frame that is rejected before anything in it is read. */
  #rejected({ text, data }: Content, fault: RejectReason): Content {
    switch (fault) {
      case 'too-deep':
        return { text: '['.repeat(maxDepth + 1) + ']'.repeat(maxDepth + 1) };
      case 'too-large':
        return { text: 'x'.repeat(maxLength + 1) };
      case 'bad-number':
        return { text: '1e999' };
      case 'binary':
        this.#leaves.counts.leftOut += 1;
        return { base64: '' };
      default:
        return text === undefined || data !== undefined ? { data: null } : { text: this.#text(text) };
    }
  }

  /** A text that is no JSON, and stays none. */
  #text(text: string): string {
    if (!this.#keepsPayloads) {
      this.#leaves.counts.leftOut += 1;
      return leftOutText;
    }
    const clean = this.#leaves.text(text);
    return frameFault({ text: clean }) === 'not-json' ? clean : leftOutText;
  }

  /**
   * What stands for a piece of a large message: nothing that counts, and for the last piece the whole. Its pieces are base64, in which
   * nobody would see what leaves. Undefined: it is no piece.
   */
  #piece(reassemblies: Map<string, Reassembly>, connection: string, message: JsonObject): Content | undefined {
    if (typeof message['type'] === 'string') return undefined;
    let reassembly = reassemblies.get(connection);
    if (reassembly === undefined) reassemblies.set(connection, (reassembly = createReassembly()));
    const outcome = reassembly.take(message['message_type'], message);
    switch (outcome?.kind) {
      case undefined:
        return undefined;
      case 'held':
        return { data: { message_type: 'upload_progress' } };
      case 'broken':
        return broken;
      case 'whole':
        return this.#whole(outcome.text);
      default:
        return assertNever(outcome);
    }
  }

  #whole(text: string): Content {
    const frame = frameOfText(text);
    if (frame.data !== undefined) return { data: this.#message(withoutPieceType(frame.data), undefined) };
    const fault = frameFault(frame);
    return fault === undefined || fault === 'not-json' ? broken : this.#rejected({ text }, fault);
  }
}

/** The end of a large message of which nothing came. */
const broken: Content = { data: { message_type: 'chunked_end' } };

const isPieceType = (type: JsonValue | undefined): boolean => typeof type === 'string' && type.startsWith('chunked_');

/** Pieces do not nest: what looks like one in a whole message is none. */
function withoutPieceType(data: JsonValue): JsonValue {
  if (!isJsonObject(data) || typeof data['type'] === 'string' || !isPieceType(data['message_type'])) return data;
  return Object.fromEntries(Object.entries(data).filter(([key]) => key !== 'message_type'));
}
