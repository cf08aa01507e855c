import { createReadStream, writeFileSync } from 'node:fs';
import { basename } from 'node:path';
import type { Readable } from 'node:stream';
import { CapsuleError, capsuleText } from '#monitor/export/capsule.ts';
import { WhysCapture } from '#monitor/whys/whys-capture.ts';
import { whysHtml } from '#monitor/whys/whys-html.ts';
import { whysMarkdown } from '#monitor/whys/whys-markdown.ts';
import { codeOf } from './config.ts';
import { exitCodeOf } from './exit-code.ts';
import { jsonText } from './terminal.ts';
import { UsageError } from './usage.ts';

export interface ReportOptions {
  /** Where the report is written as a page of its own, too. */
  readonly html: string | undefined;
  readonly json: boolean;
}

/** `runwatch report FILE`: the Five-Whys report of a capture, as Markdown. @throws UsageError where it cannot be read, or the page cannot be written */
export async function reportCommand(file: string, { html, json }: ReportOptions): Promise<number> {
  const capture = new WhysCapture();
  try {
    for await (const piece of capsuleText(bytesOf(file))) if (!capture.push(piece).ok) break;
  } catch (error) {
    throw new UsageError(`Cannot read the capture ${file} (${error instanceof CapsuleError ? error.reason : codeOf(error)}).${error instanceof CapsuleError ? ` ${error.message}` : ''}`);
  }
  const captured = capture.finish(file === '-' ? null : basename(file));
  if (!captured.ok) throw new UsageError(`${file} is not a capture that can be judged. ${captured.error.message}`);
  const { report, whys, summary } = captured.value;
  if (summary.tornLines > 0) process.stderr.write('The last line was torn, as by a crash, and is left out.\n');
  if (html !== undefined) writePage(html, whysHtml(whys));
  process.stdout.write(json ? `${jsonText(whys)}\n` : whysMarkdown(whys));
  return exitCodeOf(report);
}

function writePage(path: string, text: string): void {
  try {
    writeFileSync(path, text);
  } catch (error) {
    throw new UsageError(`Cannot write the report ${path} (${codeOf(error)}).`);
  }
}

const bytesOf = (file: string): Readable => (file === '-' ? process.stdin : createReadStream(file));
