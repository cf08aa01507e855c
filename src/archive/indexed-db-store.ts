import type { SegmentStore } from './segment-store.ts';

export const capturesDatabase = 'runwatch-captures';
const files = 'files';
const pieces = 'pieces';
/** What comes in small portions is put together up to this size. */
const pieceBytes = 65_536;

interface FileRow {
  readonly bytes: number;
  readonly pieces: number;
}

/** A database of the origin: for pages that are not served securely, and browsers without files. Rejects where it cannot be opened. */
export async function openIndexedDbStore(): Promise<SegmentStore> {
  const database = await opened();
  // Another version of the page may want to change it.
  database.addEventListener('versionchange', () => database.close());
  /** The piece at the end of each file that is appended to, and its number. */
  const tails = new Map<string, { readonly bytes: Uint8Array<ArrayBuffer>; readonly n: number }>();

  const run = <T>(mode: IDBTransactionMode, task: (tables: { readonly files: IDBObjectStore; readonly pieces: IDBObjectStore }) => Promise<T>): Promise<T> => {
    const transaction = database.transaction([files, pieces], mode);
    const done = new Promise<void>((resolve, reject) => {
      transaction.oncomplete = () => resolve();
      // A storage that is full aborts, and does not throw.
      transaction.onabort = () => reject(transaction.error ?? new Error('The storage gave up.'));
    });
    const answer = task({ files: transaction.objectStore(files), pieces: transaction.objectStore(pieces) });
    return Promise.all([answer, done]).then(([value]) => value);
  };
  const every = (name: string): IDBKeyRange => IDBKeyRange.bound([name, 0], [name, Number.MAX_SAFE_INTEGER]);

  return {
    kind: 'indexeddb',
    list: () =>
      run('readonly', async (tables) => {
        const [names, rows] = await Promise.all([result(tables.files.getAllKeys()), result<FileRow[]>(tables.files.getAll())]);
        return names.flatMap((name, index) => (typeof name === 'string' ? [{ name, bytes: rows[index]?.bytes ?? 0 }] : []));
      }),
    async append(name, bytes) {
      const tail = tails.get(name);
      const grown = tail !== undefined && tail.bytes.length + bytes.length <= pieceBytes ? { bytes: joined(tail.bytes, bytes), n: tail.n } : undefined;
      const added = await run('readwrite', async (tables) => {
        const row = (await result<FileRow | undefined>(tables.files.get(name))) ?? { bytes: 0, pieces: 0 };
        const put = grown ?? { bytes, n: row.pieces };
        tables.pieces.put(put.bytes, [name, put.n]);
        tables.files.put({ bytes: row.bytes + bytes.length, pieces: put.n + 1 } satisfies FileRow, name);
        return put;
      });
      tails.set(name, added);
    },
    async seal(name) {
      tails.delete(name);
    },
    async replace(name, bytes) {
      await run('readwrite', async (tables) => {
        tables.pieces.delete(every(name));
        tables.pieces.put(bytes, [name, 0]);
        tables.files.put({ bytes: bytes.length, pieces: 1 } satisfies FileRow, name);
      });
    },
    read: (name) =>
      run('readonly', async (tables) => {
        const [row, parts] = await Promise.all([result<FileRow | undefined>(tables.files.get(name)), result<Uint8Array<ArrayBuffer>[]>(tables.pieces.getAll(every(name)))]);
        return row === undefined ? undefined : new Blob(parts);
      }),
    async remove(name) {
      tails.delete(name);
      await run('readwrite', async (tables) => {
        tables.pieces.delete(every(name));
        tables.files.delete(name);
      });
    },
  };
}

function opened(): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(capturesDatabase, 1);
    request.onupgradeneeded = () => {
      request.result.createObjectStore(files);
      request.result.createObjectStore(pieces);
    };
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error ?? new Error('The database could not be opened.'));
    request.onblocked = () => reject(new Error('Another page holds an older version of the database.'));
  });
}

const result = <T>(request: IDBRequest<T>): Promise<T> =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error ?? new Error('The database gave no reason.'));
  });

function joined(first: Uint8Array<ArrayBuffer>, second: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(first.length + second.length);
  bytes.set(first);
  bytes.set(second, first.length);
  return bytes;
}
