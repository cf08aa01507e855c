import { epochMs, type EpochMs } from '#base/units.ts';
import type { ConnectionStatus } from '#connection/connection.ts';
import type { BlindRecord } from '#record/record.ts';
import type { Run } from '#runs/run.ts';
import type { CrossTalk } from '#monitor/engine.ts';
import { timeOfDay } from '#monitor/figures.ts';
import { incidentBookOf, type IncidentBook, type RowKind } from './incident-book.ts';
import { changesBefore, storms, transportMarks } from './incident-changes.ts';
import { pastEpisodes, presentEpisode, toldAfterMs, type Episode } from './incident-episode.ts';
import { laneReports, type LaneTrouble } from './incident-lanes.ts';
import { lossAt } from './incident-loss.ts';
import { linkTroubles, silentTroubles } from './incident-outage.ts';
import type { Incident, IncidentKind, IncidentReport, IncidentScope, StripMark } from './incident-report.ts';
import type { IncidentRow } from './incident-row.ts';
import { scopeOf } from './incident-scope.ts';
import { episodeSentence, leakSentence, linkSentence, short, type Struck } from './incident-words.ts';
import { livenessOf } from '#monitor/liveness.ts';
import type { Recording } from '#monitor/recording.ts';
import type { RecordingSource } from '#monitor/recording-source.ts';
import { crossTalkReport, sloReport } from '#monitor/report.ts';
import type { DiagnosisSnapshot } from '#monitor/snapshot.ts';
import { connectionInterval, standingOf } from '#monitor/standing.ts';

export interface IncidentAsk {
  /** A stretch of time; what is wrong now where it is left out. */
  readonly from?: EpochMs | undefined;
  readonly to?: EpochMs | undefined;
}

/** What is known at this moment beside the recording. */
export interface IncidentPresent extends Pick<RecordingSource, 'statuses' | 'blindNow' | 'isPast'> {
  readonly diagnosis: DiagnosisSnapshot | null;
}

/** An incident, and the connections that have it. */
interface Found {
  readonly incident: Incident;
  readonly lanes: readonly number[];
  readonly isOver: boolean;
  readonly alarmedAt: EpochMs | undefined;
}

type FoundFacts = Omit<Incident, 'state' | 'changes' | 'key' | 'acknowledged' | 'runs'> & { readonly runs: readonly number[] };

const gravest: readonly IncidentKind[] = ['leak', 'down', 'auth', 'silent', 'restarted', 'lost', 'agent-errors', 'late', 'duplicate', 'out-of-order', 'dumped'];
const rowKinds: readonly RowKind[] = ['lost', 'agent-errors', 'late', 'duplicate', 'out-of-order', 'dumped'];
const recordingAlone: IncidentPresent = { statuses: () => [], blindNow: false, isPast: true, diagnosis: null };
const hourMs = 3_600_000;
/** A loss that follows from a silent or a lost connection may have happened a moment before that was last heard. */
const followsMs = 2000;
/** Leaks with no other in between for this long are told apart. */
const leakPauseMs = 600_000;
const mostRuns = 20;
/** So much of a loss lay in trouble that is over: the rest is noise. */
const mostlyPast = 0.8;
const mostNotes = 200;
const longestNote = 200;
const namesInKey = 8;

/**
 * What is wrong with an environment, for whom and since when: read from its book (incident-book.ts), in time that does not grow with what was recorded.
 * Of a stretch of time, what lay in it. A trouble that is over is told of for five minutes more; it comes after all that go on.
 */
export function incidentReport(recording: Recording, { from, to }: IncidentAsk, present: IncidentPresent = recordingAlone): IncidentReport {
  const book = incidentBookOf(recording);
  const { engine } = recording;
  const at = epochMs(Math.min(to ?? engine.now, engine.now));
  const since = epochMs(Math.max(engine.header.at, from ?? at - hourMs));
  const found = findAll(recording, book, from ?? at, at, present);
  const [first] = found;
  const troubles = new Map<number, LaneTrouble>();
  for (const { incident, lanes, isOver } of found) {
    if (isOver && from === undefined) continue;
    for (const lane of lanes) if (!troubles.has(lane)) troubles.set(lane, { since: incident.onsetAt, words: laneWords[incident.kind] });
  }
  return {
    at,
    incidents: found.map(({ incident }) => incident),
    strip: book.minutes.strip(epochMs(Math.max(engine.header.at, at - hourMs)), at),
    marks: marksOf(recording, book, found, at),
    lanes: laneReports(recording, book, troubles, since, at, from !== undefined),
    anomalies: book.anomalies.filter((anomaly) => anomaly.at <= at && (from === undefined || anomaly.at >= from)).sort((a, b) => a.at - b.at),
    lastGood: lastGood(recording, first === undefined ? undefined : { before: first.incident.onsetAt, lanes: first.lanes }),
  };
}

