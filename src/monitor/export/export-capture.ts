import { invariant } from '#base/assert.ts';
import { epochMs, type EpochMs } from '#base/units.ts';
import { version } from '#base/version.ts';
import type { Environment } from '#environment/schema.ts';
import { HarWriter } from '#record/har.ts';
import type { RunwatchRecord } from '#record/record.ts';
import { gzipped } from './capsule.ts';
import { capturedEngine } from '#monitor/opened/captured-engine.ts';
import type { Engine } from '#monitor/engine.ts';
import { ExportLines } from './export-lines.ts';
import { ExportRedaction } from './export-redaction.ts';
import { stretchOf, type Stretch } from './export-stretch.ts';
import type { ExportAnswer, ExportAsk, ExportCounts, ExportFormat, ExportStatus } from './exported-capture.ts';
import type { Pace } from '#monitor/pace.ts';
import type { Recording } from '#monitor/recording.ts';
import { makeReport } from '#monitor/report.ts';
import { runCsvLine, runsCsvHead } from './runs-csv.ts';

/** An export that is under way. */
interface Job {
  readonly lines: ExportLines;
  cancelled: boolean;
}

const underWay = new WeakMap<Recording, Job>();
const previewLines = 20;
const previewLength = 400;
/** Text that is handed on at once. */
const pieceLength = 256 * 1024;

interface ExportOptions {
  readonly pace: Pace;
  /** Tells of its settings: only of an environment that is watched are they known. */
  readonly isWatched: boolean;
}

/**
 * Makes a file of what is in memory of an environment, redacted, in slices. A newer export of the same recording drops this one.
 * What is exported is judged anew, so that the verdict in it is that of what it holds.
 */
export async function exportCapture(recording: Recording, ask: ExportAsk, { pace, isWatched }: ExportOptions): Promise<ExportAnswer> {
  cancelExport(recording);
  const job: Job = { lines: new ExportLines(recording, pace), cancelled: false };
  underWay.set(recording, job);
  try {
    const making = new Making(recording, ask, isWatched);
    for await (const text of job.lines.texts()) {
      if (job.cancelled) return { kind: 'dropped' };
      making.redaction.foresee(text);
    }
    for await (const record of job.lines.records()) {
      if (job.cancelled) return { kind: 'dropped' };
      making.take(record);
    }
    return await making.finish();
  } finally {
    if (underWay.get(recording) === job) underWay.delete(recording);
  }
}

/** How far the export of a recording is. */
export function exportStatus(recording: Recording): ExportStatus {
  return { share: underWay.get(recording)?.lines.share ?? null };
}

/** Ends the export of a recording that is under way. */
export function cancelExport(recording: Recording): void {
  const job = underWay.get(recording);
  if (job !== undefined) job.cancelled = true;
}

/** One file in the making. */
class Making {
  readonly redaction: ExportRedaction;
  readonly #ask: ExportAsk;
  readonly #engine: Engine;
  readonly #stretch: Stretch | undefined;
  readonly #har = new HarWriter();
  readonly #text = new TextPieces();
  readonly #evicted: number;
  readonly #endAt: EpochMs;
  #newest: EpochMs;
  #records = 0;
  #notes = 0;

  constructor(recording: Recording, ask: ExportAsk, isWatched: boolean) {
    const { header, now } = recording.engine;
    this.#ask = ask;
    this.redaction = new ExportRedaction(header, ask);
    const engine = capturedEngine(this.redaction.header);
    invariant(engine.ok, 'what was judged once can be judged again');
    this.#engine = engine.value;
    this.#evicted = recording.store.evictedTexts;
    this.#newest = header.at;
    this.#stretch = ask.from === undefined && ask.to === undefined ? undefined : stretchOf(recording, ask.from ?? header.at, ask.to ?? now);
    this.#endAt = this.#stretch === undefined ? now : epochMs(Math.min(now, this.#stretch.to));
    this.#take(this.redaction.header);
    if (isWritten(ask.format)) this.#text.line({ record: 'capsule', at: header.at, app: `runwatch/${version}`, redaction: { payloads: ask.payloads, pseudonyms: true }, ...(isWatched && { settings: settingsOf(recording.environment) }) });
  }

