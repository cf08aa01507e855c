import { Archive } from '#archive/archive.ts';
import { seededRandom } from '#base/random.ts';
import { epochMs } from '#base/units.ts';
import { recordLine } from '#record/capture-writer.ts';
import type { RunwatchRecord } from '#record/record.ts';
import { start } from '../../fixtures/drawing.ts';
import { MemoryLocks, MemoryStore } from '../../fixtures/memory-store.ts';

/** A browser, whose pages share a storage. */
export function browser(options: { readonly budget?: number; readonly segmentBytes?: number } = {}) {
  const store = new MemoryStore();
  const locks = new MemoryLocks();
  const random = seededRandom(1);
  return {
    store,
    /** Opens a page; `crash` takes it away, as a killed renderer is. */
    page() {
      const held = locks.page();
      const archive = new Archive({ store, locks: held, random, budgetBytes: async () => options.budget ?? 1e9, segmentBytes: options.segmentBytes ?? 1000 });
      return { archive, crash: () => held.crash() };
    },
  };
}

const encode = (text: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(text);

export const headerLine = (at = start): string =>
  recordLine({ record: 'header', at: epochMs(at), format: 'runwatch', version: 1, app: 'test', environment: { id: 'local', name: 'Local', kind: 'mock', transport: 'websocket', dialect: 'canonical' } });

export const beginning = (at = start) => ({ environmentId: 'local', environmentName: 'Local', kind: 'mock', terms: 'terms', header: headerLine(at), at: epochMs(at) });

/** A frame of so many characters, `after` milliseconds after the start. */
export const frameLine = (after: number, text = 'x'.repeat(20), connection = 'local#0'): string => recordLine({ record: 'frame', at: epochMs(start + after), connection, data: { type: 'agent_started', text } });

export const openLine = (after: number, user: string, connection = 'local#0'): string => recordLine({ record: 'connection-open', at: epochMs(start + after), connection, user, transport: 'websocket', recovered: false });

export const linesOf = (records: readonly RunwatchRecord[]): string => records.map((record) => recordLine(record)).join('');

/** Begins a capture, or fails. */
export async function begun(archive: Archive, at = start): Promise<string> {
  const { capture } = await archive.ask('begin', beginning(at));
  if (capture === undefined) throw new Error('the archive began nothing');
  return capture;
}

export const append = (archive: Archive, capture: string, text: string, lost = 0) => archive.ask('append', { capture, bytes: encode(text), lost });
export const textOf = async (archive: Archive, capture: string): Promise<string> => (await archive.ask('read', { capture })).text();
