import { epochMs, type EpochMs } from '#base/units.ts';
import type { Contract } from '#environment/schema.ts';
import type { RunwatchRecord } from '#record/record.ts';
import type { Run } from '#runs/run.ts';
import { crossTalkReport, sloReport, type CrossTalkReport, type SloReport } from '#monitor/report.ts';
import { addShare, emptySums, shareOf, type RunSums } from '#monitor/run-totals.ts';
import { incidentReport, type IncidentPresent } from '#monitor/incident/incident.ts';
import type { Incident, IncidentReport } from '#monitor/incident/incident-report.ts';
import type { Recording } from '#monitor/recording.ts';
import { courseOf, type Course } from './whys-course.ts';
import { historyOf, type WhysHistory } from './whys-history.ts';
import { plain } from './whys-words.ts';

export interface WhysAsk {
  /** Runs that were closed in this stretch are judged; the window of the environment up to now where it is left out. */
  readonly from?: EpochMs | undefined;
  readonly to?: EpochMs | undefined;
  /** Name of the capture that is looked at. */
  readonly capture?: string | undefined;
  /** How it stands at this moment; left out where nothing but the recording is there. */
  readonly present?: IncidentPresent | undefined;
  /** Every run that was closed, where more are known than the recording remembers. */
  readonly runs?: readonly Run[] | undefined;
  /** Every record of how connections and versions went, likewise. */
  readonly records?: readonly RunwatchRecord[] | undefined;
}

/** Runs of which something is said together. */
interface RunGroups {
  readonly all: readonly Run[];
  /** Null where nothing sets runs apart. */
  readonly affected: readonly Run[] | null;
  readonly before: readonly Run[] | null;
  readonly others: readonly Run[] | null;
}

/** All that a report is made of. */
export interface WhysCase {
  readonly recording: Recording;
  readonly name: string;
  readonly contract: Contract;
  readonly from: EpochMs;
  readonly to: EpochMs;
  readonly slo: SloReport;
  readonly sums: Readonly<RunSums>;
  readonly running: number;
  readonly groups: RunGroups;
  readonly course: Course;
  readonly history: WhysHistory;
  readonly incidents: IncidentReport;
  /** The gravest. */
  readonly incident: Incident | undefined;
  readonly leaks: readonly CrossTalkReport[];
  /** All of them: `leaks` are those that are kept in full. */
  readonly leaked: number;
  readonly whole: boolean;
}

export function whysCase(recording: Recording, ask: WhysAsk): WhysCase {
  const { engine } = recording;
  const to = epochMs(Math.min(ask.to ?? engine.now, engine.now));
  const since = Math.max(engine.header.at, to - recording.environment.slo.windowMs);
  const from = epochMs(Math.min(to, Math.max(engine.header.at, ask.from ?? since)));
  const known = ask.runs ?? [...engine.tracker.runs()];
  const closed = known.filter((run) => run.closedAt !== undefined && run.closedAt <= to).sort((a, b) => (a.closedAt ?? 0) - (b.closedAt ?? 0));
  const all = closed.filter((run) => (run.closedAt ?? 0) > from || from === engine.header.at);
  const sums = emptySums();
  for (const run of all) addShare(sums, shareOf(run), 1);
  const crossTalk = engine.crossTalk.filter((leak) => leak.at <= to && (leak.at > from || from === engine.header.at));
  const incidents = incidentReport(recording, { from, to }, ask.present);
  const incident = incidents.incidents[0];
  const history = historyOf(recording, to, ask.records);
  return {
    recording,
    name: plain(recording.environment.name),
    contract: engine.rules.contract,
    from,
    to,
    slo: sloReport(sums, engine.slo),
    sums,
    running: [...engine.tracker.runs()].filter((run) => run.openedAt <= to && (run.closedAt ?? Infinity) > to).length,
    groups: groupsOf(all, incident),
    course: courseOf(closed, crossTalk.map(({ at }) => at), engine.slo, Math.max(1, to - from), to),
    history,
    incidents,
    incident,
    leaks: crossTalk.map(crossTalkReport),
    leaked: from === engine.header.at && to === engine.now ? engine.events.crossTalk : crossTalk.length,
    whole: history.whole && isWhole(recording, known, from),
  };
}

/** A run belongs to the time of its last event: one that had all of its events before the onset was closed after it, and yet was not struck. */
export const heardAt = (run: Run): EpochMs => run.lastEventAt ?? run.openedAt;

/** A run that lost events is struck by what happened before it was closed, as where its connection was cut a moment after its last event. */
const isStruck = (run: Run, incident: Incident): boolean => heardAt(run) >= incident.onsetAt || (isBad(run, incident) && (run.closedAt ?? incident.onsetAt) >= incident.onsetAt);

/** True of a run that shows what is wrong. */
export function isBad(run: Run, incident: Incident | undefined): boolean {
  switch (incident?.kind) {
    case 'agent-errors':
      return run.status === 'failed';
    case 'duplicate':
      return run.violation('duplicate') > 0;
    case 'out-of-order':
      return run.violation('out_of_order') > 0;
    case 'dumped':
      return run.violation('dumped') > 0;
    case 'leak':
    case 'late':
      return false;
    default:
      return run.status === 'incomplete';
  }
}

function groupsOf(all: readonly Run[], incident: Incident | undefined): RunGroups {
  if (incident === undefined) return { all, affected: null, before: null, others: null };
  const { kind, names } = incident.scope;
  const named = new Set(names);
  const isNamed = (run: Run): boolean => {
    if (kind === 'connection') return named.has(run.connection.id);
    if (kind === 'user') return run.connection.user !== undefined && named.has(run.connection.user);
    // Types tell what is missing, and not from whom.
    return true;
  };
  const members = all.filter(isNamed);
  const others = all.filter((run) => !isNamed(run));
  return {
    all,
    affected: members.filter((run) => isStruck(run, incident)),
    before: members.filter((run) => !isStruck(run, incident)),
    others: members.length === all.length ? null : others,
  };
}

/** True where no closed run of the stretch is forgotten: the oldest are forgotten first. */
function isWhole({ engine }: Recording, known: readonly Run[], from: EpochMs): boolean {
  const { complete, incomplete, failed, inconclusive } = engine.totals.sums;
  const closed = known.filter((run) => run.closedAt !== undefined);
  return closed.length === complete + incomplete + failed + inconclusive || closed.some((run) => (run.closedAt ?? from) < from);
}
