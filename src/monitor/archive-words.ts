import type { ArchiveStatus } from '#archive/archive-questions.ts';
import { age } from './figures.ts';
import type { ArchiveSnapshot } from './snapshot.ts';

interface ArchiveFacts extends Pick<ArchiveStatus, 'bytes' | 'budgetBytes' | 'error'> {
  readonly state: ArchiveSnapshot['state'];
  /** For how long no answer came; null where none is late. */
  readonly silentMs: number | null;
  /** A capture from before may be there, and was not asked for in time. */
  readonly isAnew: boolean;
}

/** What is wrong with the archive, and what to do about it; undefined while nothing is. */
export function archiveTrouble({ state, silentMs, isAnew, error, budgetBytes }: ArchiveFacts): { readonly message: string; readonly remedy: string } | undefined {
  switch (state) {
    case 'absent':
      return {
        message: 'This browser gives this page no storage. What comes is kept in memory alone, and is gone with the page.',
        remedy: 'Leave the private window, or allow this site to store data; until then, export what has to last.',
      };
    case 'full':
      return {
        message: `The storage is full: ${megabytes(budgetBytes)} may be used, and all that could make room is kept. What comes now is kept in memory alone.`,
        remedy: 'Delete captures, or let go of some that are kept.',
      };
    case 'blocked':
      return {
        message: `${silentMs === null ? `The storage of this browser refuses to write (${error ?? 'no reason given'}).` : `The storage of this browser has given no answer for ${age(silentMs)}.`} What comes is kept in memory alone until it does.`,
        remedy: 'It is tried again by itself. If it lasts, export what has to last, and reload the page.',
      };
    case 'writing':
      return isAnew ? { message: 'The storage did not answer when the page started, so a new capture was begun.', remedy: 'What was captured before is in the list of captures.' } : undefined;
  }
}

const megabytes = (bytes: number): string => `${Math.round(bytes / 1_048_576)} MiB`;
