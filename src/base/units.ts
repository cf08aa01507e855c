/** Units as types: a number that means something cannot be handed where another thing is meant. */

declare const unit: unique symbol;
type Unit<Name extends string> = number & { readonly [unit]: Name };

/** Milliseconds since 1970-01-01T00:00Z on some wall clock; fractions allowed. */
export type EpochMs = Unit<'EpochMs'>;
/** A length of time in milliseconds; fractions allowed, may be negative. */
export type DurationMs = Unit<'DurationMs'>;

export const epochMs = (value: number): EpochMs => value as EpochMs;
export const durationMs = (value: number): DurationMs => value as DurationMs;

/** The instant `by` after `at`. */
export const later = (at: EpochMs, by: DurationMs): EpochMs => (at + by) as EpochMs;
/** How long from `from` to `to`; negative when `to` is earlier. */
export const between = (from: EpochMs, to: EpochMs): DurationMs => (to - from) as DurationMs;
