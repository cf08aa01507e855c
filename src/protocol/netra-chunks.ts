import type { JsonObject, JsonValue } from '#base/json.ts';
import { isJsonObject } from '#base/json.ts';
import { bytesOfBase64 } from './base64.ts';
import { maxLength } from './gate.ts';
import { firstIdentifier } from './identifier.ts';

/** How many messages may be coming in at once; the one begun first gives way. */
const maxPending = 8;
/** What their pieces may take together, in base64 digits: room for one message of `maxLength` bytes. */
const maxHeld = Math.ceil(maxLength / 3) * 4;
const maxChunks = 4096;

/** A large message whose pieces are still coming. */
interface Pending {
  /** How many pieces its start announced; undefined where it did not say. */
  readonly total: number | undefined;
  /** By their index, from 0. */
  readonly pieces: Map<number, string>;
  held: number;
}

/** What one frame of a large message comes to. */
export type ChunkOutcome = { readonly kind: 'held' } | { readonly kind: 'broken' } | { readonly kind: 'whole'; readonly text: string };

const held: ChunkOutcome = { kind: 'held' };
const broken: ChunkOutcome = { kind: 'broken' };

/** Puts the large messages of ONE connection together again, in bounded memory. */
export interface Reassembly {
  /** Takes a message of `messageType`; undefined where it is no piece of a large one. */
  take(messageType: JsonValue | undefined, message: JsonObject): ChunkOutcome | undefined;
}

export function createReassembly(): Reassembly {
  const pending = new Map<string, Pending>();

  const drop = (id: string): ChunkOutcome => {
    pending.delete(id);
    return broken;
  };

  const start = (id: string, fields: readonly JsonObject[]): ChunkOutcome => {
    pending.delete(id);
    const oldest = pending.keys().next();
    if (pending.size >= maxPending && oldest.done !== true) pending.delete(oldest.value);
    const total = firstCount(fields, 'total_chunks');
    // What is compressed cannot be read here. Not remembering it has each of its pieces rejected, and so seen.
    if (isCompressed(fields) || (total ?? 0) > maxChunks) return broken;
    pending.set(id, { total, pieces: new Map(), held: 0 });
    return held;
  };

  const piece = (id: string, fields: readonly JsonObject[], content: JsonValue | undefined): ChunkOutcome => {
    const message = pending.get(id);
    if (message === undefined) return broken;
    const index = firstCount(fields, 'chunk_index');
    if (index === undefined || index >= (message.total ?? maxChunks) || typeof content !== 'string') return drop(id);
    if (message.pieces.has(index)) return held;
    let sum = content.length;
    for (const other of pending.values()) sum += other.held;
    if (sum > maxHeld) return drop(id);
    message.pieces.set(index, content);
    message.held += content.length;
    return held;
  };

  const end = (id: string): ChunkOutcome => {
    const message = pending.get(id);
    pending.delete(id);
    const text = message === undefined ? undefined : joined(message);
    return text === undefined ? broken : { kind: 'whole', text };
  };

  return {
    take(messageType, message) {
      if (messageType !== 'chunked_start' && messageType !== 'chunked_data' && messageType !== 'chunked_end') return undefined;
      const fields = [message, message['metadata']].filter(isJsonObject);
      const id = firstIdentifier(fields, ['message_id']);
      if (id === undefined) return broken;
      if (messageType === 'chunked_start') return start(id, fields);
      return messageType === 'chunked_data' ? piece(id, fields, message['data']) : end(id);
    },
  };
}

function firstCount(fields: readonly JsonObject[], name: string): number | undefined {
  return fields
    .map((part) => part[name])
    .filter((value) => typeof value === 'number')
    .find((value) => Number.isSafeInteger(value) && value >= 0);
}

function isCompressed(fields: readonly JsonObject[]): boolean {
  return fields.some((part) => {
    const compression = part['compression'] ?? false;
    return compression !== false && compression !== '' && compression !== 'none';
  });
}

/** The text of all pieces in order, or undefined where one is missing, is not base64, or their bytes are not UTF-8. */
function joined(message: Pending): string | undefined {
  const total = message.total ?? message.pieces.size;
  const escaped: string[] = [];
  for (let index = 0; index < total; index += 1) {
    const piece = message.pieces.get(index);
    const bytes = piece === undefined ? undefined : bytesOfBase64(piece);
    if (bytes === undefined) return undefined;
    for (const byte of bytes) escaped.push(byte < 16 ? `%0${byte.toString(16)}` : `%${byte.toString(16)}`);
  }
  try {
    // The language's own strict UTF-8 decoder; a character may be split between two pieces, so all bytes go through it at once.
    return decodeURIComponent(escaped.join(''));
  } catch {
    return undefined;
  }
}
