import type { Random } from '#base/random.ts';
import { redactLine } from '#record/capture-writer.ts';
import type { ArchiveQuestionName, ArchiveQuestions, ArchiveStatus, CaptureBeginning, CaptureListing, EarlierAsk, EarlierCapture } from './archive-questions.ts';
import { CaptureFiles, segmentName, type Holdings } from './capture-files.ts';
import type { CaptureLocks } from './capture-locks.ts';
import { addGap, addPin, newestAt, partsFrom, pinnedBecause, type CaptureMeta, type Segment } from './capture-meta.ts';
import { factsOf, redactLines, wholeLines, withoutEnd } from './lines.ts';
import { Room } from './room.ts';
import { isQuotaError, type SegmentStore } from './segment-store.ts';

export interface ArchiveOptions {
  /** Undefined where this page gets no storage: then every answer says so. */
  readonly store: SegmentStore | undefined;
  readonly locks: CaptureLocks;
  readonly random: Random;
  /** How many bytes all captures may take, when those that are there take so many. */
  readonly budgetBytes: (held: number) => Promise<number>;
  /** A file takes so many bytes; 8 MiB unless told. */
  readonly segmentBytes?: number;
}

const usualSegmentBytes = 8 * 1024 * 1024;
/** Of an earlier capture, as much as the monitor keeps of one at hand. */
const mostReadAgain = 64 * 1024 * 1024;
/** How long a page that goes is waited for before its capture is taken over. */
const patienceMs = 500;
/** More are not listed in a moment; the oldest ones make room. */
const mostCaptures = 100;

type Answers = { readonly [Name in ArchiveQuestionName]: (ask: ArchiveQuestions[Name]['ask']) => Promise<ArchiveQuestions[Name]['answer']> };

/**
 * Keeps captures in the storage of the browser, in files of some megabytes: what is written has its secrets taken out before, and the
 * oldest of it makes room for the newest, what is pinned last of all. Questions are answered one after the other.
 */
export class Archive {
  readonly #files: CaptureFiles | undefined;
  readonly #locks: CaptureLocks;
  readonly #random: Random;
  readonly #room: Room | undefined;
  /** The captures that this page writes. */
  readonly #writing = new Map<string, CaptureMeta>();
  readonly #encoder = new TextEncoder();
  readonly #decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  #error: string | null = null;
  #isFull = false;
  #turn: Promise<unknown> = Promise.resolve();
  readonly #answers: Answers;

