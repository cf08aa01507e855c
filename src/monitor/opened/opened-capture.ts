import type { Clock } from '#base/clock.ts';
import { err, ok, type Result } from '#base/result.ts';
import { between, durationMs, epochMs, later, type DurationMs, type EpochMs } from '#base/units.ts';
import type { HeaderRecord, NoteRecord, RunwatchRecord } from '#record/record.ts';
import { capturedTerms } from './captured-engine.ts';
import { capturedEnvironment } from './captured-environment.ts';
import { CaptureTape } from './capture-tape.ts';
import type { NoteInput } from '#monitor/desk-questions.ts';
import type { Terms } from '#monitor/engine.ts';
import { EnvironmentView, idleSnapshot } from '#monitor/environment-snapshot.ts';
import { openFaults, type OpenFault } from './open-fault.ts';
import { Playthrough, type Rest } from './playthrough.ts';
import type { RecordingSource } from '#monitor/recording-source.ts';
import type { EnvironmentSnapshot } from '#monitor/snapshot.ts';

/** As many connections as an environment of this program can hold. */
const mostConnections = 1000;
/** Their names are in every snapshot. */
const longestConnection = 256;
/** Work at one go; then what is watched live has its turn. */
const sliceMs = durationMs(10);
const restMs = durationMs(0);
/** While it is played, what is due is read and folded this often; whoever looks in between has it folded up to that moment. */
const playMs = durationMs(50);
/** Reading a capture through takes about this share of the time until it is open; folding it the rest. */
const scanShare = 0.3;

interface Head {
  readonly header: HeaderRecord;
  readonly terms: Terms;
}

/** What is known of a capture that was read through. */
interface Contents extends Head {
  /** In the order in which they are drawn. */
  readonly connections: readonly string[];
  readonly to: EpochMs;
  readonly tornLines: number;
}

export interface OpenedCaptureOptions {
  readonly id: string;
  readonly capture: Blob;
  /** The name of its file. */
  readonly name: string;
  readonly clock: Clock;
  /** Decompressed text that is read at the most, in bytes. */
  readonly limitBytes?: number;
}

/** A capture that is looked at: as it stood at any moment of it, standing or played. What it holds stays in the file. */
export class OpenedCapture {
  readonly #options: OpenedCaptureOptions;
  readonly #clock: Clock;
  /** Known from the first line on. */
  #head: Head | undefined;
  #contents: Contents | undefined;
  #through: Playthrough | undefined;
  /** What was shown at `since`, on the monitor's clock, and times as fast as it happened from there. */
  #play: { readonly speed: number; readonly at: EpochMs; readonly since: EpochMs } | undefined;
  /** The share that was read of what is to be shown; null once it is there. */
  #loading: number | null = 0;
  #isLoaded = false;
  #fault: OpenFault | undefined;
  /** Written while it was open. */
  readonly #notes: NoteRecord[] = [];
  /** Each order ends the one before. */
  #order = 0;
  #underWay: Promise<void> = Promise.resolve();
  #wake: () => void = () => {};
  #made: { readonly picture: string; readonly snapshot: EnvironmentSnapshot } | undefined;

  constructor(options: OpenedCaptureOptions) {
    this.#options = options;
    this.#clock = options.clock;
  }