  take(record: RunwatchRecord): void {
    if (record.record === 'header' || this.#stretch?.holds(record) === false) return;
    this.#take(this.redaction.record(record));
    if (record.record === 'note') this.#notes += 1;
  }

  async finish(): Promise<ExportAnswer> {
    const { format } = this.#ask;
    const end: RunwatchRecord = { record: 'end', at: epochMs(Math.max(this.#newest, this.#endAt)) };
    this.#engine.apply(end);
    const report = makeReport(this.#engine);
    const counts: ExportCounts = {
      ...this.redaction.counts,
      records: this.#records + 1,
      frames: report.frames.received,
      runs: report.runs.length,
      notes: this.#notes,
      evicted: this.#evicted,
    };
    const text = this.#text;
    if (isWritten(format)) {
      text.line({ record: 'verdict', at: end.at, counts, report });
      text.line(end);
    } else if (format === 'har') {
      for (const piece of this.#har.text()) text.add(piece);
    } else {
      text.add(runsCsvHead);
      for (const run of report.runs) text.add(runCsvLine(run));
    }
    return { kind: 'exported', name: nameOf(report.environment, end.at, format), blob: await text.blob(format), counts, preview: text.preview() };
  }

  #take(record: RunwatchRecord): void {
    this.#records += 1;
    this.#newest = epochMs(Math.max(this.#newest, record.at));
    this.#engine.apply(record);
    if (isWritten(this.#ask.format)) this.#text.line(record);
    else if (this.#ask.format === 'har') this.#har.add(record);
  }
}

/** Text that grows, in pieces of a size that can be handed on at once. */
class TextPieces {
  readonly #pieces: string[] = [];
  #piece = '';

  add(text: string): void {
    this.#piece += text;
    if (this.#piece.length < pieceLength) return;
    this.#pieces.push(this.#piece);
    this.#piece = '';
  }

  line(record: object): void {
    this.add(`${JSON.stringify(record)}\n`);
  }

  preview(): readonly string[] {
    return (this.#pieces[0] ?? this.#piece)
      .split('\n', previewLines)
      .filter((line) => line !== '')
      .map((line) => (line.length > previewLength ? `${line.slice(0, previewLength)}…` : line));
  }

  async blob(format: ExportFormat): Promise<Blob> {
    const pieces = [...this.#pieces, this.#piece];
    const plain = new Blob(pieces, { type: typeOf[format] });
    if (format !== 'capsule') return plain;
    return new Response(gzipped(plain.stream())).blob();
  }
}

const typeOf: Readonly<Record<ExportFormat, string>> = { capsule: 'application/x-ndjson', jsonl: 'application/x-ndjson', har: 'application/json', csv: 'text/csv' };
const endings: Readonly<Record<ExportFormat, string>> = { capsule: 'jsonl.gz', jsonl: 'jsonl', har: 'har', csv: 'csv' };

/** Whether a format is made of records, line by line. */
const isWritten = (format: ExportFormat): boolean => format === 'capsule' || format === 'jsonl';

const nameOf = (environment: string, at: EpochMs, format: ExportFormat): string =>
  `${environment.replace(/[^A-Za-z0-9._-]/g, '-')}-${new Date(at).toISOString().slice(0, 19).replaceAll(/[-:]/g, '')}.${endings[format]}`;

/** What an environment is watched with: no address, no header, no value of a sign-in. */
function settingsOf({ mode, probe, concurrentConnections, connectionTimeoutMs, maxRetries, startupTimeoutMs, auth, health }: Environment): object {
  return {
    mode,
    probe: { everyMs: probe.everyMs, maxRunsPerHour: probe.maxRunsPerHour },
    concurrentConnections,
    connectionTimeoutMs,
    maxRetries,
    startupTimeoutMs,
    auth: { method: auth.method, ...('carry' in auth && auth.carry !== undefined && { carry: auth.carry }) },
    health: { intervalMs: health.intervalMs, timeoutMs: health.timeoutMs },
  };
}
