import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { captureBegin, captureFrames } from './agent-capture.ts';

/** Writes a capture of so many events. */
export async function writeCapture(file: string, events: number): Promise<void> {
  const out = createWriteStream(file);
  const lines: string[] = captureBegin().map((record) => JSON.stringify(record));
  const flush = async (): Promise<void> => {
    if (!out.write(`${lines.join('\n')}\n`)) await once(out, 'drain');
    lines.length = 0;
  };
  for (const record of captureFrames(events)) {
    lines.push(JSON.stringify(record));
    if (lines.length >= 1000) await flush();
  }
  await flush();
  out.end();
  await once(out, 'close');
}
