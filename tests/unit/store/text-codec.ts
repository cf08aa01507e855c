import type { TextCodec } from '#store/text-ring.ts';

const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { ignoreBOM: true });

/** The platform's UTF-8, as the monitor hands it to the store. */
export const utf8: TextCodec = {
  encodeInto: (text, target) => encoder.encodeInto(text, target),
  encode: (text) => encoder.encode(text),
  decode: (bytes) => decoder.decode(bytes),
};
