/** Axes for shares near a target: what matters lies in the last per cent, so that is where the axis is. */

/** The verdict gauge's left end: as far below the target as the target is below 1; for 99 % that is 98 %. */
export const axisFrom = (target: number): number => Math.max(0, 1 - 2 * (1 - target));

/** The highest of a few round left ends that shows every one of `shares`: 98, 96, 90, 50, 0 % for a target of 99 %. */
export function axisFor(shares: readonly number[], target: number): number {
  const lowest = Math.min(1, ...shares);
  const ends = [2, 4, 10, 50].map((times) => Math.max(0, 1 - times * (1 - target)));
  return ends.find((end) => end <= lowest) ?? 0;
}

/** Where a share stands on an axis from `from` to 1, as 0 to 1; held at the ends. */
export const placeOnAxis = (share: number, from: number): number => Math.min(1, Math.max(0, (share - from) / (1 - from)));
