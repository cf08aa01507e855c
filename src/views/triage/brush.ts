/** A stretch of time, in milliseconds since the epoch. */
export interface Stretch {
  readonly from: number;
  readonly to: number;
}

/** What of the brush a pointer holds: an end, all of it, or nothing yet, where it draws a new one. */
export type Grip = 'from' | 'to' | 'body' | 'new';

/** The keyboard moves the brush by this much. */
export const stepMs = 15_000;

/** The same length, inside the limits. */
function moved({ from, to }: Stretch, by: number, limits: Stretch): Stretch {
  const way = Math.min(limits.to - to, Math.max(limits.from - from, by));
  return { from: from + way, to: to + way };
}

/**
 * The brush while it is dragged.
 * @param before as it was when the pointer went down at `grabbedAt`; the pointer is at `at` now
 * @param shortestMs it gets no shorter than this
 */
export function dragged(before: Stretch, grip: Grip, grabbedAt: number, at: number, limits: Stretch, shortestMs: number): Stretch {
  const here = Math.min(limits.to, Math.max(limits.from, at));
  switch (grip) {
    case 'from':
      return { from: Math.min(here, before.to - shortestMs), to: before.to };
    case 'to':
      return { from: before.from, to: Math.max(here, before.from + shortestMs) };
    case 'body':
      return moved(before, at - grabbedAt, limits);
    case 'new': {
      const drawn = { from: Math.min(here, grabbedAt), to: Math.max(here, grabbedAt) };
      return drawn.to - drawn.from >= shortestMs ? drawn : moved({ from: drawn.from, to: drawn.from + shortestMs }, 0, limits);
    }
  }
}

/** The brush with its middle where a click was. */
export const centred = ({ from, to }: Stretch, at: number, limits: Stretch): Stretch => moved({ from, to }, at - (from + to) / 2, limits);

/** The brush after a key: arrows move it, with Shift its right end, pages move it by its length, Home and End lead to the edges. Undefined: the key is none of these. */
export function stepped(before: Stretch, key: string, shift: boolean, limits: Stretch, shortestMs: number): Stretch | undefined {
  const way = key === 'ArrowLeft' || key === 'ArrowDown' ? -stepMs : key === 'ArrowRight' || key === 'ArrowUp' ? stepMs : undefined;
  if (way !== undefined) return shift ? dragged(before, 'to', before.to, before.to + way, limits, shortestMs) : moved(before, way, limits);
  const length = before.to - before.from;
  if (key === 'PageUp') return moved(before, -length, limits);
  if (key === 'PageDown') return moved(before, length, limits);
  if (key === 'Home') return moved(before, limits.from - before.from, limits);
  if (key === 'End') return moved(before, limits.to - before.to, limits);
  return undefined;
}
