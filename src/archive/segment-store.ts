/** A file of the archive. */
export interface StoredFile {
  readonly name: string;
  readonly bytes: number;
}

/**
 * Where the archive keeps its files: a flat folder, whose names hold letters, digits, `.` and `-` alone. Every function rejects with
 * the platform's error where the storage refuses or is gone; what a refused `append` left behind is taken away again.
 */
export interface SegmentStore {
  readonly kind: 'opfs' | 'indexeddb';
  list(): Promise<readonly StoredFile[]>;
  /** Writes at the end of a file, which is made where there is none. */
  append(name: string, bytes: Uint8Array<ArrayBuffer>): Promise<void>;
  /** Nothing more is appended to this file for now. */
  seal(name: string): Promise<void>;
  /** Makes a file that holds this alone. */
  replace(name: string, bytes: Uint8Array<ArrayBuffer>): Promise<void>;
  /** Undefined where there is no such file. What is appended later is not in it. */
  read(name: string): Promise<Blob | undefined>;
  /** Does nothing where there is no such file. */
  remove(name: string): Promise<void>;
}

/** True of the error with which a storage says that it has no room. */
export const isQuotaError = (error: unknown): boolean => error instanceof Error && error.name === 'QuotaExceededError';
