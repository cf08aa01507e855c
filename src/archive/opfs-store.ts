import type { SegmentStore } from './segment-store.ts';

/** The folder of the captures in the origin's private file system. */
export const capturesFolder = 'runwatch-captures';

/** The origin's private file system, which writes in place: only a worker may. Rejects where there is none, or it is closed to this page. */
export async function openOpfsStore(): Promise<SegmentStore> {
  /** Asked for anew each time, since somebody may clear what this site has stored. */
  const folder = async (): Promise<FileSystemDirectoryHandle> => (await navigator.storage.getDirectory()).getDirectoryHandle(capturesFolder, { create: true });
  const open = new Map<string, FileSystemSyncAccessHandle>();

  const handleOf = async (name: string): Promise<FileSystemSyncAccessHandle> => {
    const known = open.get(name);
    if (known !== undefined) return known;
    const handle = await (await (await folder()).getFileHandle(name, { create: true })).createSyncAccessHandle();
    open.set(name, handle);
    return handle;
  };
  /** Undefined of one that another page removed in between. */
  const sizeOf = async (handle: FileSystemFileHandle): Promise<number | undefined> => open.get(handle.name)?.getSize() ?? (await unlessMissing(() => handle.getFile()))?.size;
  const close = (name: string): void => {
    const handle = open.get(name);
    open.delete(name);
    handle?.close();
  };
  /** All of it or nothing; a handle that failed is not used again. */
  const write = async (name: string, bytes: Uint8Array<ArrayBuffer>, at: (size: number) => number): Promise<void> => {
    const handle = await handleOf(name);
    let begin: number | undefined;
    try {
      begin = at(handle.getSize());
      handle.truncate(begin);
      // A storage that is full may also write less than it was given.
      if (handle.write(bytes, { at: begin }) < bytes.length) throw new DOMException('The storage took only a part.', 'QuotaExceededError');
    } catch (error) {
      try {
        if (begin !== undefined) handle.truncate(begin);
      } finally {
        close(name);
      }
      throw error;
    }
  };

  const store: SegmentStore = {
    kind: 'opfs',
    async list() {
      const handles: FileSystemFileHandle[] = [];
      for await (const handle of (await folder()).values()) if (isFile(handle)) handles.push(handle);
      const sizes = await Promise.all(handles.map(sizeOf));
      return handles.flatMap(({ name }, index) => {
        const bytes = sizes[index];
        return bytes === undefined ? [] : [{ name, bytes }];
      });
    },
    append: (name, bytes) => write(name, bytes, (size) => size),
    async seal(name) {
      open.get(name)?.flush();
      close(name);
    },
    async replace(name, bytes) {
      await write(name, bytes, () => 0);
      await this.seal(name);
    },
    async read(name) {
      const handle = open.get(name);
      if (handle === undefined) return unlessMissing(async () => (await (await folder()).getFileHandle(name)).getFile());
      // A file that is written to would be another one by the time somebody reads it.
      const bytes = new Uint8Array(handle.getSize());
      handle.read(bytes, { at: 0 });
      return new Blob([bytes]);
    },
    async remove(name) {
      close(name);
      await unlessMissing(async () => (await folder()).removeEntry(name));
    },
  };
  // A browser may let a page look at its files, and yet not write them.
  await store.replace(probe, new Uint8Array([0]));
  await store.remove(probe);
  return store;
}

const probe = 'probe';

const isFile = (handle: FileSystemHandle): handle is FileSystemFileHandle => handle.kind === 'file';

async function unlessMissing<T>(task: () => Promise<T>): Promise<T | undefined> {
  try {
    return await task();
  } catch (error) {
    if (error instanceof Error && error.name === 'NotFoundError') return undefined;
    throw error;
  }
}
