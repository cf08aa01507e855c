import { archiveAsker } from '#archive/archive-asker.ts';
import type { ArchiveQuestions, CaptureListing } from '#archive/archive-questions.ts';

export type StoredCapture = CaptureListing;
export type StoredCaptures = ArchiveQuestions['list']['answer'];

/** The captures in the browser's storage, for the page. Each function rejects with a sentence that says what stands in the way. */
export interface ArchiveClient {
  /** The newest first. */
  list(): Promise<StoredCaptures>;
  rename(capture: string, name: string | null): Promise<void>;
  /** Keeps all of it, so that it never makes room; or lets it go like the others. */
  keep(capture: string, kept: boolean): Promise<void>;
  /** Lets go of what was kept by itself. */
  unpin(capture: string): Promise<void>;
  remove(capture: string): Promise<void>;
  /** All of it as `.jsonl`, the header first, without secrets. */
  read(capture: string): Promise<Blob>;
}

/** How long an answer is waited for. */
const patienceMs = 5000;
const clients = new WeakMap<Worker, ArchiveClient>();

/** Speaks with the thread of the archive. */
export function archiveClient(worker: Worker): ArchiveClient {
  const known = clients.get(worker);
  if (known !== undefined) return known;
  const ask = archiveAsker(worker);
  const client: ArchiveClient = {
    list: () => inTime(ask('list', {})),
    rename: (capture, name) => inTime(ask('rename', { capture, name })),
    keep: (capture, kept) => inTime(ask('keep', { capture, kept })),
    unpin: (capture) => inTime(ask('unpin', { capture })),
    remove: (capture) => inTime(ask('remove', { capture })),
    read: (capture) => inTime(ask('read', { capture })),
  };
  clients.set(worker, client);
  return client;
}

/** Rejects where no answer comes. */
function inTime<T>(answer: Promise<T>): Promise<T> {
  const late = new Promise<never>((_resolve, reject) => {
    setTimeout(() => reject(new Error('The storage of this browser gives no answer. Close other tabs of this page, or reload it.')), patienceMs);
  });
  return Promise.race([answer, late]);
}
