import { isJsonObject } from '#base/json.ts';
import { epochMs, type EpochMs } from '#base/units.ts';
import { redact, redactLine } from '#record/capture-writer.ts';
import { latestOpenings, type Opening } from './capture-meta.ts';

const afterLine = /(?<=\n)/;

/** Whole lines as they are in memory, made fit to be written: what `redactLine` makes of each. */
export function redactLines(text: string): string {
  // Read in one go, which is several times faster, where no line hides anything behind escapes: no pattern reaches over the end of a line.
  return /\\[u/]/.test(text) ? text.split(afterLine).map(redactLine).join('') : redact(text);
}

/** What whole lines of a capture tell at a glance. */
export interface LineFacts {
  readonly records: number;
  /** Times of the first and of the last record; undefined where there is none. */
  readonly from: EpochMs | undefined;
  readonly to: EpochMs | undefined;
  readonly openings: readonly Opening[];
}

export function factsOf(text: string): LineFacts {
  let records = 0;
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) records += 1;
  return { records, from: timeAt(text, 0), to: timeAt(text, text.lastIndexOf('\n', text.length - 2) + 1), openings: openingsIn(text) };
}

/** The part of a file that a crash left whole, in bytes: up to the last line feed before anything that is no text. */
export function wholeLines(bytes: Uint8Array): number {
  const zero = bytes.indexOf(0);
  return bytes.lastIndexOf(lineFeed, zero === -1 ? bytes.length : zero) + 1;
}

const endStart = '{"record":"end"';

/** Whole lines without the one that ends a capture, and that one; notes may be written when all is over, and nothing is read after an end. */
export function withoutEnd(text: string): { readonly text: string; readonly end: string | undefined } {
  const at = text.startsWith(endStart) ? 0 : text.lastIndexOf(`\n${endStart}`) + 1;
  if (!text.startsWith(endStart, at)) return { text, end: undefined };
  const after = text.indexOf('\n', at) + 1;
  return { text: text.slice(0, at) + text.slice(after), end: text.slice(at, after) };
}

const lineFeed = 10;
/** Every record is written with its time near its front. */
const timeOfRecord = /"at":(-?\d+(?:\.\d+)?(?:e[+-]?\d+)?)/;
const frontLength = 200;

function timeAt(text: string, begin: number): EpochMs | undefined {
  const found = timeOfRecord.exec(text.slice(begin, begin + frontLength))?.[1];
  return found === undefined ? undefined : epochMs(Number(found));
}

const openingStart = '{"record":"connection-open"';

function openingsIn(text: string): readonly Opening[] {
  const openings: Opening[] = [];
  for (let at = text.indexOf(openingStart); at !== -1; at = text.indexOf(openingStart, at + 1)) {
    if (at !== 0 && text[at - 1] !== '\n') continue;
    const end = text.indexOf('\n', at);
    const line = text.slice(at, end === -1 ? text.length : end + 1);
    const record: unknown = JSON.parse(line);
    if (isJsonObject(record) && typeof record['connection'] === 'string' && record['user'] !== undefined) openings.push({ connection: record['connection'], line });
  }
  return latestOpenings([openings]);
}
