import { archiveAsker, type ArchiveAsker, type ArchiveLine } from '#archive/archive-asker.ts';
import type { ArchiveStatus } from '#archive/archive-questions.ts';
import { durationMs, epochMs, type EpochMs } from '#base/units.ts';
import type { Environment } from '#environment/schema.ts';
import { firstText, type TextCursor } from '#store/text-ring.ts';
import { archiveTrouble } from './archive-words.ts';
import { foldEarlier } from './earlier-recording.ts';
import type { Monitor } from './monitor.ts';
import type { Recording } from './recording.ts';
import type { ArchiveSnapshot, EnvironmentSnapshot } from './snapshot.ts';

/** From one hand-over to the next; after one that was refused, longer. */
const handOverMs = 100;
const againMs = 1000;
/** A storage that has not answered by then is blocked: within a second the page says so. */
const answerMs = 600;
/** A page that starts waits no longer than this for the storage. */
const startMs = 1000;
/** So long it is said that it did not answer by then. */
const saidMs = 60_000;
/** A capture goes on after an interruption of this length, or of the window of its objective where that is longer. */
const usualSinceMs = 3_600_000;
/** What is kept by itself around a breach. */
const aroundBreachMs = 300_000;

/** A recording whose records are handed over. */
interface Handed {
  readonly recording: Recording;
  capture: string | undefined;
  cursor: TextCursor;
  /** Records that made room in memory before they were handed over. */
  lost: number;
  wasBreached: boolean;
  readonly pins: { readonly from: EpochMs; readonly to: EpochMs; readonly because: string }[];
  gap: { readonly from: EpochMs; readonly to: EpochMs } | undefined;
}

const nothingYet: ArchiveStatus = { storage: 'none', state: 'writing', bytes: 0, budgetBytes: 0, evicted: 0, error: null };

/**
 * Hands what comes over to the archive, ten times a second, as bytes copied out of the memory in which every line is kept anyway: an
 * event costs nothing more for it. The next bytes go when the last ones are stored, so that a storage that is slow, full or gone costs
 * this thread nothing: what it does not take waits in memory, and what has to make room there is counted as lost.
 */
export class ArchiveFeed {
  readonly #monitor: Monitor;
  readonly #ask: ArchiveAsker;
  readonly #handed = new Map<Recording, Handed>();
  readonly #starting = new Map<string, Promise<Recording | undefined>>();
  #status = nothingYet;
  /** Since when an answer is waited for. */
  #askedAt: EpochMs | undefined;
  #reading: number | null = null;
  /** Until when it is said that a capture from before could not be asked for in time. */
  #anewUntil: EpochMs | undefined;
  #lost = 0;

  constructor(monitor: Monitor, line: ArchiveLine) {
    this.#monitor = monitor;
    this.#ask = archiveAsker(line);
    monitor.archive = this;
    this.#handOverAfter(0);
  }

