/** What a reader takes at the most. A file may be anybody's. */
export interface CaptureLimits {
  /** UTF-16 units of one line. */
  readonly lineLength: number;
  /** Arrays and objects in one another, the record itself included. */
  readonly depth: number;
}

/**
 * A message of 8 Mi units whose every unit is escaped makes the longest line that this program writes. A message from the wire nests
 * 64 deep; the rest is room for what a later version may write around it.
 */
export const captureLimits: CaptureLimits = { lineLength: 64 * 1024 * 1024, depth: 256 };

const quote = 0x22;
const backslash = 0x5c;

/** Whether JSON nests deeper than `depth`. Told from the text, since a megabyte of brackets takes a parser seconds; brackets in strings are text. */
export function nestsDeeperThan(json: string, depth: number): boolean {
  // Each level opens and closes.
  if (json.length < depth * 2) return false;
  let level = 0;
  for (let at = 0; at < json.length; at += 1) {
    switch (json.charCodeAt(at)) {
      case quote:
        at = endOfString(json, at + 1);
        break;
      case 0x5b: // [
      case 0x7b: // {
        level += 1;
        if (level > depth) return true;
        break;
      case 0x5d: // ]
      case 0x7d: // }
        level -= 1;
        break;
      default:
    }
  }
  return false;
}

/** Where the string that begins at `from` has its closing quote, or the end of the text. */
function endOfString(json: string, from: number): number {
  let at = from;
  while (at < json.length && json.charCodeAt(at) !== quote) at += json.charCodeAt(at) === backslash ? 2 : 1;
  return at;
}

/** Only with an exponent of three digits, or with hundreds of digits, can a number be too large. */
const largeNumber = /\d[eE]\+?0*[1-9]\d{2}|\d{300}/;

/** Whether a number in JSON is too large to be one: what was parsed of it then holds an infinite one. Nests no deeper than the limit. */
export const holdsBadNumber = (json: string, parsed: unknown): boolean => largeNumber.test(json) && isInfiniteSomewhere(parsed);

function isInfiniteSomewhere(value: unknown): boolean {
  if (typeof value === 'number') return !Number.isFinite(value);
  return typeof value === 'object' && value !== null && Object.values(value).some(isInfiniteSomewhere);
}
