import type { EpochMs } from '#base/units.ts';

const encoder = new TextEncoder();
const front = '{"record":"frame","at":';
const longestNumber = 24;

/** What ends a frame's line. */
export const lineEnd = encoder.encode('}\n');

/**
 * How the lines of one connection's frames begin, up to their data, for any time: the bytes of what recordLine writes, good until they are
 * asked for again. From line to line only the time differs, and to join it all to one text that is then encoded takes longer than to
 * encode what came alone.
 */
export function lineHeadOf(connection: string): (at: EpochMs) => Uint8Array {
  const rest = encoder.encode(`,"connection":${JSON.stringify(connection)},"data":`);
  const bytes = encoder.encode(front.padEnd(front.length + longestNumber + rest.length));
  return (at) => {
    const digits = String(at);
    for (let place = 0; place < digits.length; place += 1) bytes[front.length + place] = digits.charCodeAt(place);
    const end = front.length + digits.length;
    bytes.set(rest, end);
    return bytes.subarray(0, end + rest.length);
  };
}
