import type { TextCodec } from '#store/payload-slabs.ts';

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** The platform's UTF-8, as the monitor hands it to the store. */
export const utf8: TextCodec = {
  encodeInto: (text, target) => encoder.encodeInto(text, target),
  decode: (bytes) => decoder.decode(bytes),
};
