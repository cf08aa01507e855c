import { epochMs, type EpochMs } from '#base/units.ts';
import type { PageQuery } from '#views/parts/url-state.ts';
import type { ComparedSides } from './comparison-address.ts';

/** A view that runs with the time is compared by this much of it. */
const usualSpanMs = 300_000;

/** A stretch of time. */
export interface Stretch {
  readonly from: EpochMs;
  readonly to: EpochMs;
}

/** The stretch that the address names, else the newest five minutes. */
export function shownStretch({ from, to }: Pick<PageQuery, 'from' | 'to'>, now: EpochMs): Stretch {
  return from !== undefined && to !== undefined && to > from ? { from, to } : { from: epochMs(now - usualSpanMs), to: now };
}

/** As long as `stretch`, and over before it began, or before the trouble did. */
export function stretchBefore({ from, to }: Stretch, onsetAt?: EpochMs): Stretch {
  const end = Math.min(from, onsetAt ?? from);
  return { from: epochMs(end - (to - from)), to: epochMs(end) };
}

/** What is compared unasked: the open run with the last good one of its connection; else what is on the screen with what was before the trouble. */
export function usualComparisonOf(environmentId: string, run: string | undefined, shown: Stretch, onsetAt: EpochMs | undefined): ComparedSides {
  if (run !== undefined) return { left: { environmentId, lastGoodBefore: run }, right: { environmentId, run } };
  return { left: { environmentId, ...stretchBefore(shown, onsetAt) }, right: { environmentId, ...shown } };
}
