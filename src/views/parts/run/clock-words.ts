import type { RunEventDetail } from '#monitor/snapshot.ts';
import { formatDuration, formatLatency, noData } from '#views/parts/format.ts';

export type ClockChoice = 'corrected' | 'raw';

type Timed = Pick<RunEventDetail, 'at' | 'sentAt' | 'latencyMs' | 'offsetMs' | 'uncertaintyMs' | 'recovered'>;

/** How far the two clocks are apart at one event: received − sent; null where it does not say when it was sent. */
export function rawDifference({ at, sentAt, latencyMs, offsetMs }: Timed): number | null {
  if (sentAt !== null) return at - sentAt;
  // Its payload may be gone, and what was measured is still known.
  return latencyMs === null || offsetMs === null ? null : latencyMs - offsetMs;
}

/** The same with the target's clock put right, never cut off at 0; null where that cannot be said. */
export function correctedLatency(event: Timed): number | null {
  if (event.latencyMs !== null) return event.latencyMs;
  const raw = rawDifference(event);
  return raw === null || event.offsetMs === null || event.recovered ? null : raw + event.offsetMs;
}

/** True of a latency that is negative beyond its error: the clock model is wrong. */
export const isImpossible = (event: Timed): boolean => (correctedLatency(event) ?? 0) + (event.uncertaintyMs ?? 0) < 0;

/** How long the delivery of an event took, by the clock that the reader chose: `52 ±24 ms`, `< e`, `14 ms raw`, `unsynced`. */
export function deliveryWords(event: Timed, clock: ClockChoice): string {
  const raw = rawDifference(event);
  if (raw === null) return noData;
  if (clock === 'raw') return `${formatDuration(raw)} raw`;
  if (event.recovered) return 'sent again';
  const corrected = correctedLatency(event);
  return corrected === null ? 'unsynced' : formatLatency(corrected, event.uncertaintyMs);
}