const laneWords: Readonly<Record<IncidentKind, readonly string[]>> = {
  leak: ["shows another user's events"],
  down: ['lost'],
  auth: ['sign-in ended'],
  silent: ['open, and silent'],
  restarted: ['was lost, and came back'],
  // Its figures say so.
  lost: [],
  'agent-errors': ['agent errors'],
  late: ['late'],
  duplicate: ['duplicates'],
  'out-of-order': ['out of order'],
  dumped: ['all at once'],
};

function findAll(recording: Recording, book: IncidentBook, from: EpochMs, to: EpochMs, present: IncidentPresent): readonly Found[] {
  const { engine, environment, lanes } = recording;
  recording.windows.advance(engine.now);
  const slo = sloReport(recording.windows.shown.sums, engine.slo);
  const { state, known } = standingOf({ ...present, recording }, slo, engine.now);
  const finish = (facts: FoundFacts, struck: readonly number[], isOver: boolean, alarmedAt?: EpochMs): Found => {
    const key = keyOf(facts.kind, facts.scope);
    const runs = facts.runs.flatMap((run) => recording.book.withOrdinal(run)?.id ?? []).slice(0, mostRuns);
    const changes = changesBefore(recording, book.links, facts.onsetAt);
    return { incident: { ...facts, state, runs, changes, key, acknowledged: acknowledgement(recording, key, facts.onsetAt) }, lanes: struck, isOver, alarmedAt };
  };
  const struckOf = (scope: IncidentScope, struck: readonly number[]): Struck => ({ scope, connections: struck.flatMap((lane) => lanes[lane] ?? []), of: lanes.length });

  const silent = present.blindNow ? [] : silentTroubles(silences(recording, book, present, to), book.links.silences, lanes.length, from, to);
  const links = [...linkTroubles(book.links.outages, lanes.length, from, to, recording.blinds), ...silent];
  const ofLinks = links.map((trouble): Found => {
    const scope = scopeOf(recording, trouble.lanes, 'links');
    const { diagnosis } = present;
    const isNamed = diagnosis !== null && !trouble.isOver && diagnosis.layer !== 'agent';
    const sentence = linkSentence(trouble, struckOf(scope, trouble.lanes), isNamed ? diagnosis.sentence : undefined);
    const fault = isNamed && trouble.kind !== 'auth' && trouble.kind !== 'restarted' ? diagnosis.layer : trouble.fault;
    const { kind, at: onsetAt, lastAt, stage, runs } = trouble;
    return finish({ kind, scope, onsetAt, lastAt, stage, fault, sentence, runs }, trouble.lanes, trouble.isOver);
  });

  // What is lost on a connection that is gone, or silent, needs no name of its own.
  const isExplained = (lane: number, row: IncidentRow | undefined): boolean =>
    links.some(({ lanes: struck, at, isOver }) => !isOver && struck.includes(lane) && (row === undefined || row.onset().at >= at - followsMs));
  const atStake = known === 'breached' || known === 'at-risk';
  const episodes = rowKinds.flatMap((kind) => {
    const now = presentEpisode(kind, book.rows[kind], kind === 'lost' ? isExplained : () => false, kind === 'lost' && atStake && slo.good < slo.valid);
    // As long as the promise is at stake, what brought it there is told of.
    const past = pastEpisodes(kind, book.rows[kind].past, epochMs(kind === 'lost' && atStake ? to - environment.slo.windowMs : from - toldAfterMs), to);
    const isMemory = now !== undefined && now.alarmedAt === undefined && past.reduce((sum, { bad }) => sum + bad, 0) >= mostlyPast * now.bad;
    const shown = now !== undefined && now.onset.at <= to && !isMemory ? [now] : [];
    const before = past.filter(({ lastAt }) => !shown.some(({ onset }) => onset.at <= lastAt));
    return [...shown, ...before];
  });
  const isDelivered = !episodes.some(({ kind, isOver }) => kind === 'lost' && !isOver) && !links.some(({ isOver }) => !isOver);
  const ofRuns = episodes.map((episode): Found => {
    const { kind, lanes: struck, lastAt, stage, runs, isOver, alarmedAt } = episode;
    const scope = scopeOf(recording, struck, 'runs', kind === 'lost' ? episode.types : undefined);
    const onsetAt = kind === 'lost' && episode.onset.run >= 0 ? (lossAt(recording, book, episode.onset.run) ?? episode.onset.at) : episode.onset.at;
    const sentence = episodeSentence({ ...episode, onset: { ...episode.onset, at: onsetAt } }, struckOf(scope, struck), environment.slo.latencyMs, isDelivered);
    return finish({ kind, scope, onsetAt, lastAt, stage, fault: faultOf(recording, episode), sentence, runs }, struck, isOver, alarmedAt);
  });

  const leak = leakOf(recording, from, to);
  const ofLeaks = leak === undefined ? [] : [finish(leak.facts, leak.lanes, false, leak.facts.onsetAt)];
  return [...ofLeaks, ...ofLinks, ...ofRuns].sort(
    (a, b) => Number(a.isOver) - Number(b.isOver) || gravest.indexOf(a.incident.kind) - gravest.indexOf(b.incident.kind) || b.lanes.length - a.lanes.length || a.incident.onsetAt - b.incident.onsetAt,
  );
}