  constructor({ store, locks, random, budgetBytes, segmentBytes = usualSegmentBytes }: ArchiveOptions) {
    this.#files = store === undefined ? undefined : new CaptureFiles(store);
    this.#locks = locks;
    this.#random = random;
    this.#room = this.#files === undefined ? undefined : new Room({ files: this.#files, locks, writing: this.#writing, budgetBytes, segmentBytes });
    this.#answers = {
      earlier: (ask) => this.#earlier(ask),
      begin: (ask) => this.#begin(ask),
      append: ({ capture, bytes, lost }) => this.#append(capture, bytes, lost),
      gap: ({ capture, from, to }) => this.#change(capture, (meta) => addGap(meta, from, to)),
      pin: ({ capture, from, to, because }) => this.#change(capture, (meta) => addPin(meta, { from, to, because })),
      close: ({ capture }) => this.#close(capture),
      list: async () => ({ captures: await this.#list(), status: this.#status() }),
      rename: ({ capture, name }) => this.#change(capture, (meta) => void (meta.name = name)),
      keep: ({ capture, kept }) => this.#change(capture, (meta) => void (meta.kept = kept)),
      unpin: ({ capture }) => this.#change(capture, (meta) => void (meta.pins = [])),
      remove: ({ capture }) => this.#remove(capture),
      read: ({ capture }) => this.#read(capture),
    };
  }

  /** Answers a question after those that were asked before it. Rejects with a sentence, or with the storage's error. */
  ask<Name extends ArchiveQuestionName>(name: Name, ask: ArchiveQuestions[Name]['ask']): Promise<ArchiveQuestions[Name]['answer']> {
    const answer = this.#turn.then(() => this.#answers[name](ask));
    this.#turn = answer.catch(() => undefined);
    return answer;
  }

  async #earlier({ environmentId, terms, since, now }: EarlierAsk): Promise<EarlierCapture | undefined> {
    if (this.#files === undefined || !this.#locks.areShared) return undefined;
    const { metas } = await this.#holdings(this.#files);
    const fits = (meta: CaptureMeta | undefined): meta is CaptureMeta => meta !== undefined && meta.end === null && meta.environmentId === environmentId && meta.terms === terms && meta.from <= now;
    let wait = patienceMs;
    for (const { id } of metas.filter((meta) => fits(meta) && !this.#writing.has(meta.id)).sort((a, b) => b.from - a.from)) {
      if (!(await this.#locks.take(id, wait))) {
        wait = 0;
        continue;
      }
      // The page that had it may have written down more while it was waited for.
      const meta = await this.#files.meta(id);
      if (fits(meta)) {
        await this.#recover(this.#files, meta);
        if (newestAt(meta) >= since && newestAt(meta) <= now) {
          this.#writing.set(id, meta);
          return this.#newestOf(this.#files, meta);
        }
      }
      this.#locks.release(id);
    }
    return undefined;
  }

  /** The header of a capture, and as many of its newest segments as are read again. */
  async #newestOf(files: CaptureFiles, meta: CaptureMeta): Promise<EarlierCapture> {
    let first = meta.segments.length;
    for (let bytes = 0; first > 0; first -= 1) {
      bytes += meta.segments[first - 1]?.bytes ?? 0;
      if (bytes > mostReadAgain) break;
    }
    const pieces = [this.#encoder.encode(meta.header)];
    for (const part of partsFrom(meta, first)) {
      if (typeof part === 'string') pieces.push(this.#encoder.encode(part));
      else pieces.push((await files.bytes(segmentName(meta.id, part))).slice(0, part.bytes));
    }
    return { capture: meta.id, pieces, bytes: pieces.reduce((sum, { length }) => sum + length, 0) };
  }

  async #begin({ environmentId, environmentName, kind, terms, header, at }: CaptureBeginning): Promise<ArchiveQuestions['begin']['answer']> {
    const files = this.#files;
    const room = this.#room;
    if (files === undefined || room === undefined) return { capture: undefined, status: this.#status() };
    const id = `${Math.floor(at).toString(36)}-${Math.floor(this.#random() * 36 ** 6).toString(36)}`;
    const meta: CaptureMeta = {
      version: 1, id, environmentId, environmentName, kind, terms, header: redactLine(header), from: at,
      revision: 0, name: null, segments: [], lastSegment: 0, evicted: 0, lost: 0, tornLines: 0, gaps: [], pins: [], kept: false, end: null,
    };
    await this.#locks.take(id, 0);
    const stored = await this.#stored(async () => {
      const { metas } = await this.#holdings(files);
      const unkept = metas.filter(({ kept, pins, end, id: other }) => !kept && pins.length === 0 && end !== null && !this.#writing.has(other)).sort((a, b) => a.from - b.from);
      for (const old of unkept.slice(0, Math.max(0, metas.length + 1 - mostCaptures))) await files.remove(old);
      this.#isFull = !(await room.make(header.length));
      if (this.#isFull) return false;
      await files.save(meta);
      return true;
    });
    if (stored) this.#writing.set(id, meta);
    else this.#locks.release(id);
    return { capture: stored ? id : undefined, status: this.#status() };
  }

  async #append(capture: string, bytes: Uint8Array, lost: number): Promise<ArchiveQuestions['append']['answer']> {
    const meta = this.#writing.get(capture);
    const files = this.#files;
    const room = this.#room;
    if (files === undefined || room === undefined) return { stored: false, status: this.#status() };
    // One that somebody deleted: there is nothing that this belongs to any more.
    if (meta === undefined) return { stored: true, status: this.#status() };
    const { text, end } = withoutEnd(redactLines(this.#decoder.decode(bytes)));
    const clean = this.#encoder.encode(text);
    const stored = await this.#stored(async () => {
      if (!(await room.make(clean.length))) {
        this.#isFull = true;
        return false;
      }
      const segment = await this.#segmentFor(files, meta, clean.length, room.segmentBytes);
      await files.store.append(segmentName(capture, segment), clean);
      const { records, from, to, openings } = factsOf(text);
      if (segment.records === 0 && from !== undefined) segment.from = from;
      if (to !== undefined && (segment.records === 0 || to > segment.to)) segment.to = to;
      segment.records += records;
      segment.bytes += clean.length;
      if (openings.length > 0) segment.openings = [...segment.openings.filter(({ connection }) => openings.every((opening) => opening.connection !== connection)), ...openings];
      room.bytes += clean.length;
      if (end !== undefined) {
        meta.end = end;
        await files.save(meta);
      }
      return true;
    });
    if (stored) meta.lost += lost;
    return { stored, status: this.#status() };
  }

  /** Runs a task that writes; false where the storage did not take it, or it says so itself. Where the browser has less room than it said, it runs once more with less. */
  async #stored(task: () => Promise<boolean>, isSecond = false): Promise<boolean> {
    this.#error = null;
    this.#isFull = false;
    try {
      return await task();
    } catch (error) {
      if (!isQuotaError(error)) this.#error = error instanceof Error ? error.name : String(error);
      else {
        this.#room?.shrink();
        if (!isSecond) return this.#stored(task, true);
        this.#isFull = true;
      }
      return false;
    }
  }

  /** The segment that the next bytes go into. */
  async #segmentFor(files: CaptureFiles, meta: CaptureMeta, length: number, most: number): Promise<Segment> {
    const last = meta.segments.at(-1);
    if (last !== undefined && !last.sealed && (last.bytes === 0 || last.bytes + length <= most)) return last;
    if (last !== undefined) await this.#seal(files, meta, last);
    const at = newestAt(meta);
    const segment: Segment = { n: meta.lastSegment + 1, bytes: 0, records: 0, sealed: false, from: at, to: at, openings: [], before: [] };
    meta.lastSegment = segment.n;
    meta.segments.push(segment);
    // Known before it is written, so that it is found after a crash.
    await files.save(meta);
    return segment;
  }

  async #seal(files: CaptureFiles, { id }: CaptureMeta, segment: Segment): Promise<void> {
    await files.store.seal(segmentName(id, segment));
    segment.sealed = true;
  }

  /** Finds out what a crash left in the last segment, which was being written to. */
  async #recover(files: CaptureFiles, meta: CaptureMeta): Promise<void> {
    const last = meta.segments.at(-1);
    if (last === undefined || last.sealed) return;
    const bytes = await files.bytes(segmentName(meta.id, last));
    last.bytes = wholeLines(bytes);
    const { records, from, to, openings } = factsOf(this.#decoder.decode(bytes.subarray(0, last.bytes)));
    Object.assign(last, { records, openings, sealed: true, from: from ?? last.from, to: to ?? last.to });
    if (last.bytes < bytes.length) meta.tornLines += 1;
    await files.save(meta);
  }

  async #close(capture: string): Promise<undefined> {
    const meta = this.#writing.get(capture);
    const last = meta?.segments.at(-1);
    if (meta === undefined || this.#files === undefined) return undefined;
    this.#writing.delete(capture);
    if (last !== undefined) await this.#seal(this.#files, meta, last);
    await this.#files.save(meta);
    this.#locks.release(capture);
    return undefined;
  }

  async #list(): Promise<readonly CaptureListing[]> {
    if (this.#files === undefined) return [];
    const { metas } = await this.#holdings(this.#files);
    const held = await this.#locks.held();
    for (const meta of metas) {
      if (this.#writing.has(meta.id) || held.has(meta.id) || meta.segments.at(-1)?.sealed !== false || !(await this.#locks.take(meta.id, 0))) continue;
      await this.#recover(this.#files, meta);
      this.#locks.release(meta.id);
    }
    return metas
      .map((meta) => ({ ...listing(meta), writer: this.#writing.has(meta.id) ? ('here' as const) : held.has(meta.id) ? ('elsewhere' as const) : null }))
      .sort((a, b) => b.to - a.to);
  }

  /** Changes what is known of a capture, which this page may write or nobody does. */
  async #change(capture: string, change: (meta: CaptureMeta) => void): Promise<undefined> {
    await this.#with(capture, async (files, meta) => {
      change(meta);
      await files.save(meta);
    });
    return undefined;
  }

  async #remove(capture: string): Promise<undefined> {
    const ours = this.#writing.get(capture);
    if (ours?.end === null) throw new Error('This capture is being written. Disconnect from its environment first, then delete it.');
    if (ours !== undefined) await this.#close(capture);
    await this.#with(capture, async (files, meta) => {
      await files.remove(meta);
      if (this.#room !== undefined) this.#room.bytes -= meta.segments.reduce((sum, { bytes }) => sum + bytes, 0);
    });
    return undefined;
  }

  async #with(capture: string, task: (files: CaptureFiles, meta: CaptureMeta) => Promise<void>): Promise<void> {
    const files = this.#files;
    if (files === undefined) throw new Error('This browser gives this page no storage.');
    const ours = this.#writing.get(capture);
    if (ours !== undefined) return task(files, ours);
    if (!(await this.#locks.take(capture, 0))) throw new Error('Another tab is writing this capture. Change it there.');
    try {
      const meta = await files.meta(capture);
      if (meta === undefined) throw new Error('This capture is not there any more.');
      await task(files, meta);
    } finally {
      this.#locks.release(capture);
    }
  }

  async #read(capture: string): Promise<Blob> {
    const files = this.#files;
    const meta = this.#writing.get(capture) ?? (await files?.meta(capture));
    if (files === undefined || meta === undefined) throw new Error('This capture is not there any more.');
    const parts: BlobPart[] = [meta.header];
    for (const part of partsFrom(meta, 0)) {
      const file = typeof part === 'string' ? part : await files.store.read(segmentName(meta.id, part));
      // Of a file that is written to, the whole lines that are known; another page may have evicted one since.
      if (file !== undefined) parts.push(typeof part !== 'string' && typeof file !== 'string' ? file.slice(0, part.bytes) : file);
    }
    if (meta.end !== null) parts.push(meta.end);
    return new Blob(parts, { type: 'application/jsonl' });
  }

  #holdings(files: CaptureFiles): Promise<Holdings> {
    return files.holdings(this.#writing);
  }

  #status(): ArchiveStatus {
    const state = this.#files === undefined ? 'absent' : this.#isFull ? 'full' : this.#error === null ? 'writing' : 'refused';
    return { storage: this.#files?.store.kind ?? 'none', state, bytes: this.#room?.bytes ?? 0, budgetBytes: this.#room?.budget ?? 0, evicted: this.#room?.evicted ?? 0, error: this.#error };
  }
}

function listing(meta: CaptureMeta): Omit<CaptureListing, 'writer'> {
  const { id, environmentId, environmentName, kind, name, from, evicted, lost, tornLines, gaps, kept, end, segments } = meta;
  const pinned = new Set(segments.flatMap((segment) => pinnedBecause({ ...meta, kept: false }, segment)));
  return {
    id, environmentId, environmentName, kind, name, from, evicted, lost, tornLines, gaps, kept,
    ended: end !== null,
    to: newestAt(meta),
    keptFrom: segments[0]?.from ?? from,
    bytes: segments.reduce((sum, { bytes }) => sum + bytes, 0),
    records: segments.reduce((sum, { records }) => sum + records, 0),
    pinned: [...pinned],
  };
}
