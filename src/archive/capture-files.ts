import { readMeta, type CaptureMeta, type Segment } from './capture-meta.ts';
import type { SegmentStore, StoredFile } from './segment-store.ts';

/** Everything that the storage holds. */
export interface Holdings {
  readonly metas: readonly CaptureMeta[];
  readonly files: ReadonlyMap<string, StoredFile>;
  readonly bytes: number;
}

export const segmentName = (id: string, { n }: Pick<Segment, 'n'>): string => `${id}.${String(n).padStart(6, '0')}.jsonl`;
/** Two in turn, so that one is whole whenever a crash comes. */
const metaName = (id: string, revision: number): string => `${id}.meta${revision % 2}.json`;
const captureOf = (name: string): string => name.split('.', 1)[0] ?? name;

/** The files of captures in a storage: of each its segments, and what is known of it. */
export class CaptureFiles {
  readonly store: SegmentStore;
  readonly #encoder = new TextEncoder();

  constructor(store: SegmentStore) {
    this.store = store;
  }

  /** @param known captures that are written here: what is known of them is newer than what is stored */
  async holdings(known: ReadonlyMap<string, CaptureMeta>): Promise<Holdings> {
    const list = await this.store.list();
    const ids = new Set(list.map(({ name }) => captureOf(name)));
    const metas = await Promise.all(Array.from(ids, async (id) => known.get(id) ?? (await this.meta(id))));
    return {
      metas: metas.filter((meta) => meta !== undefined),
      files: new Map(list.map((file) => [file.name, file])),
      bytes: list.reduce((sum, { bytes }) => sum + bytes, 0),
    };
  }

  /** The newest whole description of a capture; undefined where there is none. */
  async meta(id: string): Promise<CaptureMeta | undefined> {
    const found = await Promise.all([0, 1].map(async (turn) => readMeta(await this.text(metaName(id, turn)))));
    return found.filter((meta) => meta !== undefined && meta.id === id).reduce((newest, meta) => (newest !== undefined && meta !== undefined && newest.revision > meta.revision ? newest : meta), undefined);
  }

  async save(meta: CaptureMeta): Promise<void> {
    meta.revision += 1;
    await this.store.replace(metaName(meta.id, meta.revision), this.#encoder.encode(JSON.stringify(meta)));
  }

  /** Removes a capture; what is known of it last, so that a crash in between leaves it listed. */
  async remove(meta: CaptureMeta): Promise<void> {
    for (const segment of meta.segments) await this.removeSegment(meta, segment);
    for (const turn of [0, 1]) await this.store.remove(metaName(meta.id, turn));
  }

  async removeSegment({ id }: CaptureMeta, segment: Segment): Promise<void> {
    await this.store.remove(segmentName(id, segment));
  }

  /** The text of a file; empty where there is none. */
  async text(name: string): Promise<string> {
    return (await (await this.store.read(name))?.text()) ?? '';
  }

  async bytes(name: string): Promise<Uint8Array<ArrayBuffer>> {
    return new Uint8Array((await (await this.store.read(name))?.arrayBuffer()) ?? new ArrayBuffer(0));
  }
}
