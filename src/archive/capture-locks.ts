/** Says which page of this browser writes which capture, so that no two write into one. */
export interface CaptureLocks {
  /** False where pages cannot tell each other: then no capture is gone on with, as another page might. */
  readonly areShared: boolean;
  /** Takes a capture, waiting so many milliseconds at the most for whoever has it; false where it was not let go. */
  take(id: string, patienceMs: number): Promise<boolean>;
  release(id: string): void;
  /** Captures that some page has. */
  held(): Promise<ReadonlySet<string>>;
  /** Runs a task while no other page runs one. */
  alone<T>(task: () => Promise<T>): Promise<T>;
}

const captureLock = 'runwatch-capture-';
const archiveLock = 'runwatch-archive';

/** Web Locks, which the browser takes back from a page that crashed. They exist in secure contexts alone. */
export function captureLocks(): CaptureLocks {
  const scope: { readonly locks?: LockManager } = navigator;
  return scope.locks === undefined ? unsharedLocks() : webLocks(scope.locks);
}

function webLocks(locks: LockManager): CaptureLocks {
  const releases = new Map<string, () => void>();
  return {
    areShared: true,
    take: (id, patienceMs) =>
      new Promise((resolve) => {
        const options = patienceMs > 0 ? { signal: AbortSignal.timeout(patienceMs) } : { ifAvailable: true };
        const until = (lock: Lock | null): Promise<void> | undefined => {
          resolve(lock !== null);
          return lock === null ? undefined : new Promise((release) => releases.set(id, release));
        };
        locks.request(captureLock + id, options, until).catch(() => resolve(false));
      }),
    release: (id) => {
      releases.get(id)?.();
      releases.delete(id);
    },
    held: async () => new Set((await locks.query()).held?.flatMap(({ name }) => (name?.startsWith(captureLock) === true ? [name.slice(captureLock.length)] : []))),
    alone: async (task) => locks.request(archiveLock, task),
  };
}

function unsharedLocks(): CaptureLocks {
  const taken = new Set<string>();
  return {
    areShared: false,
    take: async (id) => !taken.has(id) && taken.add(id).size > 0,
    release: (id) => void taken.delete(id),
    held: async () => taken,
    alone: (task) => task(),
  };
}
