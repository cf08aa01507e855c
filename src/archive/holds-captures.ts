import { capturesDatabase } from './indexed-db-store.ts';
import { capturesFolder } from './opfs-store.ts';

/** A storage that says nothing by then is not waited for. */
const patienceMs = 500;

/** Whether this browser may hold captures of this page. Where it holds none, nobody has to wait for an answer from the archive. */
export const holdsCaptures = (): Promise<boolean> => Promise.race([look(), new Promise<false>((resolve) => setTimeout(() => resolve(false), patienceMs))]);

async function look(): Promise<boolean> {
  try {
    await (await navigator.storage.getDirectory()).getDirectoryHandle(capturesFolder);
    return true;
  } catch {
    // No such folder, or no files for this page.
  }
  try {
    return (await indexedDB.databases()).some(({ name }) => name === capturesDatabase);
  } catch {
    return false;
  }
}
