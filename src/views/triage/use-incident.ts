import { useCallback, useState } from 'react';
import type { EpochMs } from '#base/units.ts';
import type { IncidentReport } from '#monitor/incident/incident-report.ts';
import { useQueryState } from '#views/parts/url-state.ts';
import { useFrozenAt, useMonitorStore } from '#views/parts/use-monitor.ts';
import { useRepeated } from '#views/parts/use-repeated.ts';

/** From one answer to the next question. */
const pauseMs = 500;
/** A stretch that is over changes little: a late event, a note, records that are still read in. */
const pastPauseMs = 2000;

/** Before the first answer. */
const unknown: Omit<IncidentReport, 'at'> & { readonly at: undefined } = { at: undefined, incidents: [], strip: [], marks: [], lanes: [], anomalies: [], lastGood: null };

/** An incident report, or an empty one that is of no time. */
export type KnownIncidents = IncidentReport | typeof unknown;

/**
 * What is wrong with an environment; stands still while the view does.
 * @returns `shown`: of the stretch that the address names, else as of now; `whole`: as of now, whatever is shown
 */
export function useIncident(environmentId: string): { readonly shown: KnownIncidents; readonly whole: KnownIncidents } {
  const { from, to } = useQueryState();
  const frozenAt = useFrozenAt();
  const isPast = from !== undefined && to !== undefined;
  const whole = useReport(environmentId, undefined, frozenAt, frozenAt === undefined ? pauseMs : null);
  const stretch = useReport(environmentId, from, to, frozenAt === undefined ? pastPauseMs : null, isPast);
  return { shown: isPast ? (stretch ?? whole ?? unknown) : (whole ?? unknown), whole: whole ?? unknown };
}

function useReport(environmentId: string, from: EpochMs | undefined, to: EpochMs | undefined, everyMs: number | null, wanted = true): IncidentReport | undefined {
  const { client } = useMonitorStore();
  const [report, setReport] = useState<IncidentReport>();
  const ask = useCallback(async () => (wanted ? client.ask('incident', { environmentId, from, to }) : undefined), [client, environmentId, from, to, wanted]);
  useRepeated(ask, setReport, wanted ? everyMs : null);
  return report;
}
