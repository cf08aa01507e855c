/** Decompressed bytes that are read of a capture at the most: a million events take a third of it. */
const largestCapsule = 1024 ** 3;

type CapsuleFaultReason =
  /** It says that it is gzip, and is not. */
  | 'not-gzip'
  /** There is more in it than is read: perhaps nothing but zeros, a million times smaller. */
  | 'too-large';

/** Why the bytes of a capture give no text. The message says what to do. */
export class CapsuleError extends Error {
  readonly reason: CapsuleFaultReason;

  constructor(reason: CapsuleFaultReason, message: string) {
    super(message);
    this.reason = reason;
  }
}

/** Of gzip so much is unpacked at once: at best a thousandfold comes out, and waits until it is taken. */
const packedBytes = 4096;

/**
 * The text of a capture, plain or gzipped (told by its first bytes), piece by piece: never more of it is held than a few MiB. Gzip that
 * is cut short, as by a crash while it was written, gives what is whole. The same in a page, in a worker and in Node.
 *
 * @throws {CapsuleError} while it is read
 */
export async function* capsuleText(source: AsyncIterable<Uint8Array>, limitBytes: number = largestCapsule): AsyncGenerator<string, void, void> {
  const decoder = new TextDecoder();
  let length = 0;
  for await (const bytes of unzipped(source)) {
    length += bytes.length;
    if (length > limitBytes) throw new CapsuleError('too-large', `There are more than ${Math.round(limitBytes / 2 ** 20)} MiB of text in it, and no more is read. Export a shorter stretch of time.`);
    yield decoder.decode(bytes, { stream: true });
  }
  yield decoder.decode();
}

async function* unzipped(source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void, void> {
  const pieces = source[Symbol.asyncIterator]();
  const head = await headOf(pieces);
  const whole = withHead(head, pieces);
  if (head[0] === 0x1f && head[1] === 0x8b) yield* gunzipped(whole);
  else yield* whole;
}

/** The first piece, of two bytes at least if there are so many. */
async function headOf(pieces: AsyncIterator<Uint8Array>): Promise<Uint8Array> {
  let head = new Uint8Array();
  while (head.length < 2) {
    const next = await pieces.next();
    if (next.done === true) break;
    const longer = new Uint8Array(head.length + next.value.length);
    longer.set(head);
    longer.set(next.value, head.length);
    head = longer;
  }
  return head;
}

async function* withHead(head: Uint8Array, pieces: AsyncIterator<Uint8Array>): AsyncGenerator<Uint8Array, void, void> {
  yield head;
  for (let next = await pieces.next(); next.done !== true; next = await pieces.next()) yield next.value;
}

async function* gunzipped(packed: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void, void> {
  const unzip = new DecompressionStream('gzip');
  const reader = unzip.readable.getReader();
  const feeding = feed(packed, unzip.writable.getWriter());
  let length = 0;
  try {
    for (let next = await reader.read(); !next.done; next = await reader.read()) {
      length += next.value.length;
      yield next.value;
    }
    await feeding;
  } catch (error) {
    if (!isCutShort(error) || length === 0) throw notGzip(error);
  } finally {
    feeding.catch(() => undefined);
    // One that has failed has let go already.
    await reader.cancel().catch(() => undefined);
  }
}

async function feed(packed: AsyncIterable<Uint8Array>, writer: WritableStreamDefaultWriter<BufferSource>): Promise<void> {
  // What the reader is told is told here too.
  writer.closed.catch(() => undefined);
  for await (const bytes of packed) {
    for (let from = 0; from < bytes.length; from += packedBytes) {
      await writer.ready;
      await writer.write(new Uint8Array(bytes.subarray(from, from + packedBytes)));
    }
  }
  await writer.close();
}

/** True of what a platform says of gzip that ends too soon; of data that are not right it says other things. */
const isCutShort = (error: unknown): boolean => error instanceof Error && /truncated|unexpected end|without reaching/i.test(`${error.message} ${error.cause instanceof Error ? error.cause.message : ''}`);

const notGzip = (error: unknown): CapsuleError =>
  new CapsuleError('not-gzip', `It begins like gzip and cannot be unpacked (${error instanceof Error ? error.message : 'no reason is given'}). It may have been changed on its way: have it sent once more.`);

/** Bytes as gzip. */
export const gzipped = (bytes: ReadableStream<Uint8Array<ArrayBuffer>>): ReadableStream<Uint8Array<ArrayBuffer>> => bytes.pipeThrough(new CompressionStream('gzip'));
