/** How near a host is, as browsers divide addresses for Local Network Access; `named` where only the name is known. */
export type AddressSpace = 'loopback' | 'local' | 'public' | 'named';

const loopback = /^(localhost|.*\.localhost|127\.\d+\.\d+\.\d+|\[::1\])$/i;
const local = /^(10\.\d+\.\d+\.\d+|192\.168\.\d+\.\d+|172\.(1[6-9]|2\d|3[01])\.\d+\.\d+|169\.254\.\d+\.\d+|\[f[cd][0-9a-f:]*\]|\[fe80:[0-9a-f:]*\]|.*\.local)$/i;
const literal = /^(\d+\.\d+\.\d+\.\d+|\[.*\])$/;

/** The space of a URL's host, or of a bare host. */
export function spaceOf(place: string): AddressSpace {
  const host = place.includes('://') && URL.canParse(place) ? new URL(place).hostname : place;
  if (loopback.test(host)) return 'loopback';
  if (local.test(host)) return 'local';
  return literal.test(host) ? 'public' : 'named';
}
