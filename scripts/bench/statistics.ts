/** The middle value; of an even number of values, the mean of the middle two. NaN for none. */
export function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}

/** The value below which the share `q` of the values lies, interpolated between the two nearest. NaN for none. */
export function quantile(values: readonly number[], q: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  const place = (sorted.length - 1) * q;
  const below = sorted[Math.floor(place)] ?? Number.NaN;
  const above = sorted[Math.ceil(place)] ?? Number.NaN;
  return below + (above - below) * (place - Math.floor(place));
}

/** A side of a comparison: gives one figure each time that it is measured. */
export type Side = (round: number) => number | Promise<number>;

export interface Compared {
  readonly ours: readonly number[];
  readonly theirs: readonly number[];
  /** ours ÷ theirs, round by round. */
  readonly ratios: readonly number[];
}

/** Measures two sides in turns, so that a drift of the machine meets both; who begins changes every round. */
export async function compare(rounds: number, ours: Side, theirs: Side, told: (round: number, ours: number, theirs: number) => void): Promise<Compared> {
  const compared = { ours: [] as number[], theirs: [] as number[], ratios: [] as number[] };
  for (let round = 0; round < rounds; round += 1) {
    const first = round % 2 === 0 ? await theirs(round) : await ours(round);
    const second = round % 2 === 0 ? await ours(round) : await theirs(round);
    const [own, other] = round % 2 === 0 ? [second, first] : [first, second];
    compared.ours.push(own);
    compared.theirs.push(other);
    compared.ratios.push(own / other);
    told(round, own, other);
  }
  return compared;
}

/** `24 100`: three significant digits are all that a shared machine can promise. */
export function rounded(value: number): string {
  if (!Number.isFinite(value)) return '–';
  if (value === 0) return '0';
  const digits = Math.max(0, 2 - Math.floor(Math.log10(Math.abs(value))));
  const step = 10 ** (2 - Math.floor(Math.log10(Math.abs(value))));
  const text = (Math.round(value * step) / step).toFixed(Math.min(3, digits));
  return text.replace(/\B(?=(\d{3})+(?!\d)(?=\.|$))/g, '\u202f');
}
