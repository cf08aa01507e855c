import { epochMs, type EpochMs } from '#base/units.ts';
import type { Anomaly } from '#monitor/incident/incident-report.ts';
import type { Stretch } from './brush.ts';

/** Where somebody who steps through the anomalies is. */
export interface Place {
  /** The run that is open. */
  readonly run: string | undefined;
  /** The time of the anomaly that was stepped to last. */
  readonly at: EpochMs | undefined;
}

/** Which anomaly somebody is at, counted from 0; -1: at none. */
export function placeAmong(anomalies: readonly Anomaly[], { run, at }: Place): number {
  const exact = anomalies.findIndex((anomaly) => anomaly.at === at && (anomaly.run ?? undefined) === run);
  if (exact >= 0) return exact;
  return run === undefined ? -1 : anomalies.findLastIndex((anomaly) => anomaly.run === run);
}

/** The anomaly before or after; from nowhere the newest one within or before the stretch that is shown, or the first after it. Undefined at either end. */
export function stepFrom(anomalies: readonly Anomaly[], place: Place, direction: -1 | 1, shown: Stretch): Anomaly | undefined {
  const index = placeAmong(anomalies, place);
  if (index >= 0) return anomalies[index + direction];
  return direction === -1 ? anomalies.findLast(({ at }) => at <= shown.to) : (anomalies.find(({ at }) => at >= shown.to) ?? anomalies.findLast(({ at }) => at >= shown.from));
}

/** Something of what follows an anomaly belongs into the picture: it stands left of the middle. */
const placeInStretch = 0.4;

/** The end of a stretch of the same length that shows `at`; undefined where it is shown already. */
export function endToShow(at: EpochMs, { from, to }: Stretch): EpochMs | undefined {
  return at >= from && at <= to ? undefined : epochMs(at + (to - from) * (1 - placeInStretch));
}
