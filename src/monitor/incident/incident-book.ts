import type { EpochMs } from '#base/units.ts';
import type { AgentEvent } from '#protocol/agent-event.ts';
import type { ConnectionCloseRecord, FrameRecord, RunwatchRecord } from '#record/record.ts';
import type { Attribution } from '#runs/attribution.ts';
import { goldenPathOf } from '#runs/golden-path.ts';
import type { Run, RunFault } from '#runs/run.ts';
import type { Latency } from '#timing/latency.ts';
import { age } from '#monitor/figures.ts';
import { IncidentLinks } from './incident-links.ts';
import { IncidentMinutes } from './incident-minutes.ts';
import type { Anomaly, IncidentStage } from './incident-report.ts';
import { IncidentRows } from './incident-rows.ts';
import type { Recording, RecordingObserver } from '#monitor/recording.ts';

/** The kinds of trouble that runs and their events show; the others show in the connections. */
export type RowKind = 'lost' | 'agent-errors' | 'late' | 'duplicate' | 'out-of-order' | 'dumped';

/** As many runs in a row are a streak by the contract. */
const enoughRuns = 5;
/** A percentile of fewer events says nothing. */
const enoughEvents = 20;
/** What nobody promised anything about: so many runs in a hundred may show it. */
const usualShare = 0.05;
const troubledShare = 0.5;
const keptAnomalies = 500;
const longestWords = 120;

/**
 * What the report of an incident rests on, counted as records are folded: each run once, when it is judged, and each event by a comparison.
 * Bounded by the connections; a target in good health leaves nearly nothing in it.
 */
export class IncidentBook implements RecordingObserver {
  readonly rows: Readonly<Record<RowKind, IncidentRows>>;
  readonly links: IncidentLinks;
  readonly minutes: IncidentMinutes;
  /** When the first runs of incidents lacked what they lack, by their number: found once, for it takes a look at all that is stored. */
  readonly losses = new Map<number, EpochMs>();
  /** The newest, in the order in which they were known. */
  readonly anomalies: Anomaly[] = [];
  readonly #recording: Recording;
  readonly #objectiveMs: number | undefined;
  readonly #last: string;
  /** Runs that ended with their connection, whose record is still being folded. */
  readonly #cut: Run[] = [];
  /** Runs that a blindness excused after they were counted. */
  readonly #excused = new WeakSet<Run>();
  /** Overwritten by each late event: a busy stream makes no object for it. */
  readonly #lateness: { at: EpochMs; knownAt: EpochMs; run: number; expected: number; lost: number; missing: readonly string[]; stage: IncidentStage; fault: RunFault; lateMs: number };

  constructor(recording: Recording) {
    const { environment, lanes, engine } = recording;
    const usualLoss = Math.min(0.2, Math.max(0.0005, 1 - engine.slo.target));
    const runTerms = { usual: usualShare, troubled: troubledShare, enough: enoughRuns };
    this.#recording = recording;
    this.#objectiveMs = environment.slo.latencyMs;
    this.#last = engine.rules.contract.last;
    this.#lateness = { at: engine.now, knownAt: engine.now, run: -1, expected: 0, lost: 0, missing: [], stage: 'stream', fault: 'server', lateMs: 0 };
    this.links = new IncidentLinks(lanes.length);
    this.minutes = new IncidentMinutes(lanes.length);
    this.rows = {
      lost: new IncidentRows({ ...runTerms, usual: usualLoss }),
      'agent-errors': new IncidentRows(runTerms),
      late: new IncidentRows({ usual: usualShare, troubled: troubledShare, enough: enoughEvents }),
      duplicate: new IncidentRows(runTerms),
      'out-of-order': new IncidentRows(runTerms),
      dumped: new IncidentRows(runTerms),
    };
  }