  /** Reads all of it; then its end is shown. */
  async load(): Promise<Result<void, OpenFault>> {
    const order = this.#order;
    const scanned = await this.#scan(order);
    if (!scanned.ok) return scanned;
    this.#contents = scanned.value;
    await this.play(null, scanned.value.to);
    if (this.#through === undefined) return err(openFaults.closed());
    this.#isLoaded = true;
    return this.#fault === undefined ? ok(undefined) : err(this.#fault);
  }

  /**
   * Goes to a moment of it, or stays where it is, and lets time pass from there.
   * @param speed times as fast as it happened; null stands. @returns when the moment is shown
   */
  async play(speed: number | null, at?: EpochMs): Promise<void> {
    const contents = this.#contents;
    if (contents === undefined) return;
    const { header, to } = contents;
    const target = epochMs(Math.min(to, Math.max(header.at, at ?? this.#dueAt() ?? header.at)));
    const order = this.#begin();
    const before = this.#underWay;
    const arriving = before.then(() => this.#goTo(target, contents, order));
    this.#underWay = arriving;
    await arriving;
    if (speed === null || order !== this.#order || this.#fault !== undefined) return;
    this.#play = { speed, at: target, since: this.#clock.now() };
    this.#underWay = this.#run(to, order);
  }

  /** Where its recording comes from, as of the moment that is shown; undefined until it was read through. */
  source(): RecordingSource | undefined {
    const due = this.#play === undefined ? undefined : this.#dueAt();
    if (this.#through !== undefined && due !== undefined) this.#through.dueAt = due;
    this.#through?.catchUp();
    return this.#through;
  }

  /** How it stands at the moment that is shown; undefined while not even its first line was read. */
  snapshot(): EnvironmentSnapshot | undefined {
    if (this.#head === undefined) return undefined;
    const { header, terms } = this.#head;
    const source = this.source();
    const at = source?.recording.engine.now ?? header.at;
    const { to = at, tornLines = 0 } = this.#contents ?? {};
    const { id, name } = this.#options;
    const opened = { name, from: header.at, to, at, speed: this.#play?.speed ?? null, tornLines, loading: this.#loading };
    const { received = 0 } = source?.recording.engine.frames ?? {};
    // One that stands still is made once, however often it is asked for.
    const picture = JSON.stringify([opened, this.#isLoaded, received, source?.recording.notes.length, this.#fault]);
    if (this.#made?.picture === picture) return this.#made.snapshot;
    const made = source === undefined ? idleSnapshot(capturedEnvironment(terms, header.environment, 0)) : new EnvironmentView(source).snapshot(at);
    const snapshot: EnvironmentSnapshot = { ...made, id, name: `${made.name} – ${name}`, needs: [], phase: this.#isLoaded ? 'watching' : 'starting', problem: this.#fault ?? null, opened };
    this.#made = { picture, snapshot };
    return snapshot;
  }

  /** Puts a note beside it, of the moment that is shown; it stays for as long as the capture is open. */
  note(note: NoteInput): void {
    if (this.#through === undefined) return;
    const record = { record: 'note', at: this.#through.at, ...note } as const;
    this.#notes.push(record);
    this.#through.recording.notes.push(record);
  }

  /** Forgets it, and lets go of the file. */
  close(): void {
    this.#begin();
    this.#through?.close();
    this.#through = undefined;
    this.#contents = undefined;
    this.#head = undefined;
  }

  /** Ends what is under way. */
  #begin(): number {
    this.#play = undefined;
    this.#order += 1;
    this.#wake();
    return this.#order;
  }

  /** The moment that is to be shown now; undefined before anything was. */
  #dueAt(): EpochMs | undefined {
    const play = this.#play;
    if (play === undefined) return this.#through?.at;
    const { to = play.at } = this.#contents ?? {};
    return epochMs(Math.min(to, play.at + between(play.since, this.#clock.now()) * play.speed));
  }

  #tape(): CaptureTape {
    return new CaptureTape(this.#options.capture, this.#options.limitBytes);
  }

  /** Reads it through once: whether all of it can be read, and what has to be known before it is shown. */
  async #scan(order: number): Promise<Result<Contents, OpenFault>> {
    const tape = this.#tape();
    const rest = this.#rest(order);
    const connections = new Set<string>();
    let to = Number.NEGATIVE_INFINITY;
    while (!tape.atEnd) {
      const told = rest();
      if (told !== undefined) await told;
      const read = order === this.#order ? await tape.read() : err(openFaults.closed());
      if (!read.ok) {
        tape.close();
        return read;
      }
      for (let record = tape.peek(); record !== undefined; record = tape.peek()) {
        tape.take();
        to = Math.max(to, record.at);
        if ('connection' in record) connections.add(record.connection);
        const fault = record.record === 'header' ? this.#takeHeader(record) : faultOf(record, connections.size);
        if (fault === undefined) continue;
        tape.close();
        return err(fault);
      }
      this.#loading = scanShare * tape.ratio;
    }
    if (this.#head === undefined) return err(openFaults.closed());
    return ok({ ...this.#head, connections: [...connections].sort(byNumber.compare), to: epochMs(to), tornLines: tape.tornLines });
  }

  #takeHeader(header: HeaderRecord): OpenFault | undefined {
    const terms = capturedTerms(header);
    if (!terms.ok) return openFaults.ofCapture({ line: 1, reason: 'no-header', message: `Line 1: ${terms.error}.` });
    this.#head = { header, terms: terms.value };
    return undefined;
  }

  async #goTo(target: EpochMs, { header, terms, connections }: Contents, order: number): Promise<void> {
    if (order !== this.#order) return;
    const isFirst = this.#loading !== null;
    this.#loading ??= 0;
    // What was folded cannot be taken back: an earlier moment is come to from the beginning.
    if (this.#through === undefined || target < this.#through.at) {
      this.#through?.close();
      this.#through = new Playthrough({ header, terms, connections, tape: this.#tape() });
      this.#through.recording.notes.push(...this.#notes);
    }
    const through = this.#through;
    const from = through.at;
    const rest = this.#rest(order);
    const [share, base] = isFirst ? [1 - scanShare, scanShare] : [1, 0];
    await this.#fold(through, target, () => {
      this.#loading = base + (share * (through.at - from)) / Math.max(1, target - from);
      return rest();
    });
    if (order === this.#order) this.#loading = null;
  }

  async #run(to: EpochMs, order: number): Promise<void> {
    const rest = this.#rest(order);
    while (order === this.#order && this.#through !== undefined && this.#fault === undefined) {
      const due = this.#dueAt() ?? to;
      await this.#fold(this.#through, due, rest);
      if (due >= to) break;
      await this.#wait(playMs);
    }
    if (order === this.#order) this.#play = undefined;
  }

  async #fold(through: Playthrough, until: EpochMs, rest: Rest): Promise<void> {
    const folded = await through.foldTo(until, rest);
    if (!folded.ok) this.#fault = folded.error;
  }

  /** What a long piece of work asks before each step: whether it is to go on, and when. */
  #rest(order: number): Rest {
    let endsAt = later(this.#clock.now(), sliceMs);
    return () => {
      if (order !== this.#order) return 'stop';
      if (this.#clock.now() < endsAt) return undefined;
      return this.#wait(restMs).then(() => {
        endsAt = later(this.#clock.now(), sliceMs);
      });
    };
  }

  /** Lets `delay` pass, or less where another order comes. */
  #wait(delay: DurationMs): Promise<void> {
    return new Promise((resolve) => {
      const cancel = this.#clock.after(delay, resolve);
      this.#wake = () => {
        cancel();
        resolve();
      };
    });
  }
}

/** What is too much of a record that is right by itself. */
function faultOf(record: RunwatchRecord, connections: number): OpenFault | undefined {
  if ('connection' in record && record.connection.length > longestConnection) return openFaults.nameTooLong(longestConnection);
  return connections > mostConnections ? openFaults.tooManyConnections(mostConnections) : undefined;
}

/** `local#2` before `local#10`. */
const byNumber = new Intl.Collator('en', { numeric: true });
