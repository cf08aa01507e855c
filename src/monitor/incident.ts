import type { EpochMs } from '#base/units.ts';
import type { IncidentReport } from './incident-report.ts';
import type { Recording } from './recording.ts';

/** What is wrong with an environment, for whom and since when. */
export function incidentReport(recording: Recording, { to }: { readonly from?: EpochMs | undefined; readonly to?: EpochMs | undefined }): IncidentReport {
  return { at: to ?? recording.engine.now, incidents: [], strip: [], marks: [], lanes: [], anomalies: [], lastGood: null };
}
