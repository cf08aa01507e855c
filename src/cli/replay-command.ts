import { createReadStream } from 'node:fs';
import type { Readable } from 'node:stream';
import { CapsuleError, capsuleText } from '#monitor/export/capsule.ts';
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
    for await (const piece of capsuleText(bytesOf(file))) {
      const pushed = replay.push(piece);
      if (!pushed.ok) break;
    }
  } catch (error) {
    throw new UsageError(`Cannot read the capture ${file} (${error instanceof CapsuleError ? error.reason : codeOf(error)}).${error instanceof CapsuleError ? ` ${error.message}` : ''}`);
  }
  const replayed = replay.finish();
  if (!replayed.ok) throw new UsageError(`${file} is not a capture that can be judged. ${replayed.error.message}`);
  const { report, summary } = replayed.value;
  if (summary.tornLines > 0) process.stderr.write(`The last line was torn, as by a crash, and is left out.\n`);
  process.stdout.write(`${json ? jsonText(report) : printReport(report)}\n`);
  return exitCodeOf(report);
}

const bytesOf = (file: string): Readable => (file === '-' ? process.stdin : createReadStream(file));
