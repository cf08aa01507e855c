/** How figures are written in the monitor's sentences and on the command line; the page's own are written alike. */

/** Made once: a formatter costs fifty times what it formats. */
const whole = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 });

/** `14,487` */
export const count = (n: number): string => whole.format(n);

/** `2,397 runs`, `1 run` */
export const runs = (n: number): string => `${count(n)} ${n === 1 ? 'run' : 'runs'}`;

/**
 * A share (0 to 1) with two decimals and a narrow no-break space: `99.75 %`. Rounded down above one half, so that it never
 * looks better than it is; `100 %` only if nothing at all is missing.
 */
export function share(value: number): string {
  if (value === 0 || value === 1) return `${value * 100}\u202f%`;
  const hundredths = value > 0.5 ? Math.floor(value * 10_000 + hair) : Math.round(value * 10_000);
  return hundredths <= 0 ? '< 0.01\u202f%' : `${(Math.min(hundredths, 9999) / 100).toFixed(2)}\u202f%`;
}

/** A target as people write it, without idle zeros: `99 %`, `99.9 %`. */
export const targetShare = (target: number): string => `${Number((target * 100).toFixed(4))}\u202f%`;

/** Hides the error of binary fractions (0.57 × 10,000 is 5,699.999…), far below one event in a million. */
const hair = 1e-7;

/** The time of day where the monitor runs: `14:03:22`. */
export const timeOfDay = (at: number): string => new Date(at).toTimeString().slice(0, 8);

/** `0.5 s` under ten seconds, then `47 s`, then `3 min`. */
export function age(ms: number): string {
  if (ms < 10_000) return `${(ms / 1000).toFixed(1)} s`;
  return ms < 120_000 ? `${Math.round(ms / 1000)} s` : `${Math.round(ms / 60_000)} min`;
}

/** A window as it is configured: `1 h`, `30 min`, `3 d`. */
export function span(ms: number): string {
  if (ms % 86_400_000 === 0) return `${ms / 86_400_000} d`;
  if (ms % 3_600_000 === 0) return `${ms / 3_600_000} h`;
  return ms < 60_000 ? `${ms / 1000} s` : `${Math.round(ms / 60_000)} min`;
}