  record(record: RunwatchRecord): void {
    // Nearly all are frames.
    if (record.record === 'frame') this.links.heard(this.#recording.laneOf(record.connection), record.at);
    else if (record.record === 'health') this.links.take(record, 0);
    else if ('connection' in record) this.links.take(record, this.#recording.laneOf(record.connection));
    if (record.record === 'connection-close') this.#closed(record);
  }

  event(frame: FrameRecord, event: AgentEvent, attribution: Attribution, latency?: Latency): void {
    if (attribution.disposition === 'crossTalk') {
      this.#anomaly({ at: frame.at, connection: frame.connection, run: null, words: `${short(event.type)} of another user` });
      return;
    }
    if (isError(event.type) && speaksOfSignIn(frame)) this.links.refused(this.#recording.laneOf(frame.connection), frame.at);
    if (this.#objectiveMs === undefined || latency?.kind !== 'counted' || attribution.disposition !== 'attributed') return;
    const { late } = this.rows;
    const lane = this.#recording.laneOf(frame.connection);
    if (latency.ms <= this.#objectiveMs) return late.good(lane, 1, frame.at);
    const run = attribution.run?.ordinal ?? -1;
    const isFirst = late.lanes.get(lane)?.runs.at(-1) !== run;
    const lateness = this.#lateness;
    lateness.at = lateness.knownAt = frame.at;
    lateness.run = run;
    lateness.expected = 1;
    lateness.lateMs = latency.ms;
    late.bad(lane, lateness);
    if (isFirst) this.#anomaly({ at: frame.at, connection: frame.connection, run: attribution.run?.id ?? null, words: `${short(event.type)} came after ${age(latency.ms)}` });
  }

  runClosed(run: Run, lane: number): void {
    const { rows } = this;
    const { status, delivery } = run;
    const closedAt = run.closedAt ?? run.openedAt;
    const outage = this.links.outageDuring(lane, run.openedAt, closedAt);
    if (status === 'inconclusive' || status === 'running') {
      if (run.closing === 'auth') this.#cut.push(run);
      return;
    }
    const { expected } = delivery;
    if (status === 'failed') {
      this.#bad(rows['agent-errors'], run, lane, run.lastEventAt, 'agent', 'the agent failed');
      return;
    }
    const lost = run.violation('missing');
    rows['agent-errors'].good(lane, expected, closedAt);
    this.minutes.add(lane, closedAt, expected, lost, 1);
    // Losses that follow from a connection that was gone are its outage's, and no trouble of their own.
    if (status === 'incomplete' && outage !== undefined) this.links.broke(outage, run.ordinal, closedAt);
    if (status === 'incomplete') {
      const words = run.events === 0 ? 'no event came' : `missing ${[...new Set(delivery.missing)].map(short).join(', ')}`;
      if (run.events === 0) this.links.ranEmpty(lane, run.openedAt);
      if (outage === undefined) this.#bad(rows.lost, run, lane, run.lastEventAt, this.#stageOf(run), words);
      else this.#runAnomaly(run, run.lastEventAt, words);
      return;
    }
    rows.lost.good(lane, expected, closedAt);
    if (run.duplicates > 0) this.#bad(rows.duplicate, run, lane, run.lastEventAt, 'stream', 'duplicate');
    else rows.duplicate.good(lane, expected, closedAt);
    if (delivery.outOfOrder + delivery.sequenceGap > 0) this.#bad(rows['out-of-order'], run, lane, run.firstEventAt, 'stream', delivery.outOfOrder > 0 ? 'out of order' : 'gap in the sequence');
    else rows['out-of-order'].good(lane, expected, closedAt);
    if (delivery.dumped) this.#bad(rows.dumped, run, lane, run.firstEventAt, 'stream', 'all at once');
    else rows.dumped.good(lane, expected, closedAt);
  }

  runRejudged(run: Run, lane: number): void {
    if (run.closedAt === undefined) return;
    if (run.blind && run.status === 'inconclusive' && !this.#excused.has(run)) {
      this.#excused.add(run);
      this.minutes.add(lane, run.closedAt, run.delivery.expected, run.violation('missing'), -1);
    } else if (run.status === 'complete' && run.duplicates === 1 && this.rows.duplicate.lanes.get(lane)?.runs.at(-1) !== run.ordinal) {
      this.#bad(this.rows.duplicate, run, lane, run.lastEventAt, 'stream', 'duplicate', run.closedAt);
    }
  }

  #closed({ connection, at, cause, code }: ConnectionCloseRecord): void {
    const lane = this.#recording.laneOf(connection);
    const outage = this.links.outageDuring(lane, at, at);
    // Runs that end with their connection are judged before the record of its end is told.
    for (const run of this.#cut.splice(0)) if (outage !== undefined && run.connection.id === connection) this.links.broke(outage, run.ordinal, at);
    if (cause === 'operator' || cause === 'monitor') return;
    this.#anomaly({ at, connection, run: null, words: `connection closed, cause ${cause}${code === undefined ? '' : `, code ${code}`}` });
  }

  #bad(rows: IncidentRows, run: Run, lane: number, at: EpochMs | undefined, stage: IncidentStage, words: string, countedAt?: EpochMs): void {
    const { expected, missing } = run.delivery;
    const fault = run.fault === 'none' ? 'server' : run.fault;
    rows.bad(lane, { at: at ?? run.openedAt, knownAt: countedAt === undefined ? (run.closedAt ?? run.openedAt) : this.#recording.engine.now, run: run.ordinal, expected, lost: run.violation('missing'), missing, stage, fault, lateMs: 0 }, countedAt);
    this.#runAnomaly(run, at, words);
  }

  /** The stage of the golden path at which a run stopped. */
  #stageOf(run: Run): IncidentStage {
    return goldenPathOf(run, this.#last).find(({ outcome }) => outcome === 'failed')?.stage ?? 'stream';
  }

  #runAnomaly(run: Run, at: EpochMs | undefined, words: string): void {
    this.#anomaly({ at: at ?? run.openedAt, connection: run.connection.id, run: run.id, words: words.slice(0, longestWords) });
  }

  #anomaly(anomaly: Anomaly): void {
    this.anomalies.push(anomaly);
    if (this.anomalies.length > keptAnomalies) this.anomalies.shift();
  }
}

const isError = (type: string): boolean => type === 'error_message' || type === 'error' || type === 'auth_error';
const longestRead = 2000;

/** A target's own words that a sign-in was refused, or ran out. */
function speaksOfSignIn({ data }: FrameRecord): boolean {
  const text = JSON.stringify(data ?? '').slice(0, longestRead).replaceAll('_', ' ');
  return /\b(auth|unauthori[sz]ed|authenticat\w*|jwt)\b|\btoken\b.{0,20}\b(expired|invalid|revoked)\b|\bsession\b.{0,20}\bexpired\b/i.test(text);
}

/** Names come from a target. */
const short = (name: string): string => (name.length > 60 ? `${name.slice(0, 59)}…` : name);

const books = new WeakMap<Recording, IncidentBook>();

/**
 * The book of a recording. It is begun with the first call, and then goes on by itself; what was folded before is taken from what the recording
 * remembers, which is less: call it before the first record where every one counts.
 */
export function incidentBookOf(recording: Recording): IncidentBook {
  const known = books.get(recording);
  if (known !== undefined) return known;
  const book = new IncidentBook(recording);
  books.set(recording, book);
  recall(book, recording);
  recording.observe(book);
  return book;
}

/** Tells a new book what the recording remembers, in the order of time. Which events were late, and which versions there were, is forgotten by then. */
function recall(book: IncidentBook, recording: Recording): void {
  const { reconnects, engine } = recording;
  const runs = [...engine.tracker.closedNewestFirst()].reverse();
  let next = 0;
  for (const { at, lane, opened, transport, cause = 'network' } of reconnects) {
    for (let run = runs[next]; run !== undefined && (run.closedAt ?? 0) < at; run = runs[next]) {
      book.runClosed(run, recording.laneOf(run.connection.id));
      next += 1;
    }
    if (opened) book.links.opened(lane, at, transport);
    else book.links.closed(lane, at, { cause });
  }
  for (const run of runs.slice(next)) book.runClosed(run, recording.laneOf(run.connection.id));
}
