import { createReadStream } from 'node:fs';
import type { Readable } from 'node:stream';
import { constants, createGunzip } from 'node:zlib';
import { Replay } from '#monitor/replay.ts';
import { codeOf } from './config.ts';
import { exitCodeOf } from './exit-code.ts';
import { printReport } from './print.ts';
import { jsonText } from './terminal.ts';
import { UsageError } from './usage.ts';

/** `runwatch replay FILE`: judges a capture again. @throws UsageError where it cannot be read */
export async function replayCommand(file: string, json: boolean): Promise<number> {
  const replay = new Replay();
  try {
    for await (const piece of textOf(file)) {
      const pushed = replay.push(piece);
      if (!pushed.ok) break;
    }
  } catch (error) {
    throw new UsageError(`Cannot read the capture ${file} (${codeOf(error)}).`);
  }
  const replayed = replay.finish();
  if (!replayed.ok) throw new UsageError(`${file} is not a capture that can be judged. ${replayed.error.message}`);
  const { report, summary } = replayed.value;
  if (summary.tornLines > 0) process.stderr.write(`The last line was torn, as by a crash, and is left out.\n`);
  process.stdout.write(`${json ? jsonText(report) : printReport(report)}\n`);
  return exitCodeOf(report);
}

async function* textOf(file: string): AsyncIterable<string> {
  const raw: Readable = file === '-' ? process.stdin : createReadStream(file);
  const decoder = new TextDecoder();
  for await (const bytes of await unzipped(raw)) yield decoder.decode(bytes, { stream: true });
  yield decoder.decode();
}

/** Gzip is recognised by its first bytes, so that a pipe may carry it too. A capture cut short by a crash gives what is whole. */
async function unzipped(raw: Readable): Promise<AsyncIterable<Uint8Array>> {
  const pieces: AsyncIterator<Buffer> = raw[Symbol.asyncIterator]();
  const first = await pieces.next();
  const rest = async function* (): AsyncGenerator<Buffer> {
    if (first.done === true) return;
    yield first.value;
    for (let next = await pieces.next(); next.done !== true; next = await pieces.next()) yield next.value;
  };
  const isGzip = first.done !== true && first.value[0] === 0x1f && first.value[1] === 0x8b;
  if (!isGzip) return rest();
  const { Readable: Source } = await import('node:stream');
  const gunzip = createGunzip({ finishFlush: constants.Z_SYNC_FLUSH });
  const source = Source.from(rest());
  source.on('error', (error) => gunzip.destroy(error));
  return source.pipe(gunzip);
}
