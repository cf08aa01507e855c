const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

/** How many digits become text at once: a function takes only so many arguments. */
const block = 8192;
const padding = 61;

/** Base64 (RFC 4648) of some bytes, with padding. Written here because neither the language nor Node 20 has it without a platform's own objects. */
export function base64OfBytes(bytes: Uint8Array): string {
  const digits = new Uint8Array(Math.ceil(bytes.length / 3) * 4).fill(padding);
  for (let from = 0, to = 0; from < bytes.length; from += 3, to += 4) {
    const bits = ((bytes[from] ?? 0) << 16) | ((bytes[from + 1] ?? 0) << 8) | (bytes[from + 2] ?? 0);
    digits[to] = alphabet.charCodeAt(bits >>> 18);
    digits[to + 1] = alphabet.charCodeAt((bits >>> 12) & 63);
    if (from + 1 < bytes.length) digits[to + 2] = alphabet.charCodeAt((bits >>> 6) & 63);
    if (from + 2 < bytes.length) digits[to + 3] = alphabet.charCodeAt(bits & 63);
  }
  const blocks: string[] = [];
  for (let from = 0; from < digits.length; from += block) blocks.push(String.fromCharCode(...digits.subarray(from, from + block)));
  return blocks.join('');
}

/** The bytes that a base64 text (padded or not) stands for, or undefined where it is none. */
export function bytesOfBase64(text: string): Uint8Array | undefined {
  const length = text.endsWith('==') ? text.length - 2 : text.endsWith('=') ? text.length - 1 : text.length;
  if (length % 4 === 1 || (length < text.length && text.length % 4 !== 0)) return undefined;
  const bytes = new Uint8Array(Math.floor((length * 3) / 4));
  let bits = 0;
  let held = 0;
  let written = 0;
  for (let at = 0; at < length; at += 1) {
    const digit = digitOf(text.charCodeAt(at));
    if (digit < 0) return undefined;
    bits = ((bits << 6) | digit) & 0xffff;
    held += 6;
    if (held < 8) continue;
    held -= 8;
    bytes[written] = (bits >>> held) & 0xff;
    written += 1;
  }
  return bytes;
}

function digitOf(code: number): number {
  if (code >= 65 && code <= 90) return code - 65;
  if (code >= 97 && code <= 122) return code - 71;
  if (code >= 48 && code <= 57) return code + 4;
  if (code === 43) return 62;
  return code === 47 ? 63 : -1;
}
