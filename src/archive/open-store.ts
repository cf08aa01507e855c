import { openIndexedDbStore } from './indexed-db-store.ts';
import { openOpfsStore } from './opfs-store.ts';
import type { SegmentStore } from './segment-store.ts';

/** The best storage that this browser gives this page; undefined where it gives none. */
export async function openStore(): Promise<SegmentStore | undefined> {
  for (const open of [openOpfsStore, openIndexedDbStore]) {
    try {
      return await open();
    } catch {
      // Private windows and settings close one, or both.
    }
  }
  return undefined;
}

const mostBytes = 512 * 1024 * 1024;
/** Of what the browser would give, the share that captures take. */
const share = 0.8;

/** How many bytes captures may take; `held` is what they take now. Less than usual where the browser says that it has less. */
export async function budgetBytes(held: number): Promise<number> {
  const scope: { readonly storage?: StorageManager } = navigator;
  const { quota, usage } = (await scope.storage?.estimate().catch(() => undefined)) ?? {};
  return quota === undefined ? mostBytes : Math.min(mostBytes, Math.max(0, Math.floor((quota - Math.max(0, (usage ?? 0) - held)) * share)));
}