  /** What is known of an environment from before, where its newest capture goes on; undefined where a new one begins. */
  earlier(environment: Environment): Promise<Recording | undefined> {
    const { id } = environment;
    if (this.#monitor.isWatched(id)) return Promise.resolve(undefined);
    const starting = this.#starting.get(id) ?? this.#earlier(environment).finally(() => this.#starting.delete(id));
    this.#starting.set(id, starting);
    return starting;
  }

  /** How the archive fares. Also looks at the environments, of which it keeps what lies around a breach. */
  snapshot(environments: readonly EnvironmentSnapshot[]): ArchiveSnapshot {
    for (const handed of this.#handed.values()) this.#seeBreach(handed, environments.find(({ id }) => id === handed.recording.environment.id));
    const { storage, bytes, budgetBytes, evicted } = this.#status;
    const silentMs = this.#askedAt === undefined ? 0 : this.#monitor.clock.now() - this.#askedAt;
    const state = silentMs > answerMs ? 'blocked' : this.#status.state === 'refused' ? 'blocked' : this.#status.state;
    const waiting = Array.from(this.#handed.values()).reduce((sum, { lost }) => sum + lost, 0);
    const trouble = archiveTrouble({ ...this.#status, state, silentMs: silentMs > answerMs ? silentMs : null, isAnew: this.#anewUntil !== undefined && this.#monitor.clock.now() < this.#anewUntil });
    return { storage, state, bytes, budgetBytes, lostRecords: this.#lost + waiting, evictedRecords: evicted, message: trouble?.message ?? null, remedy: trouble?.remedy ?? null, reading: this.#reading };
  }

  async #earlier(environment: Environment): Promise<Recording | undefined> {
    const { clock } = this.#monitor;
    const dialect = this.#monitor.dialectOf(environment);
    const now = clock.now();
    const since = epochMs(now - Math.max(usualSinceMs, environment.slo.windowMs));
    const found = await this.#inTime(this.#ask('earlier', { environmentId: environment.id, terms: termsOf(environment), since, now }).catch(() => undefined));
    if (found === undefined || dialect === undefined) return undefined;
    const { capture, pieces } = found;
    const folded = await foldEarlier({ environment, dialect, pieces, clock, progress: (share) => (this.#reading = share), rest: () => this.#rest() });
    this.#reading = null;
    if (folded === undefined) {
      void this.#ask('close', { capture }).catch(() => undefined);
      return undefined;
    }
    const { recording, open } = folded;
    // What was folded is stored already.
    const cursor = recording.store.textCursor;
    const from = recording.engine.now;
    const to = clock.now();
    recording.resume(to, open);
    this.#handed.set(recording, { recording, capture, cursor, lost: 0, wasBreached: false, pins: [], gap: { from, to } });
    return recording;
  }

  /** What comes too late is let go of again. */
  async #inTime<T extends { readonly capture: string }>(answer: Promise<T | undefined>): Promise<T | undefined> {
    let isLate = false;
    const late = new Promise<undefined>((resolve) => {
      this.#monitor.clock.after(durationMs(startMs), () => {
        isLate = true;
        resolve(undefined);
      });
    });
    const arrived = answer.then((found) => {
      if (isLate && found !== undefined) void this.#ask('close', { capture: found.capture }).catch(() => undefined);
      return isLate ? undefined : { found };
    });
    const first = await Promise.race([arrived, late]);
    if (first === undefined) this.#anewUntil = epochMs(this.#monitor.clock.now() + saidMs);
    return first?.found;
  }

  #rest(): Promise<void> {
    return new Promise((resolve) => this.#monitor.clock.after(durationMs(0), resolve));
  }

  #handOverAfter(ms: number): void {
    this.#monitor.clock.after(durationMs(ms), () => {
      this.#handOver().then(
        (stored) => this.#handOverAfter(stored ? handOverMs : againMs),
        // The archive says what went wrong in its answers; a line that broke says nothing more.
        () => this.#handOverAfter(againMs),
      );
    });
  }

  /** Hands over all that came; false where the storage did not take it. */
  async #handOver(): Promise<boolean> {
    const watched = new Set(this.#monitor.watched());
    for (const recording of watched) {
      if (!this.#handed.has(recording)) this.#handed.set(recording, { recording, capture: undefined, cursor: firstText, lost: 0, wasBreached: false, pins: [], gap: undefined });
    }
    for (const handed of this.#handed.values()) {
      if (!(await this.#handOverAll(handed))) return false;
      // Of one that is watched notes may come, even when it is at its end.
      if (watched.has(handed.recording) || !handed.recording.engine.ended) continue;
      this.#handed.delete(handed.recording);
      if (handed.capture !== undefined) await this.#waitFor(this.#ask('close', { capture: handed.capture }));
    }
    return true;
  }

  async #handOverAll(handed: Handed): Promise<boolean> {
    const { recording } = handed;
    handed.capture ??= await this.#begin(recording);
    const { capture, gap, pins } = handed;
    if (capture === undefined) return false;
    if (gap !== undefined) {
      handed.gap = undefined;
      await this.#waitFor(this.#ask('gap', { capture, ...gap }));
    }
    for (let pin = pins.shift(); pin !== undefined; pin = pins.shift()) await this.#waitFor(this.#ask('pin', { capture, ...pin }));
    for (let piece = recording.store.textsSince(handed.cursor); piece !== undefined; piece = recording.store.textsSince(handed.cursor)) {
      handed.lost = piece.lost;
      const { stored, status } = await this.#waitFor(this.#ask('append', { capture, bytes: piece.bytes, lost: piece.lost }, [piece.bytes.buffer]));
      this.#status = status;
      if (!stored) return false;
      handed.cursor = piece.cursor;
      handed.lost = 0;
      this.#lost += piece.lost;
    }
    return true;
  }

  async #begin({ environment, engine, capture }: Recording): Promise<string | undefined> {
    const { id, name, kind } = environment;
    const begun = await this.#waitFor(this.#ask('begin', { environmentId: id, environmentName: name, kind, terms: termsOf(environment), header: capture.header, at: engine.header.at }));
    this.#status = begun.status;
    return begun.capture;
  }

  async #waitFor<T>(answer: Promise<T>): Promise<T> {
    this.#askedAt = this.#monitor.clock.now();
    try {
      return await answer;
    } finally {
      this.#askedAt = undefined;
    }
  }

  #seeBreach(handed: Handed, environment: EnvironmentSnapshot | undefined): void {
    const isBreached = environment?.state === 'breached';
    if (environment !== undefined && isBreached && !handed.wasBreached) {
      const at = this.#monitor.clock.now();
      handed.pins.push({ from: epochMs(at - aroundBreachMs), to: epochMs(at + aroundBreachMs), because: environment.sentence });
    }
    handed.wasBreached = isBreached;
  }
}

/** What the records of a capture are judged by, and whose connections they are: with other terms another capture begins. */
function termsOf({ name, kind, transport, dialect, contract, slo, concurrentConnections }: Environment): string {
  return JSON.stringify([name, kind, transport, dialect, contract, slo, concurrentConnections]);
}