/** Connections that stand open while nothing comes: by what their link promises, or since whole runs passed on them without a sign of life. */
function silences(recording: Recording, { links }: IncidentBook, { statuses, blindNow }: IncidentPresent, now: EpochMs): { readonly lane: number; readonly heardAt: EpochMs }[] {
  const known = new Map<number, ConnectionStatus>(statuses().map((status) => [recording.laneOf(status.id), status]));
  const expectedIntervalMs = connectionInterval(recording.environment, recording.lanes.length);
  const blindUntil = blindNow ? now : recording.blinds.at(-1)?.at;
  const found = new Map<number, EpochMs>();
  for (const { lane, heardAt, askedAt, endedAt } of links.silences) {
    const status = known.get(lane);
    // Heartbeats of the transport are no records: only the connection itself knows of them.
    const isHeard = status !== undefined && (status.state !== 'open' || (status.lastHeardAt ?? heardAt) > askedAt);
    if (!isHeard && (endedAt === undefined || endedAt > now) && askedAt <= now) found.set(lane, epochMs(Math.max(heardAt, status?.lastHeardAt ?? heardAt)));
  }
  for (const [lane, status] of known) {
    if (status.state !== 'open' || status.lastHeardAt === undefined || found.has(lane)) continue;
    const { state } = livenessOf({ status, lastEventAt: recording.lastEventAt[lane], expectedIntervalMs, blindUntil }, now);
    if (state === 'silent') found.set(lane, status.lastHeardAt);
  }
  return Array.from(found, ([lane, heardAt]) => ({ lane, heardAt }));
}

/** What was shown to others than its user, in the window; the newest of it that belongs together. */
function leakOf(recording: Recording, from: EpochMs, to: EpochMs): { readonly facts: FoundFacts; readonly lanes: readonly number[] } | undefined {
  const { engine, environment } = recording;
  const oldest = Math.min(from, to - environment.slo.windowMs);
  const leaks: CrossTalk[] = [];
  for (let index = engine.crossTalk.length - 1; index >= 0; index -= 1) {
    const leak = engine.crossTalk[index];
    if (leak === undefined || leak.at > to) continue;
    const later = leaks.at(-1);
    if (leak.at < oldest || (later !== undefined && later.at - leak.at > leakPauseMs)) break;
    leaks.push(leak);
  }
  leaks.reverse();
  const [first] = leaks;
  const last = leaks.at(-1);
  if (first === undefined || last === undefined) return undefined;
  const lanes = [...new Set(leaks.map((leak) => recording.laneOf(leak.connection)))];
  const scope = scopeOf(recording, lanes, 'links');
  const user = engine.tracker.connection(last.connection).user;
  const sentence = leakSentence({ ...crossTalkReport(last), user }, leaks.length, first.at);
  return { facts: { kind: 'leak', scope, onsetAt: first.at, lastAt: last.at, stage: 'stream', fault: 'server', sentence, runs: [] }, lanes };
}

