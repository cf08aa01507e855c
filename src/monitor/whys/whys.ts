import { version } from '#base/version.ts';
import type { NoteRecord } from '#record/record.ts';
import { withoutSecrets } from '#record/secrets.ts';
import { count, timeOfDay } from '#monitor/figures.ts';
import type { Incident, IncidentKind } from '#monitor/incident/incident-report.ts';
import type { Recording } from '#monitor/recording.ts';
import { isBad, whysCase, type WhysAsk, type WhysCase } from './whys-case.ts';
import { connectionCount, evidenceGroups, pathGroups, struck } from './whys-groups.ts';
import { healthRows, latencyOf } from './whys-health.ts';
import { successMetrics } from './whys-metrics.ts';
import { fiveWhys } from './whys-questions.ts';
import type { Accounting, HandOver, WhysNote, WhysReport } from './whys-report.ts';
import { nextSteps } from './whys-steps.ts';
import { summaryOf, titleOf, verdictOf } from './whys-verdict.ts';
import { plain, several } from './whys-words.ts';

const mostNotes = 100;
const mostLeaks = 20;
const longestNote = 2000;

/**
 * The report of an incident in the form of Five Whys, or of a stretch in which nothing went wrong. A pure reading: it says what the
 * records show, and asks people the rest.
 */
export function whysReport(recording: Recording, ask: WhysAsk = {}): WhysReport {
  const told = whysCase(recording, ask);
  const { environment } = recording;
  const whys = fiveWhys(told);
  const latency = latencyOf(told);
  return {
    format: 'runwatch-whys',
    version: 1,
    app: `runwatch/${version}`,
    environment: { id: plain(environment.id), name: told.name, kind: environment.kind, transport: environment.transport },
    title: titleOf(told),
    at: told.to,
    window: { from: told.from, to: told.to },
    capture: ask.capture === undefined ? null : plain(ask.capture, 200),
    verdict: verdictOf(told),
    summary: summaryOf(told),
    health: healthRows(told, latency),
    path: pathGroups(told),
    evidence: evidenceGroups(told),
    whys,
    steps: nextSteps(told, whys),
    metrics: successMetrics(told, latency),
    accounting: accountingOf(told, latency),
    notes: recording.notes.filter((note) => (note.time ?? note.at) >= told.from && note.at <= told.to).slice(-mostNotes).map(noteOf),
    handOver: handOverOf(told),
  };
}

function accountingOf({ recording, slo, sums, running, leaks, leaked, whole }: WhysCase, latency: Accounting['latency']): Accounting {
  const { engine } = recording;
  const { complete, incomplete, failed, inconclusive, good } = sums;
  return {
    slo,
    counts: { running, complete, incomplete, failed, inconclusive, good },
    frames: { ...engine.frames, rejectedBy: Object.fromEntries(engine.rejectedBy) },
    events: { ...engine.events },
    latency,
    crossTalk: leaks.slice(-mostLeaks).map((leak) => ({ ...leak, connection: plain(leak.connection), type: plain(leak.type), owner: plain(leak.owner) })),
    leaks: leaked,
    whole,
  };
}

const noteOf = ({ at, text, author, time, run, acknowledges }: NoteRecord): WhysNote => ({
  at: time ?? at,
  text: plain(withoutSecrets(text), longestNote),
  author: typeof author === 'string' ? plain(author) : null,
  run: typeof run === 'string' ? plain(run) : null,
  acknowledges: acknowledges !== undefined,
});

function handOverOf(told: WhysCase): HandOver {
  const { incident, incidents } = told;
  const { lastGood } = incidents;
  return {
    who: incident === undefined ? 'nobody that is known' : struck(incident, connectionCount(told)),
    struck: incident === undefined ? null : struckWords(told, incident),
    lastGood: lastGood === null ? null : { run: plain(lastGood.run), connection: plain(lastGood.connection), at: lastGood.closedAt },
    suspect: incident === undefined ? null : `${incident.stage} (fault: ${incident.fault})`,
  };
}

function struckWords(told: WhysCase, incident: Incident): string {
  const since = `since ${timeOfDay(incident.onsetAt)}`;
  if (incident.kind === 'leak') return `${several(told.leaked, 'leak')} ${since}`;
  const runs = told.groups.affected ?? told.groups.all;
  const words = badWords[incident.kind] ?? 'incomplete';
  return incident.kind === 'late' ? `events late ${since}` : `${count(runs.filter((run) => isBad(run, incident)).length)} of ${several(runs.length, 'run')} ${words} ${since}`;
}

const badWords: Readonly<Partial<Record<IncidentKind, string>>> = { 'agent-errors': 'failed', duplicate: 'with doubled events', 'out-of-order': 'out of order', dumped: 'all at once' };