/** Where to look first. Of lateness that is the way to the target only where a question to it, there and back, takes as long. */
function faultOf({ engine, lanes, environment }: Recording, { kind, fault, lanes: struck }: Episode): Incident['fault'] {
  if (kind === 'agent-errors') return 'agent';
  if (kind !== 'late') return kind === 'lost' ? fault : 'server';
  const limitMs = environment.slo.latencyMs ?? Number.POSITIVE_INFINITY;
  const slow = struck.filter((lane) => (engine.clockOf(lanes[lane] ?? '')?.at(engine.now)?.uncertainty ?? 0) * 2 >= limitMs);
  return slow.length * 2 > struck.length ? 'network' : 'server';
}

function keyOf(kind: IncidentKind, { kind: scope, names }: IncidentScope): string {
  if (scope === 'environment') return `${kind} ${scope}`;
  const more = names.length > namesInKey ? ` +${names.length - namesInKey}` : '';
  return `${kind} ${scope} ${names.slice(0, namesInKey).join(' ')}${more}`;
}

/** Who said since the onset to take it on. */
function acknowledgement({ notes }: Recording, key: string, onsetAt: EpochMs): Incident['acknowledged'] {
  const note = notes.findLast(({ acknowledges, at }) => acknowledges === key && at >= onsetAt);
  return note === undefined ? null : { at: note.at, text: note.text, author: note.author ?? null };
}

const goodRuns = new WeakMap<Recording, { readonly key: string; readonly run: Run | undefined }>();

/** The newest good run; where there is an incident the newest before it, on a connection that has it. What was found is kept, since later runs may push it out. */
function lastGood(recording: Recording, incident: { readonly before: EpochMs; readonly lanes: readonly number[] } | undefined): IncidentReport['lastGood'] {
  const key = incident === undefined ? '' : `${incident.before} ${incident.lanes.join(' ')}`;
  const kept = goodRuns.get(recording);
  const run = kept?.key === key && key !== '' ? kept.run : findGood(recording, incident);
  goodRuns.set(recording, { key, run });
  return run?.closedAt === undefined ? null : { run: run.id, connection: run.connection.id, closedAt: run.closedAt };
}

function findGood(recording: Recording, incident: { readonly before: EpochMs; readonly lanes: readonly number[] } | undefined): Run | undefined {
  const struck = new Set(incident?.lanes);
  for (const run of recording.engine.tracker.closedNewestFirst()) {
    if (run.good && (incident === undefined || ((run.lastEventAt ?? run.openedAt) <= incident.before && struck.has(recording.laneOf(run.connection.id))))) return run;
  }
  return undefined;
}

function marksOf(recording: Recording, { links }: IncidentBook, incidents: readonly Found[], at: EpochMs): readonly StripMark[] {
  const marks: StripMark[] = [];
  for (const { incident, alarmedAt } of incidents) {
    marks.push({ at: incident.onsetAt, until: null, kind: 'onset', text: incident.sentence });
    if (alarmedAt !== undefined) marks.push({ at: alarmedAt, until: null, kind: 'alert', text: `alarm at ${timeOfDay(alarmedAt)}: more than chance` });
  }
  for (const change of links.changes) if (change.kind === 'version') marks.push({ at: change.at, until: null, kind: 'version', text: `version ${short(change.to)}` });
  marks.push(...transportMarks(links.changes, recording.lanes), ...storms(recording, links));
  marks.push(...recording.blinds.map((blind: BlindRecord): StripMark => ({ at: blind.from, until: blind.at, kind: 'blind', text: `blind, ${blind.cause}` })));
  marks.push(...recording.notes.slice(-mostNotes).map((note): StripMark => ({ at: note.time ?? note.at, until: null, kind: 'note', text: note.text.slice(0, longestNote) })));
  return marks.filter((mark) => (mark.until ?? mark.at) >= at - hourMs && mark.at <= at).sort((a, b) => a.at - b.at);
}
